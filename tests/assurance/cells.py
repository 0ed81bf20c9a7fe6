"""Every address × method × person × matter of a small city asked once: what came back, and what it showed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls import reverse as address

from anjia.casework.incoming import actions as incoming
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter, Party, Wall
from anjia.engine.matters.tests import world as small
from anjia.engine.matters.tests.world import World, at, hired, paper
from anjia.foundation.core.clock import now
from anjia.foundation.files.models import File
from anjia.foundation.outbox import worker
from anjia.law.playbooks.library import definition
from anjia.registry.posts import actions as people
from anjia.registry.posts.actions import accounts, agencies
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Post

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
#: Values that belong to persons. No two of them occur in each other, in a page's own words or in an address.
SECRETS = {
    "her name": small.NAME, "his name": small.HIS_NAME, "her telephone": small.PHONE, "her story": small.STORY,
    "where she is": small.WHERE, "petitioner": "杭秋月", "disputant": "虞听竹", "other county's": "祁向晚",
    "let read name": "柏春雨", "let read telephone": "10013500666", "reported name": "闻人溪",
    "on a paper": "谷雨晴",
    "his words": "他讲那晚是门自己弹回来的", "his request": "他要求把工作单位改成货运站",
    "answer to him": "工作单位已经照他的证件改好",
    "why not alone": "灶台边上常放一把柴刀",
}  # fmt: skip
#: What is nobody's secret, but has to be seen by whoever goes there.
SIGNS = {"nobody goes alone": "不得单独上门"}
LEADERS = ("leader", "sysadmin")


@dataclass(frozen=True, slots=True)
class Cell:
    """One question and its answer."""

    who: str
    page: str
    method: str
    matter: str  # "" for a page that is of no matter
    relation: str  # worked out by hand below, never asked of the code under test
    outcome: str  # ok | sign-in | denied | not-found | method
    shown: frozenset[str]
    move: str = ""


@dataclass
class City:
    """The small city with matters in every relation."""

    world: World
    matters: dict[str, UUID] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    relations: dict[tuple[str, str], str] = field(default_factory=dict)
    batch: UUID = field(default_factory=uuid4)  # a heap of papers that the county's head took in

    def relation(self, who: str, matter: str) -> str:
        return self.relations.get((who, matter), "") if matter else ""


#: Who stands how to which matter, as the law and the story below have it. Everybody else: not at all.
FEDERATION_ABOVE = {"city": "masked", "city_officer": "masked"}
RELATIONS: dict[str, dict[str, str]] = {
    "case": {"county": "holder", "officer": "holder", "triage": "holder", "village": "village",
        "street": "masked",
             "volunteer": "village", **FEDERATION_ABOVE},
    "to police": {"county": "referrer", "officer": "referrer", "triage": "referrer", "police": "holder", "bureau": "masked",
                  **FEDERATION_ABOVE},
    "to legal aid": {"county": "referrer", "officer": "referrer", "triage": "referrer", "aid": "holder",
                     **FEDERATION_ABOVE},
    "to shelter": {"county": "referrer", "officer": "referrer", "triage": "referrer", "shelter": "holder",
                   **FEDERATION_ABOVE},
    "let read": {"county": "holder", "officer": "holder", "triage": "holder", "walled": "holder", "relief": "granted",
                 **FEDERATION_ABOVE},
    "reported": {"county": "holder", "officer": "holder", "triage": "holder", "walled": "holder", "police": "partner",
                 "bureau": "masked", **FEDERATION_ABOVE},
    "elsewhere": {"other": "holder", **FEDERATION_ABOVE},
    "handed on": {"other": "holder", **FEDERATION_ABOVE},
    "petition": {"county": "holder", "officer": "holder", "triage": "holder", "walled": "holder", **FEDERATION_ABOVE},
    "instruction": {"city": "holder", "city_officer": "holder", "leader": "leader"},
}  # fmt: skip


def build() -> City:
    """One city: the same steps people take on the desk, by the actions."""
    world = small.build()
    hospital = agencies.add_agency(
        kind="hospital", name="邗江区人民医院", place=small.COUNTY, actor=SYSTEM, now=small.FOUNDED
    )
    world.offices["hospital"] = hospital
    for key, place in (("relief", small.COUNTY), ("lapsed", small.OTHER)):
        world.offices[key] = agencies.add_agency(
            kind="civil_affairs", name=f"民政局{place}", place=place, actor=SYSTEM, now=small.FOUNDED
        )
    for key, office, role in (
        ("hospital", hospital, "officer"), ("relief", world.offices["relief"], "officer"),
        ("lapsed", world.offices["lapsed"], "officer"), ("volunteer", world.offices["village"], "volunteer"),
        ("triage", world.offices["county"], "triage"), ("city_officer", world.offices["city"], "officer"),
        ("walled", world.offices["county"], "officer"), ("expired", world.offices["county"], "officer"),
    ):  # fmt: skip
        world.posts[key] = hired(key, office, role)
    city = City(world)
    for matter, known in RELATIONS.items():
        for who, relation in known.items():
            city.relations[who, matter] = relation
    fill(city)
    sign_everybody_in(city)
    return city


def fill(city: City) -> None:
    """Matters of three procedures, referrals, a transfer, a wall."""
    w, m = city.world, city.matters
    case = m["case"] = w.responding(decisions=Decisions(True, True, True))
    w.does("county", "record_whereabouts", case, "03-10 14:00", now_at=small.WHERE)
    m["to police"] = w.refers(case, "refer_police", "police", "03-11 09:00")
    m["to legal aid"] = w.refers(case, "refer_legal_aid", "aid", "03-11 09:10")
    m["to shelter"] = w.refers(case, "refer_shelter", "shelter", "03-11 09:20")
    w.does("county", "attach", case, "03-11 10:00", files=[paper()], paper_kind="other")
    w.does("county", "invite_village", case, "03-11 10:30")
    w.does(
        "county", "plan_visit", case, "03-11 11:00", visit_whom="complained", visit_way="agreed_place",
        visit_task="讲清告诫书",
    )  # fmt: skip
    rights(w, case)
    m["elsewhere"] = w.help_wanted(
        "03-09 10:00", place=small.OTHER, name=SECRETS["other county's"], phone="10013500888"
    ).matter
    m["handed on"] = w.help_wanted("03-09 11:00", name=SECRETS["disputant"], phone="10013500999").matter
    w.does(
        "county",
        "transfer",
        m["handed on"],
        "03-09 12:00",
        agency=str(w.offices["other"].id),
        reason="她搬去高邮了",
    )
    m["petition"] = actions.open_matter(
        playbook="petition", actor=w.actor("county", "03-10 09:00"), now=at("03-10 09:00"), channel="visit",
        place=small.COUNTY, data={"request": "要求依法处理", "facts": "反映情况", "matter_class": "land"},
        parties=[PartyInput(role="asking", sealed={"label": {"name": SECRETS["petitioner"]}})],
    ).matter  # fmt: skip
    m["instruction"] = actions.open_office_work(
        playbook="instruction", actor=w.actor("leader", "03-10 09:00"), now=at("03-10 09:00"),
        data={"office": str(w.offices["city"].id), "said_on": "2026-03-10", "said_how": "typed", "on_what": "other",
              "said": "请十日内回报。"},
    ).matter  # fmt: skip
    let_read(w, m)
    paper_came_in(city)
    accounts.set_contact(
        account=w.posts["walled"].account, name="某人", mobile=small.PHONE, actor=SYSTEM, now=small.FOUNDED
    )
    accounts.set_contact(
        account=w.posts["walled"].account, name="某人", mobile="10013500999", actor=SYSTEM, now=small.FOUNDED
    )
    worker.drain(at("03-12 08:00"))


def paper_came_in(city: City) -> None:
    """The county's head has photographed a letter and typed half of it."""
    actor = city.world.actor("county", "03-11 12:00")
    batch = incoming.begin(actor=actor, now=at("03-11 12:00"))
    row = incoming.add_picture(batch_id=batch.id, upload=paper(), actor=actor, now=at("03-11 12:00"))
    typed = {"paper": "warning", "name": SECRETS["on a paper"]}
    incoming.keep_draft(batch_id=batch.id, seq=row.seq, typed=typed, actor=actor, now=at("03-11 12:00"))
    city.batch = batch.id


def rights(w: World, case: UUID) -> None:
    """The person complained of is heard, asks what is kept of him and that it be put right; nobody goes there alone."""
    w.does(
        "county", "not_alone", case, "03-11 13:00", not_alone_why=["weapon"], more=SECRETS["why not alone"]
    )
    w.does(
        "county", "hear_complained", case, "03-11 14:00", heard_on="2026-03-11", heard_way="office",
        heard_words=SECRETS["his words"],
    )  # fmt: skip
    him = Party.objects.get(matter=case, role="complained")
    asked = {"record_person": "complained", "requested_on": "2026-03-11"}
    for n in (0, 1):  # one is answered, one waits
        event = w.does(
            "county", "ask_correction", case, f"03-11 15:{n}0", event=str(him.id), correction_wish="correct",
            wrong_words=SECRETS["his request"], **asked,
        ).event  # fmt: skip
        w.does("county", "ask_access", case, f"03-11 16:{n}0", **asked)
        if n == 0:
            w.does(
                "county", "decide_correction", case, "03-11 15:05", event=str(event), correction_decision="refused",
                correction_answer=SECRETS["answer to him"], answer_way="in_person",
            )  # fmt: skip


def let_read(w: World, m: dict[str, UUID]) -> None:
    """Two offices are let to read a case, one of them not any more; a station is bound to another by the duty to report."""
    m["let read"] = of_her_alone(w, "03-09 13:00", SECRETS["let read name"], SECRETS["let read telephone"])
    for office, last in (("relief", now().date() + timedelta(days=60)), ("lapsed", date(2026, 3, 20))):
        w.does(
            "county", "grant_access", m["let read"], f"{now():%m-%d %H:%M}" if office == "relief" else "03-10 10:00",
            agency=str(w.offices[office].id), grant_opens=["label", "narrative"], grant_purpose="relief",
            grant_until=last.isoformat(), grant_ground="statute_duty", reason="低保和临时救助",
        )  # fmt: skip
    m["reported"] = of_her_alone(w, "03-09 14:00", SECRETS["reported name"], "10013500555")
    Party.objects.filter(matter=m["reported"], role="asking").update(protection=["minor"])
    w.does(
        "county", "mandatory_report", m["reported"], "03-10 11:00", agency=str(w.offices["police"].id),
        urgency="urgent", report_class="sexual_injury", told_first="yes", request="请依法处理",
    )  # fmt: skip


def of_her_alone(w: World, when: str, name: str, phone: str) -> UUID:
    """A case in which nobody else is named."""
    asking = PartyInput(
        role="asking", residence=small.VILLAGE, sealed={"label": {"name": name}, "contact": {"phone": phone}}
    )
    return actions.open_matter(
        playbook="dv-case", actor=w.actor("county", when), now=at(when), channel="call", place=small.VILLAGE,
        parties=[asking], data={"facts": "家里有人动手"},
    ).matter  # fmt: skip


def sign_everybody_in(city: City) -> None:
    """A browser for each post; the expired one signed in before the post ended."""
    for key, post in city.world.posts.items():
        city.clients[key] = browser(post)
    city.clients["anonymous"] = Client()
    city.clients["receipt"] = Client()
    ended = city.world.posts["expired"]
    ended.to_on = date(2026, 2, 1)
    ended.save(update_fields=["to_on"])


def browser(post: Post) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["s"] = people.sign_in(account=post.account, post=post, now=now())
    return client


#: What would sign the browser out: asked from one of its own.
ENDS_SESSIONS = ("posts:sign-out", "desk:sign-out", "posts:end-sessions")

# -- asking -----------------------------------------------------------------------------------------------


def every_page() -> dict[str, tuple[str, ...]]:
    """Name → parameters of every address the resolver knows."""
    return dict(walk(get_resolver().url_patterns, ""))


def walk(patterns: list[Any], space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for p in patterns:
        if isinstance(p, URLResolver):
            yield from walk(p.url_patterns, p.namespace or space)
        elif isinstance(p, URLPattern):
            yield f"{space}:{p.name}" if space else str(p.name), tuple(p.pattern.converters)


def parameters(city: City, wanted: tuple[str, ...], matter: str) -> dict[str, Any]:
    """Something real for every parameter of an address."""
    m = city.matters.get(matter) or city.matters["case"]
    her = Matter.objects.get(pk=m).parties.filter(role="asking").first()
    stored = File.objects.filter(matter=m).first()
    known: dict[str, Any] = {
        "matter_id": m, "party_id": her.id if her else uuid4(), "file_id": stored.id if stored else uuid4(),
        "compartment": "contact", "post_id": city.world.posts["mediators"].id, "factor_id": uuid4(),
        "rule_id": "triage.same-day", "name": "petition", "question": uuid4(),
        "wall_id": Wall.objects.get(root=city.matters["case"]).id,
        "line_id": uuid4(), "batch_id": city.batch, "seq": 1,
        "message_id": uuid4(), "point_id": uuid4(), "code": "aaaaaaaaaa", "shift_id": uuid4(),
        "book_id": uuid4(),
        "agency_id": city.world.offices["police"].id,
    }  # fmt: skip
    return {name: known[name] for name in wanted}


def ask(city: City, who: str, page: str, method: str, matter: str, url: str, move: str = "") -> Cell:
    """One request. Nothing is changed by it: forms are sent empty, and what they would change is none of these."""
    client = city.clients[who]
    # An old version of the page: a step that may be taken is answered with "somebody changed it", and not taken.
    data = {"csrfmiddlewaretoken": "c" * 32, "ver": "0"} if method == "POST" else {}
    client.cookies["c"] = "c" * 32
    if page in ENDS_SESSIONS and method == "POST":
        client = browser(city.world.posts[who]) if who in city.world.posts and who != "expired" else Client()
        client.cookies["c"] = "c" * 32
    response = client.generic(method, url) if method in ("PUT", "DELETE") else send(client, method, url, data)
    body = b"".join(response) if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    stored = page != "ui:gallery"  # there the same names are samples
    shown = frozenset(what for what, value in {**SECRETS, **SIGNS}.items() if stored and value in text)
    return Cell(who, page, method, matter, city.relation(who, matter), outcome(response), shown, move)


def send(client: Client, method: str, url: str, data: dict[str, str]) -> Any:
    return client.post(url, data) if method == "POST" else getattr(client, method.lower())(url)


def outcome(response: Any) -> str:
    """What the answer amounts to."""
    if response.status_code == 302 and re.search(r"/sign-in/", response["Location"]):
        return "sign-in"
    known = {403: "denied", 404: "not-found", 405: "method"}
    if response.status_code >= 500:
        return "broken"
    return known.get(response.status_code, "ok")


def cells(city: City) -> Iterator[Cell]:
    """Everything, asked of everybody."""
    for page, wanted in every_page().items():
        for matter, move, url in addresses(city, page, wanted):
            for who in city.clients:
                for method in METHODS:
                    if page == "desk:do" and method in ("PUT", "DELETE", "HEAD"):
                        continue
                    yield ask(city, who, page, method, matter, url, move)


def addresses(city: City, page: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(matter, move, address): a page of one matter for each matter, its steps each by name."""
    if "matter_id" not in wanted:
        named = {"name": NAMED[page]} if page in NAMED else {}
        yield "", "", address(page, kwargs={**parameters(city, wanted, ""), **named})
        return
    for matter in city.matters:
        given = parameters(city, wanted, matter)
        if page != "desk:do":
            given |= {"name": NAMED[page]} if page in NAMED else {}
            yield matter, "", address(page, kwargs=given)
            continue
        row = Matter.objects.get(pk=city.matters[matter])
        for name in sorted({*definition(row.playbook, row.version).moves, *BUILT_IN}):
            yield matter, name, address(page, kwargs={**given, "name": name})


#: What is asked for by name, where it is no procedure.
NAMED = {
    "desk:letter": "record-sheet", "desk:copy-sheet": "federation-petitions", "desk:ledger": "cases",
    "desk:figure": "serious",
}  # fmt: skip

#: Steps every matter has; the playbook's own come with it.
BUILT_IN = (
    "claim",
    "assign",
    "refer",
    "note",
    "attach",
    "correct",
    "change_decisions",
    "change_contact",
    "transfer",
    "pause",
    "extend",
    "recuse",
    "grant_access",
    "end_access",
    "review_emergency",
    "not_alone",
    "alone_kept",
    "alone_over",
    "ask_correction",
    "decide_correction",
    "ask_access",
    "answer_access",
)
