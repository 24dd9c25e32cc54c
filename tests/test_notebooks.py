"""The notebooks of the docs as they are stored, and the script that keeps them fresh."""

from __future__ import annotations

import ast
import copy
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "notebooks"
NAMES = (
    "first-steps",
    "april-2024",
    "war-2026",
    "is-opec-surprising",
    "your-own-data",
    "how-we-calibrate",
)
SCRIPT = runpy.run_path(str(ROOT / ".ci" / "notebooks.py"))

MOST_BYTES = 1_000_000
PERSONAL = re.compile(r"/home/|/root/|/tmp/|/Users/|ipykernel_\d|site-packages|0x[0-9a-f]{6,}")
FIGURE = re.compile(r"\d+\.\d+|\d+(?= %)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.fixture(params=NAMES)
def notebook(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(request.param)


def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def cells(notebook: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tree(cell: dict[str, Any]) -> ast.Module:
    """Parse a cell; lines for IPython, such as `%config`, are left out."""
    lines = source(cell).split("\n")
    return ast.parse("\n".join(line for line in lines if not line.startswith(("%", "!"))))


def texts(notebook: dict[str, Any]) -> Iterator[str]:
    """All that the outputs say, but no pictures."""
    for cell in cells(notebook, "code"):
        for output in cell["outputs"]:
            yield "".join(output.get("text", ()))
            yield "\n".join(output.get("traceback", ()))
            for kind, data in output.get("data", {}).items():
                if not kind.startswith("image/"):
                    yield "".join(data)


def test_the_list_is_complete() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"({name}.ipynb)" not in index] == []
    assert "(docs/notebooks/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_format_is_that_of_jupyter(notebook: dict[str, Any]) -> None:
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in ids)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_stored_tidy(name: str) -> None:
    """Nothing of the moment or the machine: tidying again gives the same bytes."""
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert SCRIPT["written"](SCRIPT["tidy"](json.loads(text))) == text
    assert len(text.encode("utf-8")) < MOST_BYTES


def test_it_opens_with_a_title_and_a_question(notebook: dict[str, Any]) -> None:
    first = notebook["cells"][0]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith("# ")
    assert "**Question.**" in source(first)
    assert "?" in source(first)


def test_it_ends_with_what_is_learnt_and_an_exercise(notebook: dict[str, Any]) -> None:
    words = "\n".join(source(cell) for cell in cells(notebook, "markdown"))
    for heading in ("## What you have learnt", "**Read next:**", "## Exercise", "<details>"):
        assert heading in words


def test_code_cells_are_python_and_were_run_in_order(notebook: dict[str, Any]) -> None:
    code = cells(notebook, "code")
    assert all(tree(cell).body for cell in code)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))


def test_each_cell_that_shows_something_has_its_output(notebook: dict[str, Any]) -> None:
    for cell in cells(notebook, "code"):
        is_value = isinstance(tree(cell).body[-1], ast.Expr)
        is_silent = source(cell).rstrip().endswith(";") or "os.chdir(" in source(cell)
        if is_value and not is_silent:
            assert cell["outputs"], source(cell)


def test_each_cell_that_draws_has_its_chart(notebook: dict[str, Any]) -> None:
    for cell in cells(notebook, "code"):
        kinds = [kind for output in cell["outputs"] for kind in output.get("data", {})]
        assert ("image/svg+xml" in kinds) == (".plot" in source(cell)), source(cell)


def test_errors_are_those_that_are_meant(notebook: dict[str, Any]) -> None:
    for cell in cells(notebook, "code"):
        found = [output["output_type"] for output in cell["outputs"]]
        assert ("error" in found) == ("raises-exception" in cell["metadata"].get("tags", ()))
        assert all(output.get("name") != "stderr" for output in cell["outputs"])


def test_it_names_no_machine(notebook: dict[str, Any]) -> None:
    assert [text for text in texts(notebook) if PERSONAL.search(text)] == []


def test_figures_in_the_words_stand_in_an_output_or_in_the_code(notebook: dict[str, Any]) -> None:
    """A sentence may state a figure only if a cell computes it or sets it."""
    shown = "\n".join([*texts(notebook), *(source(cell) for cell in cells(notebook, "code"))])
    for cell in cells(notebook, "markdown"):
        stated = FIGURE.findall(source(cell))
        assert [figure for figure in stated if figure not in shown] == []


def test_no_dollar_sign_opens_a_formula(notebook: dict[str, Any]) -> None:
    """Jupyter sets what stands between two dollar signs as a formula."""
    words = [source(cell) for cell in cells(notebook, "markdown")]
    for cell in cells(notebook, "code"):
        words += [
            "".join(output["data"][kind])
            for output in cell["outputs"]
            for kind in ("text/markdown", "text/html")
            if kind in output.get("data", {})
        ]
    assert [text for text in words if "$" in text.replace("<span>$</span>", "")] == []


def test_links_lead_to_files(notebook: dict[str, Any]) -> None:
    for cell in cells(notebook, "markdown"):
        for target in LINK.findall(source(cell)):
            assert (FOLDER / target).is_file(), target


def test_charts_are_vectors_without_version_or_date(notebook: dict[str, Any]) -> None:
    kinds = [
        kind
        for cell in cells(notebook, "code")
        for output in cell["outputs"]
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]
    assert kinds
    assert set(kinds) == {"image/svg+xml"}
    assert "matplotlib.org/" not in json.dumps(notebook).replace("matplotlib.org)", "")


def changed(name: str, kind: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Return a notebook, a copy, and the place of its first cell with such an output."""
    stored = read(name)
    for place, cell in enumerate(stored["cells"]):
        if any(kind in output.get("data", {}) for output in cell.get("outputs", ())):
            return stored, copy.deepcopy(stored), place
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "text/markdown", "image/svg+xml"])
def test_a_changed_output_is_found(kind: str) -> None:
    stored, fresh, place = changed("first-steps", kind)
    assert list(SCRIPT["differences"](stored, fresh)) == []
    output = next(o for o in fresh["cells"][place]["outputs"] if kind in o.get("data", {}))
    output["data"][kind] = [*output["data"][kind], "x"]
    found = list(SCRIPT["differences"](stored, fresh))
    assert len(found) == 1
    assert found[0].startswith(f"cell {place + 1} ")


@pytest.mark.parametrize(("moved", "n_found"), [(0.01, 0), (0.05, 1)])
def test_a_chart_may_differ_by_a_rounding_only(moved: float, n_found: int) -> None:
    stored, fresh, place = changed("first-steps", "image/svg+xml")
    output = next(
        o for o in fresh["cells"][place]["outputs"] if "image/svg+xml" in o.get("data", {})
    )
    chart = output["data"]["image/svg+xml"]
    line = next(n for n, text in enumerate(chart) if re.match(r"L \d+\.\d+ ", text))
    across = chart[line].split()[1]
    chart[line] = chart[line].replace(across, f"{float(across) + moved:.6f}")
    assert len(list(SCRIPT["differences"](stored, fresh))) == n_found


def test_a_changed_error_is_found() -> None:
    stored = read("your-own-data")
    fresh = copy.deepcopy(stored)
    place = next(
        place
        for place, cell in enumerate(fresh["cells"])
        if "raises-exception" in cell["metadata"].get("tags", ())
    )
    fresh["cells"][place]["outputs"][0]["traceback"][-1] += " More."
    assert len(list(SCRIPT["differences"](stored, fresh))) == 1


def test_what_differs_from_run_to_run_is_dropped() -> None:
    stored = read("first-steps")
    fresh = copy.deepcopy(stored)
    cell = next(cell for cell in fresh["cells"] if cell["cell_type"] == "code" and cell["outputs"])
    cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    cell["execution_count"] = 17
    fresh["metadata"]["language_info"]["version"] = "3.99"
    data = {"text/plain": ["<A at 0x7f0123456789>"]}
    for place, each in ((1, stored), (2, fresh)):
        own = {"data": copy.deepcopy(data), "metadata": {}, "output_type": "display_data"}
        own["data"]["text/plain"][0] = f"<A at 0x7f012345678{place}>"
        next(c for c in each["cells"] if c["cell_type"] == "code")["outputs"].append(own)
    assert list(SCRIPT["differences"](stored, fresh)) == []


def test_charts_of_ours_keep_their_words() -> None:
    stored = read("first-steps")
    outputs = [output for cell in stored["cells"] for output in cell.get("outputs", ())]
    words = [o["metadata"]["image/svg+xml"]["alt"] for o in outputs if o.get("metadata")]
    assert any(text.startswith("Chart. Price, and price expected without") for text in words)
    fresh = copy.deepcopy(stored)
    next(o for c in fresh["cells"] for o in c.get("outputs", ()) if o.get("metadata"))[
        "metadata"
    ].clear()
    assert len(list(SCRIPT["differences"](stored, fresh))) == 1


def test_a_warning_is_a_complaint() -> None:
    noisy = {"cells": [{"outputs": [{"output_type": "stream", "name": "stderr", "text": "W"}]}]}
    assert list(SCRIPT["complaints"](noisy)) == ["cell 1 wrote to stderr: W"]
    assert list(SCRIPT["complaints"](read("first-steps"))) == []


def test_the_kernel_sees_this_checkout_and_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATPLOTLIBRC", "/own/settings")
    monkeypatch.setenv("MPLBACKEND", "agg")
    found = SCRIPT["environment"](tmp_path)
    assert found["PYTHONPATH"].split(":")[0].split(";")[0] == str(ROOT)
    assert Path(found["MATPLOTLIBRC"]).parent == tmp_path
    assert "inline" in found["MPLBACKEND"]
    assert found["https_proxy"].startswith("http://127.0.0.1")


def test_the_script_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert SCRIPT["main"]([]) == 2
    assert SCRIPT["main"](["write"]) == 2
    assert "write|check" in capsys.readouterr().err


def small(path: Path, *sources: str) -> Path:
    """Write a notebook with these code cells and no outputs."""
    own = [
        {
            "cell_type": "code",
            "id": f"c{place}",
            "metadata": {},
            "source": text,
            "outputs": [],
            "execution_count": None,
        }
        for place, text in enumerate(sources)
    ]
    notebook = {"cells": own, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def script(mode: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    for needed in ("nbclient", "ipykernel"):
        pytest.importorskip(needed, reason="it comes with the tools of the docs")
    command = [sys.executable, str(ROOT / ".ci" / "notebooks.py"), mode, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_notebook_is_run_written_and_then_fresh(tmp_path: Path) -> None:
    path = small(tmp_path / "a.ipynb", "from pathlib import Path", "1 + 1, Path.cwd().name")
    stale = script("check", path)
    assert stale.returncode == 1
    assert "cell 2 shows something else" in stale.stderr
    assert script("write", path).returncode == 0
    output = json.loads(path.read_text(encoding="utf-8"))["cells"][1]["outputs"][0]
    assert "".join(output["data"]["text/plain"]) == f"(2, '{tmp_path.name}')"
    assert script("check", path).returncode == 0


def test_what_goes_wrong_is_said_and_not_written(tmp_path: Path) -> None:
    fails = small(tmp_path / "fails.ipynb", "assert 1 == 2")
    warns = small(tmp_path / "warns.ipynb", "import warnings\nwarnings.warn('mind')")
    before = [path.read_bytes() for path in (fails, warns)]
    run = script("write", fails, warns)
    assert run.returncode == 1
    assert "AssertionError" in run.stderr
    assert "cell 1 wrote to stderr" in run.stderr
    assert [path.read_bytes() for path in (fails, warns)] == before


def test_the_gate_runs_the_first_and_the_long_run_all() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make notebooks-check NOTEBOOKS=docs/notebooks/first-steps.ipynb" in gate
    assert "make notebooks-check\n" in (ROOT / ".ci" / "long").read_text(encoding="utf-8")
