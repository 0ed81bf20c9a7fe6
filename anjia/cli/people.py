"""`anjia people`: the first person who may sign in, and who has lost her password where nobody else can help."""

from __future__ import annotations

from collections.abc import Callable

import click

from anjia.foundation.core.verdict import Refused


@click.group()
def people() -> None:
    """账号:第一个管理员由此开出,其余在网页上开。/ Accounts: the first administrator; others are opened on the desk."""


@people.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--agency", required=True, help="单位全称 / full name of the office")
@click.option("--role", default="sysadmin", show_default=True, help="岗位类别 / kind of post")
@click.option("--title", default="系统管理员", show_default=True, help="岗位名称 / title")
def add(login: str, name: str, agency: str, role: str, title: str) -> None:
    """开一个账号,显示一次初始密码(72小时内用它登录,定自己的密码)。/ Open an account; shows its first password once."""
    load()
    from anjia.foundation.core.clock import now
    from anjia.registry.posts import actions, offices
    from anjia.registry.posts.actors import SYSTEM

    found = offices.named(agency, now())
    if len(found) != 1:
        click.echo(f"✗ 单位不明确 / which office: {', '.join(o.name for o in found) or '–'}", err=True)
        raise SystemExit(2)
    given = {"login": login, "name": name, "mobile": "", "role": role, "title": title}
    show(lambda: actions.open_account(**given, agency=found[0], actor=SYSTEM, now=now()))


@people.command("password")
@click.argument("login")
def password(login: str) -> None:
    """重发初始密码。/ Issue a first password anew."""
    load()
    from anjia.foundation.core.clock import now
    from anjia.registry.posts import actions
    from anjia.registry.posts.actors import SYSTEM

    show(lambda: actions.issue_password_again(login=login, actor=SYSTEM, now=now()))


def show(step: Callable[[], str]) -> None:
    """The password, once; or what was wrong."""
    try:
        click.echo(f"✓ {step()}  (72 小时 / hours)")
    except Refused as refused:
        fields = getattr(refused, "fields", {})
        click.echo("✗ " + ("; ".join(str(w) for w in fields.values()) or str(refused)), err=True)
        raise SystemExit(2) from None


def load() -> None:
    from anjia.cli.main import load_django

    load_django()
