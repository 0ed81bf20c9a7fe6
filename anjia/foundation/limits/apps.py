from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "anjia.foundation.limits"
    label = "limits"

    def ready(self) -> None:
        """Register this room's jobs."""
        from anjia.foundation.limits import jobs  # noqa: F401
