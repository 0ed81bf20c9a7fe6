"""回避登记: a member of staff says who she is, once, and it is never shown again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Sealed, Token
from anjia.law.codes.identity import check_character
from anjia.registry.posts import actions, identities
from anjia.registry.posts.actors import for_post
from anjia.registry.posts.models import Post
from anjia.registry.posts.tests.conftest import NOW

NUMBER = "99999919860312004" + check_character("99999919860312004")


def test_her_number_and_home_are_sealed_and_comparable(shen: Post) -> None:
    actor = for_post(shen.id, NOW)
    given = {"id_number": NUMBER, "address": "柳浦街道湖滨小区6幢301室"}
    actions.set_particulars(account_id=shen.account_id, actor=actor, now=NOW, **given)
    actions.set_particulars(account_id=shen.account_id, actor=actor, now=NOW, id_number="", address="")
    assert identities.details(shen.account_id) == given
    assert not any(NUMBER.encode() in bytes(row.body) for row in Sealed.objects.all())
    kinds = set(Token.objects.filter(owner=shen.account_id).values_list("kind", flat=True))
    assert kinds == {"phone", "id_number", "name_birth", "home"}
    assert vault.find("home", "湖滨小区六幢三〇一").filter(owner=shen.account_id).exists()


def test_a_number_that_is_none_is_refused(shen: Post) -> None:
    with pytest.raises(RuleBroken):
        actions.set_particulars(
            account_id=shen.account_id, id_number=NUMBER[:-1] + "0", address="", actor=for_post(shen.id, NOW), now=NOW
        )  # fmt: skip


def test_nobody_writes_them_for_a_colleague(shen: Post, make: SimpleNamespace) -> None:
    """A colleague who could would build walls around whomever he wants out of a matter."""
    other = make.post(make.account("陈璐"), shen.agency, role="head")
    with pytest.raises(NotAllowed):
        actions.set_particulars(
            account_id=shen.account_id, id_number=NUMBER, address="", actor=for_post(other.id, NOW), now=NOW
        )
