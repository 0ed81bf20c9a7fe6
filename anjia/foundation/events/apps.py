from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connection
from django.db.models.signals import post_migrate


class EventsConfig(AppConfig):
    name = "anjia.foundation.events"
    label = "events"

    def ready(self) -> None:
        """Register the sealer, the anchors and the checks of the database; prepare its driver."""
        from anjia.foundation.core.batch_sql import keep_long_statements
        from anjia.foundation.events import anchoring, checks, jobs, triggers  # noqa: F401

        if connection.vendor == "postgresql":
            keep_long_statements()

        for check in (checks.sqlite_is_safe, checks.append_only, checks.commits_are_durable):
            register(check, Tags.database)
        post_migrate.connect(_put_up, sender=self, dispatch_uid="append-only")


def _put_up(using: str, **kwargs: Any) -> None:
    from anjia.foundation.events import triggers

    triggers.ensure(using)
