from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "anjia.ui"
    label = "ui"
