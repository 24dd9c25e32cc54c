"""Run notebooks from top to bottom in a fresh kernel, and keep what they show.

`python .ci/notebooks.py write NOTEBOOK...` writes the outputs into the notebooks; `check` fails
when what is stored differs from what the notebook gives now. Either way a notebook may take a
minute, must not write to stderr, and sees neither the network nor the settings of whoever runs it.
Same input, same bytes: nothing of the machine or the moment is stored.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 60
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "pygments_lexer": "ipython3"}
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
SVG_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)  # the version of matplotlib
NO_NETWORK = "http://127.0.0.1:9"  # nothing listens there
LINES_SHOWN = 12
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
POINTS = 0.02
"""Points by which a place in a chart may differ: another processor may round otherwise."""

Notebook = dict[str, Any]


def tidy(notebook: Notebook) -> Notebook:
    """Return a copy without what differs from one run or machine to the next.

    Parameters
    ----------
    notebook : dict
        A notebook of format 4.5.

    Returns
    -------
    dict
        Cells with their ids, tags, sources and outputs; execution counts are 1 to n.
    """
    cells, n_code = [], 0
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags")
        kept = {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": {"tags": list(tags)} if tags else {},
            "source": _text(cell["source"]),
        }
        if cell["cell_type"] == "code":
            n_code += 1
            outputs = [_tidy_output(output, number=n_code) for output in cell["outputs"]]
            kept |= {"execution_count": n_code, "outputs": outputs}
        cells.append(kept)
    metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _tidy_output(output: dict[str, Any], *, number: int) -> dict[str, Any]:
    kind = output["output_type"]
    if kind == "stream":
        return {"output_type": kind, "name": output["name"], "text": _plain(output["text"])}
    if kind == "error":
        lines = [_plain(line) for line in output["traceback"]]
        named = {key: output[key] for key in ("ename", "evalue")}
        return {"output_type": kind, **named, "traceback": lines}
    words = {name: about for name, about in output["metadata"].items() if name in output["data"]}
    kept = {"output_type": kind, "data": _tidy_data(output["data"]), "metadata": words}
    return kept | ({"execution_count": number} if kind == "execute_result" else {})


def _tidy_data(data: dict[str, Any]) -> dict[str, Any]:
    kept = {kind: _plain(value) for kind, value in sorted(data.items())}
    if "image/svg+xml" in kept:
        kept["image/svg+xml"] = SVG_METADATA.sub("", kept["image/svg+xml"])
    return kept


def _plain(text: str | list[str]) -> str:
    return ADDRESS.sub("0x...", _text(text))


def _text(text: str | list[str]) -> str:
    """Join what nbformat stores as one text or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def written(notebook: Notebook) -> str:
    """Write a notebook as Jupyter does: lines of a text as a list, keys in order."""
    cells = []
    for cell in notebook["cells"]:
        kept = cell | {"source": cell["source"].splitlines(keepends=True)}
        if "outputs" in cell:
            kept["outputs"] = [_split(output) for output in cell["outputs"]]
        cells.append(kept)
    text = json.dumps(notebook | {"cells": cells}, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n"


def _split(output: dict[str, Any]) -> dict[str, Any]:
    if "text" in output:
        return output | {"text": output["text"].splitlines(keepends=True)}
    if "data" in output:
        data = {kind: text.splitlines(keepends=True) for kind, text in output["data"].items()}
        return output | {"data": data}
    return output


def differences(stored: Notebook, fresh: Notebook) -> Iterator[str]:
    """Say which cells show something else than what is stored.

    Parameters
    ----------
    stored, fresh : dict
        The notebook as it is, and as a run gives it.

    Yields
    ------
    str
        The number of the cell, and what differs. Charts are equal if no place in them differs by
        more than `POINTS`.
    """
    pairs = zip(tidy(stored)["cells"], tidy(fresh)["cells"], strict=True)
    for number, (old, new) in enumerate(pairs, start=1):
        if _without_charts(old) == _without_charts(new) and _same_charts(old, new):
            continue
        lines = difflib.unified_diff(_shown(old), _shown(new), "stored", "now", lineterm="", n=1)
        some = [line[:160] for line in lines][:LINES_SHOWN]
        yield "\n  ".join([f"cell {number} shows something else:", *some])


def _charts(cell: dict[str, Any]) -> list[str]:
    data = [output.get("data", {}) for output in cell.get("outputs", ())]
    return [each["image/svg+xml"] for each in data if "image/svg+xml" in each]


def _without_charts(cell: dict[str, Any]) -> str:
    """Write a cell with its charts as words, every number of theirs left out."""
    text = json.dumps(cell)
    for chart in _charts(cell):
        text = text.replace(json.dumps(chart), json.dumps(NUMBER.sub("0", chart)))
    return text


def _same_charts(old: dict[str, Any], new: dict[str, Any]) -> bool:
    pairs = zip(_charts(old), _charts(new), strict=True)
    places = [zip(NUMBER.findall(a), NUMBER.findall(b), strict=True) for a, b in pairs]
    return all(abs(float(a) - float(b)) <= POINTS for chart in places for a, b in chart)


def _shown(cell: dict[str, Any]) -> list[str]:
    return json.dumps(cell, indent=1, ensure_ascii=False).replace("\\n", "\n").splitlines()


def complaints(notebook: Notebook) -> Iterator[str]:
    """Name the cells that wrote to stderr: a warning that a reader would see."""
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                yield f"cell {number} wrote to stderr: {_text(output['text'])[:400]}"


def environment(home: Path) -> dict[str, str]:
    """Build the environment of a kernel: this checkout, fixed seeds, nobody's settings."""
    profile = home / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (home / "matplotlibrc").write_text("svg.hashsalt: oilshock\n", encoding="utf-8")
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NO_NETWORK)
    search = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        **proxies,
        "IPYTHONDIR": str(home / "ipython"),
        "MATPLOTLIBRC": str(home / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OILSHOCK_CACHE": str(home / "cache"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(search),
        "PYTHONWARNINGS": "",
        "TZ": "UTC",
    }


async def execute(path: Path) -> Notebook:
    """Run a notebook from its own folder, as Jupyter does.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    dict
        The notebook with fresh outputs, tidy.

    Raises
    ------
    TimeoutError
        When it takes longer than a minute.
    CellExecutionError
        When a cell fails that is not tagged `raises-exception`.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as home:
        client = NotebookClient(
            notebook,
            kernel_name=KERNEL["name"],
            timeout=SECONDS,
            coalesce_streams=True,
            extra_arguments=["--IPKernelApp.log_level=40"],
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        run = client.async_execute(env=environment(Path(home)))
        await asyncio.wait_for(run, timeout=SECONDS)
    nbformat.validate(notebook)
    return tidy(notebook)


def main(arguments: list[str]) -> int:
    """Run notebooks; write what they show, or check that it is what is stored."""
    mode, *names = arguments or [""]
    if mode not in ("write", "check") or not names:
        print("Usage: python .ci/notebooks.py write|check NOTEBOOK...", file=sys.stderr)
        return 2
    failed = False
    for path in map(Path, names):
        start = monotonic()
        wrong = list(run(path, mode))
        print(f"{path}: {'wrong' if wrong else 'ok'}, {monotonic() - start:.0f} s", flush=True)
        for line in wrong:
            print(f"  {line}", file=sys.stderr)
        failed = failed or bool(wrong)
    return int(failed)


def run(path: Path, mode: str) -> Iterator[str]:
    """Run one notebook, write or compare what it shows, and say what is wrong."""
    from nbclient.exceptions import CellExecutionError

    try:
        fresh = asyncio.run(execute(path.resolve()))
    except TimeoutError:
        yield f"takes longer than {SECONDS} s"
        return
    except CellExecutionError as error:
        yield str(error)
        return
    wrong = list(complaints(fresh))
    yield from wrong
    if mode == "check":
        stored = json.loads(path.read_text(encoding="utf-8"))
        other = list(differences(stored, fresh))
        yield from other
        if other:
            yield f"run `make notebooks NOTEBOOKS={path}` and look at it"
    elif not wrong:
        path.write_text(written(fresh), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
