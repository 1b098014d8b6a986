"""The skeleton of a text is the same for everything that reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.text import LONGEST_FOLDED, display, fold, shown, tokens

LOOK_ALIKES = {
    "a": "аα", "b": "Β", "c": "с", "e": "еε", "h": "һΗ", "i": "іι", "j": "ј", "k": "Κк", "m": "Мм",
    "n": "Ν", "o": "оο", "p": "рρ", "s": "ѕ", "t": "Тτ", "v": "ν", "x": "хχ", "y": "уγ", "z": "Ζ",
}  # fmt: skip
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_single_character_folds_to_a_fixed_point() -> None:
    assert [code for code in range(0x20000) if fold(fold(chr(code))) != fold(chr(code))] == []


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßçğışéñøæабвгдежзийклмнопрстуфхцчшщъыьэюя "))
def test_case_makes_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", min_size=1), st.data())
def test_unseen_characters_make_no_difference(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.sampled_from(ZERO_WIDTH))
    assert fold(text[:place] + hidden + text[place:]) == fold(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2), st.data())
def test_one_letter_of_another_alphabet_that_looks_alike_makes_no_difference(
    text: str, data: st.DataObject
) -> None:
    places = [place for place, letter in enumerate(text) if letter in LOOK_ALIKES]
    if places and len(text) > 1:
        place = data.draw(st.sampled_from(places))
        other = data.draw(st.sampled_from(LOOK_ALIKES[text[place]]))
        disguised = text[:place] + other + text[place + 1 :]
        assert fold(disguised) == text


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("CEP TELEFONU MAĞAZASI", "cep telefonu magazasi"),
        ("cep telefonu mağazası", "cep telefonu magazasi"),
        ("İSTANBUL Iğdır", "istanbul igdir"),
        ("  paste,\taluminium  (65 %) ", "paste aluminium 65"),
        ("Ａｌｕ", "alu"),
        ("Straße Ærø Łódź Đakovo", "strasse aero lodz dakovo"),
        ("مَعْجُون", "معجون"),
        ("إلى آلة مدرسة", "الي اله مدرسه"),
        ("كـــتاب", "كتاب"),
        ("کی", "كي"),
        ("مسؤول رئيس", "مسوول رييس"),
        ("٦٠٠", "600"),
        ("раste", "paste"),
        ("νideo", "video"),
        ("a\u0000b", "ab"),
        ("", ""),
        ("–—…", ""),
    ],
)
def test_skeletons(text: str, skeleton: str) -> None:
    assert fold(text) == skeleton


def test_only_the_first_characters_are_folded() -> None:
    assert fold("x" * 3 * LONGEST_FOLDED) == "x" * LONGEST_FOLDED
    assert len(fold("ﷺ" * LONGEST_FOLDED)) <= LONGEST_FOLDED


def test_tokens_are_the_words_of_the_skeleton() -> None:
    assert tokens("Aluminium-Pasten, 65 %") == ("aluminium", "pasten", "65")


@given(st.text())
def test_what_is_displayed_is_one_printable_line(text: str) -> None:
    assert all(character.isprintable() for character in display(text))
    display(text).encode("utf-8")


def test_what_steers_a_terminal_is_shown_and_not_obeyed() -> None:
    assert display("a\x1b[31mb\u202ec\nd\ud800") == "a\\x1b[31mbc d\\ud800"


@given(st.text(), st.integers(2, 80))
def test_shown_text_has_a_bound(text: str, most: int) -> None:
    assert len(shown(text, most)) <= most
