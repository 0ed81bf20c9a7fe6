from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomingConfig(AppConfig):
    name = "anjia.casework.incoming"
    label = "incoming"

    def ready(self) -> None:
        """The page in the menu, and what the worker carries on with."""
        from anjia.casework.incoming import jobs, policies
        from anjia.ui import menu

        self.registers = (jobs,)
        menu.register(
            "incoming", _("纸件录入"), "desk:incoming", order=25, icon="paperclip", when=policies.takes_in
        )
