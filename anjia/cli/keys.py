"""`anjia keys`: the master key, for the person who looks after the machine."""

from __future__ import annotations

import click


@click.group()
def keys() -> None:
    """主密钥:更换、查看。/ The master key."""


@keys.command("status")
def status() -> None:
    """各主密钥下有多少数据密钥(只显示编号)。/ How many data keys stand under which master key (names only)."""
    _load()
    from anjia.foundation.vault.providers import provider
    from anjia.foundation.vault.rotation import under

    current = provider().current_id
    counts = {current: 0} | under()
    for name, count in counts.items():
        click.echo(f"{'→' if name == current else ' '} {name}  {count}")


@keys.command("rotate")
@click.option("--page", default=500, show_default=True, help="每批多少条 / rows a transaction")
def rotate(page: int) -> None:
    """换一把主密钥,不用停机;中断后再运行一次即可接着做。/ Renew the master key while serving; run again to resume.

    只重新包裹数据密钥,密文不动。旧密钥留在密钥文件里,以前的备份仍能打开。
    Only the wraps change. The older key stays in the key file, so that earlier backups still open.
    """
    _load()
    from anjia.foundation.vault import rotation
    from anjia.foundation.vault.errors import KeyProblem

    try:
        done = rotation.rotate(page)
    except KeyProblem as problem:
        click.echo(f"✗ {problem}", err=True)
        raise SystemExit(2) from None
    for root in done.broken:
        click.echo(f"✗ {root}: 打不开,未改动 / cannot be opened, left as it was", err=True)
    left = rotation.older(done.master_id).count()
    click.echo(f"✓ {done.master_id}: {done.renewed} 条重新包裹,{left} 条未换 / wrapped anew, {left} left")
    click.echo(
        "  请重新备份密钥文件。/ Back up the key file again: what was kept of it before is out of date."
    )
    if done.broken:
        raise SystemExit(1)


def _load() -> None:
    from anjia.cli.main import load_django

    load_django()
