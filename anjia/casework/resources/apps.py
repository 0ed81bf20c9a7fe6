from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "anjia.casework.resources"
    label = "resources"

    def ready(self) -> None:
        """Register guard and effects under the names that playbooks use, and the page in the menu."""
        from anjia.casework.resources import fitness
        from anjia.ui import menu

        self.registers = (fitness,)

        def looks_after_mediators(actor: object) -> bool:
            works = getattr(actor, "role", "") not in ("", "leader", "sysadmin", "volunteer")
            lines = ("federation", "justice")
            return works and getattr(actor, "line", "") in lines and getattr(actor, "tier", "") != "village"

        menu.register(
            "mediators", _("调解员"), "desk:mediators", order=50, icon="users", when=looks_after_mediators
        )
