"""What a form posts arrives as the action takes it, and can be shown again as typed."""

from __future__ import annotations

from django.http import QueryDict

from anjia.ui import forms, samples


def gathered(query: str) -> forms.Gathered:
    return forms.gather(samples.fields(), QueryDict(query))


def test_money_goes_from_yuan_to_fen() -> None:
    assert gathered("aid=1,200.5").values["aid"] == "120050"
    assert gathered("aid=12.345").values["aid"] == "12.345"  # more than fen: the engine refuses it
    assert gathered("aid=twelve").typed["aid"] == "twelve"


def test_blank_is_left_out_and_no_is_kept() -> None:
    got = gathered("called=++&come_to_door=no&dv_forms=&dv_forms=physical")
    assert "called" not in got.values
    assert got.values["come_to_door"] == "no"
    assert got.values["dv_forms"] == ["physical"]


def test_a_place_without_script() -> None:
    """The list in <noscript> is empty while a radio is chosen, and letters may come alone."""
    assert gathered("residence=321003&residence=").values["residence"] == "321003"
    got = gathered("residence=&residence__words=yl")
    assert forms.unresolved_places(got, samples.fields()) == {"residence": "yl"}


def test_a_prefix_keeps_two_people_apart() -> None:
    got = forms.gather(samples.fields(), QueryDict("a-called=x&b-called=y"), prefix="b-")
    assert got.values == {"called": "y"}
