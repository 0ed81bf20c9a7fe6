"""Matter, party, duty, seat: the tables that carry the product.

A matter has one stage (who leads now) and any number of duties (who owes what by when). Worklists,
reminders, escalation and on-time rates read duties, never matters. Nothing filters on `data`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.ids import uuid7


class Matter(models.Model):
    """One piece of work with a holder and an end (事项). For DV kinds the plain place stops at the township."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    root = models.UUIDField(db_index=True)  # itself for a root; children share its key
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    depth = models.PositiveSmallIntegerField(default=0)
    number = models.CharField(max_length=24, unique=True)  # county + year + random digits + check digit
    playbook = models.CharField(max_length=40)
    version = models.CharField(max_length=12)  # major.minor in force for this matter
    stage = models.CharField(max_length=40)
    holder = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey("posts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)  # code list `channel`
    burst = models.CharField(
        max_length=16, blank=True
    )  # one of many from one place within an hour: which many
    city = models.CharField(max_length=16, blank=True)
    county = models.CharField(max_length=16, blank=True)
    township = models.CharField(max_length=16, blank=True)
    urgency = models.CharField(max_length=16, blank=True)  # code list `urgency`
    grade = models.CharField(max_length=8, blank=True)  # 1 | 2 | 3 (一级/二级/三级响应)
    risk_band = models.CharField(max_length=16, blank=True)  # low | medium | high
    result = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # reached an end stage: "ending"
    closed_at = models.DateTimeField(null=True)  # … and no duty is open: 办结
    detached_at = models.DateTimeField(null=True)  # a child that its parent no longer waits for
    data = models.JSONField(default=dict)  # open values of playbook fields, for showing one matter only
    roles = models.JSONField(default=dict)  # role -> {agency, why, place}: bound when opened, shown
    # 不得单独上门: to be looked at again by then, and the matter in which it was said. Why is sealed there.
    not_alone_until = models.DateTimeField(null=True)
    not_alone_of = models.UUIDField(null=True)
    ver = models.PositiveIntegerField(default=1)
    chain_seq = models.PositiveIntegerField(default=0)
    chain_mac = models.BinaryField(default=bytes)

    class Meta:
        indexes = [
            # most matters are nobody's child: they would fill the index, and make it look useless to a planner
            models.Index(fields=["parent"], name="matter_child_of", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["not_alone_of"], name="matter_not_alone", condition=Q(not_alone_of__isnull=False)
            ),
            # ended with nothing found: after a time the person complained of is no longer findable in it
            models.Index(fields=["ended_at"], name="matter_unfounded", condition=Q(result="unfounded")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(ended_at__isnull=False),
                name="matter_closed_after_end",
            ),
            models.CheckConstraint(condition=Q(depth__lte=4), name="matter_depth"),
        ]


class Party(models.Model):
    """Somebody in a matter. Identifiers are sealed under the matter's key; here stand only codes.

    The three decisions are hers: nothing is told to the community, nobody comes to the door, and police
    are not told, unless she says so or the law does. Null where the question does not arise.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parties")
    root = models.UUIDField()
    role = models.CharField(max_length=24)  # a party name of the playbook
    sex = models.CharField(max_length=8, blank=True)
    age_band = models.CharField(max_length=12, blank=True)
    relation = models.CharField(max_length=24, blank=True)  # to the person asking; code list `relation`
    protection = models.JSONField(default=list)  # codes of `special-protection`
    tell_community = models.BooleanField(null=True)
    come_to_door = models.BooleanField(null=True)
    tell_police = models.BooleanField(null=True)
    unlisted_at = models.DateTimeField(null=True)  # nothing was found of what was said: no longer findable

    class Meta:
        indexes = [models.Index(fields=["matter", "role"], name="party_matter")]


class PersonLink(models.Model):
    """This party is the same person as the others of that person id; undone by ending it. No identifier."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    person = models.UUIDField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=24)  # code list `person-link-why`; words are in the event
    linked_by = models.UUIDField(null=True)  # account
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(ended_at__isnull=True), name="person_link_once"
            )
        ]
        indexes = [models.Index(fields=["person"], name="person_link", condition=Q(ended_at__isnull=True))]


class Duty(models.Model):
    """Who owes what by when, under which rule (谁来办·何时前·依据)."""

    class Outcome(models.TextChoices):
        DONE = "done", "已办"
        TRIED = "tried", "没办成,再办"  # an attempt in vain: the next round is owed at once
        VOID = "void", "不再需要"
        LAPSED = "lapsed", "未办即过"

    id = models.UUIDField(primary_key=True, default=uuid7)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="duties")
    root = models.UUIDField()
    playbook = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)  # 1..n for a duty that repeats
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("posts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=16)
    village = models.CharField(max_length=16, blank=True)
    township = models.CharField(max_length=16, blank=True)
    county = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=16, blank=True)
    rule = models.CharField(max_length=40)
    rule_version = models.CharField(max_length=40)  # frozen when the clock starts
    variants = models.JSONField(default=list)  # e.g. ["urgent"]
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)  # 待核时间: the year's holidays are not published
    pauses = models.JSONField(default=list)  # [{from, to|null, ground}]
    extensions = models.JSONField(default=list)  # [{ground, amount, at}]
    paused_at = models.DateTimeField(null=True)
    urgency = models.CharField(max_length=16, blank=True)
    grade = models.CharField(max_length=8, blank=True)
    risk_band = models.CharField(max_length=16, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by_move = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    is_late = models.BooleanField(default=False)
    recorded_late = models.BooleanField(
        default=False
    )  # begun and met in one act, because the paper came late
    late_reason = models.CharField(max_length=24, blank=True)  # code; words are in the event
    step = models.PositiveSmallIntegerField(default=0)  # rungs of the ladder climbed
    climbs_at = models.DateTimeField(
        default=NEVER
    )  # next rung; NEVER when paused, done or claimed at the top
    climbed_to = models.CharField(max_length=8, blank=True)  # tier it has climbed to
    climbed_agency = models.ForeignKey("posts.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="duty_done_has_outcome",
            )
        ]
        indexes = [
            models.Index(fields=["matter"], name="duty_matter"),
            *[
                models.Index(
                    fields=[*cols, "due_at", "id"], name=f"duty_{name}", condition=Q(done_at__isnull=True)
                )
                for name, cols in {
                    "agency": ["agency"],
                    "city": ["line", "city"],
                    "county": ["line", "county"],
                    "township": ["line", "township"],
                }.items()
            ],
            models.Index(fields=["climbs_at"], name="duty_climbs", condition=Q(done_at__isnull=True)),
            models.Index(
                fields=["climbed_agency", "due_at", "id"],
                name="duty_climbed",
                condition=Q(done_at__isnull=True, claimed_at__isnull=True),
            ),
        ]


class Capacity(models.TextChoices):
    """In which capacity an agency may see a matter; decides what it may open."""

    HOLDER = "holder", "承办"
    REFERRER = "referrer", "转出"
    PARTNER = "partner", "协办"
    VILLAGE = "village", "村(社区)协助"
    TRAY = "tray", "待分派"
    SUPERVISOR = "supervisor", "督办"
    GRANTED = "granted", "授权查阅"


class Seat(models.Model):
    """Which agency may see which matter. `visible_to` over this table is the only scope there is."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="seats")
    root = models.UUIDField()
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    mask = models.BooleanField(default=False)
    line = models.CharField(max_length=16)
    village = models.CharField(max_length=16, blank=True)  # emptied when the matter closes
    township = models.CharField(max_length=16, blank=True)
    county = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=16, blank=True)
    playbook = models.CharField(max_length=40)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sort_due = models.DateTimeField(default=NEVER)  # earliest open duty of the matter
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)  # the right ended
    until = models.DateTimeField(default=NEVER)  # … or ends by itself: a seat that was only granted

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "agency"], condition=Q(to_at__isnull=True), name="seat_once"
            )
        ]
        indexes = [
            models.Index(fields=["matter"], name="seat_matter"),
            *[
                models.Index(
                    fields=[*cols, "is_open", sort, "matter"],
                    name=f"seat_{name}_{short}",
                    condition=Q(to_at__isnull=True),
                )
                for name, cols in {
                    "agency": ["agency"],
                    "city": ["line", "city"],
                    "county": ["line", "county"],
                    "township": ["line", "township"],
                }.items()
                for short, sort in {"due": "sort_due", "open": "opened_at", "upd": "updated_at"}.items()
            ],
        ]


class Grant(models.Model):
    """A right narrower or shorter than a seat: what may be opened, for what, on which ground, until when.

    It adds to a seat or to the line above and shows nobody a matter that the scope would not show; what is granted
    to another office gives it a seat of its own (`granted`), masked, for as long. Words are in the event.
    """

    class Kind(models.TextChoices):
        PURPOSE = "purpose", "按目的开看"
        EMERGENCY = "emergency", "应急查阅"
        GRANT = "grant", "授权查阅"

    id = models.UUIDField(primary_key=True, default=uuid7)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="grants")
    root = models.UUIDField()
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        "posts.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the office
    account = models.UUIDField(null=True)  # who opened, or gave it
    kind = models.CharField(max_length=10, choices=Kind.choices)
    compartments = models.JSONField(default=list)
    purpose = models.CharField(
        max_length=24
    )  # code list `unmask-purpose`, `emergency-purpose`, `grant-purpose`
    ground = models.CharField(max_length=24, blank=True)  # code list `grant-ground`
    consent_of = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="+"
    )  # who consented
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)  # account
    event = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("from_at")), name="grant_has_an_end"),
            models.CheckConstraint(
                condition=Q(kind="grant") | Q(post__isnull=False), name="grant_opening_is_personal"
            ),
        ]
        indexes = [
            models.Index(fields=["matter", "agency"], name="grant_matter"),
            models.Index(fields=["until"], name="grant_until", condition=Q(ended_at__isnull=True)),
        ]


class Wall(models.Model):
    """回避: for this account the matter (with its children) does not exist, in any list, count or search."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey("posts.Account", on_delete=models.PROTECT, related_name="+")
    root = models.UUIDField()
    cause = models.CharField(max_length=12)  # recused | linked | the kind of identifier that is equal
    since = models.DateTimeField()
    told = models.ForeignKey("posts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)  # when whoever was told has looked

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "root"], name="wall_once")]
        indexes = [
            models.Index(fields=["root"], name="wall_root"),
            models.Index(fields=["told", "since"], name="wall_told"),
        ]


class WallLift(models.Model):
    """Two people's word that a wall was wrong. The wall is gone; what it rested on is not raised again.

    `covers` are [root, kind, token as hex]: the equal tokens of the account and of people in those matters.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey("posts.Account", on_delete=models.PROTECT, related_name="+")
    root = models.UUIDField()
    cause = models.CharField(max_length=12)
    covers = models.JSONField(default=list)
    words = models.BinaryField()  # sealed: why
    by = models.ForeignKey("posts.Post", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("posts.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "root"], condition=Q(decided_at__isnull=True), name="wall_lift_once"
            )
        ]
        indexes = [models.Index(fields=["account", "agreed"], name="wall_lift_account")]


class UnusualRead(models.Model):
    """异常查阅: one person's readings of one day that met one rule of unusual.yaml; a question, not a finding.

    `rows` are [reading, matter or ""]; `needed` how many different ones the rule asks for; `mark` tells apart
    words that were looked for. `words` owns the sealed words of the head's answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    day = models.DateField()
    rule = models.CharField(max_length=24)
    account = models.ForeignKey("posts.Account", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=40, blank=True)
    rows = models.JSONField(default=list)
    needed = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, blank=True)  # explained | asked
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey("posts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "rule", "account", "mark"], name="unusual_once")
        ]
        indexes = [models.Index(fields=["agency", "found_at"], name="unusual_agency")]


class Link(models.Model):
    """Two matters that may be, or are, about the same family; undone by `ended_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    first = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links_from")
    second = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links_to")
    kind = models.CharField(max_length=12)  # asked | same | different; repeat: first is about second
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="link_once")]


class Notice(models.Model):
    """A line in somebody's in-box (新来的): names the matter, never what it is about."""

    id = models.UUIDField(primary_key=True)  # the outbox row that asked for it: delivered once
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("posts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    duty = models.UUIDField(null=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "seen_at", "at"], name="notice_unseen")]
