"""Commands for the person who looks after the machine. Django is loaded only where a command needs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

import click

from anjia.cli.backups import backup, drill, restore
from anjia.cli.keys import keys
from anjia.cli.ledger import ledger
from anjia.cli.people import people
from anjia.cli.playbooks import playbooks
from anjia.cli.saying import report

BILINGUAL = {"help_option_names": ["-h", "--help"]}


#: The worker beside a server steps back: whoever waits for a page comes first, a notice may take a second more.
NICE = 5


def load_django() -> None:
    """Settings and apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anjia.config.settings")
    import django

    django.setup()


@click.group(context_settings=BILINGUAL)
@click.version_option(package_name="anjia")
def main() -> None:
    """安家:平安家庭工作平台的命令行。/ Anjia, from the command line.

    数据在 var/(ANJIA_VAR),数据库默认是 var/anjia.sqlite3(ANJIA_DATABASE 可指定 PostgreSQL)。
    Data is in var/; the database is var/anjia.sqlite3 unless ANJIA_DATABASE names a PostgreSQL server.
    """


@main.command()
def demo() -> None:
    """准备并启动演示城市(人物全部虚构)。/ Prepare and serve the demo city; everybody in it is invented.

    环境变量 / environment: PORT(8000) HOST(127.0.0.1) RESET=1 重新生成 / afresh, SERVE=0 只准备 / only prepare,
    FORCE=1 允许非本机地址 / allow another host.
    """
    from anjia.cli import demo as steps

    steps.run()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address to listen on")
@click.option("--port", default=8000, show_default=True, help="端口 / port")
@click.option(
    "--processes",
    default=0,
    help="网页进程数(PostgreSQL;默认每核一个)/ web processes (PostgreSQL; default one a core)",
)
@click.option("--no-worker", is_flag=True, help="后台任务另行启动 / the worker is started elsewhere")
def serve(host: str, port: int, processes: int, no_worker: bool) -> None:
    """启动网站和后台任务。/ Serve the site, with the worker beside it."""
    load_django()
    from anjia.cli.safety import port_is_free, stop
    from anjia.cli.serving import check_database, forget_again, refuse_demo_data, serve_forever

    refuse_demo_data()
    if not port_is_free(host, port):
        stop(f"{host} 的端口 {port} 不能用。", f"port {port} on {host} cannot be used.")
    check_database()
    forget_again()
    serve_forever(host, port, processes, with_worker=not no_worker)


@main.command()
@click.option("--once", is_flag=True, help="做完现有的就停 / stop when nothing is due")
@click.option("--beside", type=int, hidden=True, help="process to end with")
def worker(once: bool, beside: int | None) -> None:
    """后台任务:发通知、提级、盖封。停止请按 Ctrl-C。/ The worker: notices, escalation, seals.

    网站已自带一个;另外再开几个也可以。/ The site brings one along; further ones may run beside it.
    """
    if beside is not None:
        from anjia.cli.serving import die_with_parent

        die_with_parent(beside)
        os.nice(NICE)
    load_django()
    from anjia.foundation.outbox import worker as outbox_worker

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    outbox_worker.run(stop, once)


@main.command()
def migrate() -> None:
    """建立或更新数据库结构。/ Create or update the database tables."""
    load_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=1, interactive=False)


@main.group()
def places() -> None:
    """行政区划。/ Places."""


@places.command("load")
@click.option("--city", default="", help="市的六位代码,默认 ANJIA_CITY / the city's division code")
def places_load(city: str) -> None:
    """载入或更新一个市的行政区划和单位;可重复运行。/ Load or refresh a city's places and agencies."""
    load_django()
    from django.conf import settings

    from anjia.foundation.core.clock import now
    from anjia.registry.places.actions import load_places
    from anjia.registry.posts.actions.agencies import found_city
    from anjia.registry.posts.actors import SYSTEM

    code = city or settings.CITY
    count = load_places(city=code, now=now(), actor=SYSTEM)
    made = len(found_city(city=code, now=now(), actor=SYSTEM))
    click.echo(f"区划 {count} 个,新增单位 {made} 个 / {count} places, {made} new agencies")


@main.group()
def rules() -> None:
    """期限规则。/ Time limits."""


@rules.command("check")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
def rules_check(lang: str, folder: Path | None) -> None:
    """检查期限规则、节假日表、代码表和量表。/ Check rules, holidays, code lists and instruments."""
    from anjia.law import calendar, codes, instruments
    from anjia.law import rules as law_rules

    findings = list(law_rules.check(folder)) if folder else [
        *law_rules.check(), *codes.check(), *calendar.check(), *instruments.check()
    ]  # fmt: skip
    report(findings, lang, f"{len(law_rules.book().ids())} 条规则 / rules" if not folder else str(folder))


main.add_command(playbooks)
main.add_command(keys)
main.add_command(ledger)
main.add_command(people)
for command in (backup, restore, drill):
    main.add_command(command)


@main.group()
def tokens() -> None:
    """查找用的密钥标记。/ The keyed tokens that search works on."""


@tokens.command("rebuild")
def tokens_rebuild() -> None:
    """给以前的事项补上新的查找标记(如拼音);可重复运行。/ Add missing tokens (pinyin …) to earlier matters."""
    load_django()
    from anjia.engine.matters.actions import rebuild_tokens
    from anjia.foundation.core import clock

    after, added = None, 0
    while True:
        after, more = rebuild_tokens(after=after, now=clock.now())
        if after is None:
            break
        added += more
    click.echo(f"✓ 补上 {added} 个标记 / tokens added")


@main.group()
def walls() -> None:
    """回避墙。/ Conflict walls."""


@walls.command("compare")
@click.option("--after", default="", help="从哪个账号之后接着比 / go on behind this account")
def walls_compare(after: str) -> None:
    """把全部旧数据和全部工作人员再比一遍;可中断、可重复,负责人照常得知。/ Compare all old data with all staff.

    中断后用最后显示的账号接着比。It may be stopped and gone on with, and run again: nothing is raised twice.
    """
    load_django()
    from uuid import UUID

    from anjia.engine.matters.actions import compare_walls, rebuild_tokens
    from anjia.foundation.core import clock

    matter: UUID | None = None
    while not after:
        matter, _added = rebuild_tokens(after=matter, now=clock.now())
        if matter is None:
            break
    last, raised = UUID(after) if after else None, 0
    while True:
        reached, new = compare_walls(after=last, now=clock.now())
        raised += new
        if reached is None:
            break
        last = reached
        click.echo(f"  … {last}")
    click.echo(f"✓ 新增回避 {raised} 处 / new walls")


@main.command("explain-deadline")
@click.argument("rule")
@click.option("--start", required=True, help="起算时间,如 2026-02-13T18:00 / when the clock starts")
@click.option("--place", default="", help="地点代码 / division code")
@click.option("--with", "variants", multiple=True, help="情形,如 urgent / variant")
@click.option("--pause", "pauses", multiple=True, metavar="FROM..TO", help="中止计时 / paused")
@click.option(
    "--amount", type=int, default=None, help="决定确定的长度(如保护令几个月)/ length set by the decision"
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@click.option("--json", "as_json", is_flag=True, help="机器可读 / machine-readable")
def explain_deadline(
    rule: str, start: str, place: str, variants: tuple[str, ...], pauses: tuple[str, ...], amount: int | None,
    lang: str, as_json: bool,
) -> None:  # fmt: skip
    """算一个期限,并说清每一步和法律依据。/ Count a time limit, step by step, with its law and article.

    例 / example: anjia explain-deadline order.decide --start 2026-03-18T10:05 --with urgent
    """
    from anjia.law.rules import RuleError, explain

    try:
        told = explain(rule, datetime.fromisoformat(start), place, variants, pauses, lang=lang, amount=amount)
    except RuleError as error:
        click.echo(f"✗ {error.text[lang]}", err=True)
        raise SystemExit(2) from None
    except ValueError:
        click.echo("✗ 时间请写成 2026-02-13T18:00 / write the time as 2026-02-13T18:00", err=True)
        raise SystemExit(2) from None
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else told["text"])


@main.command()
@click.option(
    "--sizes", default="10000,1000000", show_default=True, help="预先放入多少事项 / matters beforehand"
)
@click.option("--clients", default="1,4,16", show_default=True, help="同时几人 / clients at once")
@click.option(
    "--databases", default="postgresql,sqlite", show_default=True, help="哪些数据库 / which databases"
)
@click.option("--seconds", default=3.0, show_default=True, help="每格测多久 / how long each cell is measured")
@click.option(
    "--rounds", default=3, show_default=True, help="重复几轮,取中位数 / repetitions; the median counts"
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="结果写到哪个目录 / folder for the results"
)
def bench(sizes: str, clients: str, databases: str, seconds: float, rounds: int, out: Path | None) -> None:
    """测速度:和数据库本身、最简单的网页并排比。/ Measure speed, beside the bare database and a bare view.

    自建一个临时 PostgreSQL(fsync 开),放入样本事项,经 HTTP 登记、办理、列表、打开、查找。只连本机;数据用完即删。
    Makes a throw-away PostgreSQL of its own (fsync on), seeds matters, and registers, moves, lists, opens and
    finds through HTTP. Loopback only; all data is removed afterwards. 说明 / how: docs/PERFORMANCE.md
    """
    from anjia.cli.bench.run import Wanted
    from anjia.cli.bench.run import main as run_bench

    numbers = [[int(n) for n in text.split(",") if n] for text in (sizes, clients)]
    run_bench(Wanted(numbers[0], numbers[1], [d for d in databases.split(",") if d], seconds, rounds, out))


@main.command()
def doctor() -> None:
    """体检:这台机器上有什么、缺什么。/ What this machine has for the optional parts."""
    parts = {
        "python": sys.version.split()[0],
        "chromium": os.environ.get("CHROMIUM") or shutil.which("chromium") or "",
        "postgresql": next((str(p) for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")), ""),
        "node": shutil.which("node") or "",
        "fonts-cjk": next((str(p) for p in Path("/usr/share/fonts").rglob("NotoSansCJK*")), ""),
    }
    for name, found in parts.items():
        click.echo(f"{'✓' if found else '–'} {name}: {found or '没有(可选)/ not here (optional)'}")
