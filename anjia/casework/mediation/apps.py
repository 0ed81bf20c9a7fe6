from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "anjia.casework.mediation"
    label = "mediation"

    def ready(self) -> None:
        """Register the room's guards under the names that playbooks use."""
        from anjia.casework.mediation import guards

        self.registers = (guards,)
