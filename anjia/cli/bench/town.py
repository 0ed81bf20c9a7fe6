"""A small city for measuring: offices, people in posts, and a few matters of each kind by the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.registry.places.models import Place
from anjia.registry.posts import actors, pledges
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.models import Agency, Post

NAME, HIS_NAME, PHONE, HIS_PHONE = "甄样本", "贾样本", "10000000000", "10000000001"
TITLE = "测速岗位"
ID_NUMBER = "999999199108060347"
OPENED_AGO = timedelta(hours=3)
CLOSED_AGO = timedelta(days=10)


@dataclass
class Town:
    """Where the bench finds its posts and places. Keys: county codes, "city", "village"."""

    posts: dict[str, Post] = field(default_factory=dict)
    towns: dict[str, str] = field(default_factory=dict)  # county → one of its townships

    @property
    def counties(self) -> list[str]:
        """Counties with a federation post, by code."""
        return sorted(self.towns)


def township(county: str) -> str:
    """One township of a county; "" where it has none."""
    below = Place.objects.filter(tier="township", county=county).order_by("code")
    return below.values_list("code", flat=True).first() or ""


def federation(place: str) -> Agency:
    """The women's federation at a place."""
    return Agency.objects.get(kind="federation", place=place)


def post_at(agency: Agency, login: str, now: datetime) -> Post:
    """Somebody in charge of an office."""
    account = accounts.add_account(login=login, name="测试员", actor=actors.SYSTEM, now=now)
    post = accounts.give_post(
        account=account,
        agency=agency,
        role="head",
        title=TITLE,
        from_on=actors.today(now) - timedelta(days=365),
        actor=actors.SYSTEM,
        now=now,
    )
    if pledges.must_be_given_in(post):
        version = pledges.in_force(actors.today(now)).version
        accounts.give_pledge(version=version, actor=actors.for_post(post.id, now), now=now)
    return post


def build(city: str, now: datetime) -> Town:
    """One post at each county, one at the city, one in a village of the first county."""
    town = Town()
    for county in Place.objects.filter(tier="county", city=city).order_by("code"):
        below = township(county.code)
        if below and Agency.objects.filter(kind="federation", place=county.code).exists():
            town.towns[county.code] = below
            town.posts[county.code] = post_at(federation(county.code), f"bench-{county.code}", now)
    town.posts["city"] = post_at(federation(city), "bench-city", now)
    village = Place.objects.filter(tier="village", township=town.towns[town.counties[0]]).order_by("code")[0]
    office = Agency.objects.filter(kind="federation", place=village.code).first() or found(village, now)
    town.posts["village"] = post_at(office, "bench-village", now)
    return town


def found(village: Place, now: datetime) -> Agency:
    """A village's federation, where the city has none on record."""
    from anjia.registry.posts.actions.agencies import add_agency

    return add_agency(
        kind="federation",
        name=f"{village.name}妇联",
        place=village.code,
        actor=actors.SYSTEM,
        now=now,
        opened_on=actors.today(now) - timedelta(days=365),
    )


def people(place: str, *, tell_community: bool) -> list[PartyInput]:
    """Two people with every identifier that leaves a token."""
    hers = {
        "label": {"name": NAME},
        "identity": {"id_number": ID_NUMBER},
        "contact": {"phone": PHONE, "safe_when": "工作日 12:10–12:50"},
    }
    his = {"label": {"their_name": HIS_NAME}, "contact": {"their_phone": HIS_PHONE}}
    return [
        PartyInput(
            role="asking",
            sex="female",
            age_band="30-39",
            sealed=hers,
            decisions=Decisions(tell_community=tell_community),
            residence=place,
        ),
        PartyInput(role="complained", sex="male", relation="spouse", sealed=his),
    ]


@dataclass
class Sample:
    """One matter made by the real actions; clones are made of its rows."""

    kind: str  # new | called | village | closed
    county: str
    matter: UUID


@dataclass
class Telling:
    """Brings one sample to its stage."""

    actor: actors.Actor
    now: datetime
    matter: UUID

    def does(self, name: str, **data: Any) -> None:
        """The next move, five minutes later."""
        self.now += timedelta(minutes=5)
        actions.move(matter_id=self.matter, name=name, actor=self.actor, now=self.now, data=data)


def sample(town: Town, kind: str, county: str, now: datetime) -> Sample:
    """One matter of a kind in a county."""
    post = town.posts[county]
    start = now - (CLOSED_AGO if kind == "closed" else OPENED_AGO)
    place = town.posts["village"].agency.place_id if kind == "village" else town.towns[county]
    actor = actors.for_post(post.id, now)
    opened = actions.open_matter(
        playbook="dv-case",
        actor=actor,
        now=start,
        channel="call",
        place=place,
        parties=people(place, tell_community=kind == "village"),
        data={"facts": "吵架以后他把我推到墙上。", "dv_forms": ["physical"], "urgency": "soon"},
    )
    told = Telling(actor, start, opened.matter)
    if kind != "new":
        told.does("accept_in", first_or_repeat="first", urgency="soon")
    if kind == "called":
        told.does("call_safe", was_alone="yes", told_rights=["police"], call_words="她愿意先说说情况。")
    if kind == "village":
        told.does("invite_village")
    if kind == "closed":
        told.does("close_withdrawn", was_alone="yes", her_words="我自己能处理,先撤了。")
        told.does("reply", reply_words="您反映的事已经有结果。", reply_channel="receipt")
        told.does("report_up", report_stage="final", report_words="本月办结一件。")
    return Sample(kind, county, opened.matter)


def samples(town: Town, now: datetime) -> list[Sample]:
    """Every kind in every county; the village's in the first."""
    first = town.counties[0]
    every = [
        sample(town, kind, county, now) for county in town.counties for kind in ("new", "called", "closed")
    ]
    return [*every, sample(town, "village", first, now)]
