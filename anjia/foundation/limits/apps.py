from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "anjia.foundation.limits"
    label = "limits"
