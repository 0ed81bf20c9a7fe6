"""Processor time of what answers: it does not depend on who else uses the machine, as rates do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
Times = dict[str, float]


def of(roots: Mapping[str, int]) -> Times:
    """Seconds used so far by each of these processes with all it started, also by what has ended since."""
    used: dict[int, float] = {}
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended while we looked
            continue
        below.setdefault(int(words[1]), []).append(int(entry.name))
        used[int(entry.name)] = sum(int(w) for w in words[11:15]) / TICKS
    return {name: family(root, used, below) for name, root in roots.items()}


def family(root: int, used: Mapping[int, float], below: Mapping[int, list[int]]) -> float:
    """One process and everything under it."""
    return used.get(root, 0.0) + sum(family(child, used, below) for child in below.get(root, []))


def each(before: Times, after: Times, count: float) -> Times:
    """Milliseconds a request."""
    return {name: (after[name] - before[name]) * 1000 / count for name in after} if count else {}


def listening(port: int) -> int:
    """The process that was started with that port on its command line (our own cluster's postmaster); 0 for none."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"postgres\0-D" in command and b"port=%d\0" % port in command:
                return int(entry.name)
    return 0
