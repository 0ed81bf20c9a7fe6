"""A slip of the finger in an identity number is found before it is stored; an unknown district is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anjia.law.codes import identity

TODAY = date(2026, 3, 10)
DATES = st.dates(date(1930, 1, 1), date(2026, 3, 1))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Well-formed numbers of an area that does not exist."""
    body = f"999999{draw(DATES):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + identity.check_character(body)


def test_known_answers() -> None:
    """Computed by hand from the standard's weights."""
    assert identity.check_character("99999919900101001") == "6"
    assert identity.fault("999999199108060347", TODAY) is None
    assert identity.born_on("999999199108060347") == date(1991, 8, 6)


@settings(deadline=None)
@given(numbers())
def test_a_right_number_is_taken_however_it_is_spaced(number: str) -> None:
    assert identity.fault(number, TODAY) is None
    spaced = f" {number[:6]} {number[6:14]}-{number[14:].lower()} "
    assert identity.bare(spaced) == number
    assert identity.fault(spaced, TODAY) is None


@settings(deadline=None)
@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_changed_character_is_found(number: str, place: int, instead: str) -> None:
    assume(number[place] != instead)
    assert identity.fault(number[:place] + instead + number[place + 1 :], TODAY)


@settings(deadline=None)
@given(numbers(), st.integers(0, 16))
def test_any_two_swapped_neighbours_are_found(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    assume(a != b)
    assert identity.fault(number[:place] + b + a + number[place + 2 :], TODAY)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("99999919910806034", "17位"),
        ("99999919910806034八", "数字"),
        ("999999188901010012", "出生"),
        ("999999202702290019", "出生"),
        ("999999199113060347", "出生"),
    ],
)
def test_the_words_say_what_to_look_at(typed: str, says: str) -> None:
    told = identity.fault(typed, TODAY)
    assert told
    assert says in told["zh"]
    assert told["en"]


def test_no_district_is_refused() -> None:
    for area in ("999999", "000000", "321027", "110101"):
        body = f"{area}19910806034"
        assert identity.fault(body + identity.check_character(body), TODAY) is None
