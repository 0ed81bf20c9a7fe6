"""`anjia ledger`: is everything as it was written, and what is known of it elsewhere."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def ledger() -> None:
    """经过与查阅记录的完整性。/ Integrity of the ledger."""


@ledger.command("verify")
@click.option(
    "--anchors",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="另一处保存的锚点文件(默认 ANJIA_ANCHORS)/ files of anchors kept elsewhere",
)
def verify(files: tuple[Path, ...]) -> None:
    """核对每件事项的经过、查阅记录和封条;有改动会指出是哪一条。/ Verify every event, access row and seal.

    与另一处的锚点相比,还能发现截尾、整体重写和旧备份回滚。
    Against the anchors kept elsewhere it also finds a cut end, a ledger written anew and an older backup.
    """
    _load()
    from anjia.engine.matters.heads import heads
    from anjia.engine.matters.models import Matter
    from anjia.foundation.events.anchoring import wrong_stamps
    from anjia.foundation.events.anchors import AnchorProblem, kept
    from anjia.foundation.events.models import Event
    from anjia.foundation.events.verifying import verify as everything

    try:
        lines = [line for place in files for line in kept(place)] if files else list(kept())
    except AnchorProblem as problem:
        click.echo(f"✗ {problem}", err=True)
        raise SystemExit(1) from None
    faults = list(everything(heads(), anchors=lines))
    for fault in faults[:50]:
        click.echo(
            f"✗ {fault.kind} matter={fault.matter} seq={fault.seq} id={fault.id}: {fault.message}", err=True
        )
    stamps = list(wrong_stamps(lines))
    for text in stamps:
        click.echo(f"✗ {text}", err=True)
    if faults or stamps:
        click.echo(f"✗ {len(faults) + len(stamps)} 处不符 / faults", err=True)
        raise SystemExit(1)
    click.echo(f"✓ {Matter.objects.count()} 件事项、{Event.objects.count()} 条经过全部相符 / all in order")
    if lines:
        click.echo(f"  锚点 {len(lines)} 个,最近 {lines[-1].at} / anchors, the newest of then")
    else:
        click.echo("  没有锚点:截尾和旧备份回滚无从发现 / no anchors: a cut end would not be noticed")


@ledger.command("head")
def head() -> None:
    """显示最近一个封条和公钥,可打印后另处保存。/ The newest seal and the public key, to be printed and kept."""
    _load()
    from anjia.foundation.events import anchors, chain

    one = anchors.head()
    if one is None:
        click.echo("– 还没有封条 / no seal yet")
        return
    click.echo(f"{one.n}  {one.at}  {one.digest.hex()}\n{chain.public_key().hex()}")


def _load() -> None:
    from anjia.cli.main import load_django

    load_django()
