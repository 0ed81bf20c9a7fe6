from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "anjia.casework.risk"
    label = "risk"

    def ready(self) -> None:
        """Register the room's effects under the names that playbooks use."""
        from anjia.casework.risk import effects

        self.registers = (effects,)
