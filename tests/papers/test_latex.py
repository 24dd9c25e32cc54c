"""LaTeX of tables for papers: rules, escapes, long tables, and that it compiles."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oilshock.papers import PAPER_TABLES
from oilshock.papers.latex import SPECIAL, escape, escape_figure
from oilshock.results import StudyResult

PAPER = r"""\documentclass{article}
\usepackage[margin=2.5cm,a4paper]{geometry}
\usepackage{booktabs,longtable}
\begin{document}
%s
\end{document}
"""


@pytest.mark.parametrize("name", PAPER_TABLES)
def test_rules_are_those_of_booktabs(april: StudyResult, name: str) -> None:
    text = april.paper_table(name).to_latex()
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert rule in text
    assert "hline" not in text
    assert "|" not in re.sub(r"%.*", "", text)
    assert rf"\label{{tab:study-{name.replace('_', '-')}}}" in text
    assert r"\textit{Notes.}" in text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("&", r"\&"), ("%", r"\%"), ("$", r"\$"), ("#", r"\#"), ("_", r"\_"), ("{", r"\{"),
        ("}", r"\}"), ("~", r"\textasciitilde{}"), ("^", r"\textasciicircum{}"),
        ("\\", r"\textbackslash{}"), ("−2", "$-$2"), ("–", "--"), ("[", "{[}"), ("<", "$<$"),
        ("a\nb", "a b"),
    ],
)  # fmt: skip
def test_what_latex_reads_as_a_command_is_escaped(given: str, expected: str) -> None:
    assert escape(given) == expected


def test_no_special_character_of_a_title_is_left_alone(nasty: StudyResult) -> None:
    text = nasty.paper_table("p_values").to_latex(environment="table")
    title = str(nasty.facts[0].title)
    assert len(title) > 50
    for word in title.split():
        assert escape(word) in text
    rest = text
    for word in sorted({escape(char) for char in SPECIAL}, key=len, reverse=True):
        rest = rest.replace(word, "")
    assert not set('−–|<>"~') & set(rest)
    assert "100 % & more" not in text


def test_decimals_stand_under_each_other() -> None:
    assert escape_figure("−1.50") == r"$-$1.50\phantom{)}"
    assert escape_figure("(1.98)") == r"(1.98\rlap{)}\phantom{)}"
    assert escape_figure("") == ""
    room = "$^{**}$"
    stars = r"\rlap{$^{*}$}\phantom{$^{**}$}"
    assert escape_figure("1.50*", room=room) == "1.50" + stars
    assert escape_figure("1.50", room=room) == r"1.50\phantom{$^{**}$}"


def test_headings_stand_over_the_digits_of_their_column(april: StudyResult) -> None:
    plain, starred = (
        april.paper_table("p_values", stars=stars).to_latex() for stars in ((), (0.9,))
    )
    assert r"Event & Window & CAR & (s.e.)\phantom{)} & t & p &" in plain
    assert r"Event & Window & CAR\phantom{$^{*}$} & (s.e.)\phantom{)} & t & p &" in starred
    # Room for stars parts the columns already.
    assert r"\setlength{\tabcolsep}{3pt}" in plain
    assert r"\setlength{\tabcolsep}{2pt}" in starred


def test_rows_hold_the_cells_of_the_frame(april: StudyResult) -> None:
    table = april.paper_table("whatif")
    text = table.to_latex(environment="table")
    body = text[text.index(r"\midrule") : text.index(r"\bottomrule")]
    rows = [line.split("&") for line in body.splitlines() if line.endswith(r"\\")]
    cells = [row[3].strip() for row in rows if row[3].strip()]
    assert cells == table.frame["Price"].tolist()


def test_a_table_of_more_than_30_lines_breaks_across_pages(april: StudyResult) -> None:
    short, long = april.paper_table("average"), april.paper_table("p_values")
    assert r"\begin{table}" in short.to_latex()
    assert r"\begin{longtable}" in long.to_latex()
    assert r"\endhead" in long.to_latex()
    assert r"\begin{longtable}" in short.to_latex(environment="longtable")
    assert r"\begin{table}" in long.to_latex(environment="table")


def test_no_page_breaks_inside_a_block(april: StudyResult) -> None:
    text = april.paper_table("p_values").to_latex()
    assert text.count(r"\nopagebreak") >= 3 * len(april.estimates.ids)
    assert r"\nopagebreak" not in april.paper_table("average").to_latex()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("stars", [(), (0.9, 0.5, 0.1)])
def test_it_compiles_and_fits_the_page(
    april: StudyResult, nasty: StudyResult, tmp_path: Path, stars: tuple[float, ...]
) -> None:
    tables = [
        result.paper_table(name, stars=stars).to_latex()
        for result in (april, nasty)
        for name in PAPER_TABLES
    ]
    (tmp_path / "paper.tex").write_text(PAPER % "\n".join(tables), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "paper.pdf").stat().st_size > 20_000
    assert "Overfull" not in done.stdout
