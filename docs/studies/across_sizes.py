"""Print how often each test across events rejects on random sets of ordinary sessions.

Run it with `python docs/studies/across_sizes.py`; it takes about a quarter of a minute.
"""

from __future__ import annotations

import oilshock as osk
from oilshock.options import ACROSS_TESTS
from oilshock.words import window_text


def markdown() -> str:
    """Write the table: tests by windows, per cent at the 5 % level."""
    prices, events = osk.load_prices(), osk.load_events()
    studies = (events, events.filter(since="2026-02-28", until="2026-04-17"))
    columns = []
    for chosen in studies:
        size = osk.EventStudy(prices, chosen, tests=ACROSS_TESTS).fit().calibrate().size
        sets = size[size["sessions"].str.startswith("sets of ")]
        label = sets["sessions"].iloc[0].removeprefix("sets of ")
        for (start, end), rows in sets.groupby(["start", "end"], sort=False):
            shares = 100 * rows.set_index("test")["reject_5"]
            columns.append((f"{label} events, {window_text(start, end)}", shares))
    lines = [["test", *(heading for heading, _ in columns)], ["---"] * (len(columns) + 1)]
    lines += [[name, *(f"{shares[name]:.1f}" for _, shares in columns)] for name in ACROSS_TESTS]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    print(markdown())
