"""The pages of the docs: complete, in the nav, fresh, with examples that run."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import oilshock
from oilshock import inference
from oilshock.cli import cli
from oilshock.config import Config, config_from_dict, json_schema
from oilshock.options import ACROSS_TESTS, ONE_EVENT_TESTS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NO_PAGE = ("generate", "studies", "assets")
MADE_IN_THE_BUILD = {
    "reference/api.md",
    "reference/inference.md",
    "contributing.md",
    "release-notes.md",
}
PAGES = sorted(
    path.relative_to(DOCS).as_posix()
    for path in DOCS.rglob("*.md")
    if path.relative_to(DOCS).parts[0] not in NO_PAGE
)
MARKDOWN = [*PAGES, "../README.md"]


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), flags=re.S | re.M)


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Import what stands in docs/generate, and forget it again."""
    monkeypatch.syspath_prepend(str(DOCS / "generate"))
    before = set(sys.modules)

    def load(name: str) -> ModuleType:
        return __import__(name)

    yield load
    for name in set(sys.modules) - before:
        if str(DOCS / "generate") in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_every_page_is_in_the_nav_and_the_nav_names_no_other() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    named = re.findall(r"([\w/-]+\.(?:md|ipynb))$", nav, flags=re.M)
    notebooks = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.ipynb")]
    assert sorted(named) == sorted({*PAGES, *notebooks, *MADE_IN_THE_BUILD})


@pytest.mark.parametrize("page", MARKDOWN)
def test_a_page_links_to_files_and_headings_that_are_there(page: str) -> None:
    for target in re.findall(
        r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text_of(page), flags=re.S)
    ):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        path = (DOCS / page).parent / name if name else DOCS / page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
            assert anchor in [slug(heading) for heading in headings], target


def slug(heading: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


@pytest.mark.parametrize("page", ["cli", "config"])
def test_a_page_made_from_the_code_is_fresh(page: str, generate: Any) -> None:
    written = text_of(f"reference/{page}.md")
    assert written == generate(f"{page}_reference").render(), "run `make reference`"


def commands(command: click.Command, name: str) -> Iterator[str]:
    yield name
    if isinstance(command, click.Group):
        for child, sub in command.commands.items():
            yield from commands(sub, f"{name} {child}")


def test_the_cli_reference_has_every_command_and_option() -> None:
    sections = re.split(r"^##+ ", text_of("reference/cli.md"), flags=re.M)
    by_name = {section.splitlines()[0]: section for section in sections}
    names = list(commands(cli, "oilshock"))
    assert len(names) > 15
    for name in names:
        command = find(name.split()[1:])
        for option in command.params:
            assert all(flag in by_name[name] for flag in option.opts if flag.startswith("--")), name


def find(words: list[str]) -> click.Command:
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


def test_the_config_reference_has_every_key() -> None:
    sections = re.split(r"^## ", text_of("reference/config.md"), flags=re.M)
    keys = {s.split("\n")[0]: re.findall(r"^\| `(\w+)` \|", s, flags=re.M) for s in sections}
    schema = json_schema()
    for name, field in Config.model_fields.items():
        model = field.annotation
        if name == "series":
            expected = ["returns"]
            heading = "[series.NAME]"
        else:
            table = getattr(model, "model_fields", None)
            if table is None:  # `SweepTable | None`
                table = schema["$defs"]["SweepTable"]["properties"]
            expected, heading = list(table), f"[{name}]"
        assert keys[heading] == expected
    assert keys["[[events.items]]"] == list(schema["$defs"]["EventItem"]["properties"])


def test_the_api_reference_has_every_public_name(generate: Any) -> None:
    api = generate("api_reference")
    named = re.findall(r"^::: oilshock\.[\w.]+\.(\w+)$", api.api_page(), flags=re.M)
    modules_and_version = {"__version__", "inference"}
    assert sorted(named) == sorted(set(oilshock.__all__) - modules_and_version)
    functions = re.findall(r"^::: oilshock\.inference\.(\w+)$", api.inference_page(), flags=re.M)
    assert sorted(functions) == sorted(inference.__all__)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("method/tests-of-one-event.md", ONE_EVENT_TESTS),
        ("method/tests-across-events.md", ACROSS_TESTS),
    ],
)
def test_every_statistic_has_its_formula_source_and_assumption(
    page: str, names: tuple[str, ...]
) -> None:
    sections = {
        section.split("\n")[0]: section
        for section in re.split(r"^## ", text_of(page), flags=re.M)[1:]
    }
    for name in names:
        assert "```math" in sections[name], name
        if name != "placebo" or "across" in page:
            assert {"*Source:*", "*Assumes*"} <= set(sections[name].split()), name


def test_every_paper_that_a_method_page_cites_is_in_the_references() -> None:
    references = text_of("method/references.md")
    cited = set()
    for page in PAGES:
        if page.startswith("method/") and page != "method/references.md":
            plain = re.sub(r"\s+", " ", text_of(page))
            found = re.findall(r"([A-Z][\w.-]+)(?: and [A-Z][\w-]+)? \(?((?:19|20)\d\d)", plain)
            cited |= {pair for pair in found if pair[0] not in MONTHS}
    assert len(cited) > 40
    for author, year in sorted(cited):
        lines = [line for line in references.splitlines() if f"({year})" in line]
        assert any(author in line for line in lines), (author, year)


MONTHS = {"April", "August", "March", "September", "Brent"}


def failures(source: str, *, flags: int = 0) -> int:
    """Run the examples of a text; say how many failed."""
    example = doctest.DocTestParser().get_doctest(source, {}, "docs", "docs", 0)
    assert example.examples
    return doctest.DocTestRunner(optionflags=flags).run(example).failed


def examples_of(page: str) -> str:
    return "\n".join(block for block in blocks(page, "python") if ">>>" in block)


@pytest.mark.parametrize("page", [page for page in PAGES if examples_of(page)])
def test_the_python_examples_of_a_page_run(page: str) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert failures(examples_of(page), flags=flags) == 0


def test_the_python_example_of_the_api_page_runs(generate: Any) -> None:
    assert failures(generate("api_reference").API_HEAD.replace("```", "")) == 0


def command_lines() -> Iterator[tuple[str, str]]:
    for page in MARKDOWN:
        for block in blocks(page, "console"):
            for line in block.splitlines():
                words = re.sub(r"^\.venv/(bin/|Scripts/)", "", line.strip())
                if words.startswith("oilshock "):
                    yield page, words


@pytest.mark.parametrize(("page", "line"), sorted(set(command_lines())))
def test_a_command_line_of_the_docs_is_accepted(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        context = click.Context(
            command, info_name="oilshock", resilient_parsing=True, **cli.context_settings
        )
        words = [word for word in words if word != "--debug"]
        name, sub, words = command.resolve_command(context, words)
        assert sub is not None, name
        command = sub
    parser = command.make_parser(click.Context(command, **cli.context_settings))
    parser.parse_args(args=list(words))


def runnable_configs() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in blocks(page, "toml"):
            if "[study]" in block and not page.startswith("sources/"):
                yield page, block


@pytest.mark.parametrize(("page", "block"), list(runnable_configs()))
def test_a_config_of_the_docs_is_valid(page: str, block: str) -> None:
    config_from_dict(tomllib.loads(block), where=page)


def settings() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in blocks(page, "toml"):
            if "[study]" not in block:
                yield page, block


@pytest.mark.parametrize(("page", "block"), list(settings()))
def test_a_part_of_a_config_in_the_docs_is_valid(page: str, block: str) -> None:
    config_from_dict(tomllib.loads(block) | {"study": {"name": "docs"}}, where=page)


OTHERS = (
    "estudy", "eventstudies", "eventstudy2", "eventstudytools", "event-study-toolkit", "ffjr",
    "easy-es", "easyeventstudies", "robust-eventstudy", "kolari_pynnonen.ado",
)  # fmt: skip


@pytest.mark.parametrize("page", [page for page in MARKDOWN if page != "comparison.md"])
def test_other_software_is_named_on_the_comparison_page_alone(page: str) -> None:
    assert not [name for name in OTHERS if re.search(rf"\b{name}\b", text_of(page).lower())]


def test_the_comparison_says_what_each_does_better() -> None:
    better = text_of("comparison.md").split("## What each does better")[1].split("\n## ")[0]
    assert len(re.findall(r"^\| (?:R|Stata|Python|EventStudyTools)", better, flags=re.M)) > 8


def test_charts_of_a_notebook_have_their_words_on_its_page(generate: Any, tmp_path: Path) -> None:
    words = generate("chart_words")
    chart = {"data": {"image/svg+xml": "<svg/>"}, "metadata": {}}
    named = chart | {"metadata": {"image/svg+xml": {"alt": 'A "price"'}}}
    text = {"data": {"text/plain": "1"}, "metadata": {}}
    notebook = tmp_path / "n.ipynb"
    notebook.write_text(json.dumps({"cells": [{"outputs": [text, named]}, {"outputs": [chart]}]}))
    page = words.with_words(f"<img {words.NO_WORDS}><img {words.NO_WORDS}>", notebook)
    assert page == f'<img alt="A &quot;price&quot;"><img alt="{words.OWN_CHART}">'
