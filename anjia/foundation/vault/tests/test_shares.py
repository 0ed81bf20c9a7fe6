"""Two of three officers bring the master key back; one alone has nothing, not even a guess."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from anjia.cli.main import main
from anjia.foundation.vault import keyfile, shares
from anjia.foundation.vault.errors import KeyProblem


def test_products_are_those_of_the_field() -> None:
    """FIPS 197, 4.2: {57} • {83} = {c1}, {57} • {13} = {fe}; and division undoes every product."""
    assert (shares.times(0x57, 0x83), shares.times(0x57, 0x13)) == (0xC1, 0xFE)
    for a, b in itertools.product(range(256), range(1, 256)):
        assert shares.over(shares.times(a, b), b) == a
    with pytest.raises(ZeroDivisionError):
        shares.over(1, 0)


@given(st.binary(min_size=1, max_size=70), st.integers(2, 4), st.integers(0, 3))
@limits(max_examples=60, deadline=None)
def test_any_enough_shares_give_the_secret_back_and_no_fewer(secret: bytes, needed: int, more: int) -> None:
    made = shares.split(secret, needed=needed, of=needed + more)
    for some in itertools.combinations(made, needed):
        assert shares.join(some) == secret
    assert shares.join(made) == secret
    with pytest.raises(KeyProblem, match="needed"):
        shares.join(made[: needed - 1])


def test_one_share_fits_every_secret_there_could_be() -> None:
    """For one byte of a share, each of the 256 values of the secret is reached by exactly one other share."""
    one = shares.Share("0" * 8, 1, 2, b"\x5a")
    secrets_possible = Counter(
        shares.join([one, shares.Share("0" * 8, 2, 2, bytes((other,)))])[0] for other in range(256)
    )
    assert set(secrets_possible) == set(range(256))
    assert set(secrets_possible.values()) == {1}


def test_shares_of_equal_secrets_look_like_chance() -> None:
    """A share of 32 zeros takes every value about equally often (chi-squared, 255 degrees of freedom)."""
    counted = Counter(b"".join(shares.split(bytes(32))[0].data for _ in range(800)))
    expected = 800 * 32 / 256
    assert sum((counted[v] - expected) ** 2 / expected for v in range(256)) < 400  # p < 1e-8 beyond


def test_a_share_survives_being_printed_and_typed_and_an_error_is_noticed() -> None:
    share = shares.split(secrets.token_bytes(64))[1]
    text = share.text()
    assert shares.read(f"  {text.lower()}\n") == share
    assert share.data.hex() not in repr(share)
    for place in range(len(text)):
        if text[place] in "0123456789ABCDEF" and text[:place].count(" ") > 2:
            wrong = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
            with pytest.raises(KeyProblem, match="mistyped"):
                shares.read(wrong)
    for rubbish in ("", "ANJIA", "hello", "ANJIA 00 1/2 GG", "ANJIA 00 1 00", "ANJIA 00 1/2"):
        with pytest.raises(KeyProblem):
            shares.read(rubbish)


def test_shares_of_two_sets_are_not_mixed() -> None:
    one, other = shares.split(b"first"), shares.split(b"other")
    with pytest.raises(KeyProblem, match="together"):
        shares.join([one[0], other[1]])
    with pytest.raises(KeyProblem, match="needed"):
        shares.join([one[0], one[0]])
    with pytest.raises(ValueError, match="shares"):
        shares.split(b"x", needed=1)


def test_two_officers_bring_a_lost_key_file_back(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    path = tmp_path / "keys" / "master"
    keys = [secrets.token_bytes(32), secrets.token_bytes(32)]
    keyfile.make(path, keys)
    run = CliRunner().invoke
    told = run(main, ["keys", "split"])
    assert told.exit_code == 0, told.output
    texts = [line.strip() for line in told.output.splitlines() if line.strip().startswith("ANJIA")]
    assert len(texts) == 3
    assert all(key.hex().upper() not in told.output.replace(" ", "") for key in keys)
    refused = run(main, ["keys", "recover"], input=f"{texts[0]}\n{texts[2]}\n")
    assert refused.exit_code == 2
    assert "已经有" in refused.output
    path.unlink()
    wrong = run(main, ["keys", "recover"], input=f"{texts[0]}\n{texts[0]}\n")
    assert wrong.exit_code == 2
    assert not path.exists()
    back = run(main, ["keys", "recover"], input=f"{texts[0]}\n{texts[2]}\n")
    assert back.exit_code == 0, back.output
    assert keyfile.read(path)[0] == keys
    assert path.stat().st_mode & 0o777 == 0o400
