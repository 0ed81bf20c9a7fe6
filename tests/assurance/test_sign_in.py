"""Nobody acts in a federation's office on a password alone; guessing, replaying and tampering are counted."""

from __future__ import annotations

import base64
import random
import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings
from report import row

from anjia.foundation.core import clock
from anjia.foundation.limits import limits
from anjia.foundation.limits.limits import Limit
from anjia.registry.places import actions as places_actions
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Account, Agency, PostRole, Session
from anjia.registry.posts.second import steps, totp
from anjia.registry.posts.second.provider import New

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]
NOW = datetime(2026, 3, 9, 0, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
#: Written out by hand, so that the rule is not its own judge.
FEDERATION = ("federation", "rights_station")
PASSWORD = "correct horse battery"
PLACES = {"city": "321000", "county": "321003", "township": "321003001", "village": "321003001001"}


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> SimpleNamespace:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    present = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: present.now)
    places_actions.load_places(city="321000", now=NOW, actor=SYSTEM)
    return present


def officer(
    kind: str = "federation", tier: str = "county", role: str = "officer", login: str = "x"
) -> Account:
    place = PLACES[tier]
    agency = Agency.objects.filter(kind=kind, place=place).first() or actions.add_agency(
        kind=kind, name=f"{kind}-{place}", place=place, actor=SYSTEM, now=NOW, opened_on=date(2020, 1, 1)
    )
    account = actions.add_account(login=login, name="吕新", password=PASSWORD, actor=SYSTEM, now=NOW)
    since = date(2026, 1, 1)
    actions.give_post(
        account=account, agency=agency, role=role, title="干事", from_on=since, actor=SYSTEM, now=NOW
    )
    return account


def with_codes(account: Account) -> None:
    actions.add_factor(account=account.pk, kind="totp", new=New({"secret": SECRET}), now=NOW)


def code(at: datetime) -> str:
    return totp.code_at(SECRET, int(at.timestamp()) // totp.STEP)


def show(ticket: steps.Ticket, typed: str, now: datetime) -> bool:
    """Whether this code, typed on that page, lets somebody in."""
    request = RequestFactory().post("/", {"kind": "totp", "code": typed})
    return steps.prove(request, ticket, now) == ""


def page(account: Account, now: datetime) -> steps.Ticket:
    return steps.Ticket(steps.PROVE, account.pk, now, "/desk/", "x", {"totp": {}})


#: At first, within the days that one may put it off, after them.
MOMENTS = (timedelta(), timedelta(days=13, hours=23), timedelta(days=14))


def test_nobody_who_must_comes_in_by_password_alone(time: SimpleNamespace) -> None:
    """Every kind of agency at every tier where it stands, every role, with and without a factor of her own."""
    counted = wrong = without = 0
    cases = [
        (k.code, tier, role, has)
        for k in kinds().values()
        for tier, role, has in product(PLACES, PostRole.values, (False, True))
        if tier in k.tiers
    ]
    for number, (kind, tier, role, has) in enumerate(cases):
        time.now = NOW
        account = officer(kind, tier, role, login=f"case{number}")
        if has:
            with_codes(account)
        at_once = has or role == "sysadmin" or (kind in FEDERATION and tier != "village")
        for moment in MOMENTS:
            time.now = NOW + moment
            is_in = by_password_alone(account, number)
            may = not at_once and (role == "leader" or moment < MOMENTS[-1])
            counted, wrong = counted + 1, wrong + (is_in != may)
            without += is_in
    row(
        "7a",
        "sign-in by password alone, only where and as long as no second factor is asked for",
        counted,
        wrong,
    )
    assert wrong == 0
    assert 0 < without < counted, "the control: where nothing is asked for, the password does let in"


def by_password_alone(account: Account, number: int) -> bool:
    """Whether whoever knows the password, and puts off whatever can be put off, is in."""
    client = Client(REMOTE_ADDR=f"10.{number >> 8}.{number & 255}.1")
    page = client.post("/desk/sign-in/", {"login": f"case{number}", "password": PASSWORD})
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    client.post("/desk/sign-in/later/", {"ticket": found[1] if found else ""})
    is_in = Session.objects.filter(account=account).exists()
    Session.objects.filter(account=account).delete()
    return is_in


HANDED_ON = "a lamp over seven bridges"


def test_a_password_handed_over_opens_nothing_but_the_page_for_her_own(time: SimpleNamespace) -> None:
    """Whatever is sent with it to whatever address of the door, before and after its three days."""
    counted = wrong = 0
    for number, (role, hours) in enumerate(product(PostRole.values, (0, 1, 71, 72, 100, 2000))):
        time.now = NOW
        account = officer("court", "county", role, login=f"case{number}")
        handed = actions.issue_password(account=account, actor=SYSTEM, now=NOW)
        time.now = NOW + timedelta(hours=hours)
        client = Client(REMOTE_ADDR=f"10.9.{number}.1")
        page = client.post("/desk/sign-in/", {"login": f"case{number}", "password": handed}).content.decode()
        found = re.search(r'name="ticket" value="([^"]+)"', page)
        ticket = found[1] if found else ""
        wrong += bool(ticket) is not (hours < 72)
        for address in ("second", "first", "later", "recover"):
            form = {"ticket": ticket, "kind": "totp", "code": "000000"}
            counted, answer = counted + 1, client.post(f"/desk/sign-in/{address}/", form)
            wrong += answer.status_code != 302 or "/sign-in/" not in answer["Location"]
        wrong += Session.objects.filter(account=account).exists()
        if ticket:  # the control: what it is good for
            form = {"ticket": ticket, "password": HANDED_ON, "again": HANDED_ON}
            client.post("/desk/sign-in/password/", form)
            account.refresh_from_db()
            assert account.check_password(HANDED_ON)
    row(
        "7e", "first passwords that opened anything but the page on which she chooses her own", counted, wrong
    )
    assert wrong == 0


def days_of_guessing(account: Account, days: int) -> int:
    """How many wrong codes are looked at when one is typed each 20 seconds by somebody with the password."""
    looked, now = 0, NOW
    while now < NOW + timedelta(days=days):
        looked += answer(account, now) == steps.wrong()
        now += timedelta(seconds=20)
    return looked


def answer(account: Account, now: datetime) -> str:
    request = RequestFactory().post("/", {"kind": "totp", "code": "abcdef"})
    return steps.prove(request, page(account, now), now)


def test_codes_cannot_be_guessed_by_trying(time: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    account = officer()
    with_codes(account)
    days = 3
    allowed = limits.LIMITS["factor.day"].count * days
    looked = days_of_guessing(account, days)
    a_year = limits.LIMITS["factor.day"].count * 365 * (2 * totp.DRIFT + 1) / 10**totp.DIGITS
    note = f"{looked} looked at; in a year with the password known {a_year:.1%}"
    row("7b", "second factors guessed, one each 20 seconds", days * 4320, max(0, looked - allowed), note)
    assert looked == allowed
    assert a_year < 0.025
    for name in steps.TRIES:
        monkeypatch.setitem(limits.LIMITS, name, Limit(10**6, timedelta(days=1)))
    assert days_of_guessing(account, 1) > allowed, "the control: without the limit all are looked at"


def test_what_was_shown_once_opens_nothing_again(time: SimpleNamespace) -> None:
    account, rounds, wrong, right = officer(), 500, 0, 0
    with_codes(account)
    now = NOW
    for _ in range(rounds):
        now += timedelta(hours=3)  # so that wrong tries stay below the limit, which is another promise
        ticket = page(account, now)
        right += show(ticket, code(now), now)
        wrong += show(ticket, code(now), now)  # the same page again
        later = now + timedelta(seconds=random.Random(now.timestamp()).randrange(1, 60))
        wrong += show(page(account, later), code(now), later)  # the same code on a new page
    row("7c", "second factors overheard and shown again", 2 * rounds, wrong)
    assert wrong == 0
    assert right == rounds, "the control: each opened once"


def test_a_page_that_was_changed_is_no_page(time: SimpleNamespace) -> None:
    account, chance, wrong, rounds = officer(), random.Random(7), 0, 10_000
    sealed = page(account, NOW).sealed()
    for _ in range(rounds):
        wrong += steps.opened(changed(sealed, chance), NOW) is not None
    row("7d", "sealed sign-in pages with one bit changed", rounds, wrong)
    assert wrong == 0
    assert steps.opened(sealed, NOW) == page(account, NOW), "the control: unchanged it is taken"


def changed(sealed: str, chance: random.Random) -> str:
    """The same with one bit of its content changed."""
    data = bytearray(base64.urlsafe_b64decode(sealed))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return base64.urlsafe_b64encode(bytes(data)).decode()
