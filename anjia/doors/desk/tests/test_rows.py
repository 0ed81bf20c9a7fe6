"""One row that is refused neither stops nor hides the others."""

from __future__ import annotations

from django.template.loader import get_template

from anjia.doors.desk import rows
from anjia.foundation.core.verdict import NotFound, RuleBroken


def refused(error: Exception) -> tuple[str, str]:
    raise error


def test_each_row_says_for_itself_what_became_of_it() -> None:
    done = [
        rows.attempt("1", lambda: ("已记下。", "/desk/m/1/")),
        rows.attempt("2", lambda: refused(RuleBroken("有几处", {"letter_no": "这一项要填。"})), "/again/"),
        rows.attempt("3", lambda: refused(NotFound())),
        rows.PerRow("4", rows.SKIPPED, "已经有了。"),
    ]
    assert [r.result for r in done] == ["ok", "refused", "refused", "skipped"]
    assert done[1].sentence == "这一项要填。"
    assert done[1].link == "/again/"
    assert rows.counted(done) == {"ok": 1, "refused": 2, "skipped": 1}
    page = get_template("desk/_per_row.html").template.module.per_row(done, rows.counted(done))
    for words in ("已记下。", "这一项要填。", "没有找到这件事项。", 'href="/desk/m/1/"'):
        assert words in page
