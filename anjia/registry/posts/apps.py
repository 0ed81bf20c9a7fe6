from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "anjia.registry.posts"
    label = "posts"
