"""Keys and ciphertexts. Unreadable without the master key, which is not in the database."""

from __future__ import annotations

from django.db import models

from anjia.foundation.core.ids import uuid7


class Compartment(models.TextChoices):
    """What a sealed document is about; a key per compartment is derived from the root key (HKDF)."""

    LABEL = "label", "列表名称"
    IDENTITY = "identity", "身份"
    CONTACT = "contact", "联系方式"
    WHEREABOUTS = "whereabouts", "住处与去向"
    NARRATIVE = "narrative", "经过"
    COUNSEL = "counsel", "心理咨询"
    EVIDENCE = "evidence", "材料"
    REPORTER = "reporter", "报告人"
    RESPONDENT = "respondent", "被反映人的陈述"


COMPARTMENTS = frozenset(Compartment.values)


class DataKey(models.Model):
    """One random 32-byte key per root matter (children share it), wrapped by a master key."""

    root = models.UUIDField(primary_key=True)
    master_id = models.CharField(max_length=16)
    wrap_version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()


class Sealed(models.Model):
    """One ciphertext per compartment of one owner; append-only by version, the highest is current."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    root = models.UUIDField()
    owner = models.UUIDField()
    compartment = models.CharField(max_length=12, choices=Compartment.choices)
    version = models.PositiveIntegerField(default=1)
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "compartment", "version"], name="sealed_once"),
        ]


class Token(models.Model):
    """Keyed fingerprint of one identifier (phone, ID number, name, receipt …): finds, never reveals."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=12)
    token = models.BinaryField(max_length=32)
    root = models.UUIDField()
    owner = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "token", "owner"], name="token_find"),
            models.Index(fields=["owner"], name="token_owner"),
        ]
