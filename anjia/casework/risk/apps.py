from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "anjia.casework.risk"
    label = "risk"
