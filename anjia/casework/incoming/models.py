"""What came in many at once: a batch of papers, or one file that police sent over, and what became of each row.

Not matters: nobody is helped by a heap of paper, and whose it is only becomes known row by row. What is typed or
photographed is sealed under a key of the batch; when every row is settled that key is destroyed, because what was
kept stands with the matters by then.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anjia.foundation.core.ids import uuid7


class Batch(models.Model):
    """One heap of papers or one file, with whoever took it in. Its id is the root of the key that seals it."""

    class Kind(models.TextChoices):
        PAPERS = "papers", "纸件"
        FILE = "file", "数据文件"

    class State(models.TextChoices):
        OPEN = "open", "没录完"
        RUNNING = "running", "办理中"
        DONE = "done", "办完"
        GIVEN_UP = "given_up", "放弃"
        UNDOING = "undoing", "撤回中"
        UNDONE = "undone", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    agency = models.ForeignKey("posts.Agency", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("posts.Post", on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="incoming_batch_of")]


class Row(models.Model):
    """One paper of a batch, or one line of a file. What was typed, and the sentence it got, are sealed beside it."""

    class State(models.TextChoices):
        DRAFT = "draft", "没录完"
        JOINED = "joined", "与上一张是同一份"
        READY = "ready", "可以办"
        REFUSED = "refused", "有问题"
        DONE = "done", "办成"
        SKIPPED = "skipped", "不用办"
        GIVEN_UP = "given_up", "放弃"
        UNDONE = "undone", "已撤回"
        LEFT = "left", "已有后续,未撤回"

    id = models.UUIDField(primary_key=True, default=uuid7)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    seq = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="pages")
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    events = models.JSONField(default=list)  # ids of what it brought about, for undoing
    mark = models.BinaryField(null=True)  # keyed fingerprint of one line: the same line changes nothing twice
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "seq"], name="incoming_row_once"),
            models.UniqueConstraint(
                fields=["mark"], condition=Q(mark__isnull=False, state="done"), name="incoming_line_once"
            ),
        ]
