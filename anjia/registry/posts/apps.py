from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "anjia.registry.posts"
    label = "posts"

    def ready(self) -> None:
        """Register this room's jobs."""
        from anjia.registry.posts import jobs  # noqa: F401
