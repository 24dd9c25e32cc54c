"""Ordinary sessions whose volatility wanders, and events among them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from oilshock.inference.placebo import PlaceboLaw, placebo_law, rate
from oilshock.typing import Float


def sessions(n: int, *, seed: int = 0) -> dict[str, Any]:
    """CARs whose spread follows two variances that wander, with gaps between the sessions."""
    rng = np.random.default_rng(seed)
    recent = 4e-4 * np.exp(0.9 * np.sin(np.arange(n) / 37.0) + 0.2 * rng.standard_normal(n))
    estimation = 4e-4 * np.exp(0.6 * np.sin(np.arange(n) / 211.0))
    car = rng.standard_t(5, n) * (recent * estimation) ** 0.25
    position = 100 + np.cumsum(rng.choice([1, 1, 1, 1, 7], n))
    return {"car": car, "position": position, "recent": recent, "estimation": estimation}


@lru_cache
def law_of(n: int, seed: int = 0) -> PlaceboLaw:
    own = sessions(n, seed=seed)
    return placebo_law(own.pop("car"), **own)


def events(n: int, *, among: int, seed: int = 1) -> dict[str, Any]:
    """Events at sessions of the placebos, between them, before the first and after the last."""
    rng = np.random.default_rng(seed)
    last = int(sessions(among)["position"][-1])
    return {
        "car": rng.standard_t(2, n) * 0.03,
        "recent": np.exp(rng.uniform(-9.0, -6.0, n)),
        "estimation": np.exp(rng.uniform(-9.0, -7.0, n)),
        "position": rng.integers(50, last + 60, n),
    }


def p_of(law: PlaceboLaw, own: dict[str, Any], *, reach: int) -> Float:
    rest = {key: value for key, value in own.items() if key != "car"}
    return rate(law, own["car"], **rest, reach=reach).p_value
