"""The catalogue: the bundled one, what filters keep, and that nothing changes it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import pickle
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oilshock.errors import ConfigError
from oilshock.event_files import COLUMNS
from oilshock.events import EventCatalogue, load_events
from oilshock.options import CATEGORIES, DIRECTIONS

BUNDLED = load_events()
FRAME = BUNDLED.to_frame()


def small() -> EventCatalogue:
    return load_events(
        [
            {"id": "a", "date": "2024-04-13", "time": "20:00", "title": "T", "severity": 3},
            {"id": "b", "date": "2024-04-13", "time": "08:00", "title": "T", "category": "own"},
            {"id": "c", "date": "2024-04-15", "title": "<b>U</b>", "region": "Asia", "desk": "x"},
        ]
    )


def test_the_bundled_catalogue_is_complete_and_clean() -> None:
    assert len(BUNDLED) == 194
    assert tuple(FRAME.columns) == COLUMNS
    assert FRAME["id"].is_unique
    assert BUNDLED.findings == ()
    assert set(FRAME["category"]) <= set(CATEGORIES)
    assert set(FRAME["direction"]) <= set(DIRECTIONS)
    assert FRAME["endogenous"].sum() == 3
    assert (FRAME["source_read"] == "yes").all()
    assert FRAME["severity"].notna().all()


def test_the_bundled_columns_are_typed() -> None:
    assert str(FRAME["date"].dtype) == "datetime64[ns]"
    assert str(FRAME["endogenous"].dtype) == "bool"
    assert str(FRAME["severity"].dtype) == "Int64"
    attack = FRAME.set_index("id").loc["iran-attacks-israel-apr2024"]
    assert (attack["date"], attack["time"]) == (pd.Timestamp("2024-04-13"), "20:00Z")
    assert FRAME.loc[0, "time"] == ""


def test_the_provenance_fits_the_bundled_file() -> None:
    data = (resources.files("oilshock") / "data" / "events.csv").read_bytes()
    assert BUNDLED.provenance["sha256"] == hashlib.sha256(data).hexdigest()
    assert BUNDLED.provenance["title"] == "Catalogue of dated events, 1990-2026"


def test_the_provenance_of_a_file_a_list_and_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text("id,date,title\na,2024-04-13,T\n", encoding="utf-8")
    assert load_events(path, shown_as="data/my.csv").provenance == {
        "title": "my.csv",
        "file": "data/my.csv",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    assert load_events(str(path)).provenance["file"] == str(path)
    assert small().provenance["title"] == "inline events"
    assert load_events(FRAME).provenance["title"] == "events of a frame"


def test_further_columns_are_kept_as_text_after_the_known_ones() -> None:
    frame = small().to_frame()
    assert tuple(frame.columns) == (*COLUMNS, "desk")
    assert frame["desk"].tolist() == ["", "", "x"]


def test_frames_are_fresh_and_attributes_are_copies() -> None:
    catalogue = small()
    given_frame = catalogue.to_frame()
    own = EventCatalogue(given_frame, provenance=(words := {"title": "x"}))
    given_frame.loc[0, "title"] = words["title"] = "changed"
    assert own.provenance == {"title": "x"}
    assert catalogue.to_frame().loc[0, "title"] == own.to_frame().loc[0, "title"] == "T"
    with pytest.raises(AttributeError):
        catalogue.n_rejected = 5  # type: ignore[misc]


def test_a_catalogue_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(small()))
    pd.testing.assert_frame_equal(copy.to_frame(), small().to_frame())


def test_the_repr_is_one_line() -> None:
    assert repr(small()) == "EventCatalogue(3 events, 2024-04-13 to 2024-04-15)"
    one = small().filter(ids=["c"])
    assert repr(one) == "EventCatalogue(1 event, 2024-04-15 to 2024-04-15, 2 left out by filters)"
    none = small().filter(since="2030-01-01")
    assert repr(none) == "EventCatalogue(0 events, 3 left out by filters)"


def test_html_is_escaped_and_shortened() -> None:
    page = small()._repr_html_()
    assert "&lt;b&gt;U&lt;/b&gt;" in page
    assert "<b>U" not in page
    assert "EventCatalogue(3 events" in page
    assert BUNDLED._repr_html_().count("<tr") < 25


def test_a_frame_and_its_csv_load_as_the_same_events() -> None:
    for catalogue in (BUNDLED, load_events(small().to_frame())):
        frame = catalogue.to_frame()
        pd.testing.assert_frame_equal(load_events(frame).to_frame(), frame)
        text = frame.to_csv(index=False)
        again = pd.read_csv(io.StringIO(text), dtype=str)
        pd.testing.assert_frame_equal(load_events(again).to_frame(), frame)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, "abc"),
        ({"ids": ["c", "a", "a"]}, "ac"),
        ({"ids": ()}, "abc"),
        ({"categories": ["own"]}, "b"),
        ({"categories": ["conflict"]}, ""),
        ({"regions": ["Asia"]}, "c"),
        ({"directions": ["+"]}, ""),
        ({"since": "2024-04-14"}, "c"),
        ({"since": dt.date(2024, 4, 15)}, "c"),
        ({"until": dt.date(2024, 4, 13)}, "ab"),
        ({"since": "2024-04-13", "until": "2024-04-15"}, "abc"),
        ({"min_severity": 2}, "a"),
        ({"ids": ["a", "b"], "categories": ["own"]}, "b"),
    ],
)
def test_filters_keep_the_order_and_count_the_rest(filters: dict[str, object], ids: str) -> None:
    kept = small().filter(**filters)  # type: ignore[arg-type]
    assert kept.to_frame()["id"].tolist() == list(ids)
    assert kept.n_rejected == 3 - len(ids)
    assert len(kept) == len(ids)


def test_rejects_add_up_over_filters() -> None:
    kept = small().filter(until="2024-04-13").filter(min_severity=1)
    assert (len(kept), kept.n_rejected) == (1, 2)


def test_a_later_filter_knows_what_an_earlier_one_left_out() -> None:
    early = small().filter(until="2024-04-13")
    assert len(early.filter(ids=["c"])) == 0
    assert len(early.filter(regions=["Asia"])) == 0


def test_findings_follow_the_events_kept() -> None:
    catalogue = small()
    assert [finding.kind for finding in catalogue.findings] == ["same_day_title", "bare_time"]
    same, bare = catalogue.filter(ids=["b"]).findings
    assert same.ids == ("a", "b")
    assert bare.ids == ("b",)
    assert bare.message == "1 event has a time without a zone, taken as UTC: b."
    assert catalogue.filter(ids=["c"]).findings == ()


def test_every_unknown_id_is_listed_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        BUNDLED.filter(ids=["iran-attacks-israel-apr2042", "zzz", "desert-fox-1998"])
    first, second = map(str, caught.value.problems)
    assert first == (
        'filter, ids: "iran-attacks-israel-apr2042" is not a known id. '
        'Did you mean "iran-attacks-israel-apr2024"?'
    )
    assert second.endswith('"zzz" is not a known id. List the ids with `oilshock events list`.')
    assert caught.value.exit_code == 2


def test_an_unknown_id_among_own_events_names_those_events() -> None:
    items = [{"id": f"own-{n}", "date": "2024-04-13", "title": f"T{n}"} for n in range(8)]
    with pytest.raises(ConfigError) as caught:
        load_events(items).filter(ids=["abqaiq"])
    assert str(caught.value) == (
        'filter, ids: "abqaiq" is not a known id. Your events are own-0, own-1, own-2, own-3, '
        "own-4, own-5 and 2 more; without ids, all are taken."
    )


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (
            {"categories": ["conflit"]},
            'categories: "conflit" is not a known category. Did you mean "conflict"',
        ),
        ({"categories": ["zzz"]}, "Known: conflict, attack_on_supply, sanctions"),
        ({"directions": ["up"]}, 'directions: "up" is not a known direction. Known: +, -, 0.'),
        ({"regions": ["Midle East"]}, 'Did you mean "Middle East"'),
        ({"ids": "abqaiq"}, 'ids: "abqaiq" is not a list. Write ids = ["abqaiq"].'),
        ({"since": "2024-13-01"}, 'since: "2024-13-01" is not a date'),
        ({"until": "soon"}, 'until: "soon" is not a date'),
        (
            {"since": "2024-05-01", "until": "2024-04-01"},
            "since: 2024-05-01 is after until = 2024-04-01",
        ),
        ({"min_severity": 4}, 'min_severity: "4" is not 1, 2 or 3'),
    ],
)
def test_a_wrong_filter_is_a_config_error(filters: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        BUNDLED.filter(**filters, where="study.toml")  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert str(caught.value).startswith("study.toml, ")


def test_regions_of_a_catalogue_without_any() -> None:
    bare = load_events([{"id": "a", "date": "2024-04-13", "title": "T"}])
    with pytest.raises(ConfigError, match="No event has a region"):
        bare.filter(regions=["Asia"])


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(CATEGORIES), max_size=4),
    st.lists(st.sampled_from(DIRECTIONS), max_size=3),
    st.sampled_from([None, 1, 2, 3]),
)
def test_filters_agree_with_a_plain_loop_and_commute(
    categories: list[str], directions: list[str], least: int | None
) -> None:
    kept = BUNDLED.filter(categories=categories, directions=directions, min_severity=least)
    plain = [
        row.id
        for row in FRAME.itertuples()
        if (not categories or row.category in categories)
        and (not directions or row.direction in directions)
        and (least is None or row.severity >= least)
    ]
    assert kept.to_frame()["id"].tolist() == plain
    assert kept.n_rejected + len(kept) == 194
    steps = BUNDLED.filter(min_severity=least).filter(directions=directions)
    steps = steps.filter(categories=categories)
    pd.testing.assert_frame_equal(steps.to_frame(), kept.to_frame())
    assert steps.n_rejected == kept.n_rejected
