"""Who may open what: one row for every address of the site. The gate and the views read it, and a test reads the site.

`door` says who gets in at all: "open" anybody, "desk" somebody in a post. `roles`, `lines` and `tiers` narrow the
post; left empty, any. `seats` are the relations to the matter that open the page, `send` those that may send its
form; for everybody else the matter does not exist. An address without a row fails the test; a page of one matter
without `seats` opens for nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.http import HttpRequest

#: Relations of an office to a matter: what its seat says, "masked" for the line above. Whoever is walled off, whose
#: seat or post has ended, and a system administrator have none; a leader's is his own ("leader").
HOLDS = frozenset({"holder", "tray"})
SEATED = HOLDS | {"referrer", "partner", "village", "supervisor"}
MASKED = frozenset({"masked"})
#: Another office that was let to read part of a matter, until a day.
GRANTED = frozenset({"granted"})
#: A leader, in what names nobody: instructions and monthly pages of the office he sits in.
LEADER = frozenset({"leader"})
#: Who may look further in an emergency than his seat allows.
NEAR = MASKED | {"partner", "supervisor"}
RESCUE = ("federation", "police", "health", "civil_affairs")
#: Who may be given papers and pictures.
PAPERS = HOLDS | {"referrer"}

WORKS = ("head", "officer", "triage")


@dataclass(frozen=True, slots=True)
class Row:
    """What an address asks of whoever opens it."""

    door: str = "desk"
    roles: Collection[str] = ()
    lines: Collection[str] = ()
    tiers: Collection[str] = ()
    seats: frozenset[str] | None = None  # None: not the page of one matter
    send: frozenset[str] | None = None  # None: as `seats`
    methods: str = "GET"
    pledge: bool = True  # whoever must give the confidentiality pledge has given it

    def admits(self, role: str, line: str, tier: str) -> bool:
        """Whether a post of this kind gets in."""
        wanted = ((self.roles, role), (self.lines, line), (self.tiers, tier))
        return all(not allowed or value in allowed for allowed, value in wanted)


FORM = "GET HEAD POST"
OPEN, OPEN_FORM = Row("open", methods="GET HEAD"), Row("open", methods=FORM)
DESK, DESK_FORM, SENT = Row(), Row(methods=FORM), Row(methods="POST")
#: One's own sign-in and what the rules are: nothing of anybody stands there.
OWN, OWN_FORM, OWN_SENT = (
    Row(pledge=False),
    Row(methods=FORM, pledge=False),
    Row(methods="POST", pledge=False),
)
#: What is said of persons is never in these: lists are narrowed by the scope, row by row.
TAKES_CALLS = Row(roles=(*WORKS, "volunteer"), methods=FORM)
#: The phone of somebody in a village's federation: what she hands on, her round.
NEIGHBOURS = Row(roles=(*WORKS, "volunteer"), lines=("federation",), tiers=("village",), methods=FORM)
#: Many matters at once: above the village, where people have thirty of them.
TOGETHER = Row(roles=WORKS, tiers=("city", "county", "township"), methods=FORM)
#: What goes out of many matters at once: the federation's and the mediation committees' own, never the village's.
LEDGERS = Row(roles=WORKS, lines=("federation", "justice"), tiers=("city", "county", "township"))
LEDGERS_FORM = Row(roles=WORKS, lines=LEDGERS.lines, tiers=LEDGERS.tiers, methods=FORM)
#: What is due in each village, for its meeting: whoever works with the villages.
WEEK = Row(roles=WORKS, lines=("federation",), tiers=("county", "township"), methods=FORM)
#: What other systems are told of a matter: by the federation that leads it or asked for it.
COPIES = Row(roles=WORKS, lines=("federation",), tiers=("city", "county", "township"))
HEADS, HEADS_FORM = Row(roles=("head",)), Row(roles=("head",), methods=FORM)
MEDIATORS = Row(roles=WORKS, lines=("federation", "justice"), tiers=("city", "county", "township"))
#: Whoever types in what came on paper; files of police go to the county's and the city's desk.
FROM_TOWNSHIP_UP = ("city", "county", "township")
TAKES_IN = Row(roles=WORKS, lines=("federation",), tiers=FROM_TOWNSHIP_UP, methods=FORM)
TAKES_IN_READ = Row(roles=WORKS, lines=("federation",), tiers=FROM_TOWNSHIP_UP)
IMPORTS = Row(roles=WORKS, lines=("federation",), tiers=("city", "county"), methods=FORM)
IMPORTS_READ = Row(roles=WORKS, lines=("federation",), tiers=("city", "county"))

REPORTING = Row(
    roles=("head", "officer"),
    lines=("federation", "health", "justice", "education"),
    tiers=("city", "county", "township"),
)
#: Leaders, and the federations that write to them.
BRIEFS = Row(
    roles=(*WORKS, "leader"), lines=("federation", "government", "political_legal"), tiers=("city", "county")
)
BRIEFS_FORM = Row(roles=BRIEFS.roles, lines=BRIEFS.lines, tiers=BRIEFS.tiers, methods=FORM)
BRIEF_FORM = replace(BRIEFS_FORM, seats=HOLDS | LEADER)
BRIEF_SENT = replace(BRIEF_FORM, methods="POST")

TABLE: dict[str, Row] = {
    # -- residents
    "portal:home": OPEN_FORM, "portal:tell": OPEN_FORM, "portal:check": OPEN_FORM, "portal:nearby": OPEN,
    "portal:topic": OPEN, "portal:point": OPEN_FORM, "portal:card": OPEN, "portal:card-pdf": OPEN,
    "portal:about": OPEN, "portal:leave": OPEN_FORM, "portal:recognition": OPEN_FORM, "portal:notice": OPEN_FORM,
    # -- agencies that hold a letter: its code is the key, nothing of a person is on the page
    "reply:letter": OPEN_FORM,
    # -- signing in, one's own posts and factors
    "posts:sign-in": OPEN_FORM, "posts:second": Row("open", methods="POST"),
    "posts:first-factor": Row("open", methods="POST"), "posts:recover": Row("open", methods="POST"),
    "posts:later": Row("open", methods="POST"), "posts:own-password": Row("open", methods="POST"),
    "posts:accounts": Row(roles=("sysadmin",), methods=FORM, pledge=False),
    "posts:sso": Row("open"), "posts:sign-out": Row("open", methods="POST"),
    "posts:my-posts": OWN, "posts:particulars": OWN_FORM, "posts:switch": OWN_SENT, "posts:my-sign-in": OWN,
    "posts:password": OWN_FORM,
    "posts:add-factor": OWN_FORM, "posts:remove-factor": OWN_SENT, "posts:end-sessions": OWN_SENT,
    "posts:step-up": OWN_FORM, "posts:stay": OWN, "posts:pledge": OWN_FORM,
    "posts:colleagues": Row(roles=("head", "triage"), methods=FORM, pledge=False),
    # -- the desk: work and lists
    "desk:home": DESK, "desk:duties": DESK, "desk:below": DESK, "desk:matters": DESK, "desk:search": DESK_FORM,
    "desk:together": TOGETHER, "desk:ledgers": LEDGERS, "desk:ledger": LEDGERS_FORM,
    "desk:copies": COPIES, "desk:week": WEEK, "desk:books": LEDGERS_FORM, "desk:book": LEDGERS,
    "desk:find": SENT, "desk:places": DESK, "desk:same": SENT, "desk:intake": TAKES_CALLS,
    "desk:intake-of": TAKES_CALLS, "desk:draft": replace(TAKES_CALLS, methods="POST"),
    "desk:callbacks": Row(roles=WORKS, lines=("federation",), tiers=("city", "county", "township")),
    "desk:handover": Row(roles=WORKS, methods=FORM), "desk:assign": Row(roles=WORKS, methods=FORM),
    "desk:handed": Row(roles=WORKS, seats=HOLDS, methods=FORM), "desk:recusals": DESK_FORM,
    "desk:lift": Row(roles=("head",), lines=("federation",), methods=FORM),
    "desk:note": NEIGHBOURS, "desk:walk": NEIGHBOURS,
    "desk:mine": Row(roles=(*WORKS, "volunteer"), tiers=("village",), pledge=False),
    "desk:posts": OWN, "desk:sign-out": Row("open", methods="POST"),
    # -- papers and files that come in many at once; a batch is its typist's alone
    "desk:incoming": TAKES_IN, "desk:incoming-batch": TAKES_IN, "desk:incoming-sheet": TAKES_IN,
    "desk:incoming-picture": TAKES_IN_READ,
    "desk:police-files": IMPORTS, "desk:police-file": IMPORTS,
    "desk:police-template": IMPORTS_READ, "desk:police-results": IMPORTS_READ,
    # -- one matter
    "desk:matter": Row(seats=SEATED | MASKED | GRANTED),
    # which step: its playbook; from above only 认领, who was let to read only 回避
    "desk:do": Row(seats=SEATED | MASKED | GRANTED, methods=FORM),
    "desk:open": Row(roles=WORKS, seats=MASKED, methods=FORM),
    "desk:emergency": Row(roles=WORKS, lines=RESCUE, tiers=("city", "county", "township"), seats=NEAR, methods=FORM),
    "desk:same-person": Row(seats=HOLDS, methods=FORM),
    "desk:looked": Row(seats=HOLDS),
    "desk:paper": Row(seats=PAPERS | GRANTED),  # … where material was granted
    # reading it says why one may not; who helps without keeping the case sends a question to a second person
    "desk:whereabouts": Row(seats=SEATED | MASKED, send=HOLDS | {"partner"}, methods=FORM),
    "desk:evidence": Row(seats=PAPERS),
    "desk:packet": Row(seats=PAPERS, methods=FORM),
    "desk:papers": Row(seats=PAPERS), "desk:letter": Row(seats=PAPERS, methods=FORM),
    "desk:copy-sheet": Row(roles=WORKS, lines=COPIES.lines, tiers=COPIES.tiers, seats=PAPERS, methods=FORM),
    "desk:second": Row(seats=PAPERS, methods="POST"),
    # the head of the office that sends it, and whoever co-signs
    "desk:sign": Row(roles=WORKS, seats=PAPERS | {"partner"}, methods=FORM),
    "desk:person": Row(seats=HOLDS, methods=FORM),
    # -- what the rules are, who is who
    "desk:playbooks": OWN, "desk:playbook-health": DESK, "desk:playbook": OWN, "desk:rules": OWN,
    "desk:rule": OWN, "desk:mediators": MEDIATORS,
    "desk:mediator": Row(roles=WORKS, lines=MEDIATORS.lines, tiers=MEDIATORS.tiers, methods=FORM),
    "desk:burden": Row(roles=WORKS, lines=("federation",), tiers=("city", "county"), methods=FORM),
    "desk:duty": DESK_FORM, "desk:swap": SENT, "ui:gallery": OPEN,
    # -- what the city tells a leader, what a leader writes; figures, which for a leader end at office × time limit
    "desk:months": BRIEFS_FORM, "desk:instructions": BRIEFS_FORM, "desk:figure": BRIEFS,
    "desk:month": BRIEF_FORM,
    "desk:month-paper": BRIEF_SENT,
    "desk:instruction": BRIEF_FORM,
    "desk:instruction-paper": BRIEF_SENT,
    # -- offices and the people in them: those one looks after, those one may stop
    "desk:offices": HEADS, "desk:office": HEADS_FORM, "desk:leaving": HEADS_FORM,
    "desk:stationery": HEADS_FORM,
    # codes of departments that report: the office's own, or the federation's head; which offices, the policy says
    "desk:points": REPORTING, "desk:points-of": replace(REPORTING, methods=FORM), "desk:point-sheet": REPORTING,
    "desk:unusual": HEADS, "desk:unusual-line": HEADS_FORM,
    # -- messages: one's own wishes; what became of those of one's office
    "desk:my-messages": OWN_FORM, "desk:messages": Row(roles=("head", "sysadmin")),
    "desk:message-again": Row(roles=("head", "sysadmin"), methods="POST"),
    # -- the demo, where there is one
    "demo:demo": OPEN, "demo:enter": Row("open", methods="POST"),
}  # fmt: skip


def row_of(request: HttpRequest) -> Row:
    """The row of the address that was asked for."""
    match = request.resolver_match
    return TABLE.get(match.view_name if match else "", DESK)


def opens(name: str, relation: str, *, send: bool = False) -> bool:
    """Whether a relation to the matter opens that page, or may send its form."""
    row = TABLE[name]
    allowed = row.send if send and row.send is not None else row.seats
    return allowed is not None and relation in allowed
