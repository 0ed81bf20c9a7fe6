from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PostsConfig(AppConfig):
    name = "anjia.registry.posts"
    label = "posts"

    def ready(self) -> None:
        """Register this room's jobs, and what keeps the mark of the registry."""
        from anjia.registry.posts import jobs  # noqa: F401

        post_migrate.connect(_put_up, sender=self, dispatch_uid="registry-mark")


def _put_up(using: str, **kwargs: Any) -> None:
    from anjia.registry.posts import revision

    revision.ensure(using)
