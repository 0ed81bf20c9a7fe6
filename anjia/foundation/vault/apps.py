from django.apps import AppConfig
from django.core.checks import Tags, register


class VaultConfig(AppConfig):
    name = "anjia.foundation.vault"
    label = "vault"

    def ready(self) -> None:
        """Register the checks of the master key."""
        from anjia.foundation.vault import checks

        register(checks.master_key_works, Tags.security)
        register(checks.master_key_fits, Tags.database)
        register(checks.tokens_fit, Tags.database)
