"""`anjia backup`, `restore`, `drill`: for the person who looks after the machine."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """备份到一个文件夹,不用停机。/ Back up into a folder while everybody goes on working.

    数据库(加密,不含数据密钥)、数据密钥(另存,35 天)、材料。主密钥不在其中。
    The database (sealed, without data keys), the data keys (apart, 35 days), the files. Not the master key.
    """
    _load()
    from anjia.cli.backup import store
    from anjia.foundation.core import clock

    place = store.make(folder, clock.now())
    held = store.read(place)
    rows = sum(held["counts"].values())
    click.echo(f"✓ {place}: {rows} 行、{held['files']} 个材料 / rows, files")


@click.command("restore")
@click.argument("place", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--look", is_flag=True, hidden=True)
def restore(place: Path, look: bool) -> None:
    """把一次备份恢复到空的地方(ANJIA_VAR、ANJIA_DATABASE)。/ Restore a backup into an empty place.

    已销毁的仍是销毁的。恢复后请运行 anjia ledger verify,它会说明比另一处的锚点少了什么。
    What was erased stays erased. Run anjia ledger verify afterwards: it says what the second place knows of more.
    """
    _load()
    from anjia.cli.backup import drill, store
    from anjia.foundation.vault.errors import VaultError

    try:
        done = store.restore(place)
    except (store.BackupProblem, VaultError) as problem:
        click.echo(f"✗ {problem}", err=True)
        raise SystemExit(2) from None
    if look:
        click.echo(drill.as_line(drill.look(store.read(place))))
        return
    click.echo(
        f"✓ {done.rows} 行、{done.keys} 个数据密钥、{done.files} 个材料;清除已销毁的 {done.erased_again} 件"
        " / rows, data keys, files; erased again"
    )


@click.command("drill")
def drill() -> None:
    """演练:备份、恢复到空处、全部核对,一行报告。/ Back up, restore elsewhere, check everything; one line."""
    _load()
    from anjia.cli.backup import drill as steps

    began = time.monotonic()
    found = steps.run()
    for fault in found.faults[:50]:
        click.echo(f"✗ {fault}", err=True)
    click.echo(
        f"{'✗' if found.faults else '✓'} 演练 / drill: {found.rows} 行 rows, {found.files} 个材料 files, "
        f"{found.documents} 份文书 documents, {len(found.faults)} 处不符 faults, {time.monotonic() - began:.1f} s"
    )
    if found.faults:
        raise SystemExit(1)


def _load() -> None:
    from anjia.cli.main import load_django

    load_django()
