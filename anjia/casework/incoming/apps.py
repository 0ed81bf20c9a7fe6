from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomingConfig(AppConfig):
    name = "anjia.casework.incoming"
    label = "incoming"

    def ready(self) -> None:
        """The page in the menu, what the worker carries on with, and what the day's message counts."""
        from anjia.casework.incoming import batches, jobs, policies
        from anjia.engine.messages import staff
        from anjia.ui import menu

        self.registers = (jobs,)
        staff.count_besides("incoming", batches.count_late)
        menu.register(
            "incoming", _("纸件录入"), "desk:incoming", order=25, icon="paperclip", when=policies.takes_in
        )
