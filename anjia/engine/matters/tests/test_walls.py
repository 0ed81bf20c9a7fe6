"""The conflict wall: whoever is, or lives with, somebody in a matter learns from no page that it exists."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions, finding, recusals, same_person, worklists
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Capacity, Matter, Seat, Wall
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import FOUNDED, HIS_NAME, NAME, PHONE, VILLAGE, World, at, hired
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.outbox import worker
from anjia.law.codes.identity import check_character
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.actors import SYSTEM

NOON = "03-12 12:00"
HIS_ID = "99999919860312004" + check_character("99999919860312004")
HIS_PHONE = "10013500777"
HOME = "江苏省扬州市邗江区柳浦街道湖滨小区六幢三〇一室"


def known_as(world: World, who: str, **details: str) -> None:
    """What is recorded of a member of staff: her telephone, identity number or home."""
    post = world.posts[who]
    if mobile := details.pop("mobile", ""):
        accounts.set_contact(
            account=post.account,
            name=details.pop("name", f"某{who}"),
            mobile=mobile,
            actor=SYSTEM,
            now=FOUNDED,
        )
    if details:
        given = {"id_number": "", "address": "", **details}
        accounts.set_particulars(account_id=post.account_id, actor=SYSTEM, now=FOUNDED, **given)


def says_of_him(world: World, m: UUID, when: str = "03-10 14:00", **answers: str) -> None:
    """Something about the person complained of becomes known."""
    him = Matter.objects.get(pk=m).parties.get(role="complained")
    compartment = "contact" if "their_phone" in answers else "identity"
    world.does(
        "county", "correct", m, when, party=str(him.id), compartment=compartment, base="", choice="mine",
        reason="她说的", **{f"party-{name}": value for name, value in answers.items()},
    )  # fmt: skip


def is_gone(world: World, who: str, m: UUID, words: str = NAME) -> bool:
    """No page, list, search, count, in-box line or suggestion of this person has the matter."""
    actor = world.actor(who, NOON)
    scope = visible_to(actor)
    with access.reading(actor, route="t", how="list"):
        rows = [
            r.matter
            for which in ("own", "below", "waiting", "climbed")
            for r in worklists.duties(scope, which).rows
        ]
        rows += [r.id for which in ("own", "below") for r in worklists.matters(scope, which).rows]
        rows += [r.id for r in finding.search(scope, words).rows]
        rows += [r.id for r in finding.search(scope, Matter.objects.get(pk=m).number).rows]
        rows += [n.matter_id for n in worklists.inbox(scope)]
        met = same_person.people_of(scope, m, m)
    try:
        world.page(who, m, NOON)
    except NotFound:
        assert m not in rows
        assert not met
        return True
    return False


@pytest.mark.parametrize(
    ("mine", "his"),
    [
        ({"mobile": HIS_PHONE}, {"their_phone": "100-1350 0777"}),
        ({"id_number": HIS_ID}, {"their_id_number": HIS_ID.lower()}),
        ({"address": "柳浦街道湖滨小区6幢301"}, {"their_address": HOME}),
    ],
)
def test_a_new_detail_of_a_party_walls_at_once(
    world: World, mine: dict[str, str], his: dict[str, str]
) -> None:
    """A grant he held a minute ago opens nothing any more."""
    m = world.responding()
    known_as(world, "officer", **mine)
    assert not is_gone(world, "officer", m)
    says_of_him(world, m, **his)
    assert is_gone(world, "officer", m)
    assert not is_gone(world, "county", m)


def test_a_new_detail_of_an_account_walls_at_once(world: World) -> None:
    m = world.responding()
    says_of_him(world, m, their_phone=HIS_PHONE)
    assert not is_gone(world, "officer", m)
    known_as(world, "officer", mobile=HIS_PHONE)
    assert is_gone(world, "officer", m)


def test_name_with_birth_date_walls_and_a_name_alone_never(world: World) -> None:
    """Two people called the same are two people."""
    m = world.responding()
    accounts.set_contact(
        account=world.posts["officer"].account, name=HIS_NAME, mobile="", actor=SYSTEM, now=FOUNDED
    )
    assert not is_gone(world, "officer", m)
    officer = world.posts["officer"]
    accounts.set_particulars(
        account_id=officer.account_id, id_number=HIS_ID, address="", actor=SYSTEM, now=FOUNDED
    )
    assert not is_gone(world, "officer", m)
    says_of_him(world, m, their_birth_on="1986-03-12")
    assert is_gone(world, "officer", m)


@pytest.mark.parametrize(
    "address", ["扬州市人民医院宿舍3幢301室", "文昌路88号", "柳浦街道杨林村", "杨林村3组15号", "湖滨小区6幢"]
)
def test_half_a_village_is_not_one_household(world: World, address: str) -> None:
    m = world.responding()
    known_as(world, "officer", address=address)
    says_of_him(world, m, their_address=address)
    assert not is_gone(world, "officer", m)


def test_who_brings_word_as_her_work_stays_in(world: World) -> None:
    """A village worker who calls for many families is in none of them."""
    known_as(world, "officer", mobile="10013500555")
    caller = PartyInput(
        role="helper",
        sealed={"label": {"helper_name": "某officer"}, "contact": {"helper_phone": "10013500555"}},
    )
    m = actions.open_matter(
        playbook="dv-case", actor=world.actor("officer", "03-09 20:47"), now=at("03-09 20:47"), channel="phone",
        place=VILLAGE, data={"facts": "楼上又打起来了"}, parties=[PartyInput(role="asking"), caller],
    ).matter  # fmt: skip
    assert not is_gone(world, "officer", m)


def test_the_referral_is_behind_the_wall_too(world: World) -> None:
    """At the station only the auxiliary does not find it."""
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    world.posts["auxiliary"] = hired("auxiliary", world.offices["police"], "officer")
    assert not is_gone(world, "auxiliary", child)
    known_as(world, "auxiliary", id_number=HIS_ID)
    says_of_him(world, m, "03-11 10:00", their_id_number=HIS_ID)
    assert is_gone(world, "auxiliary", child)
    assert not is_gone(world, "police", child)


def test_an_office_with_nobody_left_is_passed_over(world: World) -> None:
    """In a village the only worker may be the brother: the township's federation gets it."""
    known_as(world, "county", mobile=PHONE)
    known_as(world, "officer", mobile=PHONE)
    m = world.help_wanted().matter
    assert world.row(m).holder == world.offices["city"]
    assert Seat.objects.get(matter=m, agency=world.offices["city"]).capacity == Capacity.HOLDER
    assert not Seat.objects.filter(matter=m, agency=world.offices["county"]).exists()
    assert is_gone(world, "county", m)


def test_one_colleague_left_keeps_the_matter_where_it_is(world: World) -> None:
    known_as(world, "officer", mobile=PHONE)
    assert world.row(world.help_wanted().matter).holder == world.offices["county"]


def test_work_goes_back_to_the_office_and_climbs_again(world: World) -> None:
    m = world.help_wanted().matter
    duty = world.duty(m, "triage")
    world.does("officer", "claim", m, "03-09 20:50", duty=str(duty.id))
    known_as(world, "officer", mobile=PHONE)
    worker.drain(at("03-09 20:51"))
    duty = world.duty(m, "triage")
    assert (duty.post_id, duty.claimed_at) == (None, None)
    assert duty.climbs_at.year == 2026


def test_a_matter_leaves_an_office_in_which_nobody_is_left(world: World) -> None:
    m = world.responding()
    known_as(world, "county", mobile=PHONE)
    known_as(world, "officer", mobile=PHONE)
    worker.drain(at(NOON))
    row = world.row(m)
    assert row.holder == world.offices["city"]
    assert not row.duties.filter(done_at__isnull=True, agency=world.offices["county"]).exists()
    assert world.page("city", m, NOON).entries[-1].move == "stand_aside"
    assert is_gone(world, "county", m)


def test_the_supervisor_is_told_and_nobody_in_the_office(world: World) -> None:
    m = world.responding()
    known_as(world, "officer", mobile=PHONE)
    worker.drain(at(NOON))
    assert Wall.objects.get().told == world.posts["city"]  # not the county's: he works there
    (line,) = recusals.record(world.actor("city"), at(NOON))
    assert (line.who, line.number, line.is_new) == ("某officer", world.row(m).number, True)
    for who in ("county", "officer", "police", "leader", "sysadmin", "other"):
        assert not recusals.is_supervisor(world.actor(who))
    actions.mark_recusals_seen(actor=world.actor("city"), now=at(NOON))
    assert not recusals.has_new(world.actor("city"))


def test_somebody_of_another_line_is_told_of_at_the_lowest_federation(world: World) -> None:
    world.responding()
    known_as(world, "police", mobile=PHONE)
    worker.drain(at(NOON))
    assert Wall.objects.get().told == world.posts["county"]


def test_work_is_not_given_to_who_may_not_know(world: World) -> None:
    m = world.responding()
    known_as(world, "officer", mobile=PHONE)
    with pytest.raises(RuleBroken):
        world.does("county", "assign", m, NOON, post=str(world.posts["officer"].id))


def test_the_question_whether_two_are_one_betrays_neither(world: World) -> None:
    """He is walled off from her first report; her second, without his number, must not say there is another."""
    first = world.help_wanted().matter
    world.does("county", "accept_in", first, "03-09 21:00", first_or_repeat="first", urgency="urgent")
    says_of_him(world, first, "03-09 21:10", their_phone=HIS_PHONE)
    known_as(world, "officer", mobile=HIS_PHONE)
    second = world.help_wanted("03-10 09:00").matter
    worker.drain(at("03-10 09:01"))
    assert is_gone(world, "officer", first, words=HIS_NAME)
    assert not Matter.objects.get(pk=second).duties.filter(kind="same_case").exists()
    asking = Matter.objects.get(playbook="repeat-case")
    assert is_gone(world, "officer", asking.id)
    assert not is_gone(world, "county", asking.id)


def test_two_matters_joined_as_one_family_are_both_behind_the_wall(world: World) -> None:
    first, second = world.help_wanted().matter, world.help_wanted("03-10 09:00").matter
    worker.drain(at("03-10 09:01"))
    asked = next(
        m for m in (second, first) if Matter.objects.get(pk=m).duties.filter(kind="same_case").exists()
    )
    other = first if asked == second else second
    actions.move(
        matter_id=asked, name="link_same", actor=world.actor("county"), now=at("03-10 10:00"),
        data={"matter": str(other), "same_case": "same"},
    )  # fmt: skip
    walls_before = Wall.objects.count()
    world.does("county", "accept_in", other, "03-10 10:30", first_or_repeat="first", urgency="urgent")
    says_of_him(world, other, their_phone=HIS_PHONE)
    known_as(world, "officer", mobile=HIS_PHONE)
    assert Wall.objects.count() == walls_before + 2
    assert is_gone(world, "officer", first)
    assert is_gone(world, "officer", second)
