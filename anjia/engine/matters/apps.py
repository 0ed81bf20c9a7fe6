from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "anjia.engine.matters"
    label = "matters"
