from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "anjia.foundation.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Register this room's jobs."""
        from anjia.foundation.outbox import jobs  # noqa: F401
