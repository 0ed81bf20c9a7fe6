"""What test_canaries.py runs in a process of its own: words that exist nowhere else go in at every door.

`plant FOLDER` writes what was planted, the rows of all tables as they are stored, and pages of those who may not, into
FOLDER; its stderr is the log at its loudest. `leak` is the control: words are written past the vault, each elsewhere.
"""

from __future__ import annotations

import json
import logging
import random
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

import lately  # noqa: E402
import telling  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from anjia.cli.backup import store  # noqa: E402
from anjia.engine.matters import actions as engine  # noqa: E402
from anjia.engine.matters.models import Matter, Party  # noqa: E402
from anjia.engine.matters.tests.world import COUNTY, STREET, VILLAGE, World  # noqa: E402
from anjia.foundation.core.clock import now  # noqa: E402
from anjia.foundation.events import anchoring, events  # noqa: E402
from anjia.foundation.events.models import Event  # noqa: E402
from anjia.foundation.files import rechecking  # noqa: E402
from anjia.foundation.outbox import worker  # noqa: E402
from anjia.registry.posts import actions  # noqa: E402
from anjia.registry.posts.actors import SYSTEM  # noqa: E402
from anjia.registry.posts.models import Agency, Post  # noqa: E402

LETTERS = [chr(c) for c in range(0x4E00, 0x9FA0)]
WITHOUT = ("other", "leader", "sysadmin", "bureau", "aid", "")


class Birds:
    """Makes canaries and remembers where each was let in."""

    def __init__(self) -> None:
        self.rng = random.Random(20260309)
        self.planted: dict[str, str] = {}

    def word(self, where: str) -> str:
        """Eight characters that stand together nowhere."""
        return self.keep("".join(self.rng.choices(LETTERS, k=8)), where)

    def latin(self, where: str) -> str:
        return self.keep("zq" + "".join(self.rng.choices("bcdfghjklmnpqrstvwxz", k=14)), where)

    def phone(self, where: str) -> str:
        return self.keep("100" + "".join(self.rng.choices("0123456789", k=9)), where)

    def number(self, where: str) -> str:
        """An identity number that could be one; area 999999 is nobody's."""
        first = (
            f"999999{self.rng.randint(1950, 1999)}{self.rng.randint(1, 12):02d}{self.rng.randint(1, 28):02d}"
        )
        first += f"{self.rng.randint(0, 999):03d}"
        weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        check = "10X98765432"[sum(int(c) * w for c, w in zip(first, weights, strict=True)) % 11]
        return self.keep(first + check, where)

    def keep(self, word: str, where: str) -> str:
        self.planted[word] = where
        return word


def world() -> World:
    """The small city that stands in the database already."""
    found = World()
    for post in Post.objects.select_related("agency", "account"):
        found.posts[post.title] = post
        found.offices.setdefault(post.title, post.agency)
    return found


def desk(w: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who:
        post = w.posts[who]
        client.cookies["s"] = actions.sign_in(
            account=post.account, post=post, now=now(), proved_by="totp", place={"device": "Firefox"}
        )
    return client


def told(b: Birds, client: Client, who: dict[str, str], **contact: str) -> str:
    """A whole report on the residents' site; the receipt, or ""."""
    steps = [
        ("who", who),
        ("what", {"facts": b.word("report facts"), "their_name": b.word("report their_name"), "relation": "spouse",
                  "their_workplace": b.word("report their_workplace"), "now": "yes"}),
        ("decide", {"her_name": b.word("report her_name"), "her_phone": b.phone("report her_phone"),
                    "her_when": b.word("report her_when"), "her_not": b.word("report her_not")}),
        ("contact", {"way": "phone", "phone": b.phone("report phone"), "name": b.word("report name"),
                     "exact": b.word("report exact"), "safe_as": b.word("report safe_as"),
                     "do_not": b.word("report do_not"), "county": COUNTY, "township": STREET, "village": VILLAGE,
                     **contact}),
    ]  # fmt: skip
    page = client.post("/", {"to": "s"}).content.decode()
    for step, answers in steps:
        ticket = re.search(r'name="ticket" value="([^"]*)"', page)
        assert ticket, step
        sent = {"to": "s", "step": step, "go": "next", "ticket": ticket[1], **answers}
        page = client.post("/", sent).content.decode()
    if "data-receipt" not in page:
        return ""
    return "".join(
        re.findall(r"\d", re.sub(r"<[^>]+>", "", page.split("data-receipt", 1)[1].split("</", 1)[0]))
    )[:20]


def move(client: Client, m: UUID, name: str, **data: Any) -> int:
    ver = Matter.objects.get(pk=m).ver
    sent = {"ver": ver, "key": uuid4().hex, **data}
    return client.post(f"/desk/m/{m}/do/{name}/", sent).status_code


def plant(folder: Path) -> None:
    loud()
    b, w = Birds(), world()
    county = desk(w, "county")
    reports(b)
    m = case(b, w, county)
    staff(b, w)
    who_comes_in(b, w)
    asked(b, county, m)
    by_code(b, w, county, m)
    telling.messages(folder, w, lambda who: desk(w, who), move, b.word)
    lately.plant(lately.Lately(folder, b, w, lambda who: desk(w, who), move), m)
    broken = failures(b, county, m)
    for _ in range(3):
        worker.drain(now())
    events.seal_now(now())
    anchoring.anchor_head(now=now())
    rechecking.recheck(now=now())
    for who in WITHOUT:
        (folder / f"pages of {who or 'nobody'}").write_bytes(b"\n".join(pages(w, who)))
    (folder / "errors").write_bytes(b"\n".join(broken))
    for table in connection.introspection.table_names():
        (folder / f"rows {table}").write_bytes(b"\n".join(rows(table)))
    store.make(folder / "backup", now())
    seen = [
        county.get(f"/desk/m/{one}/").content.decode() for one in Matter.objects.values_list("id", flat=True)
    ]
    read = sorted({word for page in seen for word in b.planted if word in page})
    (folder / "read.json").write_text(json.dumps(read, ensure_ascii=False), encoding="utf-8")
    (folder / "planted.json").write_text(json.dumps(b.planted, ensure_ascii=False), encoding="utf-8")


def loud() -> None:
    """Everything that can be logged is: also each statement with its values."""
    setup_test_environment()
    connection.force_debug_cursor = True
    for name in (
        "",
        "django",
        "django.db.backends",
        "django.request",
        "anjia",
        "PIL",
        "asyncio",
        "apprise",
        "urllib3",
    ):
        logging.getLogger(name).setLevel(logging.DEBUG)


def reports(b: Birds) -> None:
    """Herself, a helper, an unfinished one; a message and a look with the receipt."""
    site = Client(raise_request_exception=False)
    for who in ({"who": "self"}, {"who": "neighbour"}, {"who": "school"}):
        told(b, site, who)
    told(b, site, {"who": "self"}, phone=b.word("report phone that is none"))
    receipt = told(b, site, {"who": "self"})
    if receipt:
        page = site.post("/", {"to": "c", "receipt": receipt}).content.decode()
        ticket = re.search(r'name="ticket" value="([^"]*)"', page)
        sent = {
            "to": "c",
            "do": "message",
            "words": b.word("receipt message"),
            "ticket": ticket[1] if ticket else "",
        }
        site.post("/", sent)
        b.keep(receipt, "the receipt itself")
    site.post("/", {"to": "c", "receipt": b.word("receipt that is none")})


def case(b: Birds, w: World, county: Client) -> UUID:
    """An intake, and every move that takes words."""
    sent = {
        "channel": "call", "name": b.word("intake name"), "phone": b.phone("intake phone"), "sex": "female",
        "age_band": "30-39", "safe_when": b.word("intake safe_when"), "safe_as": b.word("intake safe_as"),
        "do_not_contact": b.word("intake do_not_contact"), "their_name": b.word("intake their_name"),
        "their_phone": b.phone("intake their_phone"), "relation": "spouse", "facts": b.word("intake facts"),
        "dv_forms": ["physical"], "urgency": "soon", "reporter": "self", "residence": VILLAGE, "key": uuid4().hex,
        "their_address": b.word("intake their_address"), "their_workplace": b.word("intake their_workplace"),
        "address": b.word("intake address"), "id_number": b.number("intake id_number"), "tell_police": "yes",
    }  # fmt: skip
    assert county.post("/desk/new/", sent).status_code == 302
    m = Matter.objects.latest("id").id
    move(county, m, "accept_in", first_or_repeat="first", urgency="soon")
    move(county, m, "call_safe", was_alone="yes", call_words=b.word("call_words"))
    for n in range(60):
        assert move(county, m, "note", words=b.word(f"note {n}")) == 302
    for n in range(20):
        move(county, m, "note", words=b.latin(f"note in letters {n}"))
    assert move(county, m, "record_whereabouts", now_at=b.word("whereabouts")) == 302
    where = Party.objects.get(matter=m, role="asking").id
    county.post(
        f"/desk/m/{m}/where/{where}/", {"purpose": "danger_now", "words": b.word("reason for whereabouts")}
    )
    move(county, m, "register_forms", child_name=b.word("child_name"), child_school=b.word("child_school"),
         id_number=b.number("register id_number"), occupation=b.word("occupation"))  # fmt: skip
    for n in range(8):
        upload = SimpleUploadedFile(
            f"{b.word(f'file name {n}')}.txt",
            f"{b.word(f'file content {n}')} {b.latin(f'file letters {n}')}\n".encode(),
        )
        move(county, m, "attach", file=upload, file_about=b.word(f"file_about {n}"), paper_kind="other",
             taken_place=b.word(f"taken_place {n}"))  # fmt: skip
    police = w.offices["police"].id
    for n in range(4):
        move(county, m, "refer_police", agency=str(police), urgency="soon", request=b.word(f"request {n}"),
             disclosure_ground="danger", ground_words=b.word(f"ground_words {n}"), told_her_first="yes")  # fmt: skip
    move(
        county,
        m,
        "plan_visit",
        visit_whom="asking",
        visit_way="agreed_place",
        visit_task=b.word("visit_task"),
    )
    move(
        county,
        m,
        "reply",
        reply_words=b.word("reply_words"),
        reply_channel="receipt",
        reply_at="2026-03-09T10:00",
    )
    move(county, m, "transfer", agency=str(uuid4()), reason=b.word("reason of a refused move"))
    his_rights(b, w, county, m)
    return m


def his_rights(b: Birds, w: World, county: Client, m: UUID) -> None:
    """He is heard, asks and is answered; nobody goes there alone; another office is let to read."""
    move(county, m, "not_alone", not_alone_why=["weapon"], more=b.word("why nobody goes alone"))
    assert move(county, m, "hear_complained", heard_on="2026-03-09", heard_way="office",
                heard_words=b.word("his words")) == 302  # fmt: skip
    asked = {"record_person": "complained", "requested_on": "2026-03-09"}
    him = Party.objects.get(matter=m, role="complained").id
    assert move(county, m, "ask_correction", event=str(him), correction_wish="correct",
                wrong_words=b.word("his request"), **asked) == 302  # fmt: skip
    assert move(county, m, "decide_correction", event=str(last(m, "ask_correction")), answer_way="in_person",
                correction_decision="refused", correction_answer=b.word("answer to his request")) == 302  # fmt: skip
    assert move(county, m, "ask_access", **asked) == 302
    assert move(county, m, "answer_access", event=str(last(m, "ask_access")), answer_way="in_person",
                access_decision="given", access_answer=b.word("answer to his question")) == 302  # fmt: skip
    day = f"{now() + timedelta(days=20):%Y-%m-%d}"
    assert move(county, m, "grant_access", agency=str(w.offices["court"].id), grant_opens=["label"], grant_until=day,
                grant_purpose="legal", grant_ground="statute_duty", reason=b.word("reason of a grant")) == 302  # fmt: skip


def last(m: UUID, name: str) -> UUID:
    """The newest event of a move."""
    return Event.objects.filter(matter=m, move=name).latest("seq").id


def who_comes_in(b: Birds, w: World) -> None:
    """An account is opened, a wrong password typed, and one's own chosen in place of the one that was handed over."""
    login, own = b.latin("login of an account"), b.latin("password of her own")
    office = w.offices["police"].name
    page = desk(w, "sysadmin").post("/desk/accounts/", {
        "new": "1", "name": b.word("name on an account"), "login": login, "mobile": b.phone("mobile of an account"),
        "office": office, "role": "officer", "title": "干事",
    }).content.decode()  # fmt: skip
    handed = re.search(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert handed
    b.keep(handed[0], "first password")
    door = Client(raise_request_exception=False)
    door.post("/desk/sign-in/", {"login": login, "password": b.latin("wrong password")})
    asked = door.post("/desk/sign-in/", {"login": login, "password": handed[0]}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]*)"', asked)
    assert ticket
    typed = {"ticket": ticket[1], "password": own, "again": own}
    assert door.post("/desk/sign-in/password/", typed).status_code == 200


def by_code(b: Birds, w: World, county: Client, m: UUID) -> None:
    """A letter to the police, answered by its code from a telephone."""
    asked_of = {
        "agency": str(w.offices["police"].id),
        "urgency": "soon",
        "request": b.word("request in a letter"),
    }
    assert move(county, m, "refer", **asked_of) == 302
    child = Matter.objects.filter(parent=m, playbook="referral").earliest("id").id
    sheet = county.post(f"/desk/m/{child}/papers/referral-letter/", {"checked": "yes"}).content.decode()
    code = re.search(r"l-reply-head.*?<b>([\d ]{9})</b>", sheet)
    assert code, sheet[:3000]
    station = Client(raise_request_exception=False)
    station.post("/r/", {"code": b.word("code that is none"), "number": b.latin("number that is none")})
    page = station.post("/r/", {"code": code[1]}).content.decode()
    slip = re.search(r'name="slip" value="([^"]+)"', page)
    assert slip
    scan = SimpleUploadedFile(f"{b.word('scan name')}.txt", f"{b.word('scan content')}\n".encode())
    sent = {
        "slip": slip[1], "choice": "give_reply.could_not", "send": "yes", "document_no": b.word("document_no by code"),
        "reply_text": b.word("reply_text by code"), "paper": scan,
    }  # fmt: skip
    assert "r-done" in station.post("/r/", sent).content.decode()


def staff(b: Birds, w: World) -> None:
    """Names, numbers, homes, login names, passwords; a shift's telephone."""
    for n in range(4):
        account = actions.add_account(
            login=b.latin(f"login {n}"), name=b.word(f"staff name {n}"), mobile=b.phone(f"staff mobile {n}"),
            password=b.latin(f"password {n}"), actor=SYSTEM, now=now(),
        )  # fmt: skip
        actions.set_particulars(
            account_id=account.id, id_number=b.number(f"staff id {n}"), address=b.word(f"staff address {n}"),
            actor=SYSTEM, now=now(),
        )  # fmt: skip
    site = Client(raise_request_exception=False)
    for n in range(3):
        site.post(
            "/desk/sign-in/",
            {"login": b.latin(f"tried login {n}"), "password": b.latin(f"tried password {n}")},
        )
    site.get("/desk/sign-in/", {"next": "/desk/" + b.latin("next")})
    assert Agency.objects.exists()


def asked(b: Birds, county: Client, m: UUID) -> None:
    """What is looked for."""
    for n in range(6):
        county.post("/desk/search/", {"q": b.word(f"search {n}")})
        county.post("/desk/find/", {"q": b.latin(f"find {n}"), "on": str(m)})
        county.post(
            "/desk/new/same/", {"name": b.word(f"same name {n}"), "phone": b.phone(f"same phone {n}")}
        )
    county.get("/desk/search/", {"q": b.word("search in an address")})
    county.get("/desk/places/", {"place__words": b.word("place words")})
    county.get(f"/desk/nowhere/{b.latin('an address that is none')}/")


def failures(b: Birds, county: Client, m: UUID) -> list[bytes]:
    """Answers to what went wrong, the error's own text holding a canary."""
    answers = [
        county.get(f"/desk/nowhere/{b.latin('not found')}/").content,
        county.put(f"/desk/m/{m}/").content,
    ]
    real = engine.move

    def fails(**_given: Any) -> Any:
        raise RuntimeError(b.word("text of an error"))

    engine.move = fails  # type: ignore[assignment]
    try:
        for n in range(3):
            sent = {"words": b.word(f"words of a failing form {n}"), "ver": 1, "key": uuid4().hex}
            answers.append(county.post(f"/desk/m/{m}/do/note/", sent).content)
    finally:
        engine.move = real
    from anjia.foundation.core.batch import Batch
    from anjia.foundation.outbox import outbox

    @outbox.handler("test.breaks")
    def breaks(*, body: dict[str, Any], outbox_id: UUID, now: Any) -> None:
        raise ValueError(body["words"])

    from django.db import transaction

    with transaction.atomic():
        batch = Batch()
        outbox.put(batch, kind="test.breaks", body={"words": b.word("body of a failing effect")}, now=now())
        batch.flush()
    return answers


def pages(w: World, who: str) -> Iterator[bytes]:
    """Every list and every matter's page, for somebody who may see nothing of it."""
    client = desk(w, who)
    for path in (
        "",
        "duties/",
        "duties/?which=triage",
        "below/",
        "matters/",
        "recusals/",
        "handover/",
        "duty/",
    ):
        yield client.get(f"/desk/{path}").content
    for m in Matter.objects.values_list("id", flat=True):
        for path in ("", "looked/", "evidence/", "papers/", "do/note/"):
            yield client.get(f"/desk/m/{m}/{path}").content


def rows(table: str) -> Iterator[bytes]:
    """A table as it is stored, column after column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        for row in cursor.fetchall():
            yield b"\x00".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
            )


def leak() -> dict[str, str]:
    """The control: somebody writes where nothing is sealed. Word by where it was written."""
    from anjia.casework.counter.models import Draft
    from anjia.casework.incoming.models import Row
    from anjia.engine.letters.models import Series
    from anjia.engine.messages.models import Message, Preference
    from anjia.foundation.files import files
    from anjia.foundation.files.models import File
    from anjia.foundation.outbox.models import Outbox

    b, matter = Birds(), Matter.objects.latest("id")
    b.rng.seed(7)
    Matter.objects.filter(pk=matter.pk).update(data={**matter.data, "note": b.word("a matter's data")})
    Draft.objects.update(body=json.dumps({"facts": [b.word("a draft")]}).encode())
    Row.objects.update(events=[{"note": b.word("a row of a batch")}], mark=None)
    Message.objects.update(why=b.word("a message"))
    Preference.objects.update(address=b.latin("a preference").encode())
    Series.objects.filter(pk=Series.objects.latest("id").pk).update(word=b.word("a series of letters"))
    Outbox.objects.update(body=b.word("what is to be sent").encode())
    path = files.path_of(File.objects.latest("id").id)
    path.chmod(0o600)
    path.write_bytes(b.word("a file").encode("gb18030"))
    return b.planted


if __name__ == "__main__":
    if sys.argv[1] == "plant":
        plant(Path(sys.argv[2]))
    else:
        print(json.dumps(leak(), ensure_ascii=False))
