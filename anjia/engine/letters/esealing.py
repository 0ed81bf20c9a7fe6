"""电子印章: where a city has a compliant e-seal system, its adaptor seals the PDF before it is handed out.

Off unless `ANJIA_ESEAL` names an adaptor ("package.module:name"). Nothing here draws a seal: a picture of one would be
a forgery. An adaptor that fails, or does not answer in `SECONDS`, refuses the paper: it is not written down as given out
and takes no number, so that nothing leaves unsealed that should bear a seal, and it may be asked for again at once. It is
asked before the transaction in which the copy leaves: while it works no row is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from importlib import import_module
from threading import Thread
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import RuleBroken


class Sealer(Protocol):
    """What an adaptor can do: bytes of a PDF in, the sealed PDF out."""

    def seal(self, pdf: bytes, *, office: str, number: str) -> bytes:
        """The same pages, sealed with the office's e-seal. Any exception means: not sealed.

        Called in a thread of its own, outside every transaction and never with this database. The number may be asked
        for again: where another letter was quicker, what was sealed here is thrown away.
        """
        ...


#: So long a person waits for the seal; an adaptor should give up sooner by itself.
SECONDS = 30


def in_time(work: Callable[[], bytes]) -> bytes:
    """What it returns; TimeoutError where it takes too long (it may go on by itself, its outcome is thrown away)."""
    done: Future[bytes] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as fault:
            done.set_exception(fault)

    Thread(target=run, name="e-seal", daemon=True).start()
    return done.result(timeout=SECONDS)


@cache
def sealer(named: str) -> Sealer | None:
    """The adaptor that the setting names, or none."""
    if not named:
        return None
    module, _colon, name = named.partition(":")
    made: Sealer = getattr(import_module(module), name)()
    return made


def is_on() -> bool:
    """Whether papers are sealed."""
    return bool(settings.ESEAL)


def sealed(pdf: bytes, *, office: str, number: str) -> bytes:
    """The PDF with the office's e-seal where there is an adaptor, else as it is."""
    adaptor = sealer(settings.ESEAL)
    if adaptor is None or not office:
        return pdf
    try:
        out = in_time(lambda: adaptor.seal(pdf, office=office, number=number))
    except Exception as fault:
        raise RuleBroken(_("电子印章系统没有盖上章,文件没有发出。请稍后再试,或打印后盖章。")) from fault
    if not out.startswith(b"%PDF-"):
        raise RuleBroken(_("电子印章系统交回的不是PDF,文件没有发出。"))
    return out
