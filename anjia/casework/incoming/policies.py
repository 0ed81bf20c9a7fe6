"""Who takes in papers and files: officers of the federation who work on matters, from the township up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import Actor

PAGE, FILES = "desk:incoming", "desk:police-files"


def takes_in(actor: Any) -> bool:
    """Whether the page is offered to this person."""
    row = who_may.TABLE[PAGE]
    given = (getattr(actor, name, "") for name in ("role", "line", "tier"))
    return actor is not None and row.admits(*given)


def can_take_in(actor: Actor) -> Verdict:
    """Photographs of papers, typed in beside them."""
    return ALLOW if takes_in(actor) else deny(_("纸件由妇联的工作人员录入。"), "role")


def can_import(actor: Actor) -> Verdict:
    """A file that police sent over the boundary: the county's and the city's desk."""
    allowed = who_may.TABLE[FILES].admits(actor.role, actor.line, actor.tier)
    return ALLOW if allowed else deny(_("公安数据文件由县(区)以上妇联导入。"), "role")
