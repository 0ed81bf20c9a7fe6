"""消息: how one wants to be told, and for heads and the administrator what became of the messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.engine.messages import actions, preferences
from anjia.engine.messages.models import Often
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

FIELDS = ("way", "address", "often", "quiet_from", "quiet_to")
#: Why a way cannot be used, and why a message waits, failed or was not sent, in the words of whoever reads it.
FAULTS = {
    "": _("可以用"),
    "demo": _("演示:只演一遍,不真发"),
    "off": _("没有开通"),
    "address": _("设置里的地址不对"),
    "open": _("设置里的地址没有加密,不能用"),
}
WHYS = {
    "quiet": _("本人的免打扰时间"),
    "hours": _("等她说的安全时间"),
    "never": _("她说了不要这样联系"),
    "none": _("她没有留联系方式"),
    "number": _("不是一个清楚的、只属于她的手机号"),
    "unclear": _("她写的时间要由人来读"),
    "gone": _("已撤回或已删除"),
    "old": _("过时了,不必再发"),
    "off": _("这种方式没有开通"),
    "address": _("没有可用的地址"),
    "refused": _("对方没有收"),
    "unsure": _("发到一半断了,不知道到了没有"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """Her own wishes: which way, how often, when not."""
    account = request.actor.account_id
    if account is None:
        raise NotFound
    kept = preferences.of(account)
    typed: dict[str, Any] = {
        "way": kept.way,
        "address": kept.own_address,
        "often": kept.often,
        "quiet_from": f"{kept.quiet_from:%H:%M}",
        "quiet_to": f"{kept.quiet_to:%H:%M}",
    }
    errors: dict[str, list[str]] = {}
    said = ""
    if request.method == "POST":
        try:
            done = carry_out(request)
            return HttpResponseRedirect(page.link("desk:my-messages", query={"done": done}))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
            typed = {name: request.POST.get(name, typed[name]) for name in FIELDS}
    context = {
        "typed": typed,
        "errors": errors,
        "said": said,
        "ways": preferences.choices(account),
        "often": Often.choices,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/my_messages.html", context, status=422 if said else 200)


def carry_out(request: SignedInRequest) -> str:
    """What the pressed button says."""
    if request.POST.get("do") == "trial":
        actions.send_trial(actor=request.actor, now=request.now)
        return "trial"
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    actions.set_preference(actor=request.actor, now=request.now, **typed)
    return "kept"


@require_GET
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """The ways, the counts, what stands aside."""
    shown = actions.overview(actor=request.actor, now=request.now)
    context = {"shown": shown, "faults": FAULTS, "whys": WHYS, "done": request.GET.get("done", "")}
    return render(request, "desk/messages.html", context)


@require_POST
@signed_in
def again(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Send again what stands aside."""
    done = "again"
    try:
        actions.send_again(actor=request.actor, message_id=message_id, now=request.now)
    except RuleBroken:
        done = "over"
    return HttpResponseRedirect(page.link("desk:messages", query={"done": done}))
