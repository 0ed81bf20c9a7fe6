from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "anjia.doors.desk"
    label = "desk"
