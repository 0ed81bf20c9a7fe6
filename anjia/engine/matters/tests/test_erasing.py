"""Records are destroyed late, by two people, from a list; then they are gone, in every backup as well."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.cli.serving import forget_again
from anjia.engine.matters import actions, finding
from anjia.engine.matters.heads import heads
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import COUNTY, NAME, PHONE, World, at, hired
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.events import verify
from anjia.foundation.events.models import Event
from anjia.foundation.files.files import path_of
from anjia.foundation.files.models import File
from anjia.foundation.outbox import worker
from anjia.foundation.vault import erasing, vault
from anjia.foundation.vault.errors import KeyMissing, KeyProblem
from anjia.foundation.vault.models import DataKey, Sealed, Token
from anjia.registry.posts import actors

DUE = datetime(2057, 2, 1, 10, tzinfo=SHANGHAI)  # thirty years after the year in which it was closed


@pytest.fixture(autouse=True)
def list_of_the_erased(settings: Any, tmp_path: Path) -> Path:
    settings.ERASED_LIST = str(tmp_path / "erased")
    return tmp_path / "erased"


def closed(world: World) -> Matter:
    """A case that was closed long ago, with a photograph in it."""
    m = world.help_wanted().matter
    photo = SimpleUploadedFile("a.txt", "伤情说明".encode(), content_type="text/plain")
    world.does("county", "attach", m, "03-10 09:00", files=[photo])
    Matter.objects.filter(pk=m).update(ended_at=at("06-01 09:00"), closed_at=at("06-01 09:00"))
    return world.row(m)


def does(world: World, who: str, what: str, m: UUID, when: datetime = DUE, **data: Any) -> None:
    actor = actors.for_post(world.posts[who].id, when)
    actions.move(matter_id=m, name=what, actor=actor, now=when, data=data)


def proposed(world: World, when: datetime = DUE) -> UUID:
    """The county's list, and a second head who may sign."""
    world.posts["deputy"] = hired("deputy", world.offices["county"], "head")
    return actions.open_matter(
        playbook="records-destruction",
        actor=actors.for_post(world.posts["officer"].id, when),
        now=when,
        channel="visit",
        place=COUNTY,
        parties=[],
        data={"basis": "本单位保管期限表(2040年版)"},
    ).matter


def destroyed(world: World, case: Matter) -> UUID:
    m = proposed(world)
    does(world, "officer", "appraise", m, numbers=f" {case.number}\n", appraisal="逐件看过,不再需要")
    does(world, "county", "sign_first", m, words="同意")
    does(world, "deputy", "sign_second", m, words="同意销毁")
    worker.drain(DUE)
    return m


@pytest.mark.django_db(transaction=True)
def test_after_two_signatures_nothing_of_it_can_be_opened_found_or_seen(world: World) -> None:
    case = closed(world)
    stored = path_of(File.objects.get(matter=case.id).id)
    assert stored.exists()
    by_list = destroyed(world, case)
    with pytest.raises(KeyMissing):
        vault.key(case.root)
    assert not Token.objects.filter(root=case.root).exists()
    assert not stored.exists()
    assert not vault.find("phone", PHONE).exists()
    county = actors.for_post(world.posts["county"].id, DUE)
    with pytest.raises(NotFound):
        visible_to(county).find(case.id)
    assert not finding.search(visible_to(county), NAME).rows
    left = world.row(case.id)
    assert (left.data, left.roles) == ({}, {})
    last = Event.objects.filter(matter=case.id).order_by("-seq")[0]
    assert (last.move, last.codes) == ("erased", {"list": str(by_list)})
    assert list(verify(heads())) == []
    assert world.row(by_list).stage == "destroyed"


@pytest.mark.django_db(transaction=True)
def test_erased_stays_erased_when_an_older_backup_is_put_back(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    case = closed(world)
    kept = list(DataKey.objects.filter(root=case.root)), list(Token.objects.filter(root=case.root))
    other = world.help_wanted(when="03-11 09:00", phone="10013500099", name="王小兰").matter
    destroyed(world, case)
    for rows in kept:
        type(rows[0]).objects.bulk_create(rows)
    assert vault.key(case.root), "the control: the older backup alone would open it again"
    forget_again()
    assert "1 个" in capsys.readouterr().err
    with pytest.raises(KeyMissing):
        vault.key(case.root)
    assert not Token.objects.filter(root=case.root).exists()
    assert vault.key(world.row(other).root)
    assert erasing.forget_again() == 0, "what is serving has nothing left to erase"
    assert Sealed.objects.filter(root=case.root).exists(), "what stays is noise without its key"


def test_nobody_signs_twice_and_only_a_head_signs(world: World) -> None:
    case = closed(world)
    m = proposed(world)
    does(world, "county", "appraise", m, numbers=case.number, appraisal="看过")
    with pytest.raises(NotAllowed, match="负责人"):
        does(world, "officer", "sign_first", m, words="同意")
    with pytest.raises(NotAllowed, match="另一个人"):
        does(world, "county", "sign_first", m, words="同意")
    does(world, "deputy", "sign_first", m, words="同意")
    for again in ("deputy", "county"):
        with pytest.raises(NotAllowed, match="另一个人"):
            does(world, again, "sign_second", m, words="同意")
    worker.drain(DUE)
    assert vault.key(case.root)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "2057-01-01"),
        ({"closed_at": None}, "还没有办结"),
        ({"playbook": "serious-incident", "version": "1.0"}, "永久保管"),
    ],
)
def test_what_is_not_due_cannot_be_listed(world: World, change: dict[str, Any], why: str) -> None:
    case = closed(world)
    Matter.objects.filter(pk=case.pk).update(**change)
    m = proposed(world, datetime(2056, 12, 31, 23, tzinfo=SHANGHAI))
    with pytest.raises(RuleBroken) as refused:
        does(
            world,
            "officer",
            "appraise",
            m,
            datetime(2056, 12, 31, 23, 30, tzinfo=SHANGHAI),
            numbers=case.number,
            appraisal="看过",
        )
    assert why in str(refused.value.fields["numbers"])


def test_a_number_one_may_not_see_reads_like_one_that_does_not_exist(world: World) -> None:
    case = closed(world)
    actions_of_others = proposed(world)
    visible_elsewhere = Matter.objects.get(pk=actions_of_others)
    told = []
    for number in ("3210000000000", case.number):
        Matter.objects.filter(pk=case.pk).update(holder=world.offices["other"])
        case.seats.update(to_at=DUE)
        with pytest.raises(RuleBroken) as refused:
            does(world, "officer", "appraise", visible_elsewhere.id, numbers=number, appraisal="看过")
        told.append(str(refused.value.fields["numbers"]).removeprefix(number))
    assert told[0] == told[1]
    for nothing in (" , ", " ".join(str(n) for n in range(201))):
        with pytest.raises(RuleBroken, match="200"):
            does(world, "officer", "appraise", visible_elsewhere.id, numbers=nothing, appraisal="看过")


def test_what_was_reopened_since_the_appraisal_is_not_destroyed(world: World) -> None:
    case = closed(world)
    m = proposed(world)
    does(world, "officer", "appraise", m, numbers=case.number, appraisal="看过")
    Matter.objects.filter(pk=case.pk).update(closed_at=None, ended_at=None)
    with pytest.raises(NotAllowed, match="还没有办结"):
        does(world, "county", "sign_first", m, words="同意")
    does(world, "county", "redo", m, why="有一件重新办理了")
    assert world.row(m).stage == "drafted"
    does(world, "county", "keep_all", m, why="继续保管")


def test_a_torn_line_of_the_list_is_mended_and_rubbish_stops_everything(
    list_of_the_erased: Path, db: None
) -> None:
    one, other = UUID(int=1), UUID(int=2)
    erasing.forget(one, DUE)
    with list_of_the_erased.open("a") as out:
        out.write("0000")
    assert erasing.erased() == {one}
    erasing.forget(other, DUE)
    assert erasing.erased() == {one, other}
    list_of_the_erased.write_text("rubbish\n")
    with pytest.raises(KeyProblem, match="list of erased"):
        erasing.erased()
