"""The code on a letter: shown once, findable by nobody who holds the database, dead when it should be."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from anjia.engine.letters import disclosure, reply_codes
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault.models import Token
from anjia.law import rules

NOON = at("03-12 12:00")


def sent(world: World, when: str = "03-12 12:00", referral: UUID | None = None) -> disclosure.Copy:
    """The county prints a letter to the police station."""
    return printed(world, "county", referral or asked(world), when)


def printed(world: World, who: str, child: UUID, when: str) -> disclosure.Copy:
    actor = world.actor(who, when)
    with access.reading(actor, route="desk:letter", how="open"):
        return disclosure.release(
            actor=actor,
            matter_id=child,
            paper="referral-letter",
            now=at(when),
            site="https://office.example/",
        )


def asked(world: World) -> UUID:
    case = world.responding(decisions=Decisions(True, True, True))
    return world.refers(case, "refer_police", "police", "03-12 09:00")


def test_a_letter_carries_a_code_that_is_kept_as_a_token_alone(world: World) -> None:
    copy = sent(world)
    reply = copy.reply
    assert reply
    assert len(reply.code) == 8
    assert reply.scanned == f"https://office.example/r/#{reply.code}.{copy.number}"
    assert reply.picture.startswith("data:image/svg+xml")
    assert reply.png().startswith(b"\x89PNG")
    assert reply.until == rules.due(rules.book().get("reply-code.valid", NOON.date(), "321003"), NOON).due
    assert reply.code not in str([e.codes for e in Event.objects.all()])
    row = Token.objects.get(kind="reply")
    assert reply.code.encode() not in bytes(row.token)
    found = reply_codes.find(f" {reply.grouped} ", NOON)
    assert found
    assert found.number == copy.number
    assert found.agency == world.offices["police"]


def test_the_agency_that_prints_a_letter_for_itself_gets_no_code(world: World) -> None:
    assert printed(world, "police", asked(world), "03-12 12:00").reply is None


def test_a_new_copy_replaces_the_code_of_the_older_one(world: World) -> None:
    child = asked(world)
    old, new = sent(world, referral=child), sent(world, "03-12 12:30", child)
    assert old.reply
    assert new.reply
    assert reply_codes.find(old.reply.code, at("03-12 13:00")) is None
    assert reply_codes.find(new.reply.code, at("03-12 13:00"))
    states = [(s.number, s.state) for s in reply_codes.sent_in(world.row(child), at("03-12 13:00"))]
    assert states == [(new.number, "open"), (old.number, "replaced")]


def test_the_number_must_be_this_letters_where_one_is_given(world: World) -> None:
    copy = sent(world)
    assert copy.reply
    code = copy.reply.code
    assert reply_codes.find(code, NOON, copy.number)
    assert reply_codes.find(code, NOON, reply_codes.digits(copy.number)[-9:])
    assert reply_codes.find(code, NOON, "482915-7-99") is None


def test_a_code_ends_with_its_time_its_office_and_the_question(world: World) -> None:
    copy = sent(world)
    assert copy.reply
    code, until = copy.reply.code, copy.reply.until
    assert reply_codes.find(code, until - timedelta(seconds=1))
    assert reply_codes.find(code, until) is None
    office = world.offices["police"]
    office.stopped_at = NOON
    office.save()
    assert reply_codes.find(code, NOON) is None
    office.stopped_at = None
    office.save()
    world.does("county", "recall", copy.draft.matter.id, "03-12 14:00", recall_reason="不用了")
    assert reply_codes.find(code, at("03-12 15:00")) is None
    assert [s.state for s in reply_codes.sent_in(world.row(copy.draft.matter.id), at("03-12 15:00"))] == [
        "over"
    ]
