"""The text of a brief and the figures in it."""

from __future__ import annotations

from markdown_it import MarkdownIt

from oilshock.brief.record import Brief, Figure, Phrase, joined, paragraph, say


def figure(text: str) -> Phrase:
    return Phrase(text, (Figure(text, "car", "start == 0", "car", "value", 1.0),))


def test_figures_keep_the_order_of_the_text() -> None:
    phrase = say("{b} before {a}.", a=figure("2"), b=figure("1"))
    assert phrase.text == "1 before 2."
    assert [part.text for part in phrase.figures] == ["1", "2"]


def test_braces_in_a_title_are_no_template() -> None:
    assert say("{title}!", title="{a} {0} {}").text == "{a} {0} {}!"


def test_what_is_not_there_leaves_no_space() -> None:
    assert joined(Phrase("One."), None, Phrase(""), Phrase("Two.")).text == "One. Two."


def brief_of(*lengths: int) -> Brief:
    sentences = [Phrase("x" * (length - 1) + ".") for length in lengths]
    return Brief("T", (paragraph("", Phrase("Short.")), paragraph("Long", *sentences)))


def test_sentences_that_do_not_fit_are_left_out_from_the_end() -> None:
    brief = brief_of(50, 40, 30)
    assert brief.within(10_000) is brief
    shorter = brief.within(len(str(brief)) - 1)
    assert [len(sentence.text) for sentence in shorter.paragraphs[1].sentences] == [50, 40]
    assert [len(s.text) for s in brief.within(1).paragraphs[1].sentences] == [50]


def test_a_paragraph_has_the_sentences_that_there_are() -> None:
    one = Phrase("One.")
    assert paragraph("A", None, one, Phrase("")).sentences == (one,)


def test_the_trace_names_the_paragraph() -> None:
    parts = [paragraph(name, say("{n}", n=figure("2"))) for name in ("", "Levels")]
    assert Brief("T", tuple(parts)).trace["paragraph"].tolist() == ["Headline", "Levels"]


def test_a_figure_that_is_left_out_leaves_the_trace_too() -> None:
    brief = Brief("T", (paragraph("A", Phrase("One."), say("{n} two.", n=figure("2"))),))
    assert brief.trace["text"].tolist() == ["2"]
    assert brief.within(1).trace.empty


def test_markdown_shows_the_words_as_they_are() -> None:
    title = "A|B *c* _d_ [e](f) <g> `h` #i ~j~ $90 & k \\"
    brief = Brief(title, (paragraph("Head", Phrase("p < 0.001 at $90, [0, +5].")),))
    html = MarkdownIt("commonmark").enable("table").render(brief.to_markdown())
    for markup in ("<em>", "<a ", "<code>", "<g>", "<h1>", "<table>"):
        assert markup not in html
    assert "<strong>Head:</strong> p &lt; 0.001 at $90, [0, +5]." in html


def test_repr_is_one_short_line() -> None:
    assert repr(brief_of(50)) == f"Brief({len(str(brief_of(50)))} characters, 0 figures)"


def test_a_trace_is_a_fresh_frame() -> None:
    brief = Brief("T", (paragraph("A", say("{n}", n=figure("2"))),))
    frame = brief.trace
    frame["text"] = "other"
    assert brief.trace["text"].tolist() == ["2"]
