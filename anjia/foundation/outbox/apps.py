from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "anjia.foundation.outbox"
    label = "outbox"
