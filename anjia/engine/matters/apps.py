from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "anjia.engine.matters"
    label = "matters"

    def ready(self) -> None:
        """Register the engine's guards, effects, handlers and jobs under their names."""
        from anjia.engine.matters import effects, erasing, guards, jobs, measure_guards, walls

        self.registers = (effects, erasing, guards, measure_guards, jobs, walls)
