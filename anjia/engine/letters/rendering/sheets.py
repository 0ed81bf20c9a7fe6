"""What stands on one sheet, in the order in which GB/T 9704 wants it, before it is drawn as anything.

Built from the numbered copy that the disclosure gate made and from nothing else, so that page, PDF and Word say the same.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anjia.engine.letters.disclosure import Copy

SEALED = "保密 · 只交法院 · 单独密封"
SCAN = "手机扫左边的码,或用办公电脑打开网址输入回执码:选结果、填文号和日期,半分钟办完。不用账号,页面上没有当事人信息。"
#: Characters that no paper needs and that XML or a printer may choke on.
KEPT_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `is_words`: somebody's sentences, over the whole width; `bare`: without what it is called."""

    label: str
    value: str
    is_words: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class ReplyBlock:
    """By what the letter is answered without an account."""

    code: str
    address: str
    until: str
    words: str
    qr: str  # PNG, base64


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it leaves."""

    title: str
    rows: tuple[Row, ...]
    office: str  # who signs it; "" on her own application
    day: str
    foot: str  # copy number and mark
    at: datetime
    head: str = ""  # the letterhead; "" where no office stands on it
    is_red: bool = False
    number: str = ""  # 文号
    to: str = ""
    closing: str = ""
    sealed: str = ""
    reply: ReplyBlock | None = None

    def plain(self) -> dict[str, Any]:
        """As strings, lists and numbers alone: whatever draws it gets text and nothing that could be a command."""
        said = asdict(self)
        said.pop("at")
        cleaned: dict[str, Any] = clean(said)
        return cleaned


def sheet_of(copy: Copy, head: str, *, is_red: bool = False) -> Sheet:
    """The sheet of a numbered copy. `head`: the office, as `disclosure.letterhead` has it."""
    made = copy.draft
    neutral = made.paper.neutral
    return Sheet(
        title="" if neutral else made.paper.label["zh"],
        rows=tuple(
            Row("" if neutral and i.is_words else i.label["zh"], i.zh, i.is_words, neutral and i.is_words)
            for i in made.items
        ),
        office="" if neutral else head,
        day=copy.day,
        foot=f"{copy.number} · {copy.mark}",
        at=copy.at,
        head=head,
        is_red=is_red and bool(head) and not neutral,
        number=copy.letter_no,
        to=made.recipient,
        closing=made.paper.closing["zh"] if made.paper.closing else "",
        sealed=SEALED if made.paper.two_persons else "",
        reply=block_of(copy),
    )


def block_of(copy: Copy) -> ReplyBlock | None:
    """The reply block of a copy that has one."""
    reply = getattr(copy, "reply", None)
    if reply is None:
        return None
    return ReplyBlock(
        code=reply.grouped,
        address=reply.address,
        until=f"{reply.until_day}前有效,只能答复一次({reply.rule['zh']})。页面要函号时,填 {copy.number}。",
        words=SCAN,
        qr=base64.b64encode(reply.png()).decode(),
    )


def clean(value: Any) -> Any:
    """Text without control characters; everything else as it is."""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable() or c in KEPT_CONTROLS)
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    return value
