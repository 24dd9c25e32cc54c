"""What the charts show, asserted on their artists."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from chart_data import (
    SOURCE,
    Frames,
    average_frame,
    event_frames,
    forest_frame,
    inside,
    roles,
)
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from oilshock import charts
from oilshock.charts.style import ABNORMAL, GREY, INK
from oilshock.errors import DataError


def overlapping(texts: Sequence[Text], *, figure: Figure) -> list[tuple[str, str]]:
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)]


def badge_centres(ax: Axes) -> tuple[np.ndarray, float]:
    """Return the centres of the badges and their diameter in points."""
    badges = next(item for item in ax.collections if item.get_label() == "badge")
    scale = 72 / ax.figure.dpi
    return ax.transData.transform(badges.get_offsets()) * scale, badges.get_sizes()[0] ** 0.5


def line(ax: Axes, label: str) -> np.ndarray:
    return next(item for item in ax.lines if item.get_label() == label).get_xydata()


@pytest.mark.parametrize("span", [("2026-02-20", "2026-05-01"), ("2025-06-01", "2026-09-29")])
@pytest.mark.parametrize("n", [1, 8, 25])
def test_badges_never_overlap(
    n: int, span: tuple[str, str], prices: pd.Series, crowded: pd.DataFrame
) -> None:
    events = crowded.head(n)
    figure = charts.price_figure(
        prices.loc[span[0] : span[1]], events, levels=[90, 100, 120], source=SOURCE
    )
    ax = figure.axes[0]
    centres, diameter = badge_centres(ax)
    assert len(centres) == n
    gaps = [np.hypot(*(a - b)) for a, b in combinations(centres, 2)]
    assert min(gaps, default=99) >= diameter
    assert [text.get_text() for text in roles(ax, "badge number")] == [str(i + 1) for i in range(n)]
    assert (np.diff(centres[:, 0]) > 0).all()
    assert inside(figure)


def test_badges_stand_above_the_line_and_lead_to_it(
    six_months: pd.Series, crowded: pd.DataFrame
) -> None:
    figure = charts.price_figure(six_months, crowded, source=SOURCE)
    ax = figure.axes[0]
    centres, diameter = badge_centres(ax)
    top_of_line = ax.transData.transform((0, six_months.max()))[1] * 72 / figure.dpi
    assert centres[:, 1].min() - diameter / 2 > top_of_line
    leaders = next(item for item in ax.collections if len(item.get_paths()) == len(crowded))
    ends = np.array([path.vertices[-1] for path in leaders.get_paths()])
    expected = [six_months.loc[session] for session in crowded["session"]]
    np.testing.assert_allclose(ends[:, 1], expected)


def test_event_outside_the_series_has_no_badge_but_a_key(
    six_months: pd.Series, crowded: pd.DataFrame
) -> None:
    events = crowded.head(3).assign(session=["1999-01-04", "", "2026-03-06"])
    figure = charts.price_figure(six_months, events, source=SOURCE)
    assert [text.get_text() for text in roles(figure.axes[0], "badge number")] == ["3"]
    dates = [text.get_text() for text in roles(figure.axes[1], "key date")]
    assert dates == ["1999-01-04", "no session", "2026-03-06"]


def test_above_sixty_events_come_strokes(prices: pd.Series, events: pd.DataFrame) -> None:
    figure = charts.price_figure(prices.loc["2014":], events.tail(61), source=SOURCE)
    assert len(figure.axes) == 1
    ax = figure.axes[0]
    assert roles(ax, "badge number") == []
    words = ("tightening", "easing", "no direction")
    counts = [len(c.get_paths()) for c in ax.collections if c.get_label() in words]
    assert sum(counts) == 61
    assert not overlapping(roles(ax, "end label"), figure=figure)
    assert inside(figure)


def test_no_event_at_all(six_months: pd.Series) -> None:
    none = pd.DataFrame({"number": [], "title": [], "session": [], "direction": []})
    figure = charts.price_figure(six_months, none, source=SOURCE)
    assert len(figure.axes) == 1
    assert line(figure.axes[0], "price").shape == (len(six_months), 2)


def test_key_does_not_overlap(crowded: pd.DataFrame, six_months: pd.Series) -> None:
    figure = charts.price_figure(six_months, crowded, source=SOURCE)
    key = figure.axes[1]
    assert not overlapping([t for t in key.texts if t.get_label() != "badge number"], figure=figure)
    assert len(roles(key, "key title")) == 25


def test_the_key_cuts_no_title_of_the_catalogue(
    six_months: pd.Series, events: pd.DataFrame
) -> None:
    wanted = [str(title) for title in events["title"]]
    assert max(len(title) for title in wanted) > 50
    for start in range(0, len(events), 60):
        part = events.iloc[start : start + 60]
        key = charts.price_figure(six_months, part, source=SOURCE).axes[1]
        lines = [text for text in key.texts if str(text.get_label()).startswith("key title")]
        assert lines
        assert " ".join(text.get_text() for text in lines) == " ".join(part["title"])


def test_the_key_names_the_directions_that_are_there(
    six_months: pd.Series, crowded: pd.DataFrame
) -> None:
    one_way = crowded.assign(direction="+")
    (legend,) = roles(charts.price_figure(six_months, one_way, source=SOURCE).axes[1], "key legend")
    assert "tightening" in legend.get_text()
    assert "easing" not in legend.get_text()


def test_levels_are_named_and_apart(six_months: pd.Series, crowded: pd.DataFrame) -> None:
    figure = charts.price_figure(six_months, crowded, levels=[90, 90.5, 91], source=SOURCE)
    labels = roles(figure.axes[0], "end label")
    assert [text.get_text() for text in labels] == ["90 USD/bbl", "90.5 USD/bbl", "91 USD/bbl"]
    assert not overlapping(labels, figure=figure)


def test_abnormal_returns(frames_at: Callable[[str], Frames]) -> None:
    frame = frames_at("2024-04-15").abnormal
    ax = charts.plot_abnormal_returns(frame, ax=Figure().add_subplot())
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(heights, 100 * frame["abnormal_return"])
    assert heights[5] == pytest.approx(-2.45, abs=0.005)
    accent = [to_hex(bar.get_facecolor()) == ABNORMAL for bar in ax.patches]
    assert accent == [day == 0 for day in frame["relative_day"]]
    band = ax.collections[0].get_datalim(ax.transData)
    limit = 100 * frame["half_width"].iloc[0]
    assert (band.y0, band.y1) == pytest.approx((-limit, limit))


def test_car(frames_at: Callable[[str], Frames]) -> None:
    frame = frames_at("2024-04-15").car
    ax = charts.plot_car(frame, ax=Figure().add_subplot())
    np.testing.assert_allclose(line(ax, "CAR")[:, 1], 100 * frame["car"])
    assert ax.get_title(loc="left") == "CAR from day −5 (band: 95 %)"


@pytest.mark.parametrize("date", ["2024-04-15", "1998-12-17", "2026-04-07", "2026-09-23"])
def test_what_if(date: str, frames_at: Callable[[str], Frames]) -> None:
    frame = frames_at(date).what_if
    figure = Figure(figsize=(6.9, 3))
    ax = charts.plot_what_if(frame, levels=[float(frame["price"].iloc[5])], ax=figure.add_subplot())
    actual, expected = line(ax, "actual"), line(ax, "without the event")
    np.testing.assert_array_equal(actual[:, 1], frame["price"])
    assert expected[0, 0] == -1
    np.testing.assert_array_equal(expected[:, 1], frame["expected_price"].iloc[4:])
    labels = roles(ax, "end label")
    assert [text.get_text() for text in labels][:2] == ["without the event", "actual"]
    assert len(labels) == 3
    assert not overlapping(labels, figure=figure)
    assert bool(roles(ax, "future")) == (date == "2026-09-23")


def test_what_if_leaves_out_levels_far_away(frames_at: Callable[[str], Frames]) -> None:
    frame = frames_at("2024-04-15").what_if
    ax = charts.plot_what_if(frame, levels=[20, 90, 300], ax=Figure().add_subplot())
    texts = [text.get_text() for text in roles(ax, "end label")]
    assert texts == ["without the event", "actual", "90 USD/bbl"]
    assert ax.get_ylim()[1] < 150


@pytest.mark.parametrize("factor", [1e-6, 40.0])
def test_what_if_with_a_narrow_and_a_huge_band(
    factor: float, frames_at: Callable[[str], Frames]
) -> None:
    frame = frames_at("2024-04-15").what_if
    frame["low"] = frame["expected_price"] - factor * frame["relative_day"].clip(lower=-1).add(1)
    frame["high"] = frame["expected_price"] + factor * frame["relative_day"].clip(lower=-1).add(1)
    ax = charts.plot_what_if(frame, ax=Figure().add_subplot())
    low, high = ax.get_ylim()
    assert low < frame[["low", "price"]].min().min()
    assert high > frame[["high", "price"]].max().max()


def test_sessions_stand_below_the_days(frames_at: Callable[[str], Frames]) -> None:
    frame = frames_at("2024-04-15").what_if
    figure = Figure(figsize=(6.9, 3))
    FigureCanvasAgg(figure)
    ax = charts.plot_what_if(frame, ax=figure.add_subplot())
    figure.canvas.draw()
    words = [label.get_text() for label in ax.get_xticklabels()]
    assert "0\n15 Apr 2024" in words
    assert "−5\n8 Apr" in words
    dated = [label for label in ax.get_xticklabels() if "\n" in label.get_text()]
    assert len(dated) == 4
    assert not overlapping(dated, figure=figure)


def test_forest_is_sorted_and_marked(prices: pd.Series, events: pd.DataFrame) -> None:
    frame = forest_frame(prices, events.tail(30))
    frame.loc[3, ["car", "ci_low", "ci_high", "p_value"]] = np.nan
    figure = charts.forest_figure(frame, source=SOURCE)
    ax = figure.axes[0]
    order = [int(text.get_text()) for text in roles(ax, "row number")]
    expected = frame.sort_values("car", ascending=False, na_position="last", kind="stable")
    assert order == expected["number"].tolist()
    assert len(roles(ax, "not complete")) == frame["car"].isna().sum()
    for direction, word in (("+", "tightening"), ("-", "easing")):
        dots = [c for c in ax.collections if c.get_label() == word]
        assert {to_hex(c.get_edgecolor()[0]) for c in dots} == {ABNORMAL}
        filled = sum(len(c.get_offsets()) for c in dots if to_hex(c.get_facecolor()[0]) == ABNORMAL)
        sure = frame["p_value"] < 0.05
        assert filled == (sure & (frame["direction"] == direction)).sum()
    assert not overlapping(roles(ax, "row title") + roles(ax, "row number"), figure=figure)
    assert inside(figure)


@pytest.mark.parametrize(("n", "pages"), [(1, 1), (45, 1), (46, 2), (194, 5)])
def test_pages(n: int, pages: int, events: pd.DataFrame) -> None:
    frame = events.head(n).assign(car=np.linspace(-1, 1, n))
    for split in (charts.forest_pages(frame), charts.timeline_pages(frame)):
        assert len(split) == pages
        assert sum(map(len, split)) == n
        assert max(map(len, split)) <= 45
        assert max(map(len, split)) - min(map(len, split)) <= 1
    assert charts.forest_pages(frame)[0]["car"].iloc[0] == frame["car"].max()
    pd.testing.assert_frame_equal(pd.concat(charts.timeline_pages(frame)), frame)


def test_averages(prices: pd.Series, events: pd.DataFrame) -> None:
    groups = {f"group {i}": events.iloc[10 * i : 10 * i + 10] for i in range(4)}
    frame = average_frame(prices, groups)
    figure = charts.average_figure(frame, source=SOURCE)
    caar, aar = figure.axes
    rows = frame[frame["group"] == "group 2"]
    np.testing.assert_allclose(line(caar, "group 2")[:, 1], 100 * rows["caar"])
    np.testing.assert_allclose(line(aar, "group 2")[:, 1], 100 * rows["aar"])
    labels = roles(caar, "end label")
    assert [text.get_text() for text in labels] == [f"group {i} (n = 10)" for i in range(4)]
    assert not overlapping(labels, figure=figure)
    dashes = {item.get_linestyle() for item in caar.lines if item.get_label() in groups}
    assert len(dashes) == 4
    assert inside(figure)


def test_directions_look_the_same_in_every_chart(prices: pd.Series, events: pd.DataFrame) -> None:
    names = ("signed", "easing", "tightening", "other")
    frame = average_frame(prices, {name: events.head(5) for name in names})
    for ax in charts.average_figure(frame).axes:
        looks = {
            item.get_label(): (item.get_color(), item.get_marker())
            for item in ax.lines
            if item.get_label() in names
        }
        assert looks["tightening"] == (INK, "^")
        assert looks["easing"] == (GREY, "v")
        assert len(set(looks.values())) == 4


def test_aar_intervals_follow_the_law_of_the_caar(prices: pd.Series, events: pd.DataFrame) -> None:
    frame = average_frame(prices, {"all": events.tail(40).head(20)})
    ax = charts.plot_aar(frame, ax=Figure().add_subplot())
    spans = np.array([path.vertices[:, 1] for path in ax.collections[0].get_paths()])
    np.testing.assert_allclose(np.ptp(spans, axis=1), 100 * 2 * 2.1 * frame["aar_std_error"])


def test_five_groups_are_refused(prices: pd.Series, events: pd.DataFrame) -> None:
    frame = average_frame(prices, {f"g{i}": events.head(5) for i in range(5)})
    with pytest.raises(DataError, match=r"5 groups came \(g0, g1, g2, g3, g4\); at most 4"):
        charts.plot_caar(frame)


def test_single_event_average_has_no_interval(prices: pd.Series, events: pd.DataFrame) -> None:
    frame = average_frame(prices, {"all": events.head(5)})
    empty = ["aar_std_error", "caar_std_error", "ci_low", "ci_high"]
    frame[empty] = np.nan
    ax = charts.plot_aar(frame.assign(n_events=1), ax=Figure().add_subplot())
    assert len(ax.collections[0].get_paths()) == 0
    assert np.isfinite(line(ax, "all")[:, 1]).all()


def test_event_figure_holds_three_charts(prices: pd.Series) -> None:
    frames = event_frames(prices, 9000)
    title = "$90 & <script> 50%_x " * 9
    figure = charts.event_figure(
        frames.abnormal, frames.car, frames.what_if, title=title,
        levels=[70], confidence=0.9, source=SOURCE * 3,
    )  # fmt: skip
    assert [ax.get_title(loc="left").partition("(band: ")[2][:4] for ax in figure.axes] == [
        "90 %"
    ] * 3
    assert figure.texts[0].get_text().endswith("…")
    assert figure.texts[1].get_text().replace("\n", " ") == SOURCE * 3
    boxes = [ax.get_tightbbox() for ax in figure.axes] + [
        t.get_window_extent() for t in figure.texts
    ]
    assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert inside(figure)


def test_same_figure_same_bytes(prices: pd.Series) -> None:
    def draw() -> tuple[bytes, str, str]:
        frames = event_frames(prices, 9000)
        figure = charts.event_figure(frames.abnormal, frames.car, frames.what_if, title="A")
        paths, text = charts.figure_svg(figure), charts.figure_svg(figure, text="text")
        return charts.figure_png(figure), paths, text

    first, second = draw(), draw()
    assert first == second
    assert b"Software" not in first[0]
    assert "<dc:date>" not in first[1]
    assert "<text" not in first[1]
    assert "DejaVu Sans" in first[2]
    assert "without the event" in first[2]


def test_a_figure_shows_itself_in_a_notebook(six_months: pd.Series, crowded: pd.DataFrame) -> None:
    figure = charts.price_figure(six_months, crowded, source=SOURCE)
    png, size = figure._repr_png_()
    pixels = struct.unpack(">II", png[16:24])
    # Twice the pixels that it takes on the page, so that it is crisp.
    assert pixels == (2 * size["width"], 2 * size["height"])
    assert size["width"] == round(6.9 * 96)


def test_an_event_of_the_study_is_marked_on_its_own_circle() -> None:
    frame = pd.DataFrame({"strip": "conflict", "move": [0.03, -0.01, 0.02, 0.0]})
    events = pd.DataFrame({"number": [7, 8], "strip": "conflict", "move": [0.02, np.nan]})
    ax = charts.plot_history(frame, events, ax=Figure().add_subplot())
    circles = next(line for line in ax.lines if len(line.get_xdata()) == 4)
    (mark,) = line(ax, "events of the study")
    assert mark.tolist() in np.column_stack(circles.get_data()).tolist()
    assert [text.get_text() for text in roles(ax, "event number")] == ["7"]


def test_both_charts_of_averages_have_their_days_above_one_another() -> None:
    frame = pd.DataFrame(
        {
            "group": "all", "relative_day": [-1, 0], "n_events": 9, "aar": [0.001, 0.02],
            "aar_std_error": 0.005, "caar": [0.001, 0.021], "caar_std_error": [0.005, 0.007],
            "ci_low": [-0.0105, 0.0049], "ci_high": [0.0125, 0.0371],
        }
    )  # fmt: skip
    above, below = charts.average_figure(frame, source=SOURCE).axes
    assert above.get_xlim() == below.get_xlim()
    assert above.get_position().x0 == below.get_position().x0
    assert above.get_position().x1 == below.get_position().x1
