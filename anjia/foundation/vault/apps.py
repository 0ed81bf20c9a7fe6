from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "anjia.foundation.vault"
    label = "vault"
