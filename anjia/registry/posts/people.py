"""Names and numbers of staff. They are sealed; only what a page shows is opened."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment


def names(account_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Account id → name of the person; unknown ids are left out. One statement however many."""
    return _opened(account_ids, Compartment.LABEL, "name")


def mobiles(account_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Account id → mobile number, for the roster and hand-over. One statement however many."""
    return _opened(account_ids, Compartment.CONTACT, "mobile")


def name(account_id: UUID) -> str:
    """One person's name, "" when unknown."""
    return names([account_id]).get(account_id, "")


def _opened(account_ids: Iterable[UUID | None], compartment: str, key: str) -> dict[UUID, str]:
    wanted = {account for account in account_ids if account}
    if not wanted:
        return {}
    rows = vault.latest(wanted, [compartment])
    staff = vault.staff_key()
    return {owner: str(vault.open_sealed(row, staff).get(key, "")) for (owner, _), row in rows.items()}
