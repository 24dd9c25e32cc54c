"""Print the table of six events of docs/which-p-value.md, as Markdown.

Run it with `python docs/studies/six_events.py`.
"""

from __future__ import annotations

import oilshock as osk
from oilshock.facts import judge
from oilshock.words import number, p_number, window_text

EVENTS = {
    "iraq-invades-kuwait": "Iraq invades Kuwait",
    "abqaiq-khurais-attack-2019": "Attack on Abqaiq",
    "russia-invades-ukraine-2022": "Russia invades Ukraine",
    "iran-attacks-israel-apr2024": "Iran attacks Israel",
    "israel-strikes-iran-jun2025": "Israel attacks Iran",
    "us-israel-attack-iran-2026": "US and Israel attack Iran",
}
WINDOWS = ((0, 0), (0, 5))
HEADINGS = (
    "event", "day 0", "window", "CAR", "textbook p", "calibrated p", "adjusted, six",
    "adjusted, catalogue", "verdict",
)  # fmt: skip


def rows() -> list[tuple[str, ...]]:
    """Return the cells of the table; p values adjusted over the six, and over the catalogue."""
    prices, events = osk.load_prices(), osk.load_events()
    six = osk.EventStudy(prices, events.filter(ids=list(EVENTS))).fit()
    catalogue = osk.EventStudy(prices, events).fit()
    session = six.events.set_index("event_id")["session"]
    found = []
    for event_id, title in EVENTS.items():
        for start, end in WINDOWS:
            own = six.car(start, end).set_index("event_id").loc[event_id]
            wide = catalogue.car(start, end).set_index("event_id").loc[event_id, "p_adjusted"]
            verdict = judge(own["p_calibrated"], p_adjusted=own["p_adjusted"], alpha=0.05)
            survives = {True: ", survives", False: ", does not survive", None: ""}
            found.append(
                (
                    title,
                    f"{session[event_id]:%Y-%m-%d}",
                    window_text(start, end),
                    f"{number(100 * own['car'], sign='+')} %",
                    p_number(own["p_value"]),
                    p_number(own["p_calibrated"]),
                    p_number(own["p_adjusted"]),
                    p_number(wide),
                    f"{verdict.strength}{survives[verdict.survives]}",
                )
            )
    return found


def markdown() -> str:
    """Write the table."""
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *rows()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    print(markdown())
