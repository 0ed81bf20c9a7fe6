"""Where 「离开」 leads: a page that anybody in any family opens, and that says nothing about this one."""

from __future__ import annotations

import os

#: A public page without meaning. ANJIA_EXIT_URL names another one, for a network that does not reach it.
EXIT_URL = os.environ.get("ANJIA_EXIT_URL", "https://www.baidu.com/")
