"""Commands about procedures: are they sound, what changed, how do they look."""

from __future__ import annotations

from pathlib import Path

import click

from anjia.cli.saying import report

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
