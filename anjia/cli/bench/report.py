"""The table: medians of the rounds, and the ratios that the goals are written in."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TITLES = {
    "L": "L 数据库本身 / bare database, six rows",
    "S": "S 数据库改状态 / bare database, status change",
    "F": "F 最简单的网页 / bare Django view, six rows",
    "open": "登记 / intake (form)",
    "open_alone": "登记,无后台 / intake, no worker",
    "move": "接手 / move (form)",
    "list_village": "村列表 / list, village",
    "list_county": "县列表 / list, county",
    "duties_county": "县待办 / duties, county",
    "list_city": "全市待办 / whole line below, city",
    "page": "事项页 / matter page",
    "search": "找人 / person search",
    "deep_county": "县列表第200页 / list, county, page 200",
}
#: Open Zaak 1.30 on the machine of 2026-11-23, requests a second at four clients: the constants of the goals.
OPEN_ZAAK = {"create": 28.3, "intake": 5.2, "status": 13.4, "list": 8.4}
Cell = dict[str, Any]


def machine() -> dict[str, str]:
    """Where and when."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in read("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((line.split()[1] for line in read("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": f"{os.cpu_count()} × {cpu}",
        "memory": f"{int(memory) // 2**20} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def read(path: str) -> list[str]:
    """The lines of a file of the kernel, if there is one."""
    return Path(path).read_text().splitlines() if Path(path).exists() else []


class Medians:
    """Results by database, size, action and clients."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.found: dict[tuple[str, int, str, int], list[Cell]] = {}
        for one in cells:
            key = (one["database"], one["size"], one["action"], one["clients"])
            self.found.setdefault(key, []).append(one)

    def get(self, database: str, size: int, action: str, clients: int, what: str = "rate") -> float | None:
        """The median of the rounds; None where it was not measured."""
        values = [c[what] for c in self.found.get((database, size, action, clients), []) if what in c]
        return statistics.median(values) if values else None

    def spread(self, database: str, size: int, action: str, clients: int) -> float | None:
        """The highest rate of the rounds over the lowest."""
        values = [c["rate"] for c in self.found.get((database, size, action, clients), [])]
        return max(values) / min(values) if values and min(values) else None


def ratio(one: float | None, other: float | None) -> float | None:
    """One over the other, where both were measured."""
    return one / other if one is not None and other else None


def shown(value: float | None, digits: int = 2) -> str:
    """A number, or a dash."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 and digits < 3 else f"{value:.{digits}f}"


def markdown(results: dict[str, Any]) -> str:
    """The whole report."""
    m, wanted = results["machine"], results["wanted"]
    medians = Medians(results["cells"])
    lines = [
        f"{m['when']} · {m['cpu']}, {m['memory']}, {m['system']} · Python {m['python']}, SQLite {m['sqlite']} · "
        f"load before {m['load']} · {wanted['rounds']} × {wanted['seconds']} s a cell · "
        f"{wanted['processes']} processes × {wanted['threads']} threads",
        "",
    ]
    for one in results["seeding"]:
        lines.append(
            f"- {one['database']}: {one['matters']:,} matters seeded in {one['seconds']:.0f} s, "
            f"{one['proved']} proved (ledger, names, search)"
        )
    lines += ["", *table(results, medians), "", *goals(wanted, medians)]
    for one in results.get("gates", []):
        for name in one["on"]:
            lines.append(
                f"| gates on ÷ off, {TITLES[name]} ({one['database']}, {one['size']:,}) | ≤ 1.15 | "
                f"{shown(ratio(one['on'][name], one['off'][name]))} |"
            )
    return "\n".join(lines) + "\n"


def table(results: dict[str, Any], medians: Medians) -> list[str]:
    """Rates and times of every cell."""
    rows = [
        "| database | matters | what | clients | /s | p50 ms | p99 ms | of L | of F | spread | CPU ms | clients' CPU |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for database, size, action, clients in medians.found:

        def get(what: str, action: str = action, database: str = database) -> float | None:
            return medians.get(database, size, action, clients, what)  # noqa: B023 - used within the turn

        rate = get("rate")
        writes = action.startswith(("open", "move", "F"))
        of_l = ratio(rate, medians.get("postgresql", size, "L", clients)) if writes else None
        of_f = ratio(rate, medians.get("postgresql", size, "F", clients)) if writes else None
        rows.append(
            f"| {database} | {size:,} | {TITLES[action]} | {clients} | {shown(rate)} | {shown(get('p50'), 1)} | "
            f"{shown(get('p99'), 1)} | {shown(of_l, 3)} | {shown(of_f)} | "
            f"{shown(medians.spread(database, size, action, clients), 1)} | {shown(get('ms_answer'), 1)} | "
            f"{shown(get('client_cpu'))} |"
        )
    return rows


def goals(wanted: dict[str, Any], medians: Medians) -> list[str]:
    """Each goal with what was measured: a ratio within this run, or against the constants of Open Zaak."""
    small, large = min(wanted["sizes"]), max(wanted["sizes"])
    out = ["| goal | must | measured |", "|---|---|---|"]

    def row(name: str, must: str, *values: float | None, digits: int = 2) -> None:
        out.append(f"| {name} | {must} | {' / '.join(shown(v, digits) for v in values)} |")

    def pg(action: str, clients: int, what: str = "rate", size: int = small) -> float | None:
        return medians.get("postgresql", size, action, clients, what)

    row("P1 intake ÷ L, c=4 / 16", "≥ 0.10", *(ratio(pg("open", c), pg("L", c)) for c in (4, 16)), digits=3)
    row("P1 intake ÷ F, c=4 / 16", "≥ 0.5", *(ratio(pg("open", c), pg("F", c)) for c in (4, 16)))
    for floor in "LF":
        row(
            f"P1 by processor time: {floor} ÷ intake without worker, c=4 / 16",
            "≥ 0.10" if floor == "L" else "≥ 0.5",
            *(ratio(pg(floor, c, "ms_answer"), pg("open_alone", c, "ms_answer")) for c in (4, 16)),
            digits=3,
        )
    row("P1 intake ÷ Open Zaak create, c=4", "≥ 8", ratio(pg("open", 4), OPEN_ZAAK["create"]))
    row("P1 intake ÷ Open Zaak intake, c=4", "≥ 40", ratio(pg("open", 4), OPEN_ZAAK["intake"]))
    row("P2 intake p99 ÷ p50, c=4", "≤ 5", ratio(pg("open", 4, "p99"), pg("open", 4, "p50")))
    row("P3 move ÷ Open Zaak status, c=4", "≥ 20", ratio(pg("move", 4), OPEN_ZAAK["status"]))
    row("P3 move ÷ S, c=4 / 16", "≥ 0.12", *(ratio(pg("move", c), pg("S", c)) for c in (4, 16)))
    row("P4 list ÷ Open Zaak pages, c=4", "≥ 15", ratio(pg("list_county", 4), OPEN_ZAAK["list"]))
    for name in ("list_village", "list_county", "list_city"):
        values = [ratio(medians.get(d, large, name, 1, "p50"), medians.get(d, small, name, 1, "p50"))
                  for d in wanted["databases"]]  # fmt: skip
        row(f"P6 {name} p50, {large:,} ÷ {small:,} ({' / '.join(wanted['databases'])})", "≤ 1.5", *values)
    deep = ratio(pg("deep_county", 1, "p50", large), pg("list_county", 1, "p50", large))
    row("P7 page 200 ÷ page 1, p50", "≤ 1.5", deep)
    row(
        "P8 whole line ÷ one county, p50",
        "≤ 2",
        ratio(pg("list_city", 1, "p50", large), pg("duties_county", 1, "p50", large)),
    )
    most = max(wanted["clients"])
    row(f"P11 with the sealer ÷ without, c={most}", "≥ 0.85", ratio(pg("open", most), pg("open_alone", most)))
    row(
        f"P13 intake into {large:,} ÷ into {small:,}, c=4",
        "≥ 0.85",
        ratio(pg("open", 4, size=large), pg("open", 4)),
    )
    lite = medians.get("sqlite", small, "open", 4)
    row("P15 SQLite ÷ PostgreSQL, intake, c=4", "≥ 0.5", ratio(lite, pg("open", 4)))
    row(
        "P15 SQLite p99 ÷ PostgreSQL p99, c=4",
        "≤ 10",
        ratio(medians.get("sqlite", small, "open", 4, "p99"), pg("open", 4, "p99")),
    )
    row("P17 intake ÷ F (middleware, sign-in, permission), c=4", "≥ 0.6", ratio(pg("open", 4), pg("F", 4)))
    return out
