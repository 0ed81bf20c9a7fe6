from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "anjia.engine.letters"
    label = "letters"
