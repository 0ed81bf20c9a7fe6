from django.apps import AppConfig


class ReplyConfig(AppConfig):
    name = "anjia.doors.reply"
    label = "reply"
