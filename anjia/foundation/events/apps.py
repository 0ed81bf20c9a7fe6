from django.apps import AppConfig
from django.core.checks import Tags, register


class EventsConfig(AppConfig):
    name = "anjia.foundation.events"
    label = "events"

    def ready(self) -> None:
        """Register the sealer and the checks of the database."""
        from anjia.foundation.events import checks, jobs  # noqa: F401

        for check in (checks.sqlite_is_safe, checks.append_only, checks.commits_are_durable):
            register(check, Tags.database)
