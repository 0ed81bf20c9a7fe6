"""`anjia keys`: the master key, for the person who looks after the machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click


@click.group()
def keys() -> None:
    """主密钥:查看、更换、分存、恢复。/ The master key: look, renew, split among officers, recover."""


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

    done = _tried(lambda: rotation.rotate(page))
    for root in done.broken:
        click.echo(f"✗ {root}: 打不开,未改动 / cannot be opened, left as it was", err=True)
    left = rotation.older(done.master_id).count()
    click.echo(f"✓ {done.master_id}: {done.renewed} 条重新包裹,{left} 条未换 / wrapped anew, {left} left")
    click.echo(
        "  请重新备份密钥文件。/ Back up the key file again: what was kept of it before is out of date."
    )
    if done.broken:
        raise SystemExit(1)


@keys.command("split")
def split() -> None:
    """把主密钥分成三份,交三人分别保管;任意两份可恢复,一份什么也看不出。/ Shares for three officers.

    请单独打印每一份,装信封封存。换过主密钥以后要重新分。
    Print each alone and seal it in an envelope. To be done again after the master key was renewed.
    """
    _load()
    from anjia.foundation.vault import keyfile, shares

    secret = b"".join(_tried(lambda: keyfile.read(_path()))[0])
    for share in shares.split(secret):
        click.echo(f"\n{share.number}.\n{share.text()}")


@keys.command("recover")
def recover() -> None:
    """密钥文件丢失后,由两人输入各自的一份来恢复。/ Bring a lost key file back from two officers' shares."""
    _load()
    from anjia.foundation.vault import envelope, keyfile, shares

    path = _path()
    if path.exists():
        click.echo(f"✗ {path} 已经有密钥文件,不覆盖;误建的请先移开。", err=True)
        click.echo(
            "  There is a key file already: it is left alone; move it away if it is a mistake.", err=True
        )
        raise SystemExit(2)
    given: list[shares.Share] = []
    while not given or len(given) < given[0].needed:
        text = click.prompt(f"第 {len(given) + 1} 份 / share", hide_input=True)
        given.append(_tried(partial(shares.read, text)))
    secret = _tried(lambda: shares.join(given))
    size = envelope.KEY_BYTES
    keyfile.make(path, [secret[i : i + size] for i in range(0, len(secret), size)])
    click.echo(f"✓ {path} 已恢复;请运行 anjia keys status 核对 / brought back; check with anjia keys status")


def _path() -> Path:
    """The key file of this instance."""
    from django.conf import settings

    return Path(settings.VAR) / "keys" / "master"


T = TypeVar("T")


def _tried(step: Callable[[], T]) -> T:
    """What went wrong is said, and ends with code 2."""
    from anjia.foundation.vault.errors import KeyProblem

    try:
        return step()
    except KeyProblem as problem:
        click.echo(f"✗ {problem}", err=True)
        raise SystemExit(2) from None


def _load() -> None:
    from anjia.cli.main import load_django

    load_django()
