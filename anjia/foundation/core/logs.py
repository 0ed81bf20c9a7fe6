"""Log lines that say where something went wrong and never whose matter it was."""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime
from uuid import UUID

#: Words a programmer wrote: no other letters, no run of digits that could be a telephone number.
PLAIN_WORDS = re.compile(r"[A-Za-z0-9 .,:;()%_\-/'=]{1,160}")
LONG_NUMBER = re.compile(r"\d{5,}")
WITHHELD = "(text withheld)"
#: Loggers whose message templates are ours; any other library may have put data into its text.
OWN = "anjia"


class QuietFormatter(logging.Formatter):
    """Time, level, logger, place in the code; exception classes with file and line. No values.

    Of our own loggers the message *template* is kept, and of its arguments only ids and small numbers.
    Texts of exceptions, local variables and messages of other libraries never reach the log.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line for the record, then one line for each exception in its chain."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [
            at,
            record.levelname,
            record.name,
            f"{_short(record.pathname)}:{record.lineno}",
            _words(record),
        ]
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            parts.append(f"status={status}")
        lines = [" ".join(part for part in parts if part)]
        error = record.exc_info[1] if record.exc_info else None
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"  {_place(error)}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _words(record: logging.LogRecord) -> str:
    """The template of one of our own messages, with those arguments filled in that cannot name anybody."""
    if record.name.split(".")[0] != OWN:
        return ""
    if (
        not isinstance(record.msg, str)
        or not PLAIN_WORDS.fullmatch(record.msg)
        or LONG_NUMBER.search(record.msg)
    ):
        return WITHHELD
    if not record.args:
        return record.msg
    args = record.args if isinstance(record.args, tuple) else (record.args,)
    safe = tuple(_argument(a) for a in args)
    return re.sub(r"%[sdr]", "%s", record.msg) % safe if record.msg.count("%") == len(safe) else record.msg


def _argument(value: object) -> str:
    """Ids, small numbers and exception or job names written as code; anything else is left out."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int) and -100_000 < value < 100_000:
        return str(value)
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z_.\-]{0,40}", value):
        return value
    return "?"


def _place(error: BaseException) -> str:
    """`module.Class at file:line < file:line`, innermost frame first, at most six frames."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{_short(f.filename)}:{f.lineno}" for f in reversed(frames))
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} at {places}" if places else name


def _short(path: str) -> str:
    """The path from the package on, so that a log does not describe the machine."""
    parts = path.replace("\\", "/").split("/")
    for root in ("anjia", "site-packages"):
        if root in parts:
            index = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[index + (root == "site-packages") :])
    return parts[-1]
