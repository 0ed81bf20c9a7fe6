"""A heap of papers: each saved as its own act, none lost, none twice, and nothing left behind outside its matter."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anjia.casework.incoming import actions, batches
from anjia.casework.incoming.models import Batch, Row
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import HIS_NAME, NAME, STREET, World, at, paper
from anjia.engine.messages import staff
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault.models import DataKey, Sealed

MONDAY = "03-16 09:00"
HERS = {"name": "柏春雨", "their_name": "卫长风", "relation": "spouse", "residence": STREET}


def photo(shade: int = 200) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, shade, 180)).save(out, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), "image/jpeg")


def heap(world: World, *, who: str = "county", many: int = 3) -> Batch:
    actor = world.actor(who, MONDAY)
    batch = actions.begin(actor=actor, now=at(MONDAY))
    for n in range(many):
        actions.add_picture(batch_id=batch.id, upload=photo(100 + n), actor=actor, now=at(MONDAY))
    return batch


def typed(world: World, **more: Any) -> dict[str, Any]:
    given = {
        "paper": "warning", "office": str(world.offices["police"].id), "letter_no": "扬邗公柳告〔2026〕演021号",
        "letter_at": "2026-03-13", **HERS,
    }  # fmt: skip
    return {**given, **more}


def save(world: World, batch: Batch, seq: int, choice: str = "", **more: Any) -> Row:
    return actions.record(
        batch_id=batch.id, seq=seq, typed=typed(world, **more), choice=choice, actor=world.actor("county", MONDAY),
        now=at(MONDAY),
    )  # fmt: skip


def test_a_letter_becomes_a_matter_with_its_visits_at_once_and_waits_for_confirmation(world: World) -> None:
    batch = heap(world)
    row = save(world, batch, 1)
    assert row.matter_id
    assert batches.carried(batch, batch.rows.get(seq=2), actions.CARRIED)[
        "office"
    ]  # not asked again of the next
    letter = world.row(row.matter_id)
    assert (letter.playbook, letter.stage, letter.channel) == (
        "warning-letter",
        "first_visit",
        "police_notice",
    )
    visit = world.duty(letter.id, "visit")
    assert visit.agency == world.offices["police"]
    assert (
        visit.due_at.astimezone(SHANGHAI).date() == at("03-20 00:00").date()
    )  # the seventh day after 13 March
    event = Event.objects.get(matter=letter.id, move="record_letter")
    assert event.codes["on_behalf_of"] == str(world.offices["police"].id)
    assert len(event.codes["files"]) == 1
    page = world.page("county", letter.id, MONDAY)
    assert [e.is_confirmed for e in page.entries if e.move == "record_letter"] == [False]
    assert not File.objects.filter(matter=row.id).exists()  # the picture is with the matter, nowhere else


def test_the_picture_in_the_matter_is_the_one_that_came(world: World) -> None:
    batch = heap(world, many=1)
    kept = photo(100).read()
    row = save(world, batch, 1)
    stored = File.objects.get(matter=row.matter_id)
    from anjia.foundation.vault import vault

    assert files.read(stored, vault.key(stored.root)) == kept


def test_what_is_wrong_is_named_by_field_and_the_others_go_on(world: World) -> None:
    batch = heap(world)
    with pytest.raises(RuleBroken) as broken:
        save(world, batch, 1, letter_no="", letter_at="2026-03-18", office="")
    assert set(broken.value.fields) == {"letter_no", "letter_at", "office"}
    assert not Matter.objects.exists()
    save(world, batch, 2)
    assert batch.rows.get(seq=1).state == Row.State.DRAFT
    assert batch.rows.get(seq=2).state == Row.State.DONE


def test_a_second_submission_is_the_first_one(world: World) -> None:
    batch = heap(world)
    first = save(world, batch, 1)
    assert save(world, batch, 1).matter_id == first.matter_id
    assert Matter.objects.count() == 1


def test_a_letter_of_the_same_number_is_found_however_it_is_written(world: World) -> None:
    batch = heap(world)
    held = save(world, batch, 1).matter_id
    with pytest.raises(actions.LooksHeld) as looks:
        save(world, batch, 2, letter_no="扬邗公柳告[2026]演021号", name="别人")
    assert [(h.way, h.row.id) for h in looks.value.found] == [("same", held)]
    row = save(world, batch, 2, choice=f"same:{held}", letter_no="扬邗公柳告(2026)演021号")
    assert row.matter_id == held
    assert Matter.objects.count() == 1
    assert File.objects.filter(matter=held).count() == 2


def test_a_case_that_is_held_takes_the_letter(world: World) -> None:
    case = world.responding()
    batch = heap(world)
    with pytest.raises(actions.LooksHeld) as looks:
        save(world, batch, 1, name=NAME, their_name=HIS_NAME)
    assert [h.choice for h in looks.value.found] == [f"case:{case}"]
    row = save(world, batch, 1, choice=f"case:{case}", name=NAME)
    assert row.matter_id
    assert world.row(row.matter_id).parent_id == case
    assert world.row(case).stage == "supervised"


def test_said_to_be_new_it_is_new(world: World) -> None:
    world.responding()
    row = save(world, heap(world), 1, choice="new", name=NAME)
    assert row.matter_id
    assert world.row(row.matter_id).parent_id is None


def test_nothing_is_said_of_a_case_behind_a_wall_or_of_another_county(world: World) -> None:
    from anjia.engine.matters.models import Wall

    case = world.responding()
    world.help_wanted(place="321084", name="祁向晚", phone="10013500888")
    Wall.objects.create(account=world.posts["county"].account, root=case, cause="recused", since=at(MONDAY))
    batch = heap(world)
    save(world, batch, 1, name=NAME)
    save(world, batch, 2, name="祁向晚", letter_no="演022号")
    assert batch.rows.filter(state=Row.State.DONE).count() == 2


def test_an_order_without_a_case_opens_one_and_a_receipt_starts_the_72_hours(world: World) -> None:
    batch = heap(world)
    order = save(
        world, batch, 1, paper="order", office=str(world.offices["court"].id), order_no="演民保令9号",
        order_on="2026-03-12", order_until="2026-09-11", order_measures=["no_violence"],
    ).matter_id  # fmt: skip
    assert order
    assert world.row(order).playbook == "protection-order"
    assert world.row(order).stage == "in_force"
    receipt = save(
        world, batch, 2, choice="new", paper="receipt", name="方采薇", police_no="受案77",
        reported_at="2026-03-15T23:00",
    ).matter_id  # fmt: skip
    assert receipt
    decide = world.duty(receipt, "decide")
    assert decide.due_at.astimezone(SHANGHAI) == at("03-18 23:00")


def test_what_is_typed_survives_and_belongs_to_the_typist(world: World) -> None:
    batch = heap(world)
    who = {"actor": world.actor("county", MONDAY), "now": at(MONDAY)}
    actions.keep_draft(batch_id=batch.id, seq=1, typed={"paper": "warning", "name": "柏春雨"}, **who)
    before = Sealed.objects.filter(root=batch.id).count()
    actions.keep_draft(batch_id=batch.id, seq=1, typed={"paper": "warning", "name": "柏春雨"}, **who)
    assert Sealed.objects.filter(root=batch.id).count() == before  # the same again is nothing new
    assert batches.sheets(who["actor"], batch)[0].typed["name"] == "柏春雨"
    for stranger in ("officer", "city", "other"):
        with pytest.raises(NotFound):
            batches.find(world.actor(stranger, MONDAY), Batch.Kind.PAPERS, batch.id)


def test_two_pictures_may_be_one_paper(world: World) -> None:
    batch = heap(world, many=2)
    actions.join(batch_id=batch.id, seq=2, actor=world.actor("county", MONDAY), now=at(MONDAY))
    row = save(world, batch, 1)
    event = Event.objects.get(matter=row.matter_id, move="record_letter")
    assert len(event.codes["files"]) == 2
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE


def test_the_last_row_ends_the_heap_and_nothing_of_it_can_be_opened_again(world: World) -> None:
    batch = heap(world)
    actor = world.actor("county", MONDAY)
    save(world, batch, 1)
    paths = [files.path_of(f) for f in File.objects.filter(root=batch.id).values_list("id", flat=True)]
    actions.give_up(batch_id=batch.id, seq=2, actor=actor, now=at(MONDAY))
    batch.refresh_from_db()
    assert batch.state == Batch.State.OPEN
    actions.give_up(batch_id=batch.id, seq=None, actor=actor, now=at(MONDAY))
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert batch.ended_at
    assert not DataKey.objects.filter(root=batch.id).exists()
    assert not File.objects.filter(root=batch.id).exists()
    assert len(paths) == 2
    with pytest.raises(RuleBroken):
        actions.add_picture(batch_id=batch.id, upload=photo(), actor=actor, now=at(MONDAY))
    assert [s.typed for s in batches.sheets(actor, batch)] == [{}, {}, {}]


def test_only_pictures_and_scans_and_at_most_thirty(world: World) -> None:
    batch = heap(world, many=0)
    who: dict[str, Any] = {"batch_id": batch.id, "actor": world.actor("county", MONDAY), "now": at(MONDAY)}
    with pytest.raises(RuleBroken):
        actions.add_picture(upload=SimpleUploadedFile("a.txt", "名单".encode()), **who)
    assert not batch.rows.exists()
    actions.add_picture(upload=paper(), **who)
    Row.objects.filter(batch=batch).update(seq=actions.MOST)
    with pytest.raises(RuleBroken):
        actions.add_picture(upload=photo(), **who)


def test_the_head_finds_what_somebody_left_unfinished(world: World) -> None:
    batch = heap(world, who="officer")
    head = world.actor("county", MONDAY)
    with pytest.raises(NotFound):
        batches.find(head, Batch.Kind.PAPERS, batch.id)
    post = world.posts["officer"]
    type(post).objects.filter(pk=post.pk).update(to_on=(at(MONDAY) + timedelta(days=1)).date())
    assert batches.find(world.actor("county", "03-18 09:00"), Batch.Kind.PAPERS, batch.id).id == batch.id


def test_a_heap_lies_with_its_typist_for_a_working_day_then_with_the_head_until_it_is_finished(
    world: World,
) -> None:
    heap(world, who="officer", many=2)  # Monday
    own = {
        when: batches.count_late(world.actor("officer", when), at(when))
        for when in ("03-17 17:00", "03-18 09:00")
    }
    assert own == {"03-17 17:00": 0, "03-18 09:00": 1}
    assert batches.unfinished(world.actor("county", "03-19 17:00"), at("03-19 17:00")) == []
    [told] = batches.unfinished(world.actor("county", "03-20 09:00"), at("03-20 09:00"))
    assert (told.left, told.is_late, told.is_open, bool(told.by)) == (2, True, False, True)
    assert staff.waiting(world.posts["officer"].account_id, at("03-18 09:00"))[0] == 1, (
        "the day's message says so"
    )
    batch = Batch.objects.get()
    actions.give_up(
        batch_id=batch.id, seq=None, actor=world.actor("officer", "03-20 10:00"), now=at("03-20 10:00")
    )
    for who in ("officer", "county"):
        assert batches.count_late(world.actor(who, "03-20 11:00"), at("03-20 11:00")) == 0, who


def test_a_village_takes_nothing_in(world: World) -> None:
    from anjia.foundation.core.verdict import NotAllowed

    for who in ("village", "police", "leader"):
        with pytest.raises(NotAllowed):
            actions.begin(actor=world.actor(who, MONDAY), now=at(MONDAY))


def test_a_township_hands_a_letter_on_to_the_county(world: World) -> None:
    batch = heap(world, who="street", many=1)
    actor = world.actor("street", MONDAY)
    row = actions.record(
        batch_id=batch.id, seq=1, typed=typed(world), choice="", actor=actor, now=at(MONDAY)
    )  # fmt: skip
    letter = world.row(row.matter_id)  # type: ignore[arg-type]
    assert letter.holder == world.offices["county"]
    assert letter.stage == "first_visit"
    event = Event.objects.get(matter=letter.id, move="record_letter")
    assert (event.actor, event.codes["on_behalf_of"]) == (actor.account_id, str(world.offices["police"].id))
    shown = batches.sheets(actor, batch)[0]
    assert (shown.number, shown.holder) == ("", "邗江区妇联")


def test_the_station_confirms_a_paper_by_the_code_on_a_letter(world: World) -> None:
    from anjia.engine.letters import disclosure, replying

    letter = world.row(save(world, heap(world), 1).matter_id)  # type: ignore[arg-type]
    now = at("03-16 10:00")
    copy = disclosure.release(
        actor=world.actor("county", "03-16 10:00"), matter_id=letter.id, paper="warning-request", now=now
    )
    assert copy.reply
    found = replying.look(code=copy.reply.code, number="", address="192.0.2.7", now=now).letter
    assert found
    yes = replying.standing(found).answers[0]
    assert yes.group["zh"].startswith("收到告诫书(纸质)")
    replying.answer(event=found.event, choice=yes.key, typed={}, now=now, key="k" * 32, files=())
    page = world.page("county", letter.id, "03-16 11:00")
    assert [e.is_confirmed for e in page.entries if e.move == "record_letter"] == [True]
