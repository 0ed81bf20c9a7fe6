"""Paper in the demo: a week's warning letters that came on one Monday, and the file police sent about the visits."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from anjia.casework.incoming import actions as incoming
from anjia.casework.incoming import importing, police
from anjia.demo.posts import City
from anjia.engine.matters import actions
from anjia.engine.matters.models import Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.registry.posts.models import Agency

WHO, STATION = "hanjiang", "柳浦派出所"
#: Victim, perpetrator, how they are related, number.
LETTERS = (
    ("秦晚晴", "顾长河", "spouse", "061"),
    ("杜若云", "韦山", "cohabitant", "062"),
    ("米兰朵", "康大江", "ex_spouse", "063"),
)
SIZE = (420, 594)


def came(city: City, now: datetime) -> None:
    """Photographed and typed on the Monday of last week; the last one is still to be typed. The file came yesterday."""
    local = now.astimezone(SHANGHAI)
    monday = (local - timedelta(days=local.weekday() + 7)).replace(hour=9, minute=5, second=0, microsecond=0)
    served = monday.date() - timedelta(days=3)
    actor = city.actor(WHO, monday)
    with access.reading(actor, route="desk:incoming", how="open", at=monday):
        batch = incoming.begin(actor=actor, now=monday)
        for n in range(len(LETTERS) + 1):
            incoming.add_picture(batch_id=batch.id, upload=photo(n), actor=actor, now=monday)
        station = Agency.objects.filter(name=STATION).values_list("id", flat=True)[0]
        letters = [typed_in(batch.id, n, actor, monday, served, str(station)) for n in range(len(LETTERS))]
        half = {"paper": "warning", "office": str(station), "name": "薄荷"}
        incoming.keep_draft(batch_id=batch.id, seq=len(LETTERS) + 1, typed=half, actor=actor, now=monday)
    for letter in letters:
        told(letter, actor, monday, served, station)
    yesterday = (local - timedelta(days=1)).replace(hour=15, minute=20, second=0, microsecond=0)
    visits(city.actor(WHO, yesterday), yesterday, letters, served + timedelta(days=6))


def typed_in(batch: Any, n: int, actor: Any, now: datetime, served: date, station: str) -> Matter:
    """One letter, as it is typed beside its picture."""
    her, him, relation, number = LETTERS[n]
    typed = {
        "paper": "warning", "office": station, "letter_no": f"扬邗公柳告〔{served.year}〕演{number}号",
        "letter_at": served.isoformat(), "name": her, "their_name": him, "relation": relation, "sex": "female",
        "letter_ground": "victim_asks", "served_how": "signed", "residence": str(actor.county),
    }  # fmt: skip
    row = incoming.record(
        batch_id=batch,
        seq=n + 1,
        typed=typed,
        choice=incoming.NEW,
        actor=actor,
        now=now + timedelta(minutes=2 * n),
    )
    assert row.matter
    return row.matter


def told(letter: Matter, actor: Any, now: datetime, served: date, station: Any) -> None:
    """Police told the committee and the governance centre when they served it; that stands on the paper as well."""
    at = datetime.combine(served, now.time(), SHANGHAI).isoformat()
    actions.move(
        matter_id=letter.id, name="notify", actor=actor, now=now + timedelta(minutes=10), on_behalf_of=station,
        data={"notified": ["village_committee", "federation", "governance_center"], "happened_at": at},
    )  # fmt: skip


def visits(actor: Any, now: datetime, letters: list[Matter], day: date) -> None:
    """Six columns, four rows: two visits, one that repeats a row, one whose number is nobody's."""
    rows = [[letter.number, "", "", "", "", day.isoformat()] for letter in letters[:2]]
    rows += [rows[0], ["321003-2025-482915-7", "批评教育", "演教08号", day.isoformat(), "", ""]]
    out = io.StringIO()
    csv.writer(out).writerows([[c.label["zh"] for c in police.COLUMNS], *rows])
    upload = SimpleUploadedFile("公安数据.csv", out.getvalue().encode("gb18030"))
    with access.reading(actor, route="desk:police-file", how="open", at=now):
        batch = importing.read_file(upload=upload, actor=actor, now=now)
        importing.carry_out(batch_id=batch.id, actor=actor, now=now + timedelta(minutes=3))
    how = {"saw_him": "yes", "seen_apart": "yes", "visit_found": "safe", "visit_words": "电话里问了派出所。"}
    actions.move(
        matter_id=letters[0].id, name="visit_how", actor=actor, now=now + timedelta(minutes=20), data=how,
        on_behalf_of=UUID(letters[0].roles["police"]["agency"]),
    )  # fmt: skip


def photo(n: int) -> SimpleUploadedFile:
    """A sheet of paper on a desk, as a telephone sees it; drawn, nobody's."""
    image = Image.new("RGB", SIZE, (203 - 4 * n, 196, 184))
    draw = ImageDraw.Draw(image)
    draw.rectangle((28, 30, SIZE[0] - 28, SIZE[1] - 30), fill=(250, 249, 244))
    draw.rectangle((120, 62, 300, 84), fill=(60, 60, 64))
    for line in range(12):
        draw.rectangle(
            (60, 120 + 30 * line, 350 - 35 * (line % 3 == 2), 128 + 30 * line), fill=(120, 120, 124)
        )
    draw.ellipse((268, 470, 338, 540), outline=(190, 50, 50), width=4)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile(f"IMG_{n + 1:04d}.jpg", out.getvalue(), "image/jpeg")
