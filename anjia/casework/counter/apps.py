from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    name = "anjia.casework.counter"
    label = "counter"

    def ready(self) -> None:
        """The periodic job, and the list in the menu of whoever takes calls."""
        from anjia.casework.counter import jobs
        from anjia.ui import menu

        self.registers = (jobs,)

        def takes_calls(actor: object) -> bool:
            works = getattr(actor, "role", "") in ("head", "officer", "triage")
            return (
                works
                and getattr(actor, "line", "") == "federation"
                and getattr(actor, "tier", "") != "village"
            )

        def briefs(actor: object) -> bool:
            """Leaders, and the federations of city and county that write to them."""
            works = getattr(actor, "role", "") in ("head", "officer", "triage")
            writes = works and getattr(actor, "line", "") == "federation"
            high = getattr(actor, "tier", "") in ("city", "county")
            return getattr(actor, "role", "") == "leader" or (writes and high)

        menu.register("months", _("月度一页纸"), "desk:months", order=50, icon="file", when=briefs)
        menu.register(
            "instructions", _("批示与回报"), "desk:instructions", order=52, icon="check-circle", when=briefs
        )
        menu.register("callbacks", _("回拨清单"), "desk:callbacks", order=15, icon="phone", when=takes_calls)
