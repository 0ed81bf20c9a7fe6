"""The demo has no telephones: the page that asks for a second factor shows the code itself. Never outside the demo."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.registry.posts.factors import DEMO_CODE
from anjia.registry.posts.models import Factor
from anjia.registry.posts.second.provider import Asked, Given, New, Shown, Site


class DemoCode:
    """Six digits on the screen, so that a visitor sees when a factor is asked for."""

    kind = DEMO_CODE
    label = _("演示动态码")
    about = _("真实使用时,这里要看手机上的动态码或按通行密钥。")

    def is_on(self) -> bool:
        """In the demo only."""
        return bool(settings.DEMO)

    def ask_new(
        self, account_name: str, factors: Sequence[Factor], site: Site, before: Mapping[str, str]
    ) -> Asked:
        """Nobody adds one."""
        return Asked()

    def enrol(self, given: Given) -> New | None:
        """Nobody adds one."""
        return None

    def ask(self, factors: Sequence[Factor], site: Site) -> Asked:
        """The code, shown beside the field it is typed into."""
        code = f"{secrets.randbelow(10**6):06}"
        return Asked({"code": code}, {"code": code})

    def prove(self, factors: Sequence[Factor], given: Given) -> Shown | None:
        """What was shown is what was typed."""
        shown, typed = given.kept.get("code", ""), given.values.get("code", "").strip()
        right = self.is_on() and bool(shown) and hmac.compare_digest(shown.encode(), typed.encode())
        return Shown(None) if right else None
