"""No value that could point to a person reaches a log line."""

from __future__ import annotations

import logging
import sys
from uuid import UUID

import pytest

from anjia.foundation.core.logs import QuietFormatter

NAME = "周晓兰"


def line(logger: str, message: object, *args: object, exc: bool = False) -> str:
    info = sys.exc_info() if exc else None
    record = logging.LogRecord(logger, logging.ERROR, __file__, 7, message, args, info)
    return QuietFormatter().format(record)


def test_arguments_are_left_out_unless_they_are_ids_or_small_numbers() -> None:
    row = UUID(int=5)
    text = line("anjia.worker", "try %d of %s failed for %s", 3, row, NAME)
    assert f"try 3 of {row} failed for ?" in text
    assert NAME not in text


@pytest.mark.parametrize("message", [f"no matter of {NAME}", "phone 13800138000 unknown"])
def test_a_message_that_was_put_together_from_data_is_withheld(message: str) -> None:
    text = line("anjia.engine", message)
    assert "withheld" in text
    assert message not in text


def test_other_libraries_say_only_where(  # their messages hold paths, SQL and values
) -> None:
    assert NAME not in line("django.request", f"Not Found: /m/{NAME}")


def test_an_exception_shows_its_class_and_place_and_never_its_text() -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as inner:
            raise ValueError(f"cannot read {NAME}") from inner
    except ValueError:
        text = line("anjia.x", "it failed", exc=True)
    assert NAME not in text
    assert "builtins.ValueError at anjia/foundation/core/tests/test_logs.py:" in text
    assert "builtins.KeyError" in text


def test_a_message_with_too_few_arguments_is_no_second_fault() -> None:
    assert "%s" in line("anjia.x", "%s and %s", 1)
