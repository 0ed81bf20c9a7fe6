"""The limits of mediation, said before the button is pressed wherever they are known by then."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.language import language
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import guard
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.events.models import Event
from anjia.law.codes import book

HALTS = ("halt_first", "halt_second")


@guard("violence.not_told")
def violence_not_told(moving: Moving) -> Verdict:
    """Once somebody said that they are hurt or afraid, this dispute is never mediated again, reopened or not."""
    if Event.objects.filter(matter=moving.matter.id, move__in=HALTS).exists():
        return deny(
            _("有人说过受到暴力或害怕,暴力本身不调解,这条路已经关上——妇联规程第11条、本机构规则。"),
            "mediation",
        )
    return ALLOW


@guard("agreement.not_for_punishment")
def not_for_punishment(moving: Moving, *, field: str) -> Verdict:
    """以调代罚: an agreement may not buy off a punishment (治安管理处罚法 9)."""
    if moving.is_preview or moving.values.get(field) is False:
        return ALLOW
    return deny(
        _(
            "不得以调解协议代替处罚(治安管理处罚法第9条):请去掉“不追究”“不处罚”“撤案”的内容;"
            "是不是处罚由公安依法决定,涉家庭暴力的请按“马上停”。"
        ),
        "punishment",
    )


@guard("confirm.items")
def confirm_items(moving: Moving, *, field: str, agreed: str) -> Verdict:
    """Only what was agreed, and nothing about marriage, status or adoption (法释〔2011〕5号 4)."""
    if moving.is_preview:
        return ALLOW
    asked, items = moving.values.get(field) or [], book()["agreement-item"]
    barred = [code for code in asked if code not in items.having(confirmable=True)]
    if barred:
        names = "、".join(items.label(code, language()) for code in barred)
        return deny(
            _("婚姻、身份、收养关系不能申请司法确认(法释〔2011〕5号第4条),请去掉:%(names)s。")
            % {"names": names},
            "confirm",
        )
    strange = [code for code in asked if code not in moving.matter.data.get(agreed, ())]
    if strange:
        names = "、".join(items.label(code, language()) for code in strange)
        return deny(_("协议里没有这些事项,不能申请确认:%(names)s。") % {"names": names}, "confirm")
    return ALLOW
