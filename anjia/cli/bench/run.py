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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from anjia.cli.bench import report, spent
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
    process: int = 0
    worker: int = 0
    opened: list[tuple[str, str]] = field(default_factory=list)  # (cookie, path of a matter opened by form)

    @property
    def requests(self) -> dict[str, Any]:
        """Requests by what they do."""
        found: dict[str, Any] = self.told["requests"]
        return found


@dataclass
class Floor:
    """Where L and F live."""

    dsn: str
    port: int
    postmaster: int
    process: int = 0


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
    for site in sites:
        site.told |= prepared(site, 0)
    floor = Floor(floor_dsn, free_port(), spent.listening(urlsplit(dsn).port or 0))
    with floor_served(floor):
        with ExitStack() as stack:
            for site in sites:
                stack.enter_context(served(site))
                stack.enter_context(worker(site))
            for round_ in range(wanted.rounds):
                click.echo(f"· {round_ + 1}/{wanted.rounds}", err=True)
                for site in sites:
                    results["cells"] += one_round(site, wanted, floor)
        results["cells"] += alone(sites, wanted, floor)
    results["gates"] = [gates(site, wanted.rounds) for site in sites]
    return results


def one_round(site: Site, wanted: Wanted, floor: Floor) -> list[dict[str, Any]]:
    """Everything once on one site, people signed in afresh."""
    site.told |= prepared(site, 0)
    return [one for clients in wanted.clients for one in measured(site, clients, wanted.seconds, floor)]


def alone(sites: Sequence[Site], wanted: Wanted, floor: Floor) -> list[dict[str, Any]]:
    """The same intake with nobody sealing or delivering: what the ledger and all that follows cost."""
    out = []
    for site in sites:
        site.told |= prepared(site, 0)
        with served(site):
            for _round in range(wanted.rounds):
                for clients in sorted({4, max(wanted.clients)} & set(wanted.clients)):
                    out += timed(
                        site, "open_alone", clients, floor, partial(opened, site, clients, wanted.seconds)
                    )
    return out


def gates(site: Site, rounds: int) -> dict[str, Any]:
    """Pages with and without what holds a reader back and records him, in turns; the least disturbed turn counts."""
    site.told |= prepared(site, 0)
    pages = {name: site.requests[name] for name in ("list_county", "page")}
    turns: dict[str, list[dict[str, float]]] = {"on": [], "off": []}
    for _round in range(rounds):
        for how, found in turns.items():
            done = subprocess.run(
                [sys.executable, "-m", "anjia.cli.bench.gates", how],
                env=site.env, cwd=ROOT, input=json.dumps(pages).encode(), stdout=subprocess.PIPE, check=True,
            )  # fmt: skip
            found.append(json.loads(done.stdout))
    least = {how: {name: min(t[name] for t in found) for name in pages} for how, found in turns.items()}
    return {"database": site.database, "size": site.size, **least}


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
    with running([*command, "--processes", str(PROCESSES)], site.env, site.port) as process:
        site.process = process.pid
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
    with running(command, site.env) as process:
        site.worker = process.pid
        yield
    site.worker = 0


@contextmanager
def floor_served(floor: Floor) -> Iterator[None]:
    """F, with as many processes and threads as the product."""
    env = {**os.environ, "FLOOR_DSN": floor.dsn, "PYTHONPATH": str(ROOT)}
    command = [
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(floor.port),
        ),
        *("--workers", str(PROCESSES), "--blocking-threads", str(THREADS), "--log-level", "warning"),
        "bench.floor:application",
    ]
    with running(command, env, floor.port) as process:
        floor.process = process.pid
        yield


# -- measuring ----------------------------------------------------------------------------------------------


def timed(
    site: Site, action: str, clients: int, floor: Floor, measure: Callable[[], dict[str, Any]]
) -> list[dict[str, Any]]:
    """One cell, with the processor time that pages, database and worker took for each request."""
    roots = {"pages": floor.process if action in "LSF" else site.process, "worker": site.worker}
    roots |= {"database": floor.postmaster} if site.database == "postgresql" else {}
    roots = {name: pid for name, pid in roots.items() if pid}
    before = spent.of(roots)
    seen = measure()
    took = spent.each(before, spent.of(roots), seen["count"])
    head = {"database": site.database, "size": site.size, "action": action, "clients": clients}
    return [{**head, **seen, "ms": took, "ms_answer": took.get("pages", 0) + took.get("database", 0)}]


def measured(site: Site, clients: int, seconds: float, floor: Floor) -> list[dict[str, Any]]:
    """Every action once at this many clients, the floors right beside the intake they are compared with."""
    items = [{"cookie": "", "method": "POST", "path": "/new/", "body": urlencode(FLOOR_FORM)}]
    cells: dict[str, Callable[[], dict[str, Any]]] = {}
    if site.database == "postgresql":
        cells["L"] = lambda: limit(floor.dsn, "limit.sql", clients, seconds)
        cells["S"] = lambda: limit(floor.dsn, "status.sql", clients, seconds)
        cells["F"] = lambda: load(floor.port, items, clients, seconds, 302)
    cells["open"] = lambda: opened(site, clients, seconds)
    cells["move"] = lambda: moved(site, clients, seconds)
    for action in ACTIONS:
        cells[action] = partial(load, site.port, site.requests[action], clients, seconds, 200)
    if clients == 1:
        cells["deep_county"] = partial(load, site.port, [deep_page(site)], clients, seconds, 200)
    return [one for action, measure in cells.items() for one in timed(site, action, clients, floor, measure)]


FLOOR_FORM = {
    "channel": "call", "urgency": "soon", "residence": "321002001", "reporter": "self", "relation": "spouse",
    "dv_forms": "physical", "facts": "吵架以后他把我推到墙上,孩子在边上哭。", "name": "甄样本", "phone": "10000000000",
    "their_name": "贾样本",
}  # fmt: skip


def limit(dsn: str, script: str, clients: int, seconds: float) -> dict[str, Any]:
    """L and S: transactions a second that pgbench gets."""
    pgbench = shutil.which("pgbench") or str(PG_BIN / "pgbench")
    command = [pgbench, "-n", "-M", "prepared", "-f", str(BENCH / script), "-c", str(clients), "-j", "1"]
    done = subprocess.run(
        [*command, "-T", str(max(1, round(seconds))), dsn], check=True, capture_output=True, text=True
    )
    found = TPS.search(done.stdout)
    if found is None:
        raise SystemExit("pgbench: " + done.stdout + done.stderr)
    rate = float(found[1])
    return {"rate": rate, "count": rate * max(1, round(seconds))}


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
