from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncomingConfig(AppConfig):
    name = "anjia.casework.incoming"
    label = "incoming"

    def ready(self) -> None:
        """The page in the menu."""
        from anjia.casework.incoming import policies
        from anjia.ui import menu

        menu.register(
            "incoming", _("纸件录入"), "desk:incoming", order=25, icon="paperclip", when=policies.takes_in
        )
