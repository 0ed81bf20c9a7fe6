"""What is recorded about a mediator, so that nobody mediates the dispute of her own house."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.language import language
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.core.who import Who
from anjia.law.codes import identity
from anjia.registry.posts import identities
from anjia.registry.posts.models import Post
from anjia.registry.posts.policies import can_manage_people_of


def describe_mediator(
    *,
    post_id: UUID,
    actor: Who,
    now: datetime,
    id_number: str = "",
    address: str = "",
    sex: str = "",
    trained_until: str = "",
) -> None:
    """Identity number, home, sex and training of whoever holds a post; sealed, compared, never shown to others.

    What is left empty stays as it was.
    """
    post = Post.objects.select_related("agency", "account").filter(pk=post_id).first()
    if post is None:
        raise NotFound
    require(can_manage_people_of(actor, post.agency))
    given = {
        "id_number": id_number.strip(),
        "address": address.strip(),
        "sex": sex,
        "trained_until": trained_until,
    }
    check(given)
    batch = Batch()
    with transaction.atomic():
        identities.add_details(batch, post.account_id, given, now)
        batch.flush()


def check(given: dict[str, str]) -> None:
    """A wrong number would never match anybody: it is refused, not kept."""
    wrong: dict[str, str | Promise] = {}
    fault = identity.fault(given["id_number"]) if given["id_number"] else None
    if fault:
        wrong["id_number"] = fault[language()]
    if given["sex"] not in ("", "female", "male"):
        wrong["sex"] = _("请从列表中选择。")
    if given["trained_until"]:
        try:
            date.fromisoformat(given["trained_until"])
        except ValueError:
            wrong["trained_until"] = _("请按“年-月-日”填写。")
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)
