"""Which state of the registry somebody knows: a mark that the database renews with every change of it.

Places and agencies are asked for with every report and change a few times a year. What was once read may be
kept under the mark it was read with; the mark comes with the look-up of who acts, so keeping costs no
statement, and a change counts from the next request on, in every process. The mark is random, not counted:
a change that is rolled back leaves nothing behind that a later one could be taken for. Triggers renew it,
so that no way of writing can forget to; they are put up, or put back, whenever `anjia migrate` has run.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections
from django.db.models import Subquery

from anjia.registry.places.models import Place, PlaceManagement
from anjia.registry.posts.models import Agency, Revision

TABLES = tuple(model._meta.db_table for model in (Place, PlaceManagement, Agency))
MARKS = Revision._meta.db_table
FUNCTION = "registry_mark"
RANDOM = {"sqlite": "random()", "postgresql": "floor(random() * 9007199254740992)::bigint"}


def mark() -> Subquery:
    """The mark now, as a column of another question; NULL where nothing was ever written down."""
    return Subquery(Revision.objects.filter(pk=1).values("mark"))


def ensure(using: str) -> None:
    """After migrating: whatever is missing is put up."""
    connection = connections[using]
    if {MARKS, *TABLES} <= set(connection.introspection.table_names()):
        with connection.cursor() as cursor:
            for statement in statements(connection.vendor):
                cursor.execute(statement)


def statements(vendor: str) -> Iterator[str]:
    """The SQL for one kind of database; each may be run again."""
    renew = (
        f"INSERT INTO {MARKS} (id, mark) VALUES (1, {RANDOM[vendor]}) "  # noqa: S608 - names of our own models
        "ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    )
    if vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN {renew}; RETURN NULL; END$$"
        )
    for table in TABLES:
        if vendor == "postgresql":
            yield (
                f"CREATE OR REPLACE TRIGGER {table}_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            )
            continue
        for what in ("insert", "update", "delete"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_mark_{what} AFTER {what.upper()} ON {table} "
                f"BEGIN {renew}; END"
            )
