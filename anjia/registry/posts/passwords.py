"""Words that everybody in these offices would try first: no password is made of one of them and little else."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: In letters as they are typed; docs/OPERATING.md names them.
OURS = (
    "anjia", "pingan", "pinganjiating", "fulian", "funv", "fuwu", "weiquan", "jiating", "jiabao", "shequ", "yangzhou",
    "jiangsu", "hanjiang", "zhongguo", "admin", "administrator", "password", "mima", "12338", "12345", "110",
    "妇联", "平安", "家庭", "安家", "维权", "密码",
)  # fmt: skip
LEAST_LEFT = 8  # characters that must stand beside them


class NotOurWords:
    """Refuses what is left with too little once these words, figures of years and signs are taken out."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when it is one of them with a year behind it."""
        rest = password.casefold()
        for word in sorted(OURS, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(re.sub(r"(?:19|20)\d\d|[\W_]", "", rest)) < LEAST_LEFT:
            raise ValidationError(self.get_help_text(), code="our_words")

    def get_help_text(self) -> str:
        """What is asked for."""
        return str(_("不要用单位、地名、系统名加数字做密码。"))
