"""账号: who looks after accounts opens one, or hands over a new first password. Nothing of a matter stands here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.registry.posts import actions, factors, offices
from anjia.registry.posts.gate import SignedInRequest, signed_in, to_step_up
from anjia.registry.posts.models import PostRole

FIELDS = ("name", "login", "mobile", "office", "role", "title", "again")
LONGEST = 80


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def accounts(request: SignedInRequest) -> HttpResponse:
    """Two forms. The password is shown once, on the answer itself, and stands nowhere afterwards."""
    if not factors.is_fresh(request):
        return to_step_up(request)
    typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in FIELDS}
    errors: dict[str, list[str]] = {}
    said = password = ""
    if request.method == "POST":
        try:
            password = issued(request, typed)
        except RuleBroken as broken:
            errors = {name: [str(words)] for name, words in broken.fields.items()}
            said = str(broken.reason)
        except NotAllowed as refused:
            said = str(refused.verdict.reason)
    is_new = "new" in request.POST
    context = {
        "typed": dict.fromkeys(FIELDS, "") if password else typed,
        "login": typed["login"] if is_new else typed["again"],
        "errors": errors,
        "said": said,
        "password": password,
        "roles": PostRole.choices,
        "hours": int(actions.issuing.HANDED_LASTS.total_seconds() // 3600),
    }
    return render(request, "posts/accounts.html", context, status=422 if errors or said else 200)


def issued(request: SignedInRequest, typed: dict[str, str]) -> str:
    """The password to hand over. Raises RuleBroken beside the field that is wrong."""
    if "new" not in request.POST:
        try:
            return actions.issue_password_again(login=typed["again"], actor=request.actor, now=request.now)
        except RuleBroken as broken:
            raise RuleBroken(broken.reason, {"again": broken.fields["login"]}) from None
    found = offices.named(typed["office"], request.now)
    if len(found) != 1:
        names = "、".join(found_one.name for found_one in found[:5])
        words = (
            _("有好几个:%(names)s。请写全称。") % {"names": names} if found else _("没有这个单位。请写全称。")
        )
        raise RuleBroken(_("没有开。"), {"office": words})
    return actions.open_account(
        login=typed["login"],
        name=typed["name"],
        mobile=typed["mobile"],
        agency=found[0],
        role=typed["role"],
        title=typed["title"],
        actor=request.actor,
        now=request.now,
    )
