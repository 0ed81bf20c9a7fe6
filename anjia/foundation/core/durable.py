"""What is acknowledged is kept. A commit whose fate is unknown is not an acknowledgement.

With synchronous standbys PostgreSQL answers a commit whose wait was cancelled with a mere *warning*: the
row exists on one machine only and a failover may lose it. Whoever hands out a receipt commits with
`durably()`; on `Unknown` no receipt is shown and the same submission, with the same key, is sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction

#: Where in PostgreSQL the warning comes from (its text may be translated by the server).
SOURCE = "SyncRepWaitForLSN"
WORDS = "synchronous replication"


class Unknown(Exception):
    """The commit may or may not have survived: neither "done" nor "failed" may be said to anybody."""


@contextmanager
def durably(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """`transaction.atomic()` that raises Unknown when the commit was not confirmed by the standbys.

    Outermost only: a block within another commits nothing by itself.
    """
    connection = connections[using]
    if connection.in_atomic_block and connection.vendor == "postgresql" and not _is_test_block(connection):
        raise transaction.TransactionManagementError("durably() must be the outermost block")
    warnings: list[str] = []

    def hear(diagnostic: Any) -> None:
        text = diagnostic.message_primary or ""
        if diagnostic.source_function == SOURCE or WORDS in text:
            warnings.append("unconfirmed")

    block = transaction.atomic(using=using)
    block.__enter__()
    driver = connection.connection if connection.vendor == "postgresql" else None
    if driver is not None:
        driver.add_notice_handler(hear)
    try:
        try:
            yield
        except BaseException as fault:
            block.__exit__(type(fault), fault, fault.__traceback__)
            raise
        _commit(block)
    finally:
        if driver is not None and not driver.closed:
            driver.remove_notice_handler(hear)
    if warnings:
        raise Unknown


def _commit(block: Any) -> None:
    """A connection that breaks during COMMIT leaves it open whether the rows are there."""
    try:
        block.__exit__(None, None, None)
    except (OperationalError, InterfaceError) as fault:
        raise Unknown from fault


def _is_test_block(connection: Any) -> bool:
    """The transaction that pytest-django puts around a test."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
