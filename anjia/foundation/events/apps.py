from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "anjia.foundation.events"
    label = "events"
