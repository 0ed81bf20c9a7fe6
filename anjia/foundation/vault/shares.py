"""Several people together hold what none of them holds alone: Shamir's sharing over GF(256).

For recovery of the master key: of three officers' shares any two give the key back, one tells nothing at
all (every byte of it is equally likely whatever the key is). A share is text that can be printed: the set it
belongs to, its number, how many are needed, the data, and a sum by which a typing error is noticed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from anjia.foundation.vault.errors import KeyProblem

WORD = "ANJIA"
SUM_BYTES = 4
GROUP = 4
#: x^8 + x^4 + x^3 + x + 1, the field of AES; 3 generates it.
POLYNOMIAL = 0x11B


def _tables() -> tuple[list[int], list[int]]:
    """Powers of the generator and their logarithms."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value ^= (value << 1) ^ (POLYNOMIAL if value & 0x80 else 0)
    logarithms = [0] * 256
    for exponent, power in enumerate(powers):
        logarithms[power] = exponent
    return powers, logarithms


POWERS, LOGARITHMS = _tables()


def times(a: int, b: int) -> int:
    """Product in GF(256)."""
    return POWERS[(LOGARITHMS[a] + LOGARITHMS[b]) % 255] if a and b else 0


def over(a: int, b: int) -> int:
    """Quotient in GF(256)."""
    if not b:
        raise ZeroDivisionError
    return POWERS[(LOGARITHMS[a] - LOGARITHMS[b]) % 255] if a else 0


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part. `family` tells which shares belong together; it says nothing about the secret."""

    family: str
    number: int
    needed: int
    data: bytes

    def __repr__(self) -> str:
        return f"<Share {self.number} of {self.family}>"

    def text(self) -> str:
        """To be printed: groups of four characters, a sum at the end."""
        head = f"{WORD} {self.family} {self.number}/{self.needed}"
        whole = (self.data + _sum(self)).hex().upper()
        return head + " " + " ".join(whole[i : i + GROUP] for i in range(0, len(whole), GROUP))


def split(secret: bytes, *, needed: int = 2, of: int = 3) -> list[Share]:
    """Shares of a secret: any `needed` of them give it back, fewer tell nothing."""
    if not 1 < needed <= of < 256 or not secret:
        raise ValueError("between 2 and 255 shares, all of something")
    family = secrets.token_hex(4).upper()
    # one random polynomial a byte, with the byte as its value at 0
    polynomials = [bytes((byte,)) + secrets.token_bytes(needed - 1) for byte in secret]
    return [
        Share(family, number, needed, bytes(_value(p, number) for p in polynomials))
        for number in range(1, of + 1)
    ]


def join(shares: Sequence[Share]) -> bytes:
    """The secret of these shares; KeyProblem when they are too few or do not belong together."""
    one_each = {share.number: share for share in shares}
    if len({(s.family, s.needed, len(s.data)) for s in shares}) > 1 or len(one_each) < len(set(shares)):
        raise KeyProblem("these shares were not made together; look at the eight signs after ANJIA")
    if not shares or len(one_each) < shares[0].needed:
        needed = shares[0].needed if shares else 2
        raise KeyProblem(f"{len(one_each)} share given, {needed} different ones are needed")
    points = list(one_each.values())
    return bytes(_at_zero([(s.number, s.data[i]) for s in points]) for i in range(len(points[0].data)))


def read(text: str) -> Share:
    """A share as somebody typed it in; KeyProblem says that it was mistyped, never what it holds."""
    words = text.upper().split()
    try:
        if words[0] != WORD:
            raise ValueError
        number, needed = (int(n) for n in words[2].split("/"))
        whole = bytes.fromhex("".join(words[3:]))
        share = Share(words[1], number, needed, whole[:-SUM_BYTES])
    except (ValueError, IndexError):
        raise KeyProblem(
            "this is no share: it begins with ANJIA and holds digits and the letters A-F"
        ) from None
    if not share.data or _sum(share) != whole[-SUM_BYTES:]:
        raise KeyProblem(f"share {number} was mistyped: its sum does not fit")
    return share


def _sum(share: Share) -> bytes:
    """Notices typing errors. Over the share alone, so it tells nothing about the secret either."""
    head = f"{share.family} {share.number}/{share.needed} ".encode()
    return hashlib.sha256(head + share.data).digest()[:SUM_BYTES]


def _value(polynomial: bytes, x: int) -> int:
    """A polynomial's value (Horner)."""
    value = 0
    for coefficient in reversed(polynomial):
        value = times(value, x) ^ coefficient
    return value


def _at_zero(points: Sequence[tuple[int, int]]) -> int:
    """The value at 0 of the polynomial through these points (Lagrange)."""
    value = 0
    for x, y in points:
        weight = 1
        for other, _ in points:
            if other != x:
                weight = times(weight, over(other, other ^ x))
        value ^= times(y, weight)
    return value
