"""Check the discoveries of `oilshock scan` on simulated series, and print what is measured.

Run it with `python docs/studies/scan.py`; it takes about half a minute. Each series has 2,500
errors of variance 1 and 6-sigma shocks of random sign on random sessions. A discovery is a q
value below 0.05. For normal errors the mean false-discovery proportion should be at most 0.05
plus two standard errors, and at least 90 % of the shocks should be found. For Student t errors
both are reported: there, a shock of 6 sigma is what the errors themselves do now and then.
"""

from __future__ import annotations

import numpy as np

from oilshock.inference.unusual import unusual_sessions

SERIES, LENGTH, SHOCK, LEVEL = 50, 2500, 6.0, 0.05
ERRORS = {"normal": 0, "t(8)": 8, "t(4)": 4}


def series(seed: int, *, df: int, shocks: int) -> tuple[np.ndarray, np.ndarray]:
    """Return errors with shocks, and where the shocks are."""
    rng = np.random.default_rng(seed)
    errors = rng.standard_t(df, LENGTH) * np.sqrt((df - 2) / df) if df else rng.normal(size=LENGTH)
    at = rng.choice(np.arange(100, LENGTH), shocks, replace=False)
    errors[at] += SHOCK * rng.choice([-1.0, 1.0], shocks)
    return np.append(np.nan, errors), np.isin(np.arange(-1, LENGTH), at)


def main() -> None:
    """Print one row for each law of the errors and number of shocks."""
    print(f"{SERIES} series of {LENGTH:,}, shocks of {SHOCK:g} sigma, q < {LEVEL:g}")
    print("errors   shocks  false discoveries (se)  found  discoveries")
    for name, df in ERRORS.items():
        for shocks in (5, 10, 25):
            false, found, n = [], [], []
            for seed in range(SERIES):
                returns, truth = series(seed, df=df, shocks=shocks)
                hit = unusual_sessions(returns).q_value < LEVEL
                false.append((hit & ~truth).sum() / max(hit.sum(), 1))
                found.append((hit & truth).sum() / shocks)
                n.append(hit.sum())
            error = np.std(false, ddof=1) / np.sqrt(SERIES)
            print(
                f"{name:8s} {shocks:6d}  {np.mean(false):13.3f} ({error:.3f})  "
                f"{np.mean(found):9.3f}  {np.mean(n):11.1f}"
            )


if __name__ == "__main__":
    main()
