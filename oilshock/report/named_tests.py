"""What tests are called in tables: one wording each, and a short form for narrow columns."""

from __future__ import annotations

WORDS = {
    "t": "t",
    "cross-sectional": "cross-sectional",
    "crude-dependence": "crude dependence",
    "patell": "Patell",
    "patell-kp": "Patell-KP",
    "bmp": "BMP",
    "bmp-kp": "BMP-KP",
    "skewness-adjusted": "skewness-adjusted",
    "rank": "Corrado rank",
    "corrado-zivney": "Corrado-Zivney",
    "grank-t": "GRANK-T",
    "grank-z": "GRANK-Z",
    "generalized-sign": "generalised sign",
    "sign": "sign",
    "wilcoxon": "Wilcoxon",
    "permutation": "permutation",
    "estimation-rank": "estimation rank",
    "garch": "GARCH",
    "placebo": "placebo (calibrated)",
}
"""Each test that a config can name."""

SHORT = {
    "cross-sectional": "cross-sect.",
    "crude-dependence": "crude dep.",
    "skewness-adjusted": "skew. adj.",
    "rank": "rank",
    "corrado-zivney": "C.-Zivney",
    "generalized-sign": "gen. sign",
    "placebo": "placebo",
}
"""Short forms of those that have one."""


def name_of_test(test: str) -> str:
    """Name a test in a row of a table; one that no config names is called as it is.

    Examples
    --------
    >>> name_of_test("generalized-sign"), name_of_test("t, size-corrected")
    ('generalised sign', 't, size-corrected')
    """
    return WORDS.get(test, test)


def short_name_of_test(test: str) -> str:
    """Name a test in the heading of a narrow column.

    Examples
    --------
    >>> short_name_of_test("generalized-sign"), short_name_of_test("bmp-kp")
    ('gen. sign', 'BMP-KP')
    """
    return SHORT.get(test, WORDS[test])
