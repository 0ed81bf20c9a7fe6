from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "anjia.casework.reporting"
    label = "reporting"
