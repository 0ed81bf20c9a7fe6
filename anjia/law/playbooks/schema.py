"""What a playbook is made of: frozen values, in the words its authors use.

A matter has exactly one stage (who leads now) and any number of duties (who owes what by when). Every
part keeps the `line` it was read from, so that a finding can name file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Text = dict[str, str]  # {"zh": …, "en": …}; both always present
Ref = tuple[str, str]  # ("residence_of" | "place_of", party name | "event")

FIELD_TYPES = frozenset(
    {
        *("code", "codes", "yes_no", "date", "datetime", "integer", "money"),
        *("short_text", "long_text", "place", "agency", "post", "file", "party"),
    }
)
SEALED_TYPES = frozenset({"short_text", "long_text", "file", "party"})  # these always need a compartment
COMPARTMENTS = frozenset(
    {
        *("label", "identity", "contact", "whereabouts", "narrative", "counsel", "evidence", "reporter"),
        "respondent",
    }
)
TIERS = ("village", "township", "county", "city", "province")
ACTORS = frozenset({"holder", "opener", "clock", "any_seat"})  # may stand in `by` beside role names
AIMS = frozenset({"duty", "child", "event", "matter", "grant"})
ANY = "any"  # in Move.from_: every stage that is not an end
END = "end"  # in Move.from_: every end stage
OPEN = "open"  # in Duty.starts: the opening of the matter
NEAR_KINDS = frozenset({"village_committee"})  # kinds of agency that are neighbours, whatever their tier
ALONE = "alone"  # in Playbook.opens_from: also without a parent


@dataclass(frozen=True, slots=True)
class Version:
    """major.minor: a minor change reaches running matters at once, a major one opens new matters only."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the procedure, bound to ONE agency.

    How it is bound: `holder_of_parent` (the agency that holds the parent), `by_field` (the agency a field
    of the opening names), `acts` (the office that opens it, where it is of one of the kinds), else by `kind` and `tier`
    at the place `at`, climbing the MANAGING places from village upwards until an agency exists; with `choose_from` a
    person picks among the agencies of these places. `joins` "open": bound when the matter opens. "invite": bound
    only by a move with the effect `role.bind`, so that nobody learns of a matter by default. No `kind` means any agency.
    """

    name: str
    label: Text
    kind: tuple[str, ...] = ()
    tier: str | None = None
    at: Ref | None = None
    choose_from: tuple[Ref, ...] = ()
    holder_of_parent: bool = False
    by_field: str | None = None
    acts: bool = False
    above_parent: int = 0  # so many tiers above the agency that holds the parent (review by the superior)
    first_desk: bool = False
    joins: Literal["open", "invite"] = "open"
    capacity: str = "partner"  # the seat it gets: holder | referrer | partner | village
    line: int = field(default=0, compare=False)

    @property
    def optional(self) -> bool:
        """Not bound when the matter opens."""
        return self.joins == "invite"


@dataclass(frozen=True, slots=True)
class Field:
    """One typed value. Exactly one mark: open (`matter.data`), counts (a fact), or a compartment (sealed)."""

    name: str
    type: str
    label: Text
    help: Text | None = None
    list: str | None = None  # code list of `code` and `codes`
    required: bool = False
    counts: bool = False
    compartment: str | None = None
    min: int | None = None  # integer, money (fen): value; text: characters; codes, file: how many
    max: int | None = None
    show_when: tuple[str, tuple[Any, ...]] | None = None  # asked only when that field has one of these values
    of: str | None = None  # party whose column or compartment the value belongs to
    kinds: tuple[str, ...] = ()  # `agency`: which kinds may be chosen
    key: str | None = (
        None  # the name it is stored under with its party, where that differs (their_name: name)
    )
    asked_of: tuple[str, ...] = ()  # asked only when the acting agency is of one of these kinds
    line: int = field(default=0, compare=False)

    @property
    def mark(self) -> str:
        """Where a value goes: "counts", "open", or the compartment's name."""
        return "counts" if self.counts else self.compartment or "open"

    def shown(self, values: Mapping[str, Any]) -> bool:
        """Whether the field is asked, given the other answers."""
        if self.show_when is None:
            return True
        other, wanted = self.show_when
        got = values.get(other)
        if isinstance(got, list | tuple | set | frozenset):
            return any(item in wanted for item in got)
        return got in wanted


@dataclass(frozen=True, slots=True)
class Stage:
    """Who leads now. An end stage keeps the holder it was reached with unless it names another.

    `words` holds only what this stage itself says; `interpreter.words` answers with inheritance.
    """

    name: str
    label: Text
    holder: str | None = None  # role; None only for an end stage
    end: bool = False
    words: dict[str, Text] = field(default_factory=dict)  # party -> what screens and papers call it
    help: Text | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A duty that comes again when done, until one of these stages or moves; `rule` sets the interval."""

    until: tuple[str, ...]
    rule: str | None = None  # None: the duty's own rule again


@dataclass(frozen=True, slots=True)
class Duty:
    """Who owes what by when. Worklists, reminders and on-time rates read duties, never matters."""

    name: str
    label: Text
    of: str  # role | "holder"
    rule: str  # the rule of the first round, unless `rule_by` knows better
    starts: tuple[str, ...]  # moves, "open", "stage:NAME"
    done_by: tuple[str, ...]  # moves
    void_by: tuple[str, ...] = ()  # moves, "stage:NAME"
    tried_by: tuple[
        str, ...
    ] = ()  # moves that were an attempt: the round ends neither done nor missed, the next begins
    after_tries: tuple[str, int] | None = (
        None  # (duty, times): starts only with every so-many-th attempt at that duty
    )
    repeats: Repeat | None = None
    variants_from: dict[str, dict[Any, str]] = field(default_factory=dict)  # field -> value -> rule variant
    rule_by: tuple[str, dict[str, str]] | None = None  # (field, value -> rule id): e.g. by grade
    when: tuple[str, tuple[Any, ...]] | None = None  # starts only if the move's field has one of these values
    start_from: str | None = None  # a date or datetime field that starts the clock instead of now
    ends_on: str | None = None  # a date field that says when it ends, never later than the rule allows
    restart: bool = False  # starting it again while open voids the old round and starts a new clock
    survives_end: bool = False
    warn: tuple[str, ...] = ()  # "30d", "14d", "2h" before it is due
    builtin: bool = False
    line: int = field(default=0, compare=False)

    def rule_for(self, values: Mapping[str, Any], round: int = 1) -> str:
        """The rule id of this round; `values` are the move's values over the matter's (grade, urgency …)."""
        if round > 1 and self.repeats and self.repeats.rule:
            return self.repeats.rule
        if self.rule_by:
            return self.rule_by[1].get(str(values.get(self.rule_by[0])), self.rule)
        return self.rule

    def rules(self) -> tuple[str, ...]:
        """Every rule id the duty can use."""
        more = tuple(self.rule_by[1].values()) if self.rule_by else ()
        again = (self.repeats.rule,) if self.repeats and self.repeats.rule else ()
        return tuple(dict.fromkeys((self.rule, *more, *again)))

    def variants_for(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Rule variants that the values ask for, e.g. ("urgent",)."""
        hits = (by.get(values.get(name)) for name, by in self.variants_from.items())
        return tuple(hit for hit in hits if hit)


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition, written in code by a room and registered with typed parameters."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """A named consequence, written in code by a room and registered with typed parameters."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can happen (下一步). `to` None: the stage stays."""

    name: str
    label: Text
    from_: tuple[str, ...]
    by: tuple[str, ...]
    to: str | None = None
    asks: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    result: str | None = None  # code: how the matter ended
    opens: str | None = None  # child playbook; it receives the values of fields it declares by the same name
    opens_kind: tuple[str, ...] = ()  # agency kinds the child may go to
    # the child's move made at once with the same answers (a letter that has come opens as an issued one); a
    # child of that procedure which waits for just this move takes it, instead of a second one being opened
    opens_with: str | None = None
    gives: dict[str, str] = field(default_factory=dict)  # the child's party -> own party it is copied from
    card: str | None = None
    needs_paper: bool = False
    batch: bool = False  # many matters at once with the same answers: see check_batch
    on_behalf: bool = False  # may be recorded on the agency's behalf (代录)
    tells: tuple[str, ...] = ()
    right: str | None = None  # a right of its own, e.g. "reopen"
    hidden: bool = False  # never a button: the clock or a child makes it
    mediates: bool = False  # talks two sides into an agreement
    apart: bool = False  # the child it opens goes on for itself at once; nobody here learns of it
    #: On any of these answers (field -> values) the move named first is carried out instead, with the same answers.
    turns: tuple[str, tuple[tuple[str, tuple[Any, ...]], ...]] | None = None
    aims: str | None = None  # what it is aimed at; its id is submitted under this name (see AIMS)
    help: Text | None = None
    builtin: bool = False
    line: int = field(default=0, compare=False)

    def ask(self, name: str) -> Field | None:
        """The asked field of that name."""
        return next((f for f in self.asks if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the matter: the person asking, the person complained of, a child …

    In a child matter `from_` names whom of the parent's parties it is copied from: the first that is there.
    Nothing: the one of the same name. Where somebody is, is never copied.
    """

    name: str
    label: Text
    optional: bool = False
    many: bool = False
    fields: tuple[Field, ...] = ()
    from_: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Card:
    """话术卡: what to say, and what never to say, in our words; `source` names what they rest on."""

    id: str
    say: tuple[Text, ...]
    never: tuple[Text, ...]
    source: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Playbook:
    """A procedure as a file. Dictionaries keep the order of the file; the first stage is where it opens."""

    name: str
    version: Version
    label: Text
    source: tuple[str, ...]
    # parents; empty: it is opened on its own only. "any": from every playbook. "alone": also on its own
    opens_from: tuple[str, ...]
    first_desk: str | None  # tier whose federation desk receives it, or "holder_of_parent"
    roles: dict[str, Role]
    parties: dict[str, Party]
    fields: dict[str, Field]
    stages: dict[str, Stage]
    duties: dict[str, Duty]
    moves: dict[str, Move]
    on_child: dict[str, dict[str, str]]  # child playbook -> its move, else its result -> own move
    cards: dict[str, Card]
    mediates_violence: bool
    concerns_violence: bool  # a kind in which violence is reported: mediation of it is refused
    report_up: dict[str, str]  # grade (or "default") -> rule id; empty: the parent reports
    answers: tuple[str, ...]  # moves that are themselves the answer to whoever asked
    reopens_to: str | None
    withdraws_to: str | None
    retention: str
    on_parent: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # parent playbook -> its move -> own move
    outlives_parent: bool = False  # goes on by law when the parent has ended, so the parent need not wait
    shares_people: bool = True  # the parent's people are copied into it; False: nothing of them goes along
    counts_only: bool = False  # nobody is in it and nothing is said: no answer and no report follow its end
    # its people are held by name alone: nobody in it is asked after, linked or given a number, so that what is known of
    # them elsewhere can never show here
    names_only: bool = False
    bars_mediation: bool = False  # while it runs nothing between these people is mediated
    rules: tuple[str, ...] = ()  # time limits the procedure promises to keep; each needs a duty
    opening: tuple[Field, ...] = ()  # asked when the matter opens, beside the parties' own fields
    file: str = field(default="", compare=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False)  # top-level key -> line

    @property
    def first_stage(self) -> Stage:
        """The stage in which a matter opens."""
        return next(iter(self.stages.values()))

    @property
    def near(self) -> frozenset[str]:
        """The roles of neighbours: whoever answers for a village or community, and whoever helps there."""
        roles = self.roles.values()
        return frozenset(r.name for r in roles if r.tier == "village" or NEAR_KINDS & set(r.kind))

    def by_neighbours(self, move: Move) -> bool:
        """Whether the move is one that somebody in a village makes on her phone."""
        if move.hidden or move.builtin:
            return False
        handed_on = "opener" in move.by and any(self.roles[n].capacity == "referrer" for n in self.near)
        return bool(self.near & set(move.by)) or handed_on

    @property
    def from_phone(self) -> bool:
        """Begun by somebody in a village on her phone, so it is not among what a counter registers."""
        ways = ((r.joins, r.capacity) for r in self.roles.values() if r.name in self.near)
        return any(joins == "open" and capacity in ("holder", "referrer") for joins, capacity in ways)

    @property
    def is_child(self) -> bool:
        """May be opened by another matter's move."""
        return bool(self.opens_from)

    @property
    def opens_alone(self) -> bool:
        """May be opened on its own, without a parent."""
        return not self.opens_from or ALONE in self.opens_from

    def results(self) -> frozenset[str]:
        """Every result code with which a matter of this kind can end."""
        return frozenset(m.result for m in self.moves.values() if m.result)
