"""Numbers, dates, counts and short texts as a reader wants them."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, Context, Decimal

import pandas as pd

MINUS = "\N{MINUS SIGN}"


def number(value: float, *, digits: int = 2, sign: str = "-") -> str:
    """Write a number with a true minus sign; a dash where it is missing.

    Examples
    --------
    >>> number(-1.234), number(float("nan")), number(2.0, sign="+")
    ('−1.23', '–', '+2.00')
    >>> number(-0.001, sign="+")
    '0.00'
    """
    if math.isnan(value):
        return "\N{EN DASH}"
    if round(value, digits) == 0:
        return f"{0:.{digits}f}"
    return format(value, f"{sign},.{digits}f").replace("-", MINUS)


def per_cent(fraction: float, *, digits: int = 2) -> str:
    """Write a fraction in per cent, with its sign.

    Examples
    --------
    >>> per_cent(-0.0245)
    '−2.45 %'
    """
    if math.isnan(fraction):
        return "\N{EN DASH}"
    return f"{number(100 * fraction, digits=digits, sign='+')} %"


USUAL_LEVELS = (0.01, 0.05, 0.10)
"""Levels that readers hold p values against."""


def p_text(p_value: float) -> str:
    """Write a p value with its sign: `= 0.22`, `< 0.001`.

    Examples
    --------
    >>> p_text(0.2204), p_text(0.00001), p_text(0.0312)
    ('= 0.22', '< 0.001', '= 0.031')
    """
    if math.isnan(p_value):
        return "not available"
    return f"< {p_number(0.001)}" if p_value < 0.001 else f"= {p_number(p_value)}"


def p_number(p_value: float) -> str:
    """Write a p value for a table cell.

    Examples
    --------
    >>> p_number(0.2204), p_number(0.00001), p_number(0.0312), p_number(0.0097)
    ('0.22', '<0.001', '0.031', '0.0097')
    """
    if math.isnan(p_value):
        return "\N{EN DASH}"
    if p_value < 0.001:
        return "<0.001"
    digits = 3 if p_value < 0.0995 else 2
    # 0.0097 is not 0.010: a p value below a usual level is not written as that level.
    if any(p_value < level <= round(p_value, digits) for level in USUAL_LEVELS):
        digits = 4
    return f"{p_value:.{digits}f}"


def bound_number(p_value: float) -> str:
    """Write an upper bound of a p value for a table cell, rounded up so that it holds.

    Examples
    --------
    >>> bound_number(1 / 451), bound_number(0.002), bound_number(1 / 9806)
    ('<0.0023', '<0.002', '<0.00011')
    """
    return f"<{_rounded_up(p_value):f}"


def bound_text(p_value: float) -> str:
    """Write an upper bound of a p value with its sign.

    Examples
    --------
    >>> bound_text(1 / 451)
    '< 0.0023'
    """
    return f"< {_rounded_up(p_value):f}"


def bound_share(p_value: float) -> str:
    """Write an upper bound of a p value in per cent: the number of `bound_text`.

    Examples
    --------
    >>> bound_share(1 / 451), bound_share(0.001)
    ('0.23 %', '0.1 %')
    """
    return f"{(100 * _rounded_up(p_value)).normalize():f} %"


def _rounded_up(p_value: float) -> Decimal:
    """Round up to two significant digits, without zeros at the end."""
    rounding = Context(prec=2, rounding=ROUND_CEILING)
    return rounding.create_decimal(repr(float(p_value))).normalize()


def probability(value: float) -> str:
    """Write a probability; near 0 and 1 as a bound.

    Examples
    --------
    >>> probability(0.954), probability(1e-9), probability(0.999)
    ('0.95', 'below 0.01', 'above 0.99')
    """
    if value < 0.005:
        return "below 0.01"
    return "above 0.99" if value > 0.995 else number(value)


def probability_number(value: float) -> str:
    """Write a probability for a table cell.

    Examples
    --------
    >>> probability_number(0.954), probability_number(1e-9), probability_number(0.999)
    ('0.95', '<0.01', '>0.99')
    """
    if math.isnan(value):
        return "\N{EN DASH}"
    if value < 0.005:
        return "<0.01"
    return ">0.99" if value > 0.995 else number(value)


def day(date: pd.Timestamp) -> str:
    """Write a date in words.

    Examples
    --------
    >>> day(pd.Timestamp("2024-04-05"))
    '5 April 2024'
    """
    return f"{date.day} {date:%B %Y}"


def iso_day(date: pd.Timestamp) -> str:
    """Write a date for a table cell; nothing where it is missing.

    Examples
    --------
    >>> iso_day(pd.Timestamp("2024-04-05")), iso_day(pd.NaT)
    ('2024-04-05', '')
    """
    return "" if pd.isna(date) else f"{date:%Y-%m-%d}"


def weekday(date: pd.Timestamp) -> str:
    """Write a date in words, with the day of the week.

    Examples
    --------
    >>> weekday(pd.Timestamp("2024-04-13"))
    'Saturday 13 April 2024'
    """
    return f"{date:%A} {day(date)}"


def capital(text: str) -> str:
    """Write the first letter of a text large, and leave the rest as it is.

    Examples
    --------
    >>> capital("events of category OPEC decision")
    'Events of category OPEC decision'
    """
    return text[:1].upper() + text[1:]


def count(n: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count(1, "event"), count(12, "event"), count(1200, "session")
    ('1 event', '12 events', '1,200 sessions')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def out_of(n: int, total: int, noun: str) -> str:
    """Write how many of several there are, at the start of a sentence.

    Examples
    --------
    >>> out_of(3, 9, "event"), out_of(0, 9, "event")
    ('3 of 9 events', 'None of 9 events')
    """
    return f"{n or 'None'} of {count(total, noun)}"


def listed(items: list[str], *, most: int = 6) -> str:
    """Join items with commas and `and`; past `most`, say how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} more"]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def window_text(start: int, end: int) -> str:
    """Write a CAR window.

    Examples
    --------
    >>> window_text(-5, 10)
    '[−5, +10]'
    """
    return f"[{relative(start)}, {relative(end)}]"


def window_words(label: str) -> str:
    """Write the label of a window, as tables and JSON hold it, as a reader wants it.

    Examples
    --------
    >>> window_words("[-5, 10]"), window_words("120")
    ('[−5, +10]', '120')
    """
    return re.sub(
        r"\[(-?\d+), (-?\d+)\]", lambda found: window_text(int(found[1]), int(found[2])), label
    )


def relative(relative_day: int) -> str:
    """Write a relative day with its sign.

    Examples
    --------
    >>> relative(-1), relative(0), relative(3)
    ('−1', '0', '+3')
    """
    return format(relative_day, "+d").replace("-", MINUS) if relative_day else "0"


def dollars(level: float) -> str:
    """Write a price level.

    Examples
    --------
    >>> dollars(90.0), dollars(92.5)
    ('$90', '$92.50')
    """
    return f"${level:,.0f}" if float(level).is_integer() else f"${level:,.2f}"


def ordinal(n: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> ordinal(1), ordinal(12), ordinal(1023)
    ('1st', '12th', '1,023rd')
    """
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def cut(text: str, most: int) -> str:
    """Shorten a text to so many characters, and show that it was.

    Examples
    --------
    >>> cut("An attack on a tanker", 10), cut("A strike", 10)
    ('An attack…', 'A strike')
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def markdown_safe(text: str) -> str:
    r"""Escape what Markdown would read as markup, in one line.

    Examples
    --------
    >>> print(markdown_safe("A|B *now*"))
    A\|B \*now\*
    """
    return re.sub(r"([\\`*_\[\]<>|~$#&])", r"\\\1", " ".join(text.split()))


def share_text(fraction: float) -> str:
    """Write a share in whole per cent; a dash where it is missing.

    Examples
    --------
    >>> share_text(0.714), share_text(-0.44), share_text(float("nan"))
    ('71 %', '−44 %', '–')
    """
    if math.isnan(fraction):
        return "\N{EN DASH}"
    return f"{number(100 * fraction, digits=0)} %"


def plain_name(name: str) -> str:
    """Write the name of a category or of a group as a reader wants it.

    Examples
    --------
    >>> plain_name("opec_decision"), plain_name("category=attack_on_supply")
    ('OPEC decision', 'category: attack on supply')
    """
    return re.sub(r"\bopec\b", "OPEC", name.replace("=", ": ", 1).replace("_", " "))
