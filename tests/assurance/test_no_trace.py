"""The conflict wall, told by what is not there: a city with the matter and without it look the same to who is walled off."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from report import row

from anjia.casework.incoming import importing
from anjia.casework.incoming.models import Batch
from anjia.casework.incoming.tests.test_papers import photo
from anjia.engine.letters import books, copies, layouts, tables
from anjia.engine.matters import actions, figures
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter, Seat, Wall
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests import world as small
from anjia.engine.matters.tests.world import FOUNDED, World, at, hired
from anjia.engine.messages import sending
from anjia.foundation.core import clock
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.registry.posts import actions as people
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Post

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

GRAPHS, LEAST_PAGES = 12, 500
NOON = at("03-12 12:00")
NO_NUMBER = "321003-2025-482915-7"  # a number nothing has, its last digit right
HER, HIS, HER_PHONE, HIS_PHONE = "祁向晚", "闻人朔", "10013511111", "10013522222"
HOME = "柳浦街道湖滨小区6幢301室"
#: Whoever might be of her family: where he works, in which role.
KIN = {
    "county": ("county", "officer"), "station": ("police", "officer"), "street": ("street", "head"),
    "village": ("village", "officer"), "city": ("city", "officer"), "aid": ("aid", "officer"),
    "mediators": ("mediators", "officer"),
}  # fmt: skip
LISTS = (
    "", "duties/", "duties/?which=waiting", "duties/?which=climbed", "duties/?which=triage", "below/", "matters/",
    "matters/?sort=opened",
    "matters/?sort=updated", "matters/?sort=updated&closed=1", "matters/?playbook=dv-case", "matters/?grade=2",
    "duties/?playbook=dv-case", "handover/", "new/", "mediators/", "duty/", "recusals/", "playbooks/health/", "posts/",
    "offices/", "unusual/", "incoming/", "incoming/police/", "callbacks/", "ledgers/", "books/", "week/", "copies/",
    "together/", "months/", "instructions/", "messages/", "messages/mine/", "burden/", "points/", "stationery/", "note/",
    "walk/", "mine/", *(f"ledgers/{name}/?below=yes" for name in layouts.ledgers()),
    *(f"figures/{name}/?month=202603" for name in figures.declared()),
)  # fmt: skip
WORDS = (HER, HIS, "qxw", "qixiangwan", HER_PHONE, HIS_PHONE, small.NAME, "zxl")
ONE = (
    "", "looked/", "evidence/", "same-person/", "do/note/", "do/claim/", "do/recuse/", "papers/", "packet/",
    "papers/referral-letter/", *(f"copies/{name}/" for name in copies.systems()),
)  # fmt: skip
#: Ids and numbers of what the office did for both crawls alike: they are made by chance.
CHANCE = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{6}-\d{4}-\d{6}-\d")


def city(dice: random.Random) -> tuple[World, str]:
    """A city that has other work, and one colleague who will turn out to be of her family."""
    world, kin = small.build(), dice.choice(sorted(KIN))
    office, role = KIN[kin]
    world.posts["kin"] = hired("kin", world.offices[office], role)
    for n in range(dice.randint(1, 3)):
        m = world.help_wanted(f"03-0{n + 5} 10:00", phone=f"1001350{n:04d}").matter
        world.does("county", "accept_in", m, f"03-0{n + 5} 11:00", first_or_repeat="first", urgency="urgent")
    if dice.random() < 0.5:
        case = world.responding(
            decisions=Decisions(True, True, True), phone=dice.choice([small.PHONE, HER_PHONE])
        )
        world.refers(case, "refer_police", "police", "03-11 09:00")
        world.refers(case, "refer_legal_aid", "aid", "03-11 09:10")
    known(world, dice)
    actions.climb_overdue(now=NOON)  # what is late is late in both
    worker.drain(NOON)
    return world, kin


def known(world: World, dice: random.Random) -> None:
    """What is recorded of him: his telephone, or that he lives where she lives."""
    account = world.posts["kin"].account
    if dice.random() < 0.5:
        accounts.set_contact(account=account, name="某kin", mobile=HIS_PHONE, actor=SYSTEM, now=FOUNDED)
    else:
        accounts.set_particulars(account_id=account.id, id_number="", address=HOME, actor=SYSTEM, now=FOUNDED)


def her_matter(world: World, dice: random.Random) -> UUID:
    """She asks for help; it goes as far as it goes."""
    asking = PartyInput(
        role="asking", sex="female", residence=small.VILLAGE, decisions=Decisions(True, True, True),
        sealed={"label": {"name": HER}, "contact": {"phone": HER_PHONE}, "identity": {"address": HOME}},
    )  # fmt: skip
    him = PartyInput(
        role="complained", relation="spouse",
        sealed={"label": {"their_name": HIS}, "contact": {"their_phone": HIS_PHONE}},
    )  # fmt: skip
    m = actions.open_matter(
        playbook="dv-case", actor=world.actor("county", "03-11 20:00"), now=at("03-11 20:00"), channel="call",
        place=small.VILLAGE, parties=[asking, him], data={"facts": "他又动手了"},
    ).matter  # fmt: skip
    steps: list[Any] = [
        lambda: world.does(
            "county", "accept_in", m, "03-11 20:05", first_or_repeat="first", urgency="very_urgent"
        ),
        lambda: world.does("county", "call_safe", m, "03-11 20:10", was_alone="yes", call_words="愿意说"),
        lambda: world.refers(m, "refer_police", "police", "03-11 20:20"),
        lambda: world.refers(m, "refer_legal_aid", "aid", "03-11 20:30"),
        lambda: world.does("county", "invite_village", m, "03-11 20:40"),
        lambda: actions.climb_overdue(now=NOON),
    ]
    for step in steps[: dice.randint(1, len(steps))]:
        step()
    worker.drain(NOON)
    return m


def browser(world: World) -> Client:
    post = world.posts["kin"]
    client = Client()
    client.cookies["s"] = people.sign_in(account=post.account, post=post, now=NOON)
    client.cookies["c"] = "c" * 32
    return client


def plain(body: bytes) -> bytes:
    """Without what is new in every answer: nonces, tokens of forms, keys against double clicks."""
    body = re.sub(rb'nonce="[^"]*"', b"", body)
    body = re.sub(rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"', b"", body)
    return re.sub(rb'value="[^"]*" name="(?:csrfmiddlewaretoken|key)"', b"", body)


def crawl(world: World, others: list[UUID], number: str, at_matter: UUID) -> dict[str, tuple[int, bytes]]:
    """Every page he can ask for. `at_matter` is hers, or an id that was never given."""
    client, out = browser(world), {}
    paths = [f"/desk/{p}" for p in LISTS] + [f"/desk/m/{m}/{p}" for m in others for p in ONE]
    asked = {p: lambda p=p: client.get(p) for p in paths}
    asked |= {f"hers {p}": lambda p=p: client.get(f"/desk/m/{at_matter}/{p}") for p in ONE}
    for words in (*WORDS, number):
        asked[f"find {words}"] = lambda w=words: client.post("/desk/find/", {"q": w, "on": str(at_matter)})
        asked[f"search {words}"] = lambda w=words: client.post("/desk/search/", {"q": w})
        asked[f"same {words}"] = lambda w=words: client.post("/desk/new/same/", {"phone": w, "name": w})
    for step in ("note", "recuse", "claim", "attach"):
        asked[f"send {step}"] = lambda s=step: client.post(f"/desk/m/{at_matter}/do/{s}/", {"ver": "0"})
    with transaction.atomic():  # that he has looked is not to show in the other crawl
        for name, ask in asked.items():
            response = ask()
            out[name] = (response.status_code, plain(response.content))
        transaction.set_rollback(True)
    return out


def one_graph(seed: int, *, walled: bool = True) -> tuple[int, list[str]]:
    """How many pages were compared, and those that differ."""
    dice = random.Random(seed)
    with transaction.atomic():
        cache.clear()
        world, _kin = city(dice)
        others = list(Matter.objects.order_by("id").values_list("id", flat=True))[:6]
        without = crawl(world, others, NO_NUMBER, uuid4()) | lately(world, others, NO_NUMBER, None)
        hers = her_matter(world, dice)
        if not walled:
            Wall.objects.all().delete()
        cache.clear()
        number = Matter.objects.get(pk=hers).number
        with_it = crawl(world, others, number, hers) | lately(world, others, number, hers)
        transaction.set_rollback(True)
    renamed = {k.replace(number, NO_NUMBER): v for k, v in with_it.items()}
    differ = [k for k in without if squared(without[k], number) != squared(renamed[k], number)]
    return len(without), differ


def lately(world: World, others: list[UUID], number: str, hers: UUID | None) -> dict[str, tuple[int, bytes]]:
    """What his colleague did that day, with her matter among the rest; then what he finds of it, and what he does with
    her number himself: a file of police, a paper typed in.
    """
    with transaction.atomic():
        handed = colleague_works(world, others, number, hers)
        client, out = browser(world), {}
        paths = [
            "/desk/handover/",
            "/desk/ledgers/",
            "/desk/books/",
            "/desk/messages/",
            "/desk/incoming/",
            "/desk/",
        ]
        paths += [f"/desk/handover/{handed}/"] if handed else []
        paths += [
            f"/desk/books/{b}/" for b in Event.objects.filter(move=books.ASKED).values_list("id", flat=True)
        ]
        asked = {f"after {CHANCE.sub(b'#', p.encode()).decode()}": lambda p=p: client.get(p) for p in paths}
        asked["police file"] = lambda: client.post(
            "/desk/incoming/police/", {"file": police_file(number)}, follow=True
        )
        asked["ledger file"] = lambda: client.get("/desk/ledgers/cases/", {"below": "yes", "only": "all"})
        asked["paper typed in"] = lambda: typed_in(client, world, number)
        for name, ask in asked.items():
            response = ask()
            out[name] = (response.status_code, CHANCE.sub(b"#", plain(response.content)))
        transaction.set_rollback(True)
    return out


def colleague_works(world: World, others: list[UUID], number: str, hers: UUID | None) -> UUID | None:
    """A ledger, a book, a file of police, a message, a shift handed over. The id of the hand-over, where there is one."""
    post = world.posts["kin"]
    colleague = Post.objects.filter(agency=post.agency_id).exclude(pk=post.pk).order_by("title")[0]
    actor = actors.for_post(colleague.id, NOON)
    if actor.line != "federation" or actor.tier not in ("city", "county"):
        return None
    period = tables.Period(NOON.date() - timedelta(days=60), NOON.date())
    with access.reading(actor, route="t", how="list", at=NOON):
        made = tables.table(actor=actor, layout=layouts.ledgers()["cases"], period=period, below=True)
        tables.release(actor=actor, made=made, now=NOON)
        books.ask(actor=actor, name="violence", first=period.first, last=period.last, now=NOON)
        worker.drain(NOON)
        batch = importing.read_file(upload=police_file(number), actor=actor, now=NOON)
        importing.carry_out(batch_id=batch.id, actor=actor, now=NOON)
        if hers:
            sending.ask_once(
                key="hers", wording="urgent", way="mail", agency=post.agency_id, matter=hers, now=NOON,
                account=colleague.account_id,
            )  # fmt: skip
        seen = [m for m in others if sees(actor, m)] + ([hers] if hers and sees(actor, hers) else [])
        return actions.hand_over_shift(
            notes=dict.fromkeys(seen, "请接着办"),
            general="都清楚",
            next_post=str(post.id),
            actor=actor,
            now=NOON,
        ).matter


def sees(actor: actors.Actor, matter: UUID) -> bool:
    """Whether somebody may leave a note there."""
    seated = Seat.objects.filter(matter=matter, agency=actor.agency_id, mask=False, to_at__isnull=True)
    return seated.exists() and matter in visible_to(actor).seen([matter])


def police_file(number: str) -> SimpleUploadedFile:
    rows = ["对应编号,处理结果,文书号,出具日期,送达日期,查访日期", f"{number},批评教育,演教7号,2026-03-12,,"]
    return SimpleUploadedFile("a.csv", "\n".join(rows).encode(), "text/csv")


def typed_in(client: Client, world: World, number: str) -> Any:
    """A letter about her, typed in beside its picture; the overview says what became of it."""
    begun = client.post("/desk/incoming/", {"papers": photo()})
    if begun.status_code != 302:
        return begun
    at = Batch.objects.latest("at").id
    office = str(world.offices["police"].id)
    typed = {
        "do": "save", "paper": "receipt", "office": office, "name": HER, "their_name": HIS, "police_no": number,
        "reported_at": "2026-03-11", "relation": "spouse", "residence": small.STREET,
    }  # fmt: skip
    client.post(f"/desk/incoming/{at}/1/", typed)
    return client.get(f"/desk/incoming/{at}/")


def squared(answer: tuple[int, bytes], number: str) -> tuple[int, bytes]:
    """What he typed himself comes back in the field: the number he looked for is the same word in both."""
    return answer[0], answer[1].replace(number.encode(), NO_NUMBER.encode())


def test_no_page_differs_by_a_matter_he_is_walled_off_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    pages, wrong = 0, []
    for seed in range(GRAPHS):
        compared, differ = one_graph(seed)
        pages += compared
        wrong += [(seed, name) for name in differ]
    row("2c", "pages byte-equal with and without the matter, to who is walled off", pages, len(wrong))
    assert not wrong, wrong[:20]
    assert pages >= LEAST_PAGES
    assert any(one_graph(seed, walled=False)[1] for seed in range(GRAPHS)), (
        "without the wall something must show"
    )


def test_the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two crawls of one city are equal: what is compared above is the matter, not the minute."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world, _kin = city(random.Random(3))
    nobody = uuid4()
    assert crawl(world, [], "x1", nobody) == crawl(world, [], "x1", nobody)
