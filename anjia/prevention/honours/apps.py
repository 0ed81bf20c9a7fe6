from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "anjia.prevention.honours"
    label = "honours"

    def ready(self) -> None:
        """Register the room's guards, effects and handlers under the names that playbooks use."""
        from anjia.prevention.honours import following, guards

        self.registers = (following, guards)
