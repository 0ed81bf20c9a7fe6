"""法院材料册: what a court needs to open a case, as one PDF a clerk can file without a call.

Contents with pages, the application, proof of identity, the list of evidence in the eleven kinds of 法释〔2022〕17号
Art. 6 with pages, the annexes under running numbers. Where she is now is not in it: it goes apart, sealed. What is
missing is named before anything is printed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import disclosure, evidence
from anjia.engine.letters.evidence import Piece
from anjia.engine.letters.rendering import binding, fonts, pdf
from anjia.engine.letters.rendering.sheets import Row
from anjia.engine.matters import filing, unsaid
from anjia.engine.matters.engine_moves import GIVEN_OUT
from anjia.engine.matters.models import Matter
from anjia.engine.matters.outgoing import KINDS
from anjia.engine.matters.reading import Reading, label_of
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files import files, pictures
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import Actor

PAPER, ADDRESS = "order-packet", "address-for-service"
FORM = "book"
#: The name of the file, as courts' upload pages want it: what it is, and nobody's name.
FILE_NAME = "人身安全保护令申请材料_{number}.pdf"
APART = "送达地址见另行密封的《保密送达地址确认书》,不在本册内。"
MOST_PAGES = 300
#: What the application must say, and what is missing without it. Field of the paper → words.
NEEDED: dict[str, str | Promise] = {
    "name.asking": _("申请人姓名没有登记。"),
    "identity.asking.id_number": _("申请人身份证号没有登记。"),
    "name.complained": _("被申请人姓名没有登记。"),
    "identity.complained.their_address": _("被申请人住址没有登记:法院送达要用。"),
    "data.measures_sought": _("请求的措施没有选。"),
    "words.facts": _("事实与理由没有写。"),
}
#: Without these there is no application at all.
INDISPENSABLE = frozenset({"name.asking", "name.complained", "data.measures_sought", "words.facts"})


@dataclass(frozen=True)
class Exhibit:
    """One file that may go in: where it is kept, and whether it can stand on pages."""

    matter: UUID
    piece: Piece

    @property
    def id(self) -> UUID:
        return self.piece.file

    @property
    def is_identity(self) -> bool:
        """Proof of identity stands before the evidence."""
        return self.piece.kind == label_of("paper-kind", "identity")

    @property
    def fits(self) -> bool:
        """A recording or an office file cannot stand on pages; what was changed on the disk is no evidence."""
        return self.piece.format in binding.BINDABLE and not self.piece.fault


@dataclass(frozen=True)
class Plan:
    """What would be bound, and what is missing."""

    draft: disclosure.Draft
    exhibits: tuple[Exhibit, ...]  # everything kept that may go in
    chosen: frozenset[UUID]
    missing: tuple[str | Promise, ...]
    stops: bool  # without what is missing there is no application
    address_given: bool

    @property
    def taken(self) -> list[Exhibit]:
        """In the order of the packet: identity first."""
        own = [e for e in self.exhibits if e.id in self.chosen and e.fits]
        return [e for e in own if e.is_identity] + [e for e in own if not e.is_identity]


def plan(
    *,
    actor: Actor,
    matter_id: UUID,
    now: datetime,
    chosen: Collection[UUID] | None = None,
    typed: Mapping[str, str] | None = None,
    strike: str = "",
) -> Plan:
    """The packet as it would be; `chosen` None: everything that can stand on pages."""
    draft = disclosure.draft(
        actor=actor, matter_id=matter_id, paper=PAPER, now=now, typed=typed, strike=strike
    )
    exhibits = tuple(kept(actor, draft.matter, now))
    ids = frozenset(e.id for e in exhibits if e.fits and (chosen is None or e.id in chosen))
    taken = [e for e in exhibits if e.id in ids]
    there = {i.value for i in draft.items}
    address = Event.objects.filter(matter=matter_id, move=GIVEN_OUT.name)
    given = any(e.codes["facts"].get("paper_given") == ADDRESS for e in address)
    return Plan(
        draft,
        exhibits,
        ids,
        tuple(lacking(draft, there, taken)),
        bool(INDISPENSABLE - there),
        given,
    )


def kept(actor: Actor, matter: Matter, now: datetime) -> Iterator[Exhibit]:
    """What lies with the application, and with the case it belongs to where the same office leads that."""
    at: Matter | None = matter
    while at is not None:
        try:
            seated = visible_to(actor).find(at.id)
        except NotFound:
            return
        if at.id != matter.id and seated.relation not in who_may.HOLDS:
            return
        if seated.may_open(Compartment.EVIDENCE):
            read = Reading(seated=seated, actor=actor, now=now)
            yield from (Exhibit(at.id, p) for p in evidence.pieces(read))
        at = at.parent


def lacking(draft: disclosure.Draft, there: set[str], taken: list[Exhibit]) -> Iterator[str | Promise]:
    """What a clerk would call about."""
    yield from (words for value, words in NEEDED.items() if value not in there)
    if not any(e.is_identity for e in taken):
        yield _("没有申请人身份证明(身份证复印件等)。")
    have = {e.piece.order_kind["zh"] for e in taken if not e.is_identity}
    for code in draft.matter.data.get("evidence_kinds") or ():
        label = label_of("order-evidence", str(code))
        if code != "statement" and label["zh"] not in have:
            yield _("申请书写了“%(kind)s”,册子里没有这类材料。") % {"kind": label["zh"]}
    if not have:
        yield _("没有一件证据材料。")


# -- binding ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bound:
    """One annex with its pages."""

    exhibit: Exhibit
    name: str
    pages: list[Any]


def release(
    *,
    actor: Actor,
    matter_id: UUID,
    now: datetime,
    chosen: Collection[UUID],
    typed: Mapping[str, str] | None = None,
    checked: bool = False,
    seen: bool = False,
) -> disclosure.Copy:
    """The packet as one numbered copy. `seen`: whoever sends it has looked at every picture and scan."""
    fonts.families()
    one = plan(actor=actor, matter_id=matter_id, now=now, chosen=chosen, typed=typed)
    if one.stops:
        raise RuleBroken(_("申请书还缺内容,不能装订。请先补齐下面几项。"))
    if one.taken and not seen:
        words = _("请看过每一件再装订。")
        raise RuleBroken(words, {"seen": words})
    annexes = opened(actor, one, now)
    items = tuple(
        disclosure.Item(f"files.{n}", {"zh": f"附件 {n}", "en": f"Annex {n}"}, b.name)
        for n, b in enumerate(annexes, 1)
    )
    return disclosure.release(
        actor=actor,
        matter_id=matter_id,
        paper=PAPER,
        now=now,
        typed=typed,
        checked=checked,
        annexes=items,
        form=FORM,
        draw=lambda copy: bind(copy, one, annexes),
    )


def opened(actor: Actor, one: Plan, now: datetime) -> list[Bound]:
    """Every chosen annex on pages; RuleBroken names those that cannot be, or whose text says where she is."""
    root = one.draft.matter.root
    key = vault.key(root)
    secrets = unsaid.secrets_of(root, key)
    rows = File.objects.in_bulk([e.id for e in one.taken])
    out: list[Bound] = []
    faults: dict[str, list[str]] = {}
    for n, exhibit in enumerate(one.taken, 1):
        access.current().route = f"{filing.ROUTE} packet"
        access.current().opened(exhibit.matter, Compartment.EVIDENCE, how=access.FILE)
        name = named(exhibit.piece, n, secrets)
        try:
            pages = binding.pages_of(files.read(rows[exhibit.id], key), exhibit.piece.format)
            found = {f.kind for f in unsaid.find(binding.text_of(pages), secrets)}
        except (binding.NotBindable, pictures.NotAPicture) as fault:
            faults.setdefault("file", []).append(f"{name}:{getattr(fault, 'reason', '')}")
            continue
        if found:
            what = "、".join(str(KINDS[k]) for k in sorted(found))
            words = _("%(name)s:里面读得到%(what)s。请换成涂去的复印件,或不放进册子。")
            faults.setdefault("file", []).append(words % {"name": name, "what": what})
            if found & {unsaid.WHERE, unsaid.SHELTER}:
                disclosure.log_the_stop(actor, one.draft.matter, now)
        out.append(Bound(exhibit, name, pages))
    if faults:
        told = {name: " ".join(lines) for name, lines in faults.items()}
        raise RuleBroken(_("有几件材料不能装订。"), told)
    if sum(len(b.pages) for b in out) > MOST_PAGES:
        raise RuleBroken(_("材料超过 %(n)s 页,一册放不下。请少选几件。") % {"n": MOST_PAGES})
    return out


def named(piece: Piece, n: int, secrets: list[unsaid.Secret]) -> str:
    """What stands in the contents: somebody's own words for it without what must not leave, else its kind."""
    stem = piece.about or piece.name.rsplit(".", 1)[0]
    return evidence.kept_back(stem, secrets).strip() or f"{piece.kind['zh']} {n}"


def bind(copy: disclosure.Copy, one: Plan, annexes: list[Bound]) -> bytes:
    """Contents, application, identity, list, evidence; every number of the contents is the page it stands on."""
    foot = f"{copy.number} · {copy.mark}"
    identity = [b for b in annexes if b.exhibit.is_identity]
    proof = [b for b in annexes if not b.exhibit.is_identity]
    own = [i for i in copy.draft.items if not i.value.startswith("files.")]
    title = copy.draft.paper.label["zh"]

    def part(name: str, first: int, said: dict[str, Any]) -> bytes:
        return pdf.drawn("packet", {"part": name, "first": first, "foot": foot, "title": title, "said": said})

    application = application_of(copy, own)
    lengths = [0, 0, 0]
    drawn: list[bytes] = []
    for _round in range(3):  # page numbers may lengthen what they stand in
        starts = places(lengths, identity, proof)
        drawn = [
            part("contents", 1, contents(copy, identity, proof, starts)),
            part("application", starts["application"], application),
            part("list", starts["list"], listed(proof, starts)),
        ]
        now = [binding.count(d) for d in drawn]
        if now == lengths:
            break
        lengths = now
    runs = [(b, starts[str(b.exhibit.id)]) for b in (*identity, *proof)]
    heads = [heads_of(b, n) for n, (b, _first) in enumerate(runs, 1)]
    over = numbers(part, runs, heads)
    before = [drawn[0], drawn[1], *(b.pages for b in identity)]
    return binding.bound([*before, drawn[2], *(b.pages for b in proof)], over, title)


def places(lengths: list[int], identity: list[Bound], proof: list[Bound]) -> dict[str, int]:
    """On which page each part begins."""
    at = 1 + lengths[0]
    starts = {"application": at}
    at += lengths[1]
    for b in identity:
        starts[str(b.exhibit.id)] = at
        at += len(b.pages)
    starts["list"] = at
    at += lengths[2]
    for b in proof:
        starts[str(b.exhibit.id)] = at
        at += len(b.pages)
    return starts


def numbers(part: Any, runs: list[tuple[Bound, int]], heads: list[list[str]]) -> bytes:
    """The sheets that are laid over the annexes: a run of numbers before the list and one after it."""
    sheets = [
        {"head": head, "page": first + n}
        for (_b, first), own in zip(runs, heads, strict=True)
        for n, head in enumerate(own)
    ]
    made: bytes = part("numbers", 1, {"lines": sheets}) if sheets else b""
    return made


def heads_of(b: Bound, n: int) -> list[str]:
    """附件3 诊疗记录 第1页 共2页, over each page of an annex."""
    what = "身份证明" if b.exhibit.is_identity else f"证据 {b.exhibit.piece.order_kind['zh']}"
    return [f"附件{n} · {what} · 第{k}页 共{len(b.pages)}页" for k in range(1, len(b.pages) + 1)]


def contents(
    copy: disclosure.Copy, identity: list[Bound], proof: list[Bound], starts: Mapping[str, int]
) -> dict[str, Any]:
    """What stands on the first page."""
    lines = [{"what": "一、申请书", "page": starts["application"]}]
    lines += [{"what": f"二、身份证明:{b.name}", "page": starts[str(b.exhibit.id)]} for b in identity]
    lines.append({"what": "三、证据目录", "page": starts["list"]})
    lines += [
        {
            "what": f"四、证据{n}:{b.name}({b.exhibit.piece.order_kind['zh']})",
            "page": starts[str(b.exhibit.id)],
        }
        for n, b in enumerate(proof, 1)
    ]
    about = [
        ["受理法院", copy.draft.recipient or "______________人民法院"],
        ["编号", copy.draft.matter.number],
        ["日期", copy.day],
    ]
    return {"title": copy.draft.paper.label["zh"], "about": about, "lines": lines, "note": APART}


def application_of(copy: disclosure.Copy, own: list[disclosure.Item]) -> dict[str, Any]:
    """The application as it stands on its own paper."""
    rows = [Row(i.label["zh"], i.zh, i.is_words) for i in own]
    return {
        "title": "人身安全保护令申请书",
        "rows": [{"label": r.label, "value": r.value, "is_words": r.is_words} for r in rows],
        "closing": APART,
    }


def listed(proof: list[Bound], starts: Mapping[str, int]) -> dict[str, Any]:
    """证据目录: number, what it is, which of the eleven kinds, from whom and how, its pages."""
    lines = []
    for n, b in enumerate(proof, 1):
        p, first = b.exhibit.piece, starts[str(b.exhibit.id)]
        last = first + len(b.pages) - 1
        lines.append(
            {
                "no": str(n),
                "name": b.name,
                "kind": p.order_kind["zh"],
                "from": f"{p.given_by['zh']},{p.how['zh']},{p.at.astimezone(SHANGHAI):%Y-%m-%d}",
                "pages": str(first) if first == last else f"{first}–{last}",
            }
        )
    return {"lines": lines, "note": "原件由收集单位保存,校验值(SHA-256、SM3)见《证据清单》,可随时核对。"}
