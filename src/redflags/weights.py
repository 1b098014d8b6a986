"""The weights of signs and the bands of scores, on one screen.

A weight w stands for −log2(1 − w) bits, kept as whole thousandths so that sums do not depend on
the order of the rules. The figures are this project's own (judgement): they make a lone sign land
in the band it is named after, and two medium signs of different facts a high one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

SEVERITIES: Mapping[str, float] = {"low": 0.15, "medium": 0.35, "high": 0.60, "critical": 0.85}
"""The weight of a sign by its severity."""

BANDS: tuple[tuple[str, int], ...] = (("low", 0), ("medium", 25), ("high", 50), ("critical", 80))
"""Each band of the score with the first score that belongs to it; with no flag: ``none``."""

BAND_NAMES: tuple[str, ...] = ("none", "low", "medium", "high", "critical")
"""Every band, from the least urgent to the most."""


def bits_of_weight(weight: float) -> int:
    """−log2(1 − weight) in whole thousandths of a bit; ``weight`` lies in [0, 1)."""
    if not 0 <= weight < 1:
        raise ValueError(f"a weight lies between 0 and 1, not at {weight}")
    return round(-math.log2(1 - weight) * 1000)


BITS: Mapping[str, int] = {name: bits_of_weight(weight) for name, weight in SEVERITIES.items()}
"""The bits of each severity, in whole thousandths."""
