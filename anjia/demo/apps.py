from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "anjia.demo"
    label = "demo"
