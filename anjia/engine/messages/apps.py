from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "anjia.engine.messages"
    label = "messages"

    def ready(self) -> None:
        """Register the sender and its jobs."""
        from anjia.engine.messages import jobs  # noqa: F401
