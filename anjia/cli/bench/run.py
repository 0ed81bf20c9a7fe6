"""One run: a cluster of its own, every database and size filled, everything measured side by side, one report."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from anjia.cli.bench import report
from anjia.cli.bench.load import KEY
from anjia.cli.cluster import DURABLE, PG_BIN, cluster, free_port

ROOT = Path(__file__).resolve().parents[3]
BENCH = ROOT / "bench"
PROCESSES = 2
THREADS = 8
READY_SECONDS = 60
WARM_SECONDS = 1.5
DEEP = 200  # which page is the deep one
ACTIONS = ("list_village", "list_county", "duties_county", "list_city", "page", "search")
TPS = re.compile(r"tps = ([0-9.]+)")


@dataclass
class Wanted:
    """What is to be measured."""

    sizes: list[int]
    clients: list[int]
    databases: list[str]
    seconds: float
    rounds: int
    out: Path | None


@dataclass
class Site:
    """One database of one size: where it lies and what may be sent to it."""

    database: str
    size: int
    env: dict[str, str]
    told: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    opened: list[tuple[str, str]] = field(default_factory=list)  # (cookie, path of a matter opened by form)

    @property
    def requests(self) -> dict[str, Any]:
        """Requests by what they do."""
        found: dict[str, Any] = self.told["requests"]
        return found


def main(wanted: Wanted) -> None:
    """Measure, print, write down. Ended from outside it still stops its servers and removes its data."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    out = wanted.out or ROOT / "var" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="anjia-bench.", dir="/var/tmp"))
    try:
        with cluster(DURABLE) as dsn:
            results = everything(wanted, dsn, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    (out / "bench.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    text = report.markdown(results)
    (out / "bench.md").write_text(text, encoding="utf-8")
    click.echo(text)
    click.echo(f"→ {out}/bench.md, bench.json")


def everything(wanted: Wanted, dsn: str, home: Path) -> dict[str, Any]:
    """The floors and every site, cell by cell, in rounds, so that one noisy minute does not fall on one alone."""
    floor_dsn = make_database(dsn, "floor")
    psql(floor_dsn, "-f", str(BENCH / "schema.sql"))
    sites = [
        filled(database, size, dsn, home) for database in wanted.databases for size in sorted(wanted.sizes)
    ]
    results: dict[str, Any] = {"machine": report.machine(), "wanted": wanted_as(wanted), "cells": []}
    results["seeding"] = [
        {"database": s.database, "size": s.size, **{k: v for k, v in s.told.items() if k != "requests"}}
        for s in sites
    ]
    with floor_served(floor_dsn) as floor_port:
        for site in sites:
            site.told = {**site.told, **prepared(site, 0)}
            with served(site), worker(site):
                for round_ in range(wanted.rounds):
                    click.echo(f"· {site.database} {site.size:,} {round_ + 1}/{wanted.rounds}", err=True)
                    site.told = {**site.told, **prepared(site, 0)}
                    for clients in wanted.clients:
                        results["cells"] += measured(site, clients, wanted.seconds, floor_dsn, floor_port)
            site.told = {**site.told, **prepared(site, 0)}
            with served(site):  # the same intake with nobody sealing or delivering: what the ledger costs
                most = max(wanted.clients)
                for _round in range(wanted.rounds):
                    results["cells"].append(
                        {**cell(site, "open_alone", most), **opened(site, most, wanted.seconds)}
                    )
    return results


def wanted_as(wanted: Wanted) -> dict[str, Any]:
    """What was asked for, for the report."""
    return {**vars(wanted), "out": None, "processes": PROCESSES, "threads": THREADS}


# -- databases ----------------------------------------------------------------------------------------------


def psql(dsn: str, *arguments: str) -> None:
    """Run a statement or file."""
    command = [str(PG_BIN / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def make_database(dsn: str, name: str) -> str:
    """Another database in the cluster."""
    psql(dsn, "-c", f"CREATE DATABASE {name}")
    return dsn.rsplit("/", 1)[0] + f"/{name}"


def filled(database: str, size: int, dsn: str, home: Path) -> Site:
    """Tables, city and matters for one site."""
    var = home / f"{database}-{size}"
    var.mkdir()
    env = {k: v for k, v in os.environ.items() if not k.startswith("ANJIA_")}
    env |= {
        "ANJIA_VAR": str(var),
        "ANJIA_DATABASE": make_database(dsn, f"bench_{size}") if database == "postgresql" else "",
        "DJANGO_SETTINGS_MODULE": "anjia.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"],
        env=env,
        cwd=ROOT,
        check=True,
    )
    site = Site(database, size, env)
    click.echo(f"· {database}: {size:,} …", err=True)
    site.told = prepared(site, size)
    click.echo(f"  {site.told['seconds']:.0f} s", err=True)
    return site


def prepared(site: Site, count: int) -> dict[str, Any]:
    """Fill (or, with 0, only sign in afresh) in a process with this site's settings."""
    command = [sys.executable, "-m", "anjia.cli.bench.prepare", str(count)]
    done = subprocess.run(command, env=site.env, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# -- servers ------------------------------------------------------------------------------------------------


@contextmanager
def running(command: Sequence[str], env: dict[str, str], port: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    """A process, waited for until it answers, ended with all it started."""
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        if port:
            wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until something answers there."""
    for _try in range(READY_SECONDS * 5):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with code {process.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


@contextmanager
def served(site: Site) -> Iterator[None]:
    """The product, as `anjia serve` runs it."""
    site.port = free_port()
    command = [sys.executable, "-m", "anjia.cli", "serve", "--port", str(site.port), "--no-worker"]
    with running([*command, "--processes", str(PROCESSES)], site.env, site.port):
        warm(site)
        yield


def warm(site: Site) -> None:
    """Let every process load its playbooks, templates and plans before anything counts."""
    for action in ("open", *ACTIONS):
        expect = 302 if action == "open" else 200
        load(site.port, site.requests[action], PROCESSES * THREADS, WARM_SECONDS, expect)


@contextmanager
def worker(site: Site) -> Iterator[None]:
    """Sealing, delivering and escalating beside it, as in production."""
    command = [sys.executable, "-m", "anjia.cli", "worker", "--beside", str(os.getpid())]
    with running(command, site.env):
        yield


@contextmanager
def floor_served(dsn: str) -> Iterator[int]:
    """F, with as many processes and threads as the product."""
    port = free_port()
    env = {**os.environ, "FLOOR_DSN": dsn, "PYTHONPATH": str(ROOT)}
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(PROCESSES), "--blocking-threads", str(THREADS), "--log-level", "warning"),
        "bench.floor:application",
    ]
    with running(command, env, port):
        yield port


# -- measuring ----------------------------------------------------------------------------------------------


def cell(site: Site, action: str, clients: int) -> dict[str, Any]:
    """The head of one result."""
    return {"database": site.database, "size": site.size, "action": action, "clients": clients}


def measured(
    site: Site, clients: int, seconds: float, floor_dsn: str, floor_port: int
) -> list[dict[str, Any]]:
    """Every action once at this many clients, the floors right beside the intake they are compared with."""
    out = []
    if site.database == "postgresql":
        out.append({**cell(site, "L", clients), "rate": limit(floor_dsn, "limit.sql", clients, seconds)})
        out.append({**cell(site, "S", clients), "rate": limit(floor_dsn, "status.sql", clients, seconds)})
        body = urlencode({**FLOOR_FORM})
        items = [{"cookie": "", "method": "POST", "path": "/new/", "body": body}]
        out.append({**cell(site, "F", clients), **load(floor_port, items, clients, seconds, 302)})
    out.append({**cell(site, "open", clients), **opened(site, clients, seconds)})
    out.append({**cell(site, "move", clients), **moved(site, clients, seconds)})
    for action in ACTIONS:
        seen = load(site.port, site.requests[action], clients, seconds, 200)
        out.append({**cell(site, action, clients), **seen})
    if clients == 1:
        seen = load(site.port, [deep_page(site)], clients, seconds, 200)
        out.append({**cell(site, "deep_county", clients), **seen})
    return out


FLOOR_FORM = {
    "channel": "call", "urgency": "soon", "residence": "321002001", "reporter": "self", "relation": "spouse",
    "dv_forms": "physical", "facts": "吵架以后他把我推到墙上,孩子在边上哭。", "name": "甄样本", "phone": "10000000000",
    "their_name": "贾样本",
}  # fmt: skip


def limit(dsn: str, script: str, clients: int, seconds: float) -> float:
    """L and S: transactions a second that pgbench gets."""
    pgbench = shutil.which("pgbench") or str(PG_BIN / "pgbench")
    command = [pgbench, "-n", "-M", "prepared", "-f", str(BENCH / script), "-c", str(clients), "-j", "1"]
    done = subprocess.run(
        [*command, "-T", str(max(1, round(seconds))), dsn], check=True, capture_output=True, text=True
    )
    found = TPS.search(done.stdout)
    if found is None:
        raise SystemExit("pgbench: " + done.stdout + done.stderr)
    return float(found[1])


def load(
    port: int, items: list[dict[str, Any]], clients: int, seconds: float, expect: int, *, once: bool = False
) -> dict[str, Any]:
    """Let a process of clients loose on a port of this machine."""
    job = {
        "host": "127.0.0.1", "port": port, "items": items, "clients": clients, "seconds": seconds,
        "expect": expect, "once": once,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "anjia.cli.bench.load"],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    if seen["wrong"]:
        seen["wrong"] = {w: seen["wrong"].count(w) for w in set(seen["wrong"])}
        click.echo(f"  ! {items[0]['path']}: {seen['wrong']}", err=True)
    return {k: v for k, v in seen.items() if k != "places"} | {"_places": seen["places"]}


def opened(site: Site, clients: int, seconds: float) -> dict[str, Any]:
    """Intake through the desk's form; what was opened is moved afterwards."""
    items = site.requests["open"]
    seen = load(site.port, items, clients, seconds, 302)
    site.opened += [(items[n]["cookie"], path) for n, path in seen.pop("_places")]
    return seen


def moved(site: Site, clients: int, seconds: float) -> dict[str, Any]:
    """Taking on what was just opened: a duty done, another begun, the stage changed. Each matter once."""
    typed = {
        "csrfmiddlewaretoken": site.requests["token"], "key": KEY, "first_or_repeat": "first",
        "urgency": "soon", "ver": "1",
    }  # fmt: skip
    fresh, site.opened = site.opened, []
    items = [
        {"cookie": cookie, "method": "POST", "path": f"{path}do/accept_in/", "body": urlencode(typed)}
        for cookie, path in fresh
    ]
    seen = load(site.port, items, clients, seconds, 302, once=True)
    seen.pop("_places")
    return seen


def deep_page(site: Site) -> dict[str, Any]:
    """The 200th page of a county's list, reached as a reader reaches it: page by page."""
    item = site.requests["list_county"][0]
    path, following = item["path"], re.compile(r'href="(/desk/matters/\?[^"]*after=[^"]+)"')
    for _page in range(DEEP):
        asked = urllib.request.Request(
            f"http://127.0.0.1:{site.port}{path}", headers={"Cookie": item["cookie"]}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
            found = following.search(answer.read().decode())
        if found is None:
            break
        path = found[1].replace("&amp;", "&")
    return {**item, "path": path}
