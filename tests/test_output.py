"""The output folder: tables, results and manifest, as the contract says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from oilshock import StudyResult, run_study
from oilshock.config import config_from_dict
from oilshock.documents import records, to_document
from oilshock.errors import OutputError
from oilshock.manifest import manifest
from oilshock.output import write_study
from oilshock.tables import EXTRA_COLUMNS, EXTRA_TABLES

ATTACK = "iran-attacks-israel-apr2024"
HEADERS = {
    "events": "event_id,title,category,event_date,event_time,session,shift_days,shift_reason,"
    "status,reason,estimation_start,estimation_end,n_estimation,window_start,window_end,overlaps",
    "abnormal_returns": "event_id,relative_day,session,price,return,expected_return,"
    "abnormal_return,std_error,t_stat,p_value",
    "car": "event_id,start,end,car,std_error,t_stat,p_value,p_calibrated,p_adjusted,ci_low,"
    "ci_high,ci_calibrated_low,ci_calibrated_high,usd",
    "average": "group,relative_day,n_events,aar,aar_std_error,caar,caar_std_error,ci_low,ci_high",
    "tests": "group,start,end,test,statistic,p_value,n_events,df",
    "event_tests": "event_id,start,end,test,statistic,p_value,df,reason",
    "whatif": "event_id,relative_day,session,price,expected_price,low,high,usd,"
    "p_above_90,p_above_92.5",
    "levels": "level,first_session,last_session,sessions_above,peak,peak_session,run_up_return,"
    "abnormal_part,events",
}
FURTHER = {
    "dynamics": "group,horizon,n_events,response,std_error,ci_low,ci_high,band_low,band_high",
    "dynamics_shapes": "group,n_events,peak_day,peak,base_response,base_response_low,"
    "base_response_high,half_life,half_life_low,half_life_high,given_back_5,given_back_5_low,"
    "given_back_5_high,given_back_10,given_back_10_low,given_back_10_high,given_back_20,"
    "given_back_20_low,given_back_20_high,reason",
    "dynamics_events": "event_id,last_day,peak_day,peak_session,peak,band_at_peak,half_life,"
    "given_back_5,given_back_10,given_back_20,reversal,reversal_p,n_placebos,reason",
    "surges": "level,first_session,last_session,sessions_above,peak_session,peak,climb,"
    "given_back_5,given_back_10,given_back_20",
    "history": "event_id,session,measure,move,side,rank,n_sessions,category,n_category,"
    "share_smaller,reason",
    "volatility": "event_id,start,end,measure,realised_vol,forecast_vol,ratio,p_calibrated,"
    "n_placebos,bounded,reason",
}
EXACT = ("car", "std_error", "t_stat", "p_value", "abnormal_return", "expected_price", "statistic")


@pytest.fixture(scope="module")
def result() -> StudyResult:
    data = {
        "study": {"name": "s", "seed": 7},
        "events": {"ids": [ATTACK]},
        "levels": {"usd": [90.0, 92.5]},
    }
    return run_study(config_from_dict(data, where="test"))


@pytest.fixture(scope="module")
def folder(result: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("out") / "s"
    write_study(result, target, formats=())
    return target


@pytest.mark.parametrize("name", HEADERS)
def test_the_columns_are_those_of_the_contract(folder: Path, name: str) -> None:
    lines = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADERS[name]
    assert len(lines) > 1


@pytest.mark.parametrize("name", FURTHER)
def test_further_tables_stand_beside_those_of_the_contract(
    folder: Path, result: StudyResult, name: str
) -> None:
    lines = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == FURTHER[name]
    assert len(lines) == 1 + len(result.estimates.beyond.table(name))


def test_results_json_has_their_blocks(folder: Path) -> None:
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert set(document["dynamics"]) == {"response", "shapes", "events", "surges"}
    assert document["volatility"]["model"] == "garch"
    assert [row["measure"] for row in document["history"]] == ["per_cent", "usd", "scaled"]


def test_nothing_else_is_written(folder: Path) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tables = {f"tables/{name}.csv" for name in (*HEADERS, *EXTRA_TABLES, *FURTHER)}
    assert found == tables | {"results.json", "manifest.json"}


def test_tables_for_papers_and_the_brief_are_written_where_asked(
    result: StudyResult, tmp_path: Path
) -> None:
    target = tmp_path / "s"
    kinds = ("latex", "markdown", "excel")
    files = write_study(result, target, formats=(), tables=kinds, brief=result.brief())
    assert [path.name for path in files[:4]] == ["brief.md", "brief.csv", "papers", "tables.xlsx"]
    papers = {path.name for path in (target / "papers").iterdir()}
    names = ("car", "p_values", "whatif", "levels", "events")
    assert papers == {f"{name}.{ending}" for name in names for ending in ("tex", "md")}
    assert (target / "papers" / "car.tex").read_text("utf-8") == (
        result.paper_table("car").to_latex()
    )
    assert (target / "brief.csv").read_text("utf-8").startswith("paragraph,text,table,row,column")
    first = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    write_study(result, target, formats=(), tables=kinds, brief=result.brief())
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == first


def test_stars_of_the_config_reach_the_tables(tmp_path: Path) -> None:
    data = {
        "study": {"name": "s"},
        "events": {"ids": ["abqaiq-khurais-attack-2019"]},
        "report": {"stars": [0.1, 0.01]},
    }
    result = run_study(config_from_dict(data, where="test"))
    write_study(result, tmp_path / "s", formats=(), tables=("latex",))
    assert "** cal. p $<$ 0.01".replace("*", "{*}") in (tmp_path / "s/papers/car.tex").read_text()


@pytest.mark.parametrize("name", EXTRA_TABLES)
def test_further_tables_have_their_columns(folder: Path, name: str) -> None:
    lines = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(EXTRA_COLUMNS[name])


def test_further_tables_are_in_the_document(result: StudyResult) -> None:
    document = to_document(result)
    assert document["comparison"] == records(result.table("comparison"))
    assert document["diagnostics"]["events"] == records(result.diagnostics)


@pytest.mark.parametrize("name", HEADERS)
def test_csv_dates_are_iso_and_floats_are_exact(
    folder: Path, result: StudyResult, name: str
) -> None:
    frame = result.table(name)
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for column in frame.columns:
        cells = [row[column] for row in rows]
        if column in ("session", "event_date", "window_end", "first_session"):
            assert all(re.fullmatch(r"\d{4}-\d\d-\d\d|", cell) for cell in cells)
        if column in EXACT:
            given = frame[column].to_numpy(dtype=float)
            read = np.array([float(cell) if cell else np.nan for cell in cells])
            np.testing.assert_allclose(read, given, rtol=1e-10)


def test_each_test_has_one_row(result: StudyResult) -> None:
    assert not result.table("tests").duplicated(["group", "start", "end", "test"]).any()
    assert not result.table("event_tests").duplicated(["event_id", "start", "end", "test"]).any()
    named = set(result.table("tests")["test"])
    assert named >= {"t", "patell", "bmp", "rank", "generalized-sign"}


@pytest.mark.parametrize("name", HEADERS)
def test_results_json_equals_the_tables_in_full_precision(
    folder: Path, result: StudyResult, name: str
) -> None:
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    frame = result.table(name)
    assert len(document[name]) == len(frame)
    for column in frame.columns:
        if pd.api.types.is_float_dtype(frame[column]):
            read = [np.nan if row[column] is None else row[column] for row in document[name]]
            np.testing.assert_array_equal(np.array(read, dtype=float), frame[column].to_numpy())


def test_results_json_is_strict_and_versioned(folder: Path) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    text = (folder / "results.json").read_text(encoding="utf-8")
    document = json.loads(text, parse_constant=refuse)
    assert document["schema_version"] == 1
    assert document["diagnostics"]["events_rejected_by_filters"] == 193


def test_the_manifest_repeats_the_run(folder: Path, result: StudyResult) -> None:
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert about == manifest(result)
    assert (about["generator"], about["seed"]) == ("oilshock", 7)
    assert {"numpy", "pandas", "matplotlib", "typst"} <= set(about["packages"])
    config = about["config"]
    assert config["windows"]["car"] == [[0, 0], [-1, 1], [0, 5], [-5, 10]]
    assert config["prices"]["symbol"] == "brent-spot"
    assert [entry["input"] for entry in about["inputs"]] == ["prices", "events"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]) for entry in about["inputs"])
    again = run_study(config_from_dict(about["config"], where="manifest"))
    assert to_document(again) == to_document(result)


def test_a_foreign_folder_is_refused(result: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match="is not replaced"):
        write_study(result, tmp_path, formats=())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_progress_is_told(result: StudyResult, tmp_path: Path) -> None:
    seen: list[str] = []
    write_study(
        result, tmp_path / "s", formats=("html",), progress=lambda what, *_: seen.append(what)
    )
    assert seen[-1] == "writing HTML"


def written(tmp_path: Path, **tables: Any) -> tuple[set[str], dict[str, Any]]:
    data = {"study": {"name": "s"}, "events": {"ids": [ATTACK]}, **tables}
    write_study(run_study(config_from_dict(data, where="test")), tmp_path / "s", formats=())
    names = {path.stem for path in (tmp_path / "s" / "tables").iterdir()}
    return names, json.loads((tmp_path / "s" / "results.json").read_text(encoding="utf-8"))


def test_joint_adds_two_tables(tmp_path: Path) -> None:
    names, document = written(tmp_path, model={"joint": True})
    assert names - set(HEADERS) - set(EXTRA_TABLES) - set(FURTHER) == {"joint", "episodes"}
    folder = tmp_path / "s" / "tables"
    assert (folder / "joint.csv").read_text(encoding="utf-8").splitlines()[0] == (
        "id,kind,start,end,n_sessions,sessions,estimate,std_error,statistic,p_value,df,covariance,"
        "identified,shared_with,reason"
    )
    assert (folder / "episodes.csv").read_text(encoding="utf-8").splitlines()[0] == (
        "episode,events,first_session,last_session,n_events,shared_sessions"
    )
    assert document["joint"][0]["id"] == ATTACK
    assert document["episodes"][0]["events"] == ATTACK


def test_episodes_alone_add_one_table(tmp_path: Path) -> None:
    names, document = written(tmp_path, episodes={"within": 3})
    assert names - set(HEADERS) - set(EXTRA_TABLES) - set(FURTHER) == {"episodes"}
    assert "joint" not in document
