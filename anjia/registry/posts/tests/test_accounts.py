"""Names stay sealed, posts begin and end on their day, and nobody can help herself to one."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Sealed, Token
from anjia.registry.posts import accounts, actions, actors, people
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Account, Post
from anjia.registry.posts.tests.conftest import NOW, TODAY

PASSWORD = "correct horse battery"


def test_names_are_sealed_and_opened_in_one_statement(make: SimpleNamespace) -> None:
    people_made = [make.account("沈静", mobile="13900000001"), make.account("陈璐"), make.account("吴秀珍")]
    with CaptureQueriesContext(connection) as seen:
        named = people.names([*(a.id for a in people_made), None])
    assert len(seen) == 1
    assert [named[a.id] for a in people_made] == ["沈静", "陈璐", "吴秀珍"]
    assert people.mobiles([people_made[0].id]) == {people_made[0].id: "13900000001"}
    assert people.names([]) == {}
    stored = b"".join(bytes(row.body) for row in Sealed.objects.all())
    for secret in ("沈静", "13900000001"):
        assert secret.encode() not in stored
    assert list(vault.find("phone", "+86 139-0000-0001").values_list("owner", flat=True)) == [
        people_made[0].id
    ]


def test_the_login_name_is_kept_only_as_a_keyed_hash(make: SimpleNamespace) -> None:
    made = actions.add_account(login="ShenJing", name="沈静", password=PASSWORD, actor=SYSTEM, now=NOW)
    row = Account.objects.filter(pk=made.pk).values().get()
    assert "shenjing" not in str(row).lower()
    assert str(row["password"]).startswith("argon2")
    with pytest.raises(RuleBroken):
        actions.add_account(login=" shenjing ", name="别人", actor=SYSTEM, now=NOW)


def test_only_the_right_password_is_recognised(make: SimpleNamespace) -> None:
    actions.add_account(login="shen", name="沈静", password=PASSWORD, actor=SYSTEM, now=NOW)
    actions.add_account(login="nopass", name="陈璐", actor=SYSTEM, now=NOW)
    assert accounts.recognise(login="SHEN", password=PASSWORD) is not None
    for login, password in (("shen", "wrong"), ("nobody", PASSWORD), ("nopass", ""), ("nopass", "!")):
        assert accounts.recognise(login=login, password=password) is None


def test_an_unknown_login_takes_as_long_as_a_known_one(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    checked: list[str] = []
    monkeypatch.setattr(accounts, "check_password", lambda password, encoded: checked.append(encoded))
    accounts.recognise(login="nobody", password=PASSWORD)
    assert [e.startswith("argon2") for e in checked] == [True]


@pytest.mark.parametrize("password", ["short", "1qaz2wsx3edc"])
@pytest.mark.django_db
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(RuleBroken):
        actions.add_account(login="a", name="b", password=password, actor=SYSTEM, now=NOW)


def test_the_actor_of_a_post_knows_its_agency_and_places_but_no_name(shen: Post) -> None:
    with CaptureQueriesContext(connection) as seen:
        actor = actors.for_post(shen.id, NOW)
    assert len(seen) == 1
    assert (actor.kind, actor.agency_kind, actor.tier, actor.county) == (
        "post",
        "federation",
        "county",
        "321003",
    )
    assert (actor.role, actor.title, actor.agency_name) == ("officer", "权益部部长", "邗江区妇联")
    assert "沈静" not in repr(actor)
    assert actor.post_ids == (shen.id,)
    assert hash(actor) == hash(actors.for_post(shen.id, NOW + timedelta(days=1)))


def test_a_post_gives_access_from_its_first_day_until_the_day_it_ends(make: SimpleNamespace) -> None:
    post = make.post(make.account(), make.agency(), from_on=date(2026, 3, 9), to_on=date(2026, 3, 12))
    held = []
    for day in range(-1, 4):
        try:
            actors.for_post(post.id, NOW + timedelta(days=day))
            held.append(day)
        except NotFound:
            pass
    assert held == [0, 1, 2]


def test_the_day_of_a_post_begins_at_midnight_in_shanghai(make: SimpleNamespace) -> None:
    post = make.post(make.account(), make.agency(), from_on=date(2026, 3, 10))
    before_midnight = NOW.replace(hour=15, minute=59)
    with pytest.raises(NotFound):
        actors.for_post(post.id, before_midnight)
    assert actors.for_post(post.id, before_midnight + timedelta(minutes=1)).post_id == post.id


@pytest.mark.parametrize("how", ["end", "shut", "close"])
def test_access_ends_with_the_post_the_account_or_the_agency(shen: Post, how: str) -> None:
    if how == "end":
        actions.end_post(post=shen, actor=SYSTEM, now=NOW)
    elif how == "shut":
        actions.shut_account(account=shen.account, actor=SYSTEM, now=NOW)
    else:
        actions.close_agency(agency=shen.agency, on=TODAY, actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        actors.for_post(shen.id, NOW)


def test_heads_give_posts_in_their_own_line_only_and_never_to_themselves(make: SimpleNamespace) -> None:
    county = make.agency()
    village = make.agency(place="321003001", name="邗上街道妇联")
    court = make.agency("court", name="邗江区人民法院")
    head = make.post(make.account("沈静"), county, role="head")
    actor, newcomer = actors.for_post(head.id, NOW), make.account("陈璐")

    def give(**more: Any) -> Post:
        values: dict[str, Any] = {
            "account": newcomer,
            "agency": county,
            "role": "officer",
            "title": "干事",
            **more,
        }
        return actions.give_post(**values, from_on=TODAY, actor=actor, now=NOW)

    assert give().agency == county
    assert give(agency=village).agency == village
    for wrong in ({"agency": court}, {"account": head.account}, {"role": "sysadmin"}):
        with pytest.raises(NotAllowed):
            give(**wrong)
    officer = actors.for_post(Post.objects.get(account=newcomer, agency=county).id, NOW)
    with pytest.raises(NotAllowed):
        actions.give_post(
            account=newcomer, agency=county, role="head", title="x", from_on=TODAY, actor=officer, now=NOW
        )


def test_a_head_of_a_neighbouring_county_has_no_say(make: SimpleNamespace) -> None:
    neighbour = make.agency(place="321002", name="广陵区妇联")
    head = make.post(make.account(), neighbour, role="head")
    village = make.agency(place="321003001", name="邗上街道妇联")
    with pytest.raises(NotAllowed):
        actions.give_post(
            account=make.account(),
            agency=village,
            role="officer",
            title="x",
            from_on=TODAY,
            actor=actors.for_post(head.id, NOW),
            now=NOW,
        )


def test_a_new_name_keeps_the_old_one_sealed_in_the_history(shen: Post) -> None:
    actions.set_contact(account=shen.account, name="沈静怡", mobile="13900000009", actor=SYSTEM, now=NOW)
    assert people.name(shen.account_id) == "沈静怡"
    assert len(vault.history(shen.account_id, "label")) == 2
    assert Token.objects.filter(owner=shen.account_id, kind="phone").count() == 2


def test_posts_of_an_agency_come_heads_first(make: SimpleNamespace) -> None:
    agency = make.agency()
    make.post(make.account("甲"), agency, role="officer", title="干事")
    make.post(make.account("乙"), agency, role="head", title="主席")
    assert [p.title for p in actors.of_agency(agency.id, NOW)] == ["主席", "干事"]
