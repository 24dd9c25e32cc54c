"""Numbers looked up in tables, written, and traced."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from oilshock.brief.record import Figure, Phrase, Rule
from oilshock.words import (
    MINUS,
    bound_share,
    bound_text,
    number,
    p_text,
    per_cent,
    probability,
)

Frames = Mapping[str, Callable[[], pd.DataFrame]]


@dataclass(frozen=True)
class Desk:
    """The tables that a brief draws on, by name."""

    frames: Frames

    def holds(self, table: str, row: str, column: str) -> bool:
        """Say whether there is such a cell, and something in it."""
        found = self.rows(table, row)
        return len(found) == 1 and bool(found[column].notna().all())

    def value(self, table: str, row: str, column: str) -> float:
        """Return a cell."""
        found = self.rows(table, row)[column]
        if len(found) != 1:
            raise LookupError(f"{table}: {len(found)} rows for {row}")
        return float(found.iloc[0])

    def price(self, table: str, row: str, column: str) -> Phrase:
        """Write a price."""
        value = self.value(table, row, column)
        return self._figure(number(value), table, row, column, "value", value)

    def usd(self, table: str, row: str, column: str) -> Phrase:
        """Write a move in USD/bbl, with its sign."""
        value = self.value(table, row, column)
        return self._figure(number(value, sign="+"), table, row, column, "value", value)

    def usd_size(self, table: str, row: str, column: str) -> Phrase:
        """Write the size of a move in USD/bbl."""
        value = self.value(table, row, column)
        return self._figure(number(abs(value)), table, row, column, "size", value)

    def per_cent(self, table: str, row: str, column: str, *, digits: int = 2) -> Phrase:
        """Write a fraction in per cent, with its sign."""
        value = self.value(table, row, column)
        text = per_cent(value, digits=digits)
        return self._figure(text, table, row, column, "per cent", value)

    def per_cent_size(self, table: str, row: str, column: str, *, digits: int = 2) -> Phrase:
        """Write the size of a fraction in per cent."""
        value = self.value(table, row, column)
        text = f"{number(100 * abs(value), digits=digits)} %"
        return self._figure(text, table, row, column, "size in per cent", value)

    def p_value(self, table: str, row: str, column: str, *, is_bounded: bool = False) -> Phrase:
        """Write a p value with its sign; a bound is written as one."""
        value = self.value(table, row, column)
        if is_bounded:
            return self._figure(bound_text(value), table, row, column, "below", value)
        rule: Rule = "below" if value < 0.001 else "value"
        return self._figure(p_text(value), table, row, column, rule, value)

    def share(self, table: str, row: str, column: str, *, is_bounded: bool = False) -> Phrase:
        """Write a p value as a share in per cent; a small or bounded one as the bound that is p."""
        value = self.value(table, row, column)
        if is_bounded or value < 0.001:
            most = bound_share(value if is_bounded else 0.001)
            bound = self._figure(most, table, row, column, "below in per cent", value)
            return Phrase(f"fewer than {bound.text}", bound.figures)
        text = f"{number(100 * value, digits=0 if value >= 0.0995 else 1)} %"
        return self._figure(text, table, row, column, "per cent", value)

    def probability(self, table: str, row: str, column: str) -> Phrase:
        """Write a probability; near 0 and 1 as a bound."""
        value = self.value(table, row, column)
        text = probability(value)
        rules: dict[str, Rule] = {"below": "below", "above": "above"}
        rule = rules.get(text.partition(" ")[0], "value")
        return self._figure(text, table, row, column, rule, value)

    def whole(self, table: str, row: str, column: str) -> Phrase:
        """Write a whole number."""
        value = self.value(table, row, column)
        return self._figure(
            f"{int(value):,}".replace("-", MINUS), table, row, column, "value", value
        )

    def level(self, alpha: str) -> Phrase:
        """Write the level of the study in per cent."""
        value = self.value("settings", "", alpha)
        return self._figure(f"{100 * value:g} %", "settings", "", alpha, "per cent", value)

    def confidence(self, alpha: str) -> Phrase:
        """Write what intervals cover."""
        value = self.value("settings", "", alpha)
        text = f"{100 * (1 - value):g} %"
        return self._figure(text, "settings", "", alpha, "confidence", value)

    def count(self, table: str, row: str) -> Phrase:
        """Write how many rows there are."""
        value = len(self.rows(table, row))
        return self._figure(f"{value:,}", table, row, "", "count", value)

    def by_chance(self, table: str, row: str, *, alpha: float) -> Phrase:
        """Write how many of the rows that a query finds a level finds by chance alone."""
        value = alpha * len(self.rows(table, row))
        return self._figure(number(value, digits=1), table, row, "", "by chance", value)

    def items(self, table: str, row: str, column: str) -> Phrase:
        """Write how many ids a cell lists."""
        cell = str(self.rows(table, row)[column].iloc[0])
        value = len(cell.split(";")) if cell else 0
        return self._figure(f"{value:,}", table, row, column, "items", value)

    def rows(self, table: str, row: str) -> pd.DataFrame:
        """Return the rows of a table that a query finds; all for an empty one."""
        frame = self.frames[table]()
        return frame.query(row, engine="python") if row else frame

    @staticmethod
    def _figure(text: str, table: str, row: str, column: str, rule: Rule, value: float) -> Phrase:
        if math.isnan(value):
            raise LookupError(f"{table}: nothing in {column} for {row}")
        return Phrase(text, (Figure(text, table, row, column, rule, value),))
