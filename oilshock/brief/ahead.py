"""The brief of an event that has no price yet: what followed earlier ones."""

from __future__ import annotations

import pandas as pd

from oilshock.beyond.kinds import AftermathView
from oilshock.brief.desk import Desk
from oilshock.brief.record import Brief, Phrase, paragraph, say
from oilshock.brief.study import MOST
from oilshock.words import cut, day

STALE = Phrase("The last price is days older than the event: what came between is not known.")
FEW = Phrase("With so few earlier events, read the figures as rough.")


def brief_ahead(
    view: AftermathView, *, title: str, dated: str, label: str, is_stale: bool
) -> Brief:
    """Write the brief of an event after the last session.

    Parameters
    ----------
    view : AftermathView
        What followed earlier events of its kind.
    title : str
        Title of the event.
    dated : str
        Its date and time in words.
    label : str
        Name of the series.
    is_stale : bool
        Whether the last price is older than a weekend or a holiday explains.

    Returns
    -------
    Brief
        Its numbers are cells of `tables/aftermath.csv`; the last close is in `results.json`.
    """
    last = pd.DataFrame({"last_price": [view.moment.price], "n_events": [view.n_events]})
    desk = Desk({"aftermath": lambda: view.frame, "results": lambda: last})
    opening = say(
        "{title} ({dated}) comes after the last close of {label}, {price} USD/bbl on {date}: there "
        "is no price for it yet. {known}.",
        title=f"“{cut(title, 70)}”",
        dated=dated,
        label=cut(label, 40),
        price=desk.price("results", "", "last_price"),
        date=day(view.as_of),
        known=_known(desk, view),
    )
    spans = [int(days) for days in dict.fromkeys(view.frame["sessions"])]
    parts = [
        paragraph("", opening),
        *(paragraph(_heading(days), *_span(desk, view, days)) for days in spans),
        paragraph("Caveats", STALE if is_stale else None, FEW if view.warnings else None),
        paragraph(
            "Source",
            Phrase(
                f"oilshock; prices of {cut(label, 40)} to {day(view.as_of)}. A description of the "
                "past, no forecast."
            ),
        ),
    ]
    brief = Brief(title=cut(title, 100), paragraphs=tuple(part for part in parts if part.sentences))
    return brief.within(MOST)


def _known(desk: Desk, view: AftermathView) -> Phrase:
    if not view.n_events:
        return Phrase(f"No earlier event of its kind is known ({view.kind})")
    n = desk.whole("results", "", "n_events")
    noun = "session" if view.n_events == 1 else "sessions"
    return say(
        "Here is what followed {n} {noun} with a known event of its kind ({kind})",
        n=n,
        noun=noun,
        kind=view.kind,
    )


def _heading(days: int) -> str:
    return "First session" if days == 1 else f"First {days} sessions"


def _span(desk: Desk, view: AftermathView, days: int) -> list[Phrase]:
    """Say what half the events did in so many sessions, and what ordinary sessions do."""

    def move(sample: str, column: str) -> Phrase:
        row = f"sessions == {days} and sample == {sample!r}"
        if view.is_difference:
            return say("{usd} USD/bbl", usd=desk.usd("aftermath", row, column))
        return desk.per_cent("aftermath", row, column, digits=1)

    usual = say(
        "Ordinary sessions in like volatility lie between {low} and {high} in nine of ten cases.",
        low=move("ordinary", "q05"),
        high=move("ordinary", "q95"),
    )
    if not view.n_events:
        return [usual]
    scaled = desk.value("aftermath", f"sessions == {days} and sample == 'events_scaled'", "n") > 0
    sample = "events_scaled" if scaled else "events"
    row = f"sessions == {days} and sample == {sample!r}"
    if desk.value("aftermath", row, "n") == 0:
        return [usual]
    events = say(
        "The median move{scaled} was {median}; half lie between {low} and {high}; {up} went up.",
        scaled=", brought to the volatility of the moment," if scaled else "",
        median=move(sample, "q50"),
        low=move(sample, "q25"),
        high=move(sample, "q75"),
        up=desk.per_cent_size("aftermath", row, "share_up", digits=0),
    )
    return [events, usual]
