from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def works(actor: object) -> bool:
    return getattr(actor, "role", "") not in ("", "leader", "sysadmin")


def neighbour(actor: object) -> bool:
    return works(actor) and getattr(actor, "tier", "") == "village"


def walks(actor: object) -> bool:
    return neighbour(actor) and getattr(actor, "line", "") == "federation"


def not_neighbour(actor: object) -> bool:
    return actor is not None and not neighbour(actor)


def counts_burden(actor: object) -> bool:
    return federation(actor) and getattr(actor, "tier", "") in ("city", "county")


def upper(actor: object) -> bool:
    return works(actor) and getattr(actor, "tier", "") != "village"


def federation(actor: object) -> bool:
    return upper(actor) and getattr(actor, "line", "") == "federation"


def reports(actor: object) -> bool:
    return federation(actor) and getattr(actor, "role", "") != "volunteer"


def keeps_ledgers(actor: object) -> bool:
    line = getattr(actor, "line", "")
    return upper(actor) and line in ("federation", "justice") and actor.role != "volunteer"  # type: ignore[attr-defined]


def heads(actor: object) -> bool:
    return getattr(actor, "role", "") == "head" and getattr(actor, "tier", "") != "village"


class DeskConfig(AppConfig):
    name = "anjia.doors.desk"
    label = "desk"

    def ready(self) -> None:
        """Fill the menu: what each tier is offered, in its own order."""
        from anjia.ui import menu

        menu.register("home", _("首页"), "desk:home", order=1, icon="house-heart", when=not_neighbour)
        menu.register("today", _("今天"), "desk:home", order=1, icon="check-circle", when=neighbour)
        menu.register("note", _("记一件"), "desk:note", order=2, icon="mic", when=walks)
        menu.register("walk", _("走一走"), "desk:walk", order=3, icon="house-heart", when=walks)
        menu.register("my-page", _("我的"), "desk:mine", order=98, icon="user", when=neighbour)
        menu.register("duties", _("办理中"), "desk:duties", order=20, icon="clock", when=upper)
        menu.register("matters", _("全部事项"), "desk:matters", order=30, icon="inbox", when=upper)
        menu.register("below", _("下级进度(遮名)"), "desk:below", order=40, icon="branch", when=federation)
        menu.register("copies", _("上报要素复制单"), "desk:copies", order=45, icon="copy", when=reports)
        menu.register("ledgers", _("台账与成册"), "desk:ledgers", order=46, icon="file", when=keeps_ledgers)
        menu.register("duty", _("值班表"), "desk:duty", order=60, icon="calendar", when=upper)
        menu.register("offices", _("单位"), "desk:offices", order=70, icon="users", when=heads)
        menu.register("unusual", _("异常查阅"), "desk:unusual", order=65, icon="eye", when=heads)
        menu.register("playbooks", _("办事流程"), "desk:playbooks", order=80, icon="book", when=upper)
        menu.register("burden", _("表单减负自检"), "desk:burden", order=85, icon="scales", when=counts_burden)
        menu.register("rules", _("期限规则"), "desk:rules", order=90, icon="info", when=upper)
        menu.register("mine", _("我的"), "desk:posts", order=99, icon="user", when=not_neighbour)
