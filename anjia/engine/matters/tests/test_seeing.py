"""Who sees what: one scope, masks, the village's narrow view, whereabouts only through the gate."""

from __future__ import annotations

import pytest

from anjia.engine.letters import gate
from anjia.engine.matters import finding, worklists
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, WHERE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access

CLEAR = (NAME, HIS_NAME, PHONE, STORY, WHERE)


def everything(page: object) -> str:
    return str([getattr(page, n) for n in ("names", "people", "entries", "files", "children", "duties")])


def test_line_above_sees_progress_and_no_person(world: World) -> None:
    m = world.responding()
    page = world.page("city", m)
    assert page.is_masked
    assert page.duties
    assert not [c for c in CLEAR if c in everything(page)]
    assert not any(s.verdict for s in page.steps if s.name != "claim")


@pytest.mark.parametrize("who", ["other", "police", "street", "village", "leader", "sysadmin", "court"])
def test_others_do_not_find_it(world: World, who: str) -> None:
    m = world.responding()
    with pytest.raises(NotFound):
        world.page(who, m)
    scope = visible_to(world.actor(who, "03-12 09:00"))
    with access.reading(world.actor(who), route="t", how="list"):
        assert worklists.duties(scope).rows == []
        assert worklists.matters(scope, "below").rows == []
        assert finding.search(scope, NAME).rows == []


def test_village_is_never_shown_where_she_is_nor_her_story_nor_telephone(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    world.does("county", "invite_village", m, "03-11 09:00")
    world.does(
        "county", "plan_visit", m, "03-11 09:10", visit_whom="complained", visit_way="agreed_place",
        visit_task="讲清告诫书",
    )  # fmt: skip
    page = world.page("village", m)
    shown = everything(page)
    assert not [c for c in (PHONE, STORY, WHERE) if c in shown]
    assert "讲清告诫书" in shown  # the one sentence that is her task
    assert not page.may_open_whereabouts
    assert not any(p.has_whereabouts for p in page.people)
    with pytest.raises(NotAllowed):
        gate.open_whereabouts(
            actor=world.actor("village"), matter_id=m, party_id=page.people[0].id, purpose="visit",
            words="想知道", fresh=True, now=at("03-11 10:00"),
        )  # fmt: skip


def test_whereabouts_open_for_a_purpose_and_leave_a_row(world: World) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    page = world.page("county", m)
    assert WHERE not in everything(page)
    her = next(p for p in page.people if p.role == "asking")
    assert her.has_whereabouts
    rows = Access.objects.filter(how="where").count()
    asked = {
        "actor": world.actor("county"), "matter_id": m, "party_id": her.id, "fresh": True, "now": at("03-11 10:00"),
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        gate.open_whereabouts(**asked, purpose="", words="")
    assert Access.objects.filter(how="where").count() == rows
    purpose = next(iter(gate.codes.book()[gate.PURPOSES].codes))
    opened = gate.open_whereabouts(**asked, purpose=purpose, words="今晚转移,需要地址")
    assert opened["now_at"] == WHERE
    assert Access.objects.filter(how="where").count() == rows + 1


def test_no_row_no_value(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    her = next(p for p in world.page("county", m).people if p.role == "asking")

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(access, "open_now", broken)
    purpose = next(iter(gate.codes.book()[gate.PURPOSES].codes))
    with pytest.raises(OSError, match="disk full"):
        gate.open_whereabouts(
            actor=world.actor("county"), matter_id=m, party_id=her.id, purpose=purpose, words="今晚转移",
            fresh=True, now=at("03-11 10:00"),
        )  # fmt: skip


def test_recused_colleague_finds_nothing_any_more(world: World) -> None:
    m = world.responding()
    assert world.page("officer", m).names
    world.does("officer", "recuse", m, "03-11 09:00")
    with pytest.raises(NotFound):
        world.page("officer", m)
    scope = visible_to(world.actor("officer", "03-12 09:00"))
    with access.reading(world.actor("officer"), route="t", how="list"):
        assert worklists.duties(scope).rows == []
        assert finding.search(scope, NAME).rows == []
    assert world.page("county", m).names  # the others work on


def test_ended_post_has_no_actor(world: World) -> None:
    from anjia.registry.posts import actors
    from anjia.registry.posts.actions import accounts

    accounts.end_post(post=world.posts["officer"], actor=actors.SYSTEM, now=at("03-10 09:00"))
    with pytest.raises(NotFound):
        world.actor("officer", "03-12 09:00")


def test_search_finds_by_number_phone_and_name_within_scope(world: World) -> None:
    m = world.responding()
    scope = visible_to(world.actor("county", "03-12 09:00"))
    with access.reading(world.actor("county"), route="t", how="list"):
        for text in (world.row(m).number, PHONE, NAME):
            assert m in [r.id for r in finding.search(scope, text).rows], text
        assert finding.search(scope, "没有这个人").rows == []


def test_every_page_that_decrypts_leaves_one_access_row(world: World) -> None:
    m = world.responding()
    before = Access.objects.count()
    world.page("county", m)
    assert Access.objects.count() == before + 1
    row = Access.objects.latest("at", "id")
    assert str(m) in row.matters
    assert row.how == "open"
    world.page("city", m)  # masked: nothing decrypted, nothing to log
    assert Access.objects.count() == before + 1


@pytest.mark.parametrize("words", [f"她现在住{WHERE}", "可打 100 1350 0034 找她", "她在湖滨小区6幢"])
def test_a_referral_does_not_carry_where_she_is(world: World, words: str) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    with pytest.raises(RuleBroken) as refused:
        world.refers(m, "refer", "police", "03-11 09:00", request=words)
    assert set(refused.value.fields) == {"request"}
    assert Access.objects.filter(purpose="stopped").count() == 1
    child = world.refers(m, "refer", "police", "03-11 09:05", request="请依法办理")
    world.does("police", "accept", child, "03-11 10:00")
    with pytest.raises(RuleBroken):
        world.does("county", "give_more", child, "03-11 10:05", added=words)
    world.does(
        "police", "give_reply", child, "03-11 11:00", outcome="done", reply_text=words
    )  # no test of guesses
    assert Access.objects.filter(purpose="stopped").count() == 2


def test_what_is_laid_at_her_receipt_does_not_say_where_she_is(world: World) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    for step, words in (("message", {"words": f"我们去{WHERE}找您"}),):
        with pytest.raises(RuleBroken):
            world.does("county", step, m, "03-11 09:00", **words)
    world.does("county", "note", m, "03-11 09:10", words="内部记录")
