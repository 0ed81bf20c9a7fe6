from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anjia.foundation.files"
    label = "files"
