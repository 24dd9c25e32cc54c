"""The HTML report as its readers use it: by mouse, keyboard and finger, and without its script.

`.ci/browser` installs the browser and axe-core. Without them these tests are skipped, in CI they
fail.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from pypdf import PdfReader

from oilshock.results import StudyResult

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(sys.prefix, "node_modules", "axe-core", "axe.min.js")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE_MS = 20_000
"""A busy machine may take its time."""

ATTACK = 3
"""Row of the attack of 13 April 2024 among the events of its study."""

Open = Callable[..., Page]


def lacking(what: str) -> None:
    """Skip where a tool is missing; in CI that is a failure."""
    message = f"No {what}: run .ci/browser as root, or see there what to install."
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking("Chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def watched(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """Open a page; at the end, no request but for itself, and nothing to say on the console."""
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **options})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} == {path.as_uri()}


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda path, **options: stack.enter_context(watched(browser, path, **options))


def numbers_of(cells: Locator) -> list[float]:
    return [float(text) for text in cells.evaluate_all("all => all.map(c => c.dataset.value)")]


def column(page: Page, place: int) -> Locator:
    return page.locator(f"table.events tbody tr:not([hidden]) td:nth-child({place})")


def tip_of(page: Page, day: str) -> Locator:
    return page.locator(f'#event-4 .tip[aria-label^="Day {day} "]')


def tools(page: Page) -> Locator:
    return page.get_by_role("search", name="Events")


def per_cent(fraction: float) -> str:
    return f"{100 * fraction:+.2f} %".replace("-", "−")


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280])
def test_no_page_scrolls_sideways(visit: Open, long_page: Path, width: int) -> None:
    page = visit(long_page, viewport={"width": width, "height": 800})
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    wide, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= room
    assert page.title() != "taken"


def test_no_table_scrolls_sideways_on_a_desk(visit: Open, april_page: Path) -> None:
    page = visit(april_page, viewport={"width": 1280, "height": 900})
    wide = page.locator(".table .scroll").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.getAttribute('aria-labelledby'))"
    )
    assert wide == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing(visit: Open, april_page: Path, viewport: dict[str, int]) -> None:
    if not AXE.is_file():
        lacking("axe-core")
    page = visit(april_page, viewport=viewport)
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({exclude: ['.plot text']}, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 20
    assert [(v["impact"], v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


def test_columns_sort_by_mouse_and_keyboard(
    visit: Open, april_page: Path, april: StudyResult
) -> None:
    page = visit(april_page)
    known = sorted(100 * april.car(0, 0)["car"])
    head = page.locator("table.events th", has_text="AR").first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert numbers_of(column(page, 4)) == pytest.approx(known, abs=0.006)
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert numbers_of(column(page, 4)) == pytest.approx(known[::-1], abs=0.006)
    assert page.locator("table.events th[aria-sort]").count() == 1


def test_text_columns_sort_by_their_letters(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    page.get_by_role("button", name="Event", exact=True).click()
    titles = column(page, 2).all_inner_texts()
    assert titles == sorted(titles, key=str.casefold)


def test_filters_hide_rows_and_say_how_many_stay(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    count = page.get_by_role("status")
    expect(count).to_have_text("9 of 9 events")
    tools(page).get_by_label("Find").fill("israel")
    titles = column(page, 2).all_inner_texts()
    assert 0 < len(titles) < 9
    assert all("Israel" in title for title in titles)
    expect(count).to_have_text(f"{len(titles)} of 9 events")
    page.get_by_role("button", name="Reset").click()
    tools(page).get_by_label("Category").select_option("sanctions")
    expect(count).to_have_text("1 of 9 events")
    assert column(page, 2).all_inner_texts()[0].startswith("US sanctions Iranian")
    page.get_by_role("button", name="Reset").click()
    expect(count).to_have_text("9 of 9 events")


def test_only_abnormal_days_stay_on_demand(visit: Open, long_page: Path) -> None:
    page = visit(long_page)
    tools(page).get_by_label("Abnormal day 0 only").check()
    evidence = [text.strip() for text in column(page, 9).all_inner_texts()]
    assert 0 < len(evidence) < 25
    assert set(evidence) <= {"strong", "moderate", "raw p only"}


@pytest.mark.parametrize("day", [-1, 0, 1])
def test_tip_says_what_the_table_says(
    visit: Open, april_page: Path, april: StudyResult, day: int
) -> None:
    frame = april.table("abnormal_returns")
    event = "iran-attacks-israel-apr2024"
    row = frame[(frame["event_id"] == event) & (frame["relative_day"] == day)].iloc[0]
    page = visit(april_page)
    name = f"{day:+d}".replace("-", "−") if day else "0"
    tip_of(page, name).locator("rect").nth(1).hover()
    bubble = page.locator(".bubble")
    expect(bubble).to_be_visible()
    lines = bubble.locator("span").all_inner_texts()
    stamp = row["session"]
    assert lines[0] == f"Day {name}"
    assert lines[1] == f"{stamp:%a} {stamp.day} {stamp:%b %Y}"
    assert lines[2].startswith(f"price {row['price']:.2f} (")
    assert lines[3] == f"AR {per_cent(row['abnormal_return'])}"
    assert lines[4].startswith(f"t test p {row['p_value']:.2f}")
    before = frame[(frame["event_id"] == event) & (frame["relative_day"] <= day)]
    assert lines[5] == f"CAR [−5, {name}] {per_cent(before['abnormal_return'].sum())}"


def test_arrow_keys_go_from_day_to_day(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    chart = page.locator("#event-4 .tips")
    stops = chart.locator("[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".bubble span").first).to_have_text("Day −4")
    expect(stops).to_have_count(1)
    expect(stops).to_be_focused()
    assert (stops.get_attribute("aria-label") or "").startswith("Day −4 · ")
    page.keyboard.press("End")
    expect(page.locator(".bubble span").first).to_have_text("Day +10")
    page.keyboard.press("Escape")
    expect(page.locator(".bubble")).to_be_hidden()


def shared(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def box_of(place: Locator) -> dict[str, float]:
    box = place.bounding_box()
    assert box is not None
    return dict(box)


@pytest.mark.parametrize(
    ("viewport", "name"),
    [
        *((PHONE, name) for name in ("One-day moves", "Moves after other")),
        *(
            (viewport, name)
            for viewport in ({"width": 1000, "height": 900}, DESK)
            for name in ("CAR over [0, 0]", "One-day moves", "Moves after other")
        ),
    ],
)
def test_a_tip_hides_no_part_of_its_chart(
    visit: Open, april_page: Path, viewport: dict[str, int], name: str
) -> None:
    page = visit(april_page, viewport=viewport)
    chart = page.locator("figure", has_text=name).locator(".tips")
    chart.evaluate("e => e.scrollIntoView({block: 'center'})")
    stop = chart.locator("[tabindex='0']")
    for key in ("Home", "End", "PageUp"):
        stop.focus()
        page.keyboard.press(key)
        bubble = box_of(page.locator(".bubble"))
        assert not shared(bubble, box_of(chart))
        assert 0 <= bubble["y"] <= bubble["y"] + bubble["height"] <= viewport["height"]
        assert 0 <= bubble["x"] <= bubble["x"] + bubble["width"] <= viewport["width"]


def test_the_tip_of_a_long_chart_hides_neither_its_row_nor_the_next(
    visit: Open, long_page: Path
) -> None:
    page = visit(long_page, viewport={"width": 1000, "height": 420})
    chart = page.locator("figure", has_text="CAR over [0, 0]").locator(".tips")
    rows = chart.locator(".tip")
    for place in (1, 12, 23):
        rows.nth(place).evaluate("e => e.scrollIntoView({block: 'center'})")
        rows.nth(place).hover()
        bubble = box_of(page.locator(".bubble"))
        for near in (place - 1, place, place + 1):
            assert not shared(bubble, box_of(rows.nth(near)))


def test_a_tip_follows_the_panel_that_is_pointed_at(visit: Open, april_page: Path) -> None:
    page = visit(april_page, viewport={"width": 1280, "height": 420})
    lower = tip_of(page, "+3").locator("rect").nth(2)
    lower.evaluate("e => e.scrollIntoView({block: 'center'})")
    lower.hover()
    expect(page.locator(".bubble span").first).to_have_text("Day +3")
    assert not shared(box_of(page.locator(".bubble")), box_of(lower))


def test_a_tap_tells_and_the_second_one_goes(visit: Open, april_page: Path) -> None:
    page = visit(april_page, viewport=PHONE, has_touch=True, is_mobile=True)
    badge = page.locator('#figure-1 a.tip[href="#event-4"]').last
    badge.tap()
    expect(page.locator(".bubble span").first).to_contain_text("Iran launches first direct drone")
    assert "#event-4" not in page.url
    badge.tap()
    assert page.url.endswith("#event-4")
    box = page.locator("#event-4").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"] / 4


def test_an_event_leads_to_its_chart_and_back(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    column(page, 2).nth(ATTACK).get_by_role("link").click()
    article = page.locator("#event-4")
    expect(article.get_by_role("heading").first).to_be_in_viewport()
    expect(page.locator("nav [aria-current]")).to_have_text("Event by event")
    article.get_by_role("link", name="Back to the table of events").click()
    expect(page.locator("#events h2")).to_be_in_viewport()
    expect(page.locator("nav [aria-current]")).to_have_text("The events")


def test_first_stop_of_the_keyboard_skips_the_contents(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_phone_shows_events_as_cards_and_sorts_them(visit: Open, april_page: Path) -> None:
    page = visit(april_page, viewport=PHONE)
    label = (
        "getComputedStyle(document.querySelector('.events td:nth-child(4)'), '::before').content"
    )
    assert page.evaluate(label) == '"AR"'
    tools(page).get_by_label("Sort by").select_option("USD/bbl")
    page.get_by_role("button", name="Ascending").click()
    values = numbers_of(column(page, 5))
    assert values == sorted(values, reverse=True)
    assert values[0] > 0 > values[-1]


def test_a_phone_lists_what_a_forest_shows(visit: Open, april_page: Path) -> None:
    page = visit(april_page, viewport=PHONE, java_script_enabled=False)
    forest = page.locator("figure", has_text="CAR over [0, 0]")
    expect(forest.locator(".plot")).to_be_hidden()
    rows = forest.locator(".rows li")
    expect(rows).to_have_count(9)
    attack = rows.filter(has_text="Iran launches first direct drone")
    expect(attack).to_contain_text("−2.45 %, −5.82 % to +0.92 %")
    places = [box_of(mark)["x"] for mark in forest.locator(".mark").all()]
    assert places == sorted(places, reverse=True)
    line = box_of(attack.locator(".span"))
    mark = box_of(attack.locator(".mark"))
    # The interval is 6.74 points wide and the CAR 3.37 above its lower end.
    middle = mark["x"] + mark["width"] / 2
    assert (middle - line["x"]) / line["width"] == pytest.approx(0.5, abs=0.02)
    attack.get_by_role("link").click()
    expect(page.locator("#event-4").get_by_role("heading").first).to_be_in_viewport()


def test_a_desk_shows_the_forest_itself(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    forest = page.locator("figure", has_text="CAR over [0, 0]")
    expect(forest.locator(".plot")).to_be_visible()
    expect(forest.locator(".rows")).to_be_hidden()


def test_without_script_all_is_there_but_the_controls(visit: Open, april_page: Path) -> None:
    page = visit(april_page, java_script_enabled=False)
    expect(page.locator("table.events tbody tr")).to_have_count(9)
    expect(page.locator("button, select, input")).to_have_count(0)
    for number in range(9):
        expect(page.locator(f"#event-{number + 1} svg[role=img]")).to_be_visible()
    title = page.locator("#event-4 .tip title").nth(5)
    assert (title.text_content() or "").startswith("Day 0 · Mon 15 Apr 2024 · price 90.84")
    page.locator("#event-4 summary").click()
    expect(page.get_by_role("cell", name="Mon 15 Apr 2024").nth(0)).to_be_visible()


def test_a_print_shows_the_report_without_its_controls(visit: Open, april_page: Path) -> None:
    page = visit(april_page)
    page.emulate_media(media="print")
    for gone in ("nav", ".tools", ".tips >> nth=0", ".back >> nth=0", ".rows >> nth=0"):
        expect(page.locator(gone)).to_be_hidden()
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    texts = [sheet.extract_text() for sheet in reader.pages]
    assert sum("Back to the table" in text for text in texts) == 0
    starts = [place for place, text in enumerate(texts) if "Event 4: actual price" in text]
    assert len(starts) == 1
    assert "Iran launches first direct drone" in texts[starts[0]]
