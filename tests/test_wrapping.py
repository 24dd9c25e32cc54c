"""Lines that fit a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from oilshock.wrapping import hanging


def lines(text: str, width: int, **indents: str) -> list[str]:
    return [line.plain for line in hanging(text, width=width, **indents)]


def test_indents_of_the_first_and_of_further_lines() -> None:
    found = lines("one two three four five six seven", 24, first="- ", then="  ")
    assert found == ["- one two three four", "  five six seven"]


def test_a_sign_stays_with_its_number() -> None:
    assert lines("and a fall of some 2.45 % on day 0", 22) == [
        "and a fall of some",
        "2.45 % on day 0",
    ]
    assert lines("with some calibrated p = 0.13", 25) == ["with some calibrated", "p = 0.13"]


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=15)


@given(st.lists(words, max_size=30), st.integers(24, 120))
def test_every_word_is_there_and_no_line_is_too_wide(given_words: list[str], width: int) -> None:
    text = " ".join(given_words)
    found = lines(text, width, first="- ", then="  ")
    assert max((cell_len(line) for line in found), default=0) <= width
    # A word wider than the line is cut in two, so blanks are not compared.
    assert "".join(line[2:] for line in found).replace(" ", "") == text.replace(" ", "")
