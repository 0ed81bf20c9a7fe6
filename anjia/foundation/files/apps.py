from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anjia.foundation.files"
    label = "files"

    def ready(self) -> None:
        """Register this room's jobs."""
        from anjia.foundation.files import jobs  # noqa: F401
