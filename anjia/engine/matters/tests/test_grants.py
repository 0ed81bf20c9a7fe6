"""Rights narrower than a seat: what they open, for how long, who is told, who may not; and that they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters import actions, children, grants, resident
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Duty, Grant, Matter, Notice, Party, PersonLink, Seat, Wall
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, VILLAGE, WHERE, World, at, paper
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event
from anjia.foundation.outbox import worker
from anjia.foundation.vault.models import Compartment
from anjia.law import codes
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import resident as resident_actor
from anjia.registry.posts.kinds import kinds

HIDDEN = ("whereabouts", "counsel", "reporter")
THURSDAY = "03-12 09:00"
REASON = "三天没有回访,请说明"


def may(world: World, who: str, m: UUID, when: str = THURSDAY) -> set[str]:
    """What somebody may open of a matter; NotFound: nothing."""
    try:
        seated = visible_to(world.actor(who, when)).find(m)
    except NotFound:
        return set()
    return {c for c in Compartment.values if seated.may_open(c)}


def open_for(
    world: World,
    m: UUID,
    who: str = "city",
    purpose: str = "serious",
    when: str = THURSDAY,
    words: str = REASON,
) -> Grant:
    actor = world.actor(who, when)
    with access.reading(actor, route="t"):
        return grants.open_for(actor=actor, matter_id=m, purpose=purpose, words=words, now=at(when))


def urgent(world: World, m: UUID, who: str = "city", when: str = THURSDAY, **more: Any) -> Grant:
    actor = world.actor(who, when)
    given = {"purpose": "life", "words": "她刚打来,电话断了", "fresh": True, **more}
    with access.reading(actor, route="t"):
        return grants.open_in_emergency(actor=actor, matter_id=m, now=at(when), **given)


def grant(world: World, m: UUID, to: str = "aid", when: str = THURSDAY, **more: Any) -> None:
    given = {
        "agency": str(world.offices[to].id), "grant_opens": ["label", "narrative"], "grant_purpose": "legal",
        "grant_until": "2026-04-01", "grant_ground": "statute_duty", "reason": "代理离婚诉讼", **more,
    }  # fmt: skip
    world.does("county", "grant_access", m, when, **given)


def end(world: World, m: UUID, when: str, **more: Any) -> None:
    one = Grant.objects.filter(matter=m, kind="grant", ended_at=None).latest("from_at")
    world.does("county", "end_access", m, when, grant=str(one.id), grant_end="done", **more)


def page_words(world: World, who: str, m: UUID, when: str = THURSDAY) -> str:
    page = world.page(who, m, when)
    words = [str(w) for e in page.entries for _label, w in e.words]
    people = [f"{p.name} {p.identity} {p.contact}" for p in page.people]
    return " ".join([*words, *page.names.values(), *people])


def told(world: World, office: str) -> set[str]:
    worker.drain(at("03-31 08:00"))
    return set(Notice.objects.filter(agency=world.offices[office]).values_list("kind", flat=True))


# -- the line above, for a purpose ----------------------------------------------------------------------------


def test_the_line_above_reads_for_eight_hours_what_the_purpose_needs(world: World) -> None:
    m = world.responding()
    assert may(world, "city", m) == set()
    open_for(world, m)
    assert may(world, "city", m, "03-12 16:59") == {"label", "identity", "narrative"}
    assert may(world, "city", m, "03-12 17:00") == set()
    seen = page_words(world, "city", m, "03-12 10:00")
    assert NAME in seen
    assert STORY in seen
    assert PHONE not in seen
    assert NAME not in page_words(world, "city", m, "03-12 17:00")


def test_figures_are_checked_without_names(world: World) -> None:
    m = world.responding()
    open_for(world, m, purpose="audit")
    assert may(world, "city", m) == {"narrative"}


@pytest.mark.parametrize("purpose", list(codes.book()["unmask-purpose"].codes))
def test_no_purpose_opens_how_she_is_reached(purpose: str) -> None:
    opens = set(codes.book()["unmask-purpose"].items[purpose].attributes["opens"])
    assert opens
    assert opens <= {"label", "identity", "narrative"}


def test_whoever_leads_is_told_and_sees_who_looked_and_why(world: World) -> None:
    m = world.responding()
    open_for(world, m)
    assert told(world, "county") >= {"opened_for"}
    event = Event.objects.get(matter=m, move="open_for")
    assert event.codes["facts"] == {"open_purpose": "serious"}
    row = access.seen_by(m)[0]
    assert (row.purpose, access.purpose_text(row)) == ("unmask-purpose:serious", REASON)
    with access.reading(world.actor("city"), route="desk:matter") as reader:
        from anjia.engine.matters.pages import matter_page

        matter_page(world.actor("city", "03-12 10:00"), m, at("03-12 10:00"))
        assert reader.purpose == "unmask-purpose:serious"


def test_the_opening_is_one_persons_and_the_street_does_not_supervise_the_county(world: World) -> None:
    from anjia.engine.matters.tests.world import hired

    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    world.posts["city2"] = hired("city2", world.offices["city"], "officer")
    open_for(world, m)
    assert may(world, "city2", m) == set()
    with pytest.raises(NotAllowed):
        open_for(world, m, who="street")
    for who in ("county", "village"):
        with pytest.raises(NotAllowed):
            open_for(world, m, who=who)


def test_an_office_that_leads_nobody_does_not_look_below_it(world: World) -> None:
    """A legal aid centre stands above the mediators on the map, not in the law."""
    m, office = world.responding(), world.offices["mediators"]
    Seat.objects.create(
        matter_id=m, root=m, agency=office, capacity="holder", line=office.line, township=office.township,
        county=office.county, city=office.city, playbook="dv-case", opened_at=at(THURSDAY), updated_at=at(THURSDAY),
        from_at=at(THURSDAY),
    )  # fmt: skip
    assert visible_to(world.actor("aid", THURSDAY)).find(m).relation == "masked"
    for act in (open_for, urgent):
        with pytest.raises(NotAllowed):
            act(world, m, who="aid")


@pytest.mark.parametrize("who", ["leader", "sysadmin", "other", "police"])
def test_nobody_else_opens_by_naming_a_purpose(world: World, who: str) -> None:
    m = world.responding()
    for act in (open_for, urgent):
        with pytest.raises(NotFound):
            act(world, m, who=who)
    assert not Grant.objects.exists()
    assert not Access.objects.filter(purpose__startswith="unmask").exists()


def test_without_purpose_or_reason_nothing_opens(world: World) -> None:
    m = world.responding()
    for purpose, words in (("", REASON), ("curious", REASON), ("serious", ""), ("serious", "看看")):
        with pytest.raises(RuleBroken):
            open_for(world, m, purpose=purpose, words=words)
    assert may(world, "city", m) == set()


# -- emergency ---------------------------------------------------------------------------------------------------


def test_in_an_emergency_the_helping_station_reads_for_two_hours(world: World) -> None:
    m = reported(world)
    before = may(world, "police", m)
    assert "contact" not in before
    urgent(world, m, who="police")
    assert may(world, "police", m, "03-12 10:59") == before | {"contact", "identity", "label", "narrative"}
    assert may(world, "police", m, "03-12 11:00") == before
    seen = page_words(world, "police", m, "03-12 10:00")
    assert PHONE in seen
    assert STORY in seen
    assert WHERE not in seen


def reported(world: World) -> UUID:
    """A child is beaten: the case with the police station bound to it by the duty to report."""
    m = world.responding()
    Party.objects.filter(matter=m, role="asking").update(protection=["minor"])
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    world.does(
        "county", "mandatory_report", m, "03-11 09:00", agency=str(world.offices["police"].id),
        **asked_for(world, m, "mandatory_report"),
    )  # fmt: skip
    return m


def asked_for(world: World, m: UUID, move: str) -> dict[str, Any]:
    """Something acceptable for every field that a move asks."""
    step = next(s for s in world.page("county", m).steps if s.name == move)
    out: dict[str, Any] = {}
    for f in step.move.asks:
        if f.type in ("code", "codes") and f.list:
            first = next(iter(codes.book()[f.list].codes))
            out[f.name] = [first] if f.type == "codes" else first
        elif f.type in ("short_text", "long_text"):
            out[f.name] = "依法报告"
        elif f.type == "yes_no":
            out[f.name] = "yes"
        elif f.type == "datetime":
            out[f.name] = "2026-03-11T09:00"
        elif f.type == "date":
            out[f.name] = "2026-03-11"
    return out


def test_an_emergency_is_logged_first_and_told_to_two_heads(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding()

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("no log")

    with monkeypatch.context() as patch:
        patch.setattr(access.writer, "write", broken)
        with pytest.raises(RuntimeError):
            urgent(world, m)
    assert not Grant.objects.exists()
    urgent(world, m)
    assert access.seen_by(m)[0].how == access.URGENT
    worker.drain(at("03-12 09:01"))
    heads = set(Notice.objects.filter(kind="emergency").values_list("post", flat=True))
    assert world.posts["county"].id in heads
    assert world.posts["province"].id in heads  # the city's only head opened it: the one above is told
    assert world.posts["city"].id not in heads


def test_each_look_in_an_emergency_has_its_entry_before_anything_is_decrypted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anjia.foundation.vault import vault

    m = world.responding()
    urgent(world, m)
    rows = Access.objects.filter(how=access.URGENT).count()
    real, seen = vault.open_sealed, []

    def watched(row: Any, key: Any) -> Any:
        seen.append(Access.objects.filter(how=access.URGENT).count())
        return real(row, key)

    monkeypatch.setattr(vault, "open_sealed", watched)
    world.page("city", m, "03-12 09:30")
    assert seen
    assert set(seen) - {rows} == set(seen[seen.index(rows + 1) :]) == {rows + 1}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"fresh": False}, NotAllowed),
        ({"purpose": ""}, RuleBroken),
        ({"words": " "}, RuleBroken),
        ({"who": "village"}, NotAllowed),
        ({"who": "county"}, NotAllowed),
    ],
)
def test_no_emergency_without_factor_reason_or_standing(
    world: World, more: Any, fault: type[Exception]
) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    with pytest.raises(fault):
        urgent(world, m, **more)
    assert not Grant.objects.exists()


def test_an_emergency_is_reviewed_one_by_one_by_somebody_else(world: World) -> None:
    m = world.responding()
    first, second = urgent(world, m), urgent(world, m, when="03-12 09:10")
    due = Duty.objects.get(pk=first.id)
    assert (due.kind, due.agency_id, due.due_at > at("03-16 00:00")) == (
        "emergency_review", world.offices["county"].id, True,
    )  # fmt: skip
    world.does("county", "review_emergency", m, "03-13 09:00", duty=str(first.id),
               emergency_verdict="justified", reason="确有危险")  # fmt: skip
    assert Duty.objects.get(pk=first.id).outcome == "done"
    assert Duty.objects.get(pk=second.id).done_at is None
    rights = {r.id: r for r in world.page("county", m, "03-13 10:00").rights}
    assert (rights[first.id].verdict, rights[second.id].needs_review) == ("justified", True)
    assert told(world, "city") >= {"emergency_reviewed"}


def test_without_a_good_reason_it_ends_at_once(world: World) -> None:
    m = world.responding()
    one = urgent(world, m)
    with pytest.raises(NotAllowed):
        world.does("city", "review_emergency", m, "03-12 09:05", duty=str(one.id),
                   emergency_verdict="justified", reason="我说有")  # fmt: skip
    world.does("county", "review_emergency", m, "03-12 09:30", duty=str(one.id),
               emergency_verdict="not_justified", reason="没有危险")  # fmt: skip
    assert may(world, "city", m, "03-12 09:31") == set()


def test_nobody_corrects_that_he_looked(world: World) -> None:
    m = world.responding()
    urgent(world, m)
    event = Event.objects.get(matter=m, move="emergency")
    with pytest.raises(RuleBroken):
        world.does("county", "correct", m, "03-12 10:00", event=str(event.id), reason="没有看过")


def test_a_closed_matter_can_still_be_opened_in_an_emergency(world: World) -> None:
    m = world.responding()
    Matter.objects.filter(pk=m).update(closed_at=at("03-11 12:00"), ended_at=at("03-11 12:00"))
    urgent(world, m)
    assert "contact" in may(world, "city", m)


# -- what another office is granted -----------------------------------------------------------------------------


def test_another_office_reads_what_was_granted_and_does_nothing(world: World) -> None:
    m = world.responding()
    assert may(world, "aid", m) == set()
    grant(world, m)
    assert may(world, "aid", m) == {"label", "narrative"}
    seen = page_words(world, "aid", m)
    assert NAME in seen
    assert STORY in seen
    assert PHONE not in seen
    assert {s.name for s in world.page("aid", m).steps} == {"recuse"}
    for step in ("note", "claim", "transfer"):
        with pytest.raises(NotAllowed):
            world.does("aid", step, m, "03-12 10:00", words="x", duty="")
    assert told(world, "aid") >= {"granted"}


def test_a_grant_is_not_shown_to_the_line_above_the_office(world: World) -> None:
    m = world.responding()
    grant(world, m, to="police")
    assert may(world, "police", m)
    with pytest.raises(NotFound):
        visible_to(world.actor("bureau", THURSDAY)).find(m)
    assert not visible_to(world.actor("bureau", THURSDAY)).below().filter(matter=m).exists()


def test_a_grant_ends_by_itself_in_every_list_and_page(world: World) -> None:
    m = world.responding()
    grant(world, m, grant_until="2026-03-13")
    assert may(world, "aid", m, "03-13 23:59")
    for when in ("03-14 00:00", "03-20 09:00"):
        scope = visible_to(world.actor("aid", when))
        assert not scope.own().exists()
        assert scope.seen([m]) == set()
        with pytest.raises(NotFound):
            scope.find(m)
    assert Seat.objects.get(matter=m, agency=world.offices["aid"]).to_at is None  # no job has run
    assert grants.end_what_ran_out(now=at("03-20 09:00")) == 1
    assert grants.end_what_ran_out(now=at("03-20 09:05")) == 0
    assert Seat.objects.get(matter=m, agency=world.offices["aid"]).to_at
    assert Event.objects.filter(matter=m, move="access_over").count() == 1


def test_taken_back_means_from_the_next_request_on(world: World) -> None:
    m = world.responding()
    grant(world, m)
    grant(world, m, when="03-12 09:10", grant_opens=["evidence"], grant_until="2026-05-01")
    end(world, m, "03-12 09:20")
    assert may(world, "aid", m, "03-12 09:21") == {"label", "narrative"}
    end(world, m, "03-12 09:30")
    assert may(world, "aid", m, "03-12 09:31") == set()
    assert told(world, "aid") >= {"granted", "grant_ended"}
    grant(world, m, when="03-12 09:40")
    assert may(world, "aid", m, "03-12 09:41") == {"label", "narrative"}


def test_material_is_read_where_it_was_granted(world: World) -> None:
    from anjia.engine.matters import filing

    m = world.responding()
    world.does("county", "attach", m, "03-11 10:00", files=[paper()], paper_kind="other")
    file = world.page("county", m).files[0]["id"]
    grant(world, m)
    actor = world.actor("aid", "03-12 10:00")
    with access.reading(actor, route="t"), pytest.raises(NotFound):
        filing.read(actor=actor, matter=m, file=file)
    grant(world, m, when="03-12 10:10", grant_opens=["evidence"])
    with access.reading(actor, route="t") as reader:
        assert filing.read(actor=actor, matter=m, file=file)[2]
    assert reader.purpose == "grant-purpose:legal"


def test_an_office_that_comes_in_later_keeps_its_seat_when_the_grant_ends(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    grant(world, m, to="village", grant_until="2026-03-13")
    world.does("county", "invite_village", m, "03-12 10:00")
    assert visible_to(world.actor("village", "03-20 09:00")).find(m).capacity == "village"


def test_ninety_days_at_most_and_not_for_what_is_never_granted(world: World) -> None:
    m = world.responding()
    for more in (
        {"grant_until": "2026-06-10"}, {"grant_until": "2026-03-11"}, {"grant_opens": []}, {"grant_ground": ""},
        {"agency": str(world.offices["county"].id)}, {"reason": ""},
        *({"grant_opens": ["label", hidden]} for hidden in HIDDEN),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            grant(world, m, **more)
    with pytest.raises(RuleBroken):
        grant(world, m, to="village", grant_opens=["contact"])
    assert not Grant.objects.exists()


def test_only_whoever_leads_grants(world: World) -> None:
    m = world.responding()
    grant(world, m, to="police")
    given = {"agency": str(world.offices["aid"].id), "grant_opens": ["label"], "grant_purpose": "legal",
             "grant_until": "2026-04-01", "grant_ground": "statute_duty", "reason": "转给他们"}  # fmt: skip
    for who in ("police", "city"):
        with pytest.raises(NotAllowed):
            world.does(who, "grant_access", m, "03-12 10:00", **given)


def test_a_wall_voids_every_right_at_once(world: World) -> None:
    m = world.responding()
    open_for(world, m)
    grant(world, m)
    for who in ("city", "aid"):
        assert may(world, who, m)
        Wall.objects.create(account=world.posts[who].account, root=m, cause="phone", since=at("03-12 10:00"))
        assert may(world, who, m) == set()
        assert not visible_to(world.actor(who, THURSDAY)).own().filter(matter=m).exists()
        for act in (open_for, urgent):
            with pytest.raises(NotFound):
                act(world, m, who=who)


def test_whoever_was_let_to_read_may_step_back(world: World) -> None:
    m = world.responding()
    grant(world, m)
    world.does("aid", "recuse", m, "03-12 10:00")
    assert may(world, "aid", m, "03-12 10:01") == set()


# -- consent ------------------------------------------------------------------------------------------------------


CONSENT = {"grant_ground": "consent", "consent_on": "2026-03-12", "consent_way": "face"}


def test_her_own_consent_and_her_word_that_ends_it(world: World) -> None:
    opened = world.help_wanted(decisions=Decisions(tell_police=True))
    m = opened.matter
    world.does("county", "accept_in", m, "03-09 21:00", first_or_repeat="first", urgency="urgent")
    grant(world, m, to="police", **CONSENT, consent_by="herself")
    grant(world, m, to="aid", **CONSENT, consent_by="herself")
    grant(world, m, to="court")  # on a statutory ground
    assert Grant.objects.filter(consent_of__role="asking").count() == 2
    world.does("county", "change_decisions", m, "03-12 11:00", tell_police="no")
    assert may(world, "police", m, "03-12 11:01") == set()
    assert may(world, "aid", m, "03-12 11:01")
    actions.resident_move(receipt=opened.receipt, name="withdraw", now=at("03-12 12:00"))
    assert may(world, "aid", m, "03-12 12:01") == set()
    assert may(world, "court", m, "03-12 12:01")


def test_she_ends_it_herself_with_her_receipt(world: World) -> None:
    opened = world.help_wanted()
    m = opened.matter
    grant(world, m, **CONSENT, consent_by="herself")
    one = Grant.objects.get()
    assert resident.find(opened.receipt)
    actions.move(
        matter_id=m, name="end_access", actor=resident_actor(), now=at("03-12 12:00"),
        data={"grant": str(one.id), "grant_end": "her_word"},
    )  # fmt: skip
    assert may(world, "aid", m, "03-12 12:01") == set()


def test_consent_needs_who_when_and_how(world: World) -> None:
    m = world.responding()
    for left_out in ("consent_by", "consent_on", "consent_way"):
        given = {**CONSENT, "consent_by": "herself"}
        del given[left_out]
        with pytest.raises(RuleBroken) as refused:
            grant(world, m, **given)
        assert left_out in refused.value.fields
    with pytest.raises(RuleBroken):
        grant(world, m, **{**CONSENT, "consent_on": "2026-03-13"}, consent_by="herself")


def of_a_child(world: World, **him: Any) -> UUID:
    """A girl of eleven; her father is complained of."""
    asking = PartyInput(
        role="asking", age_band="6-13", sex="female", residence=VILLAGE,
        sealed={"label": {"name": "丁语桐"}}, decisions=Decisions(),
    )  # fmt: skip
    father = PartyInput(
        role="complained", relation="parent_child",
        sealed={"label": {"their_name": HIS_NAME}, "contact": {"their_phone": "10013500777"}, **him},
    )  # fmt: skip
    helper = PartyInput(
        role="helper", sealed={"label": {"helper_name": "王桂芳"}, "contact": {"helper_phone": "10013500888"}}
    )
    return actions.open_matter(
        playbook="dv-case", actor=world.actor("county", THURSDAY), now=at(THURSDAY), channel="visit", place=VILLAGE,
        parties=[asking, father, helper], data={"facts": STORY},
    ).matter  # fmt: skip


def refused(world: World, m: UUID, **more: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        grant(world, m, **{**CONSENT, **more})
    assert not Grant.objects.exists()
    return caught.value


def test_a_child_does_not_consent_alone(world: World) -> None:
    m = of_a_child(world)
    assert "未满十八周岁" in str(refused(world, m, consent_by="herself").reason)


def test_whoever_is_complained_of_does_not_consent_for_a_child(world: World) -> None:
    m = of_a_child(world)
    father = Party.objects.get(matter=m, role="complained")
    mother = Party.objects.get(matter=m, role="helper")
    assert "不算数" in str(refused(world, m, consent_by="guardian", giver=str(father.id)).reason)
    refused(world, m, consent_by="guardian")
    refused(world, m, consent_by="guardian", giver_name=HIS_NAME)
    refused(world, m, consent_by="agent", giver_name="某人", giver_phone="100 1350 0777")
    grant(world, m, **CONSENT, consent_by="guardian", giver=str(mother.id))
    assert Grant.objects.get().consent_of_id == mother.id


def test_nor_does_whoever_was_held_to_be_the_same_person(world: World) -> None:
    m, elsewhere = of_a_child(world), world.help_wanted(phone="10013500999").matter
    helper = Party.objects.get(matter=m, role="helper")
    him = Party.objects.get(matter=elsewhere, role="complained")
    for party in (helper, him):
        PersonLink.objects.create(person=m, party=party, why="same_id", at=at(THURSDAY))
    refused(world, m, consent_by="guardian", giver=str(helper.id))


def test_nor_whoever_shares_his_telephone(world: World) -> None:
    m = of_a_child(world, contact={"their_phone": "10013500888"})
    helper = Party.objects.get(matter=m, role="helper")
    refused(world, m, consent_by="guardian", giver=str(helper.id))


def test_for_a_child_the_statute_suffices(world: World) -> None:
    m = of_a_child(world)
    grant(world, m, grant_ground="life")
    assert may(world, "aid", m) == {"label", "narrative"}


def test_the_office_complained_of_is_granted_nothing(world: World) -> None:
    m = world.responding()
    row = world.row(m)
    Matter.objects.filter(pk=m).update(
        data={**row.data, "complained_agency": str(world.offices["police"].id)}
    )
    with pytest.raises(NotAllowed):
        grant(world, m, to="police")


def test_rights_last_no_longer_than_they_say() -> None:
    assert {kind: lasts for kind, lasts in grants.LASTS.items()} == {
        "purpose": timedelta(hours=8),
        "emergency": timedelta(hours=2),
    }


def test_a_referral_gives_what_an_emergency_opens_so_the_case_itself_stays_shut(world: World) -> None:
    """Whoever may look in an emergency and was asked for help has her name, and how she is reached, in what it was sent."""
    rescuers = {k for k in children.SHARED if kinds()[k].line in who_may.RESCUE}
    assert {"police_station", "hospital", "shelter", "civil_affairs"} <= rescuers
    for kind in rescuers:
        table = children.SHARED[kind]
        assert table.get("asking", table.get("*")) == children.WHOLE, kind
    case = world.responding(decisions=Decisions(True, True, True))
    child = world.refers(case, "refer_police", "police", "03-11 09:00")
    assert {"label", "identity", "contact"} <= may(world, "police", child)
    with pytest.raises(NotFound):
        urgent(world, case, "police")
    with pytest.raises(NotAllowed):  # nothing is hidden in what it holds itself
        urgent(world, child, "police")
