"""Which fonts there are. Without a Chinese one nothing is drawn: boxes instead of her name help nobody."""

from __future__ import annotations

from functools import cache

import typst
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import RuleBroken

#: What GB/T 9704 asks for, then what a server may be given freely (Debian: fonts-noto-cjk).
BODY = ("FangSong", "FangSong_GB2312", "仿宋", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC")
TITLE = (
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "方正小标宋简体",
    "STZhongsong",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
)
STRONG = ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif CJK SC")
PACKAGE = "fonts-noto-cjk"


@cache
def installed() -> typst.Fonts:
    """Every font of this machine, looked for once."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def families() -> dict[str, list[str]]:
    """For body, title and strong words: what there is of what is wanted, the best first. RuleBroken when nothing is."""
    there = set(installed().families())
    found = {
        name: [f for f in wanted if f in there]
        for name, wanted in (("body", BODY), ("title", TITLE), ("strong", STRONG))
    }
    if not all(found.values()):
        raise RuleBroken(
            _("这台服务器没有中文字体,生成的文件会是方块,所以不生成。请管理员安装软件包 %(package)s。")
            % {"package": PACKAGE}
        )
    return found
