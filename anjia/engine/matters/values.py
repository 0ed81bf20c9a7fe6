"""Turns what was typed into typed values, or says next to the field what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.language import language
from anjia.foundation.core.clock import SHANGHAI, day_of, moment_of
from anjia.foundation.core.verdict import RuleBroken
from anjia.law import codes
from anjia.law.codes import identity
from anjia.law.playbooks.schema import Field

Message = str | Promise
#: Built into every move: when it really happened, for what is recorded afterwards.
HAPPENED_AT = "happened_at"
ID_NUMBER = "id_number"


class Bad(Exception):
    """One value is not acceptable; the message stands next to its field."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def as_code(f: Field, raw: Any) -> str:
    value = str(raw)
    if f.list is None or value not in codes.book()[f.list].codes:
        raise Bad(_("请从列表中选择。"))
    return value


def as_codes(f: Field, raw: Any) -> list[str]:
    values = [raw] if isinstance(raw, str) else list(raw)
    return list(dict.fromkeys(as_code(f, v) for v in values if v))


def as_yes_no(f: Field, raw: Any) -> bool:
    if raw in (True, "yes", "1", "on", "true"):
        return True
    if raw in (False, "no", "0", "false"):
        return False
    raise Bad(_("请选“是”或“否”。"))


def as_datetime(f: Field | None, raw: Any) -> datetime:
    """Aware in Asia/Shanghai; a bare local time is taken as Beijing time."""
    try:
        return moment_of(raw.isoformat() if isinstance(raw, datetime) else str(raw))
    except ValueError:
        raise Bad(_("请按“年-月-日 时:分”填写。")) from None


def as_date(f: Field, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    try:
        return raw if isinstance(raw, date) else day_of(str(raw))
    except ValueError:
        raise Bad(_("请按“年-月-日”填写。")) from None


def as_integer(f: Field, raw: Any) -> int:
    try:
        value = int(str(raw).strip())
    except ValueError:
        raise Bad(_("请填整数。")) from None
    if f.min is not None and value < f.min:
        raise Bad(_("不能小于 %(min)s。") % {"min": f.min})
    if f.max is not None and value > f.max:
        raise Bad(_("不能大于 %(max)s。") % {"max": f.max})
    return value


def as_text(f: Field, raw: Any) -> str:
    value = str(raw).replace("\x00", "").strip()
    limit = f.max or (200 if f.type == "short_text" else 20_000)
    if len(value) > limit:
        raise Bad(_("最多 %(max)s 个字,现在是 %(now)s 个。") % {"max": limit, "now": len(value)})
    return value


def as_id_number(typed: str, now: datetime | None) -> str:
    """An identity number that proves itself; its place is never a ground to refuse it."""
    wrong = identity.fault(typed, now.astimezone(SHANGHAI).date() if now else date.max)
    if wrong:
        raise Bad(wrong[language()])
    return identity.bare(typed)


def as_id(f: Field, raw: Any) -> str:
    try:
        return str(raw if isinstance(raw, UUID) else UUID(str(raw)))
    except ValueError:
        raise Bad(_("请从列表中选择。")) from None


def as_place(f: Field, raw: Any) -> str:
    value = str(raw).strip()
    if not value.isdigit() or not 6 <= len(value) <= 16:
        raise Bad(_("请从列表中选择地点。"))
    return value


READERS = {
    "code": as_code,
    "codes": as_codes,
    "yes_no": as_yes_no,
    "date": as_date,
    "datetime": as_datetime,
    "integer": as_integer,
    "money": as_integer,  # in fen (1/100 yuan)
    "short_text": as_text,
    "long_text": as_text,
    "place": as_place,
    "agency": as_id,
    "post": as_id,
    "file": as_id,
    "party": as_id,
}


def is_blank(raw: Any) -> bool:
    return raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip())


def stored(value: Any) -> Any:
    """The JSON form of a typed value: dates as ISO 8601, everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def clean(
    fields: Iterable[Field],
    typed: Mapping[str, Any],
    *,
    partial: bool = False,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Typed values of every asked field; raises RuleBroken naming each bad one, in the user's words.

    `partial`: nothing is required (somebody in distress may leave everything empty). `now` is the day
    after which nobody can have been born.
    """
    values: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for f in fields:
        if not f.shown(values):
            continue
        raw = typed.get(f.name)
        try:
            value: Any = None
            if is_blank(raw):
                pass
            elif is_id_number(f.name):
                value = as_id_number(str(raw), now)
            else:
                value = READERS[f.type](f, raw)
        except Bad as bad:
            errors[f.name] = bad.message
            continue
        if is_blank(value):
            if f.required and not partial:
                errors[f.name] = _("这一项要填。")
            continue
        values[f.name] = stored(value)
    if errors:
        raise RuleBroken(_("有几处需要改一下。"), errors)
    return values


def is_id_number(name: str) -> bool:
    """Whether a field takes an identity number, whoever's it is (id_number, their_id_number …)."""
    return name == ID_NUMBER or name.endswith(f"_{ID_NUMBER}")


def when_it_happened(typed: Mapping[str, Any], now: datetime) -> datetime:
    """The instant a clock starts from: now, or the stated earlier time of what is recorded afterwards."""
    raw = typed.get(HAPPENED_AT)
    if is_blank(raw):
        return now
    try:
        at = as_datetime(None, raw)
    except Bad as bad:
        raise RuleBroken(_("有几处需要改一下。"), {HAPPENED_AT: bad.message}) from None
    if at > now + timedelta(minutes=1):
        raise RuleBroken(_("有几处需要改一下。"), {HAPPENED_AT: _("这个时间还没有到。")})
    return at
