"""Error pages in both languages. They hold no value of the request: an error page is copied into chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.ui import page

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Message:
    """What happened and what to do now, in the words of the people who read it."""

    title: Words
    body: Words
    keeps_input: bool = False  # offers "go back": the browser still has what was typed


SAVED_NOTHING = _("没保存成功。您写的内容还在,请再点一次。")
MESSAGES: dict[int | str, Message] = {
    400: Message(_("这个请求读不懂"), _("请返回上一页重试。"), keeps_input=True),
    403: Message(_("这一步现在不能办"), _("需要时请与本单位管理员或上一级联系。"), keeps_input=True),
    404: Message(_("没有找到这件事项。"), _("请核对后再试,或从首页重新进入。")),
    405: Message(_("没有找到这件事项。"), _("请核对后再试,或从首页重新进入。")),
    409: Message(_("刚才有人也改了这一页。"), _("请返回上一页,刷新后核对再保存。"), keeps_input=True),
    413: Message(
        _("文件太大"), _("每个文件不超过 20 MB。请压缩或分几次上传。您写的内容还在。"), keeps_input=True
    ),
    422: Message(SAVED_NOTHING, _("有几处需要改一下。"), keeps_input=True),
    429: Message(_("试得太频繁了"), _("请过几分钟再试。有危险请直接打110。"), keeps_input=True),
    500: Message(SAVED_NOTHING, _("如果一再出现,请告诉管理员发生的时间。"), keeps_input=True),
    503: Message(_("现在打不开"), _("系统正在维护,请稍后再试。有危险请直接打110,求助请打12338。")),
    "stale_form": Message(SAVED_NOTHING, _("页面放得太久了,请返回上一页再提交一次。"), keeps_input=True),
}


def page_for(
    request: HttpRequest,
    status: int,
    *,
    kind: str | None = None,
    reason: Words = "",
    problems: Sequence[Words] = (),
) -> HttpResponse:
    """The page for a status. `reason` replaces the general advice, `problems` are listed below it."""
    message = MESSAGES.get(kind or status, MESSAGES[500])
    context = {
        "status": status,
        "title": message.title,
        "body": reason or message.body,
        "problems": problems,
        "keeps_input": message.keeps_input,
        "is_portal": not request.path.startswith("/desk"),
    }
    return render(request, "ui/errors/error.html", context, status=status)


def written(request: HttpRequest, status: int) -> HttpResponse:
    """An error page outside the middleware (Django's own handlers run after it has left)."""
    token = page.enter(request)
    try:
        return page_for(request, status)
    finally:
        page.leave(token)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400, and 413 when the request was larger than the server takes."""
    return written(request, 413 if type(exception).__name__ == "RequestDataTooBig" else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return written(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return written(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: says that nothing was saved, and not what went wrong."""
    return written(request, 500)
