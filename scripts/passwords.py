"""Makes the list of words that no password is made of: `scripts/passwords.py FILE...` (each a JSON list of strings).

What is kept (anjia/registry/posts/passwords.bin) are five bytes of a hash of each, sorted: nobody has to read them, and
the whole is a third of a megabyte. Lists to give: `src/passwords.json` of the npm package @zxcvbn-ts/language-common
(MIT); what people here add to them is below.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from anjia.registry.posts import passwords  # noqa: E402

#: What people here begin with …
WORDS = (
    "woaini", "woaiwo", "aini", "woainima", "woaibaobao", "woaizhongguo", "woaibeijing", "woaijia", "nihao", "wodemima",
    "mima", "wo", "a", "aa", "aaa", "abc", "abcd", "q", "qq", "qqq", "w", "z", "zz", "x", "s", "asd", "qwe", "zxc", "qaz",
    "iloveyou", "loveyou", "love", "baobao", "laogong", "laopo", "mama", "baba", "xiaoxiao", "tiantian", "tianxia",
    "zhongguo", "china", "beijing", "shanghai", "nanjing", "jiangsu", "yangzhou", "woshishui", "woshini", "xiaomi",
    "huawei", "taobao", "weixin", "wechat", "alipay", "admin", "root", "user", "test", "guest", "office", "gongan",
    "fayuan", "yiyuan", "minzheng", "sifa", "jiedao", "shequ", "cunwei", "paichusuo",
    "li", "wang", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu", "xu", "sun", "hu", "zhu", "gao", "lin",
    "he", "guo", "ma", "luo", "liang", "song", "zheng", "xie", "han", "tang", "feng", "yu", "dong", "xiao", "cheng", "cao",
)  # fmt: skip
#: … and end with.
ENDS = (
    "", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "123123",
    "123321", "112233", "321", "520", "521", "1314", "5201314", "1314520", "5211314", "201314", "0", "00", "000", "0000",
    "000000", "1111", "111111", "11111111", "66", "666", "6666", "666666", "88", "888", "8888", "888888", "88888888",
    "99", "999", "168", "518", "588", "688", "1688", "147258", "147258369", "159357", "789", "456", "654321", "987654321",
    *(str(year) for year in range(1960, 2030)),
)  # fmt: skip
#: Ways a finger goes over the keys.
WALKS = (
    "1qaz2wsx3edc4rfv", "qazwsxedcrfv", "qweasdzxc", "1q2w3e4r5t6y", "qwertyuiop", "asdfghjkl", "zxcvbnm", "147258369",
    "741852963", "1qazxsw23edc",
)  # fmt: skip


def main() -> None:
    """Read the lists, add ours, write the file."""
    words = {w + e for w, e in product(WORDS, ENDS)} | {e + w for w, e in product(WORDS, ENDS)} | set(WALKS)
    words |= {walk[:n] for walk in WALKS for n in range(4, len(walk))} | {e for e in ENDS if len(e) >= 3}
    for name in sys.argv[1:]:
        words |= set(json.loads(Path(name).read_text(encoding="utf-8")))
    kept = {passwords.bare(w) for w in words}
    marks = sorted({passwords.mark(w) for w in kept if len(w) >= passwords.SHORTEST})
    passwords.FILE.write_bytes(b"".join(marks))
    print(f"{len(marks)} words, {passwords.FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
