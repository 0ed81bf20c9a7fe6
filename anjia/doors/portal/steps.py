"""The four short steps of 遇到难处: what each asks and how an answer is read. Nothing must be answered.

Reading keeps whatever was typed, also what cannot be right; the message then stands next to its field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Answers = dict[str, Any]
Errors = dict[str, Words]

STEPS = ("who", "what", "decide", "contact")
TITLES: tuple[Words, ...] = (_("是谁遇到难处"), _("发生了什么"), _("由您决定"), _("怎样联系您才安全"))
#: The button pressed first -> the code of the register's list `reporter`.
REPORTERS = {
    "self": "self",
    "family": "relative",
    "neighbour": "neighbour",
    "school": "school",
    "hospital": "hospital",
    "committee": "village_committee",
    "social": "social_work",
    "other": "other",
}
HELPERS: tuple[tuple[str, Words], ...] = (
    ("neighbour", _("邻居、朋友")),
    ("school", _("学校、幼儿园")),
    ("hospital", _("医院")),
    ("committee", _("居(村)委会")),
    ("social", _("社工、救助机构")),
    ("other", _("其他人")),
)
#: Those who by 反家庭暴力法 art. 14 must report to the police what happens to somebody who cannot protect herself.
MUST_REPORT = frozenset({"school", "hospital", "committee", "social"})

DECISIONS = ("tell_community", "come_to_door", "tell_police")
BANDS = ("morning", "noon", "afternoon", "evening")
DAYS = ("workdays_only", "weekends_only")
WAYS = ("back", "phone")
#: Longest texts, in characters; those of the playbook's fields they end up in.
LONGEST = {
    "facts": 8000,
    "their_name": 40,
    "their_workplace": 80,
    "her_name": 40,
    "her_phone": 40,
    "her_when": 120,
    "her_not": 200,
    "name": 40,
    "phone": 40,
    "exact": 60,
    "safe_as": 60,
    "do_not": 200,
}
FULL_STEP = 3  # digits by which a township's code is longer than its county's, and a village's than that
COUNTY_DIGITS = 6


def is_helper(data: Mapping[str, Any]) -> bool:
    """Whether somebody else tells it for her."""
    return bool(data.get("who", "self") != "self")


def read(step: str, post: QueryDict, data: Mapping[str, Any]) -> tuple[Answers, Errors]:
    """The answers of one step and what is wrong with them. `data` is what was answered before."""
    readers: dict[str, Callable[[QueryDict, Mapping[str, Any]], tuple[Answers, Errors]]] = {
        "who": read_who,
        "what": read_what,
        "decide": read_decide,
        "contact": read_contact,
    }
    return readers[step](post, data)


def read_who(post: QueryDict, data: Mapping[str, Any]) -> tuple[Answers, Errors]:
    """One tap. Coming back to this step changes nothing until another button is pressed."""
    said = post.get("who", "") or data.get("who", "")
    return ({"who": said}, {}) if said in REPORTERS else ({}, {"who": _("请点一项。")})


def read_what(post: QueryDict, data: Mapping[str, Any]) -> tuple[Answers, Errors]:
    """Her words, whether it can wait, and if she likes who the other person is."""
    values, errors = texts(post, "facts", "their_name", "their_workplace", relation=True)
    values["now"] = post.get("now") == "yes"
    return values, errors


def read_decide(post: QueryDict, data: Mapping[str, Any]) -> tuple[Answers, Errors]:
    """Her three decisions; a helper is not asked for them, only how she herself can be reached."""
    if is_helper(data):
        return checked_phone(*texts(post, "her_name", "her_phone", "her_when", "her_not"), "her_phone")
    return {name: post.get(name) == "yes" for name in DECISIONS}, {}


def read_contact(post: QueryDict, data: Mapping[str, Any]) -> tuple[Answers, Errors]:
    """Telephone or come back; when, under which name, never how; and as much of the place as is told."""
    values, errors = texts(post, "name", "phone", "exact", "safe_as", "do_not")
    values["way"] = post.get("way") if post.get("way") in WAYS else "back"
    values["bands"] = [b for b in BANDS if b in post.getlist("bands")]
    values["days"] = post.get("days") if post.get("days") in DAYS else ""
    values["place"] = read_place(post)
    if values["way"] == "phone":
        values, errors = checked_phone(values, errors, "phone")
        if not values["phone"]:
            errors["phone"] = _("请写电话号码,或选“我自己回来看”。")
    return values, errors


def texts(post: QueryDict, *names: str, relation: bool = False) -> tuple[Answers, Errors]:
    """Typed words, kept even when they are too long."""
    values: Answers = {n: post.get(n, "").replace("\x00", "").strip() for n in names}
    errors: Errors = {
        n: _("最多 %(max)s 个字,请缩短一些。") % {"max": LONGEST[n]}
        for n, v in values.items()
        if len(v) > LONGEST[n]
    }
    if relation:
        values["relation"] = post.get("relation", "")
    return values, errors


def checked_phone(values: Answers, errors: Errors, name: str) -> tuple[Answers, Errors]:
    """A number may be written in any way, full-width digits and words like 转 included; five digits at least."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", values[name]))
    if values[name] and len(digits) < 5:
        errors[name] = _("电话号码好像不全,请看一看。")
    return values, errors


def read_place(post: QueryDict) -> str:
    """The lowest place that was chosen and still lies within the one above it; "" when she will not say."""
    chosen = ""
    for name in ("county", "township", "village"):
        code = post.get(name, "")
        digits = len(chosen) + FULL_STEP if chosen else COUNTY_DIGITS
        if not (code.isascii() and code.isdigit() and len(code) == digits and code.startswith(chosen)):
            break
        chosen = code
    return chosen
