from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "anjia.doors.portal"
    label = "portal"
