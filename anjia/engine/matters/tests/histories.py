"""Long histories of grants, openings, walls and ended posts, beside a plain model that says who may open what.

The model knows nothing of the code: one table of what a seat opens, one list of rights with their ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from anjia.engine.matters import actions, grants
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Duty, Grant, Party, Wall
from anjia.engine.matters.pages import matter_page
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import NAME, PHONE, STORY, World, at, hired
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import actors
from anjia.registry.posts.models import Post

START = at("03-12 09:00")
ALL = ("label", "identity", "contact", "narrative", "evidence")
#: What each person's office may open by its seat alone; "" where the line above sees progress only; None: no seat.
SEATS: dict[str, str | None] = {
    "county": "holder", "officer": "holder", "village": "village", "police": "partner", "city": "", "city2": "",
    "bureau": "", "aid": None, "court": None, "leader": None, "sysadmin": None, "other": None,
}  # fmt: skip
OPENS: dict[str | None, set[str]] = {
    "holder": {*ALL, "reporter", "respondent"},
    "village": {"label", "narrative"},
    "partner": {"label", "identity", "narrative"},
}
PURPOSE = {
    "supervise": {"label", "narrative"}, "serious": {"label", "identity", "narrative"}, "audit": {"narrative"},
    "review": {"label", "identity", "narrative"},
}  # fmt: skip
URGENT = {"label", "identity", "contact", "narrative"}
ABOVE, NEAR = ("city", "city2"), ("city", "city2", "bureau", "police")
GRANTED_TO = ("aid", "court", "police", "village")
WALLABLE = ("officer", "village", "police", "city", "city2", "bureau", "aid", "court")
REFUSALS = (NotFound, NotAllowed, RuleBroken)


@dataclass
class Right:
    """One right in the model."""

    kind: str
    who: str
    opens: set[str]
    until: datetime
    ground: str = ""
    ended: bool = False
    reviewed: bool = False
    id: UUID | None = None


@dataclass
class Model:
    """Who may open what, as plainly as it can be said."""

    now: datetime = START
    rights: list[Right] = field(default_factory=list)
    walled: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def live(self, *kinds: str) -> list[Right]:
        return [r for r in self.rights if r.kind in kinds and not r.ended and self.now < r.until]

    def is_here(self, who: str) -> bool:
        return who not in self.walled and who not in self.gone and who not in ("leader", "sysadmin")

    def sees(self, who: str) -> bool:
        granted = any(r.who == who for r in self.live("grant"))
        return self.is_here(who) and (SEATS[who] is not None or granted)

    def opens(self, who: str) -> set[str]:
        if not self.sees(who):
            return set()
        more = [r.opens for r in self.live("grant", "purpose", "emergency") if r.who == who]
        return OPENS.get(SEATS[who], set()).union(*more)

    def reads_all(self, who: str) -> bool:
        """The whole story, not only what one was told."""
        granted = any(
            "narrative" in r.opens and r.who == who for r in self.live("grant", "purpose", "emergency")
        )
        return self.sees(who) and (SEATS[who] == "holder" or granted)


def prepared(world: World) -> UUID:
    """A case with the village invited and the station bound to it."""
    world.posts["city2"] = hired("city2", world.offices["city"], "officer")
    m = world.responding(decisions=Decisions(True, True, True))
    Party.objects.filter(matter=m, role="asking").update(protection=["minor"])
    world.does("county", "invite_village", m, "03-11 09:00")
    world.does(
        "county", "mandatory_report", m, "03-11 09:10", agency=str(world.offices["police"].id), urgency="urgent",
        report_class="sexual_injury", told_first="yes", request="请依法处理",
    )  # fmt: skip
    return m


class Histories(RuleBasedStateMachine):
    """Steps that people and the clock take; after each, everybody's rights are what the model says."""

    world: ClassVar[World]
    matter: ClassVar[UUID]
    steps: ClassVar[int] = 0
    checked: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # -- doing ------------------------------------------------------------------------------------------------

    def actor(self, who: str) -> actors.Actor:
        return actors.for_post(self.world.posts[who].id, self.model.now)

    def move(self, name: str, **data: Any) -> None:
        actions.move(
            matter_id=self.matter, name=name, actor=self.actor("county"), now=self.model.now, data=data
        )

    def opening(self, who: str, act: Any, **more: Any) -> Grant | None:
        """An opening, or None where it was refused."""
        try:
            actor = self.actor(who)
            with access.reading(actor, route="t"), transaction.atomic():
                found: Grant = act(
                    actor=actor, matter_id=self.matter, words="需要马上弄清楚", now=self.model.now, **more
                )
                return found
        except REFUSALS:
            return None

    @rule(
        to=st.sampled_from(GRANTED_TO),
        opens=st.sets(st.sampled_from(ALL), min_size=1),
        days=st.integers(0, 89),
        ground=st.sampled_from(("consent", "statute_duty")),
    )
    def grant(self, to: str, opens: set[str], days: int, ground: str) -> None:
        """The holder lets an office read."""
        last = self.model.now.astimezone(SHANGHAI).date() + timedelta(days=days)
        consent = {"consent_by": "herself", "consent_on": self.today(), "consent_way": "written"}
        allowed = to not in self.model.walled and (to != "village" or opens <= {"label", "narrative"})
        if to in self.model.gone and to in self.model.walled:
            allowed = True  # nobody is left who could be walled
        try:
            with transaction.atomic():
                self.move(
                    "grant_access", agency=str(self.world.offices[to].id), grant_opens=sorted(opens),
                    grant_purpose="legal", grant_until=last.isoformat(), grant_ground=ground, reason="按分工",
                    **(consent if ground == "consent" else {}),
                )  # fmt: skip
        except REFUSALS:
            assert not allowed
            return
        assert allowed
        until = datetime.combine(last + timedelta(days=1), datetime.min.time(), SHANGHAI)
        new = Grant.objects.filter(matter=self.matter, kind="grant").latest("id").id
        self.model.rights.append(Right("grant", to, opens, until, ground, id=new))

    def today(self) -> str:
        return self.model.now.astimezone(SHANGHAI).date().isoformat()

    @precondition(lambda self: self.model.live("grant"))
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """The holder takes one back."""
        one = data.draw(st.sampled_from(self.model.live("grant")))
        self.move("end_access", grant=str(one.id), grant_end="done")
        one.ended = True

    @rule(what=st.sampled_from(("tell_police", "tell_community")))
    def her_word(self, what: str) -> None:
        """She says no: what stood on her consent ends, for those she names."""
        self.move("change_decisions", **{what: "no"})
        named = {"tell_police": "police", "tell_community": "village"}[what]
        for r in self.model.live("grant"):
            r.ended |= r.ground == "consent" and r.who == named

    @rule(who=st.sampled_from(sorted(SEATS)), purpose=st.sampled_from(sorted(PURPOSE)))
    def open_for(self, who: str, purpose: str) -> None:
        """Anybody tries to open for a purpose."""
        made = self.opening(who, grants.open_for, purpose=purpose)
        assert bool(made) == (who in ABOVE and self.model.is_here(who))
        if made:
            until = self.model.now + timedelta(hours=8)
            self.model.rights.append(Right("purpose", who, PURPOSE[purpose], until, id=made.id))

    @rule(who=st.sampled_from(sorted(SEATS)), fresh=st.sampled_from((True, True, False)))
    def emergency(self, who: str, fresh: bool) -> None:
        """Anybody tries to open in an emergency."""
        made = self.opening(who, grants.open_in_emergency, purpose="life", fresh=fresh)
        assert bool(made) == (who in NEAR and self.model.is_here(who) and fresh)
        if made:
            until = self.model.now + timedelta(hours=2)
            self.model.rights.append(Right("emergency", who, URGENT, until, id=made.id))

    @precondition(lambda self: any(r.kind == "emergency" and not r.reviewed for r in self.model.rights))
    @rule(data=st.data(), verdict=st.sampled_from(("justified", "not_justified")))
    def review(self, data: st.DataObject, verdict: str) -> None:
        """The county reviews one; without a good reason it ends."""
        one = data.draw(
            st.sampled_from([r for r in self.model.rights if r.kind == "emergency" and not r.reviewed])
        )
        self.move("review_emergency", duty=str(one.id), emergency_verdict=verdict, reason="核过了")
        assert Duty.objects.get(pk=one.id).done_at
        one.reviewed = True
        one.ended |= verdict == "not_justified"

    @rule(who=st.sampled_from(WALLABLE))
    def wall(self, who: str) -> None:
        """Somebody turns out to be of her family; or it was a mistake."""
        account = self.world.posts[who].account
        if who in self.model.walled:
            Wall.objects.filter(account=account, root=self.matter).delete()
        else:
            Wall.objects.create(account=account, root=self.matter, cause="phone", since=self.model.now)
        self.model.walled ^= {who}

    @rule(who=st.sampled_from(("city2", "aid", "bureau")))
    def post_ends(self, who: str) -> None:
        """Somebody's post is over."""
        Post.objects.filter(pk=self.world.posts[who].pk).update(to_on=date.fromisoformat(self.today()))
        self.model.gone.add(who)

    @rule(minutes=st.sampled_from((1, 30, 119, 120, 121, 480, 481, 1440, 14400)))
    def clock_moves(self, minutes: int) -> None:
        """Time passes."""
        self.model.now += timedelta(minutes=minutes)

    @rule()
    def job(self) -> None:
        """What ran out is put away; nothing depends on it."""
        grants.end_what_ran_out(now=self.model.now)

    # -- checking -----------------------------------------------------------------------------------------------

    @invariant()
    def rights_are_as_the_model_says(self) -> None:
        """Of everybody, each compartment."""
        type(self).steps += 1
        for who in SEATS:
            assert self.may(who) == self.model.opens(who), (who, self.model)
            type(self).checked += len(Compartment.values)
        self.page_shows(sorted(SEATS)[self.steps % len(SEATS)])

    def may(self, who: str) -> set[str]:
        try:
            scope = visible_to(self.actor(who))
        except NotFound:
            assert who in self.model.gone
            return set()
        listed = scope.seen([self.matter])
        assert bool(listed) == self.model.sees(who), (who, self.model)
        try:
            seated = scope.find(self.matter)
        except NotFound:
            assert not self.model.sees(who)
            return set()
        assert self.model.sees(who)
        return {c for c in Compartment.values if seated.may_open(c)}

    def page_shows(self, who: str) -> None:
        """What stands on the page itself."""
        if not self.model.sees(who):
            return
        actor = self.actor(who)
        with access.reading(actor, route="t"):
            page = matter_page(actor, self.matter, self.model.now)
        words = str([e.words for e in page.entries])
        shown = str([(p.name, p.contact) for p in page.people])
        opens = self.model.opens(who)
        assert (NAME in shown) == ("label" in opens)
        assert (PHONE in shown) == ("contact" in opens)
        assert (STORY in words) == self.model.reads_all(who)


def run(
    world: World, machine: type[Histories], *, examples: int, steps: int, shrink: bool = True
) -> type[Histories]:
    """Run histories of one machine in a city that is as it was after each; `shrink` a failing one to the shortest."""
    from hypothesis.stateful import run_state_machine_as_test

    Histories.world, Histories.matter = world, prepared(world)
    machine.steps = machine.checked = 0
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine
