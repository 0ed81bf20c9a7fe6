"""Commands about procedures: are they sound, what changed, how do they look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from anjia.cli.saying import report

if TYPE_CHECKING:
    from anjia.law.playbooks.mapping import Image
    from anjia.law.playbooks.schema import Playbook

LANG = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")


@click.group()
def playbooks() -> None:
    """办事流程。/ Procedures."""


@playbooks.command("check")
@LANG
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
def check(lang: str, folder: Path | None) -> None:
    """流程体检:每条路都有负责单位、结果、答复和上报。/ Check that nobody can fall through a procedure."""
    from anjia.law.playbooks import library
    from anjia.law.playbooks.located import PlaybookError

    try:
        books = library.load_folder(folder) if folder else library.catalogue()
        findings = library.check_all(books)
    except PlaybookError as error:
        click.echo(f"✗ {error}", err=True)
        raise SystemExit(1) from None
    moves = sum(len(b.moves) for b in books.values())
    share = f"{library.effect_share(books):.0%} of moves have an effect of their own"
    report(findings, lang, f"{len(books)} 个流程、{moves} 步 / playbooks, moves; {share}")


@playbooks.command("diff")
@LANG
@click.argument("name")
def diff(lang: str, name: str) -> None:
    """和最后公布的版本比:没改、小改、大改,为什么。/ Against the last published version: none, minor or major, and why."""
    from anjia.law.playbooks import library, published, versions
    from anjia.law.playbooks.findings import Report

    book, before = library.catalogue().get(name), published.newest(name)
    if book is None:
        unknown(name, library.catalogue())
    if before is None:
        click.echo(f"– {name} {book.version}:还没有公布过 / not published yet")
        return
    found = versions.changes(before, book)
    how = versions.class_of(found)
    said = {"none": "没有改动 / none", "minor": "小改 / minor", "major": "大改 / major"}[how]
    click.echo(f"{name} {before.version} → {versions.next_version(before.version, how)}: {said}")
    for change in found:
        click.echo(f"  {'●' if change.is_major else '○'} {change.where}: {change.reason[lang]}")
    noted = Report(book)
    versions.check_version(book, before, noted)
    report(noted.found, lang, f"version: {book.version}")


@playbooks.command("publish")
@click.argument("names", nargs=-1)
def publish(names: tuple[str, ...]) -> None:
    """公布流程(不写名称就是全部):存下这一版,以后再改要换版本号。/ Publish: keep this version for ever."""
    from anjia.law.playbooks import library, published
    from anjia.law.playbooks.checker import check as check_book

    books = library.catalogue()
    for name in names or sorted(books):
        if name not in books:
            unknown(name, books)
        if check_book(books[name], library.known()):
            click.echo(
                f"✗ {name}:体检没有通过,先运行 anjia playbooks check / not sound, check it first", err=True
            )
            raise SystemExit(1)
        refuse_over_county_cap(books[name])
        kept = published.publish(library.CATALOGUE / books[name].file)
        click.echo(
            f"{'✓' if kept else '–'} {name} {books[name].version}{'' if kept else ':已公布过 / published before'}"
        )


def refuse_over_county_cap(book: Playbook) -> None:
    """A county may allow a form less than the house does; then what asks more is not published."""
    from anjia.law.playbooks import burden
    from anjia.law.playbooks.findings import Report

    lowest = county_cap()
    if lowest is None:
        return
    most, office = lowest
    report = Report(book)
    burden.check_burden(book, report, most)
    for found in report.found:
        if found.code == "burden.form":
            click.echo(f"✗ {office} 定的上限 / cap set by this office: {most}. {found.said('zh')}", err=True)
            raise SystemExit(1)


def county_cap() -> tuple[int, str] | None:
    """The lowest cap that a federation has set; nothing where there is no city yet."""
    from anjia.cli.main import load_django

    load_django()
    from django.db import Error

    from anjia.registry.posts import ledger

    try:
        return ledger.lowest_burden_cap()
    except Error:
        return None


@playbooks.command("migrate")
@LANG
@click.argument("name")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="TO")
@click.option(
    "--mapping", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="对应表 / mapping"
)
@click.option("--dry-run", is_flag=True, help="只看会怎样,什么也不写 / look only, write nothing")
def migrate(lang: str, name: str, old: str, new: str, file: Path | None, dry_run: bool) -> None:
    """把办理中的事项换到新的大版本,一件一步,先试后换。/ Move running matters to a new major version.

    阶段、没办完的责任、角色、必填字段在新版里没有对应的,原样留下并说明原因。
    What has no image in the new version stays as it is, with the reason.
    """
    from anjia.cli.main import load_django
    from anjia.law.playbooks import library
    from anjia.law.playbooks.located import PlaybookError
    from anjia.law.playbooks.mapping import Image, load_mapping

    load_django()
    try:
        image = load_mapping(file) if file else Image()
        target = library.definition(name, new)
    except PlaybookError as error:
        click.echo(f"✗ {error}", err=True)
        raise SystemExit(1) from None
    except (KeyError, ValueError):
        unknown(f"{name} {new}", library.catalogue())
    moved, stay = carry_over(name, old, target, image, dry_run)
    for number, why in stay:
        click.echo(f"✗ {number}: {'；'.join(reason[lang] for reason in why)}", err=True)
    what = "会换 / would move" if dry_run else "已换 / moved"
    click.echo(
        f"{'–' if stay else '✓'} {what} {moved}, 留下 / stay {len(stay)}: {name} {old} → {target.version}"
    )
    if stay:
        raise SystemExit(1)


def carry_over(name: str, old: str, target: Playbook, image: Image, dry_run: bool) -> tuple[int, list[Any]]:
    """Each running matter by itself; how many moved, and which stay and why."""
    from anjia.engine.matters import actions, migrating
    from anjia.engine.matters.models import Matter
    from anjia.foundation.core.clock import now
    from anjia.registry.posts.actors import SYSTEM

    moved, stay = 0, []
    for matter_id in list(migrating.running(name, int(old.partition(".")[0]))):
        if dry_run:
            outcome = migrating.look(Matter.objects.get(pk=matter_id), target, image)
        else:
            outcome = actions.migrate_version(
                matter_id=matter_id, to=target, image=image, actor=SYSTEM, now=now()
            )
        if outcome.moved is None:
            stay.append((outcome.number, outcome.why))
        else:
            moved += 1
    return moved, stay


def unknown(name: str, books: Mapping[str, Playbook]) -> NoReturn:
    """Say which procedures there are, and stop."""
    click.echo(f"✗ 没有“{name}”;现有 / there are: {', '.join(sorted(books))}", err=True)
    raise SystemExit(2)


@playbooks.command("draw")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("docs/playbooks"), show_default=True
)
def draw(folder: Path) -> None:
    """把每个流程画成一张图(中、英文)。/ Draw every procedure on one sheet, in Chinese and English."""
    from anjia.law.playbooks import drawing, library

    folder.mkdir(parents=True, exist_ok=True)
    for name, book in library.catalogue().items():
        for language in ("zh", "en"):
            (folder / f"{name}.{language}.svg").write_text(drawing.draw(book, language), encoding="utf-8")
    click.echo(f"✓ {folder}: {len(library.catalogue())} × 2")
