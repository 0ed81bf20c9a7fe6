"""The one way out: what of a matter goes to whom, on which paper. Everything that leaves is a `Draft` first.

A paper names its lines and, line by line, who may get them (papers.yaml); nothing else is read. The words among them
are compared with what is sealed before they leave. A draft shows what will be revealed to whom; `release` numbers
the copy, logs it in the matter and hands back what is printed. Print, file, table and message all begin here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import (
    asked,
    course,
    esealing,
    evidence,
    gate,
    numbering,
    papers,
    recording,
    reply_codes,
    signing,
    wordings,
)
from anjia.engine.letters.papers import Line, Paper
from anjia.engine.letters.policies import can_give_out, shown_just_now
from anjia.engine.matters import reading, unsaid
from anjia.engine.matters.actions import STOPPED
from anjia.engine.matters.engine_moves import GIVEN_OUT
from anjia.engine.matters.models import Matter
from anjia.engine.matters.outgoing import KINDS
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken, deny, require
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.builtin import BUILT_IN_FIELDS
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Field, Playbook, Text
from anjia.registry.places import places
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency

INSTEAD = "(另见《保密送达地址确认书》)"
MARK_BYTES = 16
LABELS: dict[str, Text] = {
    "matter.number": {"zh": "编号", "en": "Number"},
    "matter.opened": {"zh": "登记时间", "en": "Registered"},
    "matter.stage": {"zh": "现在的阶段", "en": "Stage"},
    "matter.holder": {"zh": "承办单位", "en": "Office"},
    "matter.township": {"zh": "乡镇(街道)", "en": "Township"},
    "matter.channel": {"zh": "来的渠道", "en": "Channel"},
    "whereabouts.now_at": {"zh": "现住处(送达地址)", "en": "Where she lives now"},
    "referral.due.accept": {"zh": "请在此前接收或退回", "en": "Accept or return by"},
    "referral.due.answer": {"zh": "请在此前书面回复", "en": "Answer in writing by"},
    "sex": {"zh": "性别", "en": "Sex"},
    "age_band": {"zh": "年龄段", "en": "Age band"},
    "relation": {"zh": "关系", "en": "Relation"},
}
COLUMNS = {"sex": "sex", "age_band": "age-band", "relation": "relation"}
HIDDEN: Text = {"zh": "(第二人同意后只印在纸上)", "en": "(printed once a second person agrees)"}


@dataclass(frozen=True)
class Item:
    """One line of a paper as it will leave. `found`: what in it must not."""

    value: str
    label: Text
    text: Text | str
    is_words: bool = False
    found: tuple[unsaid.Found, ...] = ()
    is_like: bool = False  # looks like an address or telephone that nobody has recorded

    @property
    def name(self) -> str:
        """The field's name."""
        return self.value.split(".")[-1]

    @property
    def zh(self) -> str:
        """As it is printed."""
        return self.text if isinstance(self.text, str) else self.text["zh"]


@dataclass(frozen=True)
class Draft:
    """What would leave, to whom; nothing has left yet."""

    paper: Paper
    matter: Matter
    to: str  # class of recipient
    recipient: str  # the office by name, "" for herself and the file
    agency: UUID | None
    items: tuple[Item, ...]
    withheld: tuple[Text, ...]  # lines of this paper that this recipient does not get
    edited: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_label(self) -> Text:
        return papers.book().classes[self.to]

    @property
    def stopped(self) -> dict[str, tuple[str, ...]]:
        """Field name → what its words say that must not leave."""
        return {i.name: tuple(sorted({f.kind for f in i.found})) for i in self.items if i.found}

    @property
    def to_check(self) -> list[Item]:
        """Lines whose words look like an address or a telephone."""
        return [i for i in self.items if i.is_like and not i.found]


@dataclass(frozen=True)
class Copy:
    """One numbered copy, to be printed once. `mark` finds out later whether a paper is this one, unchanged."""

    draft: Draft
    number: str
    mark: str
    at: datetime
    reply: reply_codes.Reply | None = None  # by which it is answered; where there is none, no block is drawn
    letter_no: str = ""  # 文号, in the office's own series
    signed: UUID | None = None  # the question under which it was signed
    form: str = "print"  # print | pdf | word
    body: bytes = field(default=b"", repr=False)  # drawn as that

    @property
    def day(self) -> str:
        """The date as an official paper writes it."""
        return day(self.at)


@dataclass(frozen=True)
class Note:
    """A message as it will leave: `to` is its class of recipient, `link` an address of ours that needs a sign-in."""

    to: str
    text: str
    link: str = ""

    @property
    def whole(self) -> str:
        """In one piece."""
        return f"{self.text}\n{self.link}" if self.link else self.text


def message(name: str, *, count: int = 1, language: str = "zh-hans", link: str = "") -> Note:
    """A message by name. It reads nothing of any matter: the sentence stands in messages.yaml, and to a resident
    goes no link whatever is given.
    """
    one = wordings.book()[name]
    return Note(one.to, one.says(language, count), link if one.to == wordings.STAFF else "")


def draft(
    *,
    actor: Actor,
    matter_id: UUID,
    paper: str,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    strike: str = "",
) -> Draft:
    """What the paper would say to its recipient. `typed`: words as edited; `strike`: take out of this field what
    must not leave. Raises NotFound, NotAllowed; words that must not leave are named in `stopped`.
    """
    seated = visible_to(actor).find(matter_id)
    return Drafting(seated, actor, now, wanted(seated, paper), dict(typed or {}), strike).draft()


def wanted(seated: Seated, name: str) -> Paper:
    """The paper, if matters of this procedure have it and its time has come."""
    one = papers.book().papers.get(name)
    if one is None or not one.belongs_to(definition(seated.matter.playbook, seated.matter.version)):
        raise NotFound
    if not its_time(one, seated.matter.id):
        raise NotAllowed(deny(_("还没有答复本人,先答复。"), "after"))
    return one


def its_time(one: Paper, matter: UUID) -> bool:
    """Whether the step that this paper follows was made, the last time with the answers it asks for."""
    if not one.after:
        return True
    last = Event.objects.filter(matter=matter, move=one.after).order_by("-seq").first()
    said = (last.codes.get("facts") or {}) if last else {}
    return last is not None and all(said.get(name) == value for name, value in (one.only or {}).items())


def on_offer(actor: Actor, seated: Seated) -> list[Paper]:
    """The papers this person may give out of this matter now."""
    book = definition(seated.matter.playbook, seated.matter.version)
    has_files = File.objects.filter(matter=seated.matter.id).exists()
    may = [p for p in papers.of(book) if can_give_out(actor, seated, p) and (has_files or not p.packed)]
    known = [p for p in may if not p.to_role or p.to_role in seated.matter.roles]
    return [p for p in known if its_time(p, seated.matter.id)]


@dataclass
class Drafting:
    """Filling one paper."""

    seated: Seated
    actor: Actor
    now: datetime
    paper: Paper
    typed: dict[str, str]
    strike: str = ""

    @property
    def matter(self) -> Matter:
        return self.seated.matter

    @cached_property
    def playbook(self) -> Playbook:
        return definition(self.matter.playbook, self.matter.version)

    @cached_property
    def read(self) -> reading.Reading:
        return reading.Reading(seated=self.seated, actor=self.actor, now=self.now)

    @cached_property
    def secrets(self) -> list[unsaid.Secret]:
        key = vault.key(self.matter.root)
        found = unsaid.secrets_of(self.matter.root, key)
        if self.paper.to_class == papers.RESPONDENT:
            found = [*unsaid.of_others(self.matter.root, key), *found]
        return found

    def draft(self) -> Draft:
        """Every line for this recipient, the words compared with what is sealed."""
        require(can_give_out(self.actor, self.seated, self.paper))
        to, agency = self.recipient()
        items, withheld = [], []
        for line in self.paper.lines:
            if not line.is_for(to):
                withheld.append(self.label(line))
                continue
            if line.source in (papers.FILES, papers.COURSE):
                items += self.evidence() if line.source == papers.FILES else self.course(line)
                continue
            text = self.text(line)
            if text not in ("", None):
                items.append(self.item(line, text))
        if any(f.kind in (unsaid.WHERE, unsaid.SHELTER) for i in items for f in i.found):
            log_the_stop(self.actor, self.matter, self.now)
        return Draft(
            self.paper,
            self.matter,
            to,
            agency.name if agency else "",
            agency.id if agency else None,
            tuple(items),
            tuple(withheld),
            {i.name: i.zh for i in items if i.is_words and i.zh != self.words(i.name)},
        )

    def recipient(self) -> tuple[str, Agency | None]:
        """The class of the recipient, and the office where it is known."""
        book = papers.book()
        if not self.paper.to_role:
            bound = self.matter.roles.get(self.paper.to_class)
            agency = Agency.objects.get(pk=bound["agency"]) if bound else None
            return self.paper.to_class, agency
        bound = self.matter.roles.get(self.paper.to_role)
        if not bound:
            raise NotFound
        agency = Agency.objects.get(pk=bound["agency"])
        return book.class_of(agency.kind), agency

    def item(self, line: Line, text: Text | str) -> Item:
        """One line with what in it must not leave; what the paper is there to say is not held against it."""
        item = Item(line.value, self.label(line), text, line.source == papers.WORDS)
        if papers.is_hidden(line):
            return item
        found = tuple(unsaid.find(item.zh, self.secrets))
        if found and self.strike == item.name and item.is_words:
            self.typed[item.name] = unsaid.struck(item.zh, found, INSTEAD)
            return self.item(line, self.typed[item.name])
        return replace(item, found=found, is_like=item.is_words and unsaid.looks_like(item.zh))

    def evidence(self) -> list[Item]:
        """One line for each file kept with the matter."""
        return [
            Item(f"files.{number}", {"zh": f"证据 {number}", "en": f"Evidence {number}"}, text)
            for number, text in evidence.lines(evidence.pieces(self.read), self.secrets)
        ]

    def course(self, line: Line) -> list[Item]:
        """Codes and days of what happened, one line each."""
        found = course.lines(self.read, line.name, self.now)
        return [Item(f"{line.value}.{n}", label, text) for n, (label, text) in enumerate(found, 1)]

    # -- where the values come from ---------------------------------------------------------------------

    def text(self, line: Line) -> Text | str:
        """The value of a line, or "" where there is none."""
        if line.source == papers.WORDS:
            return self.typed.get(line.name) or self.words(line.name)
        if line.source == papers.WHEREABOUTS:
            return HIDDEN if gate.hidden_in(self.matter) else ""
        if line.source == "name":
            return self.read.names().get(line.party, "")
        if line.source in (papers.IDENTITY, papers.CONTACT):
            return self.of_person(line.source, line.name, line.party)
        if line.source == "party":
            return self.of_party(line.name, line.party)
        return {"matter": self.of_matter, "data": self.of_data, "due": self.of_duty}[line.source](line.name)

    def of_matter(self, name: str) -> Text | str:
        stage = self.playbook.stages[self.matter.stage].label
        known: dict[str, Text | str] = {
            "number": self.matter.number,
            "opened": day(self.matter.opened_at),
            "stage": dict(stage),
            "holder": self.matter.holder.name,
            "township": places.display(self.matter.township) if name == "township" else "",
            "channel": reading.label_of("channel", self.matter.channel),
        }
        return known[name]

    def of_party(self, name: str, role: str) -> Text | str:
        party = next((p for p in self.read.parties if p.role == role), None)
        code = getattr(party, name) if party else ""
        return dict(reading.label_of(COLUMNS[name], code)) if code and code != "unknown" else ""

    def of_person(self, compartment: str, name: str, role: str) -> Text | str:
        party = next((p for p in self.read.parties if p.role == role), None)
        return str(self.read.document(party.id, compartment).get(name) or "") if party else ""

    def of_data(self, name: str) -> Text | str:
        value, asks = self.matter.data.get(name), self.playbook.fields.get(name)
        if value in (None, "", []) or asks is None:
            return ""
        said = reading.shown(asks, value)
        return dict(said) if isinstance(said, Mapping) else str(said)

    def of_duty(self, name: str) -> Text | str:
        due = [d.due_at for d in self.read.duties if d.kind == name and d.done_at is None]
        return day(min(due), clock=True) if due else ""

    def words(self, name: str) -> str:
        """The newest sealed words of that field."""
        for event in reversed(self.read.events):
            said = self.read.words(event)[0] if event.sealed and event.move != GIVEN_OUT.name else {}
            if said.get(name):
                return str(said[name])
        return ""

    def label(self, line: Line) -> Text:
        """What the line is called; people as this paper calls them."""
        asks: Field | None = self.playbook.fields.get(line.name) or BUILT_IN_FIELDS.get(line.name)
        own = LABELS.get(f"{self.playbook.name}.{line.value}") or LABELS.get(line.value)
        own = own or LABELS.get(line.name) or (asks.label if asks else None)
        if line.source == "due":
            own = own or find_duty(self.playbook, line.name).label
        if not line.party:
            return dict(own or {"zh": line.name, "en": line.name})
        who = (self.paper.words or {}).get(line.party)
        who = who or interpreter.words(self.playbook, self.matter.stage, line.party)
        if line.source == "name":
            return dict(who)
        own = own or {"zh": line.name, "en": line.name}
        return {"zh": f"{who['zh']}{own['zh']}", "en": f"{who['en']}: {own['en']}"}


def log_the_stop(actor: Actor, matter: Matter, now: datetime) -> None:
    """That a text was found to say where she is, tells where she is: it is logged like a look."""
    access.open_now(
        actor,
        matter=matter.id,
        compartment=Compartment.WHEREABOUTS,
        purpose_code=STOPPED,
        purpose_text=str(_("外发核对:文字里写了她的住处,已拦下。")),
        route="desk:letter",
        at=now,
    )


def day(at: datetime, *, clock: bool = False) -> str:
    """2026年3月18日, with the hour where it counts."""
    local = at.astimezone(SHANGHAI)
    said = f"{local.year}年{local.month}月{local.day}日"
    return f"{said} {local:%H:%M}" if clock else said


# -- giving it out ----------------------------------------------------------------------------------------


def release(
    *,
    actor: Actor,
    matter_id: UUID,
    paper: str,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    checked: bool = False,
    fresh: bool = False,
    words: str = "",
    site: str = "",
    form: str = "print",
    draw: Callable[[Copy], bytes] | None = None,
    annexes: Sequence[Item] = (),
) -> Copy:
    """One numbered copy. Refused, naming the field, while its words say what is sealed; refused while words look
    like an address nobody has recorded and she who sends it has not said that it is meant (`checked`).
    A sheet that says where she is needs a second factor shown just now and another person's yes. `site`: the address
    of the site as its sender sees it, for the page where the letter is answered. `form`: what it is drawn as, by
    `draw`, before anything is written: what could not be drawn or sealed has taken no number. `annexes`: what is bound
    with it, one line each.
    """

    def leave(copy: Copy) -> None:
        seated = visible_to(actor).find(matter_id, lock=True)
        require(signing.may_leave(made, actor))
        if copy.body and esealing.is_on():  # what was recorded while the seal was fetched counts as well
            refuse_what_is_sealed(draft(actor=actor, matter_id=matter_id, paper=paper, now=now, typed=typed))
        takes_its_numbers(copy, actor)
        done = record(seated, GIVEN_OUT, actor=actor, now=now, **logged(copy))
        if copy.reply and done.event_row:
            reply_codes.keep(copy.reply, done.event_row, seated.matter.root)

    made = draft(actor=actor, matter_id=matter_id, paper=paper, now=now, typed=typed)
    refuse_what_is_sealed(made)
    if made.to_check and not checked:
        raise RuleBroken(
            _("有几处像住址或电话,请核对后再出具。"), {"checked": _("请核对:这些不是她的住处和电话。")}
        )
    made = replace(made, items=(*made.items, *annexes))
    if made.paper.two_persons:
        return sealed_sheet(made, actor=actor, now=now, fresh=fresh, words=words, form=form, draw=draw)
    require(signing.may_leave(made, actor))  # nothing is sealed for nothing
    return numbering.under_its_number(lambda: drawn(ready(made, actor, now, form, site), draw), leave)


def ready(made: Draft, actor: Actor, now: datetime, form: str, site: str) -> Copy:
    """The copy under the numbers that come next. Nothing is taken yet."""
    return answerable(official(numbered(made, now, form), actor), actor, site)


def takes_its_numbers(copy: Copy, actor: Actor) -> None:
    """Within the transaction that gives it out, the matter locked: they are still the next, and now they are gone."""
    taken = (
        numbering.take(actor.agency_id, copy.draft.paper.kind, copy.at)
        if copy.letter_no and actor.agency_id
        else ""
    )
    if (number_of(copy.draft), taken) != (copy.number, copy.letter_no):
        raise numbering.Overtaken


def drawn(copy: Copy, draw: Callable[[Copy], bytes] | None) -> Copy:
    """The copy as a file, where it leaves as one."""
    return replace(copy, body=draw(copy)) if draw else copy


def official(copy: Copy, actor: Actor) -> Copy:
    """With the number that comes next in the office's series, and the question under which it was signed."""
    paper = copy.draft.paper
    asked_for = signing.standing(copy.draft.matter.id, paper.name) if paper.signs else None
    number = numbering.coming(actor.agency_id, paper.kind, copy.at) if actor.agency_id else ""
    return replace(copy, letter_no=number, signed=asked_for.id if asked_for and asked_for.is_signed else None)


def answerable(copy: Copy, actor: Actor, site: str) -> Copy:
    """With a code, where the paper asks another agency for something. What an office prints for itself has none."""
    made = copy.draft
    if not made.paper.reply or made.agency in (None, actor.agency_id):
        return copy
    place = made.matter.county or made.matter.city
    return replace(copy, reply=reply_codes.new_reply(copy.number, place, copy.at, site))


def release_packed(
    *, actor: Actor, matter_id: UUID, paper: str, now: datetime, fresh: bool
) -> tuple[Copy, bytes]:
    """A numbered copy with the package of the originals. Asks for a second factor shown just now."""
    if not wanted(visible_to(actor).find(matter_id), paper).packed:
        raise NotFound
    require(shown_just_now(fresh))
    evidence.packable(actor=actor, matter_id=matter_id, now=now)  # before anything is numbered
    copy = release(actor=actor, matter_id=matter_id, paper=paper, now=now)
    sheet = "\n\n".join(f"{i.label['zh']}\n{i.zh}" for i in copy.draft.items)
    return copy, evidence.package(
        actor=actor, matter_id=matter_id, now=now, sheet=f"{sheet}\n\n{copy.number} · {copy.mark}\n"
    )


def refuse_what_is_sealed(made: Draft) -> None:
    """No words leave that say where she is or how she is reached."""
    if made.stopped:
        why = {
            name: _("这里写了%(what)s,不能外发。请移入《保密送达地址确认书》,只交法院。")
            % {"what": "、".join(str(KINDS[k]) for k in kinds)}
            for name, kinds in made.stopped.items()
        }
        raise RuleBroken(_("外发核对没有通过。"), why)


def sealed_sheet(
    made: Draft,
    *,
    actor: Actor,
    now: datetime,
    fresh: bool,
    words: str,
    form: str = "print",
    draw: Callable[[Copy], bytes] | None = None,
) -> Copy:
    """保密送达地址确认书: allowed by a second person, logged, then filled in, once."""
    require(shown_just_now(fresh))
    matter_id = made.matter.id
    yes = asked.mine(matter_id, what=made.paper.name, account=actor.account_id, now=now)
    if yes is None or not yes.holds(now):
        raise NotAllowed(deny(_("这份确认书要由两个人核对:请本单位另一个人先同意。"), "second"))
    agreed = yes

    def leave(copy: Copy) -> None:
        visible_to(actor).find(matter_id, lock=True)
        takes_its_numbers(copy, actor)
        recording.use(actor=actor, matter_id=matter_id, move=GIVEN_OUT, uses=agreed, now=now, **logged(copy))

    where = gate.for_the_court(
        actor=actor, matter=made.matter, words=words or "出具确认书", fresh=fresh, now=now
    )
    items = tuple(
        replace(i, text=str(where.get(i.name) or "")) if i.text is HIDDEN else i for i in made.items
    )
    filled = replace(made, items=items)
    return numbering.under_its_number(lambda: drawn(numbered(filled, now, form), draw), leave)


def number_of(made: Draft) -> str:
    """The next copy's number in this matter."""
    count = Event.objects.filter(matter=made.matter.id, move=GIVEN_OUT.name).count()
    return f"{made.matter.number}-{count + 1:02d}"


def numbered(made: Draft, now: datetime, form: str = "print") -> Copy:
    """The next number of this matter, and a keyed mark of exactly these words."""
    number = number_of(made)
    said = "\n".join([number, made.paper.name, made.to, *(f"{i.value}={i.zh}" for i in made.items)])
    mark = vault.fingerprint("letter", said.encode())[:MARK_BYTES].hex()
    return Copy(made, number, mark, now, form=form)


def logged(copy: Copy) -> dict[str, Any]:
    """What the matter's own record keeps of a copy: which paper, to whom, which fields; never a value."""
    made = copy.draft
    return {
        "values": {"paper_given": made.paper.name, "given_to": made.to},
        "codes": {
            "letter": {
                "no": copy.number,
                "mark": copy.mark,
                "agency": str(made.agency) if made.agency else None,
                "fields": [i.value for i in made.items],
                "form": copy.form,
                **({"reply_until": copy.reply.until.isoformat()} if copy.reply else {}),
                **({"signed": str(copy.signed)} if copy.signed else {}),
            }
        },
        "words": {**made.edited, **({"letter_no": copy.letter_no} if copy.letter_no else {})},
    }


def letterhead(made: Draft, actor: Actor) -> str:
    """Who the paper comes from: the office; on her own application nobody else, and on a sheet that may be found at
    home only the neutral name of the site."""
    if made.paper.hers:
        return ""
    return str(settings.SITE_NAME) if made.paper.neutral else actor.agency_name


def ask_for_second(*, actor: Actor, matter_id: UUID, paper: str, words: str, now: datetime) -> None:
    """The first of two persons asks for the sheet that says where she is."""
    seated = visible_to(actor).find(matter_id)
    one = wanted(seated, paper)
    require(can_give_out(actor, seated, one))
    if not one.two_persons:
        raise NotFound
    if len(words.strip()) < 4:
        raise RuleBroken(_("有几处需要改一下。"), {"why": _("请写明为什么现在需要。")})
    recording.ask(actor=actor, seated=seated, what=one.name, purpose=gate.FOR_COURT, words=words, now=now)
