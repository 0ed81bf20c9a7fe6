"""How somebody in a post wants to be told: which way, how often, and when she is left in peace."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.messages import channels
from anjia.engine.messages.models import Often, Preference, Way
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.vault import vault
from anjia.registry.posts import people
from anjia.registry.posts.actors import Actor

SEAL = "message-address"


class Kept(Preference):
    """A person's wishes with the address opened."""

    class Meta:
        proxy = True

    @property
    def own_address(self) -> str:
        """Her address on the way she chose."""
        if not self.address:
            return ""
        return vault.unbox(SEAL, bytes(self.address), aad=self.account_id.bytes + self.way.encode()).decode()

    def address_for(self, way: str) -> str:
        """Her address on a way; none once she has chosen another."""
        return self.own_address if way == self.way else ""


def of(account: UUID) -> Kept:
    """What she wants; without having said so, nothing leaves."""
    return Kept.objects.filter(pk=account).first() or Kept(account_id=account)


def quiet_until(kept: Preference, now: datetime) -> datetime | None:
    """When her quiet hours end, if they are now."""
    local = now.astimezone(SHANGHAI)
    clock, begins, ends = local.time(), kept.quiet_from, kept.quiet_to
    if begins == ends:
        return None
    is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not is_quiet:
        return None
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, SHANGHAI)


def choices(account: UUID) -> list[tuple[str, str]]:
    """The ways this city has set up; a text message only for whom a mobile is kept."""
    ways = [Way.DESK, *(w for w in (Way.WECOM, Way.DINGTALK, Way.MAIL) if channels.is_set_up(w))]
    if channels.is_set_up(Way.SMS) and people.mobiles([account]).get(account):
        ways.append(Way.SMS)
    return [(w.value, str(w.label)) for w in ways]


def change(
    *, actor: Actor, way: str, address: str, often: str, quiet_from: str, quiet_to: str, now: datetime
) -> Preference:
    """Her own wishes. Raises RuleBroken in her words; an address is checked as far as its look."""
    account = actor.account_id
    if account is None:
        raise NotFound
    errors: dict[str, str | Promise] = {}
    if way not in dict(choices(account)):
        errors["way"] = _("请选一种本市已经开通的方式。")
    if often not in Often.values:
        errors["often"] = _("请选一项。")
    looks = channels.LOOKS.get(way)
    if looks and not looks.fullmatch(address.strip()):
        errors["address"] = _("请看一看地址,好像不对。")
    begins, ends = clock_of(quiet_from), clock_of(quiet_to)
    if begins is None:
        errors["quiet_from"] = _("请写成19:00这样。")
    if ends is None:
        errors["quiet_to"] = _("请写成8:00这样。")
    if errors or begins is None or ends is None:
        raise RuleBroken(_("有几处需要改一下。"), errors)
    sealed = b""
    if looks:
        sealed = vault.box(SEAL, address.strip().encode(), aad=account.bytes + way.encode())
    with transaction.atomic():
        row, _new = Preference.objects.update_or_create(
            account_id=account,
            defaults={
                "way": way, "address": sealed, "often": often, "quiet_from": begins, "quiet_to": ends,
            },
        )  # fmt: skip
    return row


def clock_of(text: str) -> time | None:
    """“8:00” or “19:30”; None for anything else."""
    try:
        hour, minute = text.strip().replace("\uff1a", ":").split(":")
        return time(int(hour), int(minute))
    except ValueError:
        return None
