"""F: the least that Django can do. A bare view writes the same six rows as limit.sql by the ORM.

No middleware, no sign-in, no form checks, nothing sealed. `FLOOR_DSN=postgresql://… granian --interface wsgi
bench.floor:application`; `anjia bench` starts it.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import django
from django.conf import settings

DSN = urlsplit(os.environ.get("FLOOR_DSN", "postgresql://postgres@127.0.0.1:5432/floor"))
settings.configure(
    SECRET_KEY="nothing is signed here",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DSN.path.lstrip("/"),
            "USER": DSN.username,
            "HOST": DSN.hostname,
            "PORT": str(DSN.port),
            "CONN_MAX_AGE": 600,
        }
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    """Every table has a random key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)

    class Meta:
        abstract = True


class Case(Row):
    case_no = models.TextField()
    kind = models.TextField(default="dv")
    status = models.SmallIntegerField(default=1)
    channel = models.TextField()
    urgency = models.TextField()
    risk = models.SmallIntegerField(default=0)
    title = models.TextField(default="a call for help")
    province = models.TextField(default="32")
    city = models.TextField(default="3210")
    county = models.TextField()
    township = models.TextField()
    village = models.TextField(default="")
    agency = models.IntegerField()
    assignee = models.IntegerField(null=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    source = models.TextField(default="desk")
    reporter = models.TextField()
    relation = models.TextField()
    version = models.IntegerField(default=1)
    data = models.JSONField()
    created_by = models.IntegerField()

    class Meta:
        app_label, db_table = "floor", "cases"


class Party(Row):
    case = models.ForeignKey(Case, models.PROTECT)
    role = models.TextField()
    name = models.TextField()
    phone = models.TextField()
    id_number = models.TextField(default="")
    address = models.TextField(default="")

    class Meta:
        app_label, db_table = "floor", "parties"


class Happening(Row):
    case = models.ForeignKey(Case, models.PROTECT)
    at = models.DateTimeField()
    kind = models.TextField()
    words = models.TextField()
    actor = models.IntegerField()

    class Meta:
        app_label, db_table = "floor", "happenings"


class Audit(Row):
    case = models.ForeignKey(Case, models.PROTECT)
    at = models.DateTimeField()
    actor = models.IntegerField()
    diff = models.JSONField()

    class Meta:
        app_label, db_table = "floor", "audits"


class Deadline(Row):
    case = models.ForeignKey(Case, models.PROTECT)
    rule = models.TextField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label, db_table = "floor", "deadlines"


def intake(request: HttpRequest) -> HttpResponse:
    """Six rows in one transaction, then a redirect as a form would get."""
    typed, now = request.POST, datetime.now(UTC)
    number = uuid.uuid4()
    with transaction.atomic():
        case = Case.objects.create(
            case_no=str(number),
            channel=typed["channel"],
            urgency=typed["urgency"],
            county=typed["residence"][:6],
            township=typed["residence"],
            agency=number.int % 200,
            opened_at=now,
            updated_at=now,
            due_at=now + timedelta(days=1),
            reporter=typed["reporter"],
            relation=typed["relation"],
            data={"forms": typed.getlist("dv_forms"), "facts": typed["facts"]},
            created_by=number.int % 200,
        )
        Party.objects.create(case=case, role="asking", name=typed["name"], phone=typed["phone"])
        Party.objects.create(case=case, role="complained", name=typed["their_name"], phone="")
        Happening.objects.create(case=case, at=now, kind="opened", words=typed["facts"], actor=1)
        Audit.objects.create(case=case, at=now, actor=1, diff={"status": [None, 1], "kind": [None, "dv"]})
        Deadline.objects.create(case=case, rule="triage", due_at=now + timedelta(days=1))
    return HttpResponse(status=302, headers={"Location": f"/{case.id}/", "Content-Length": "0"})


urlpatterns = [path("new/", intake)]
application = get_wsgi_application()
