"""From flags to a score: the arithmetic of evidence, in whole thousandths of a bit.

In this order: each flag's bits less what lowers it; of each base fact only the strongest flag;
all low signs together at most one medium; the sum. A low sign counts only with what it exceeds
the other signs of its fact by, so that no further sign ever lowers a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from redflags.weights import BAND_NAMES, BANDS, BITS


class Sign(NamedTuple):
    """A sign that came out true: its rule, base fact, severity, and bits after lowering."""

    rule: str
    fact: str
    severity: str
    bits: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sum E of an order in thousandths of a bit, and each rule's share in it."""

    bits: int
    shares: Mapping[str, int]


def weigh(signs: Iterable[Sign]) -> Evidence:
    """The evidence of all signs together. The order of the signs changes nothing."""
    strong: dict[str, Sign] = {}
    weak: dict[str, Sign] = {}
    for sign in sorted(signs, key=lambda sign: (-sign.bits, sign.rule)):
        kept = weak if sign.severity == "low" else strong
        kept.setdefault(sign.fact, sign)
    shares = {sign.rule: sign.bits for sign in strong.values()}
    left = BITS["medium"]
    for sign in sorted(weak.values(), key=lambda sign: (-sign.bits, sign.rule)):
        rival = strong.get(sign.fact)
        excess = max(0, sign.bits - (rival.bits if rival is not None else 0))
        taken = min(excess, left)
        left -= taken
        if taken:
            shares[sign.rule] = taken
    return Evidence(bits=sum(shares.values()), shares=shares)


def best_of_facts(signs: Iterable[Sign]) -> tuple[dict[str, int], dict[str, int]]:
    """The bits of the strongest sign of each fact: of those above low, and of the low ones."""
    strong: dict[str, int] = {}
    weak: dict[str, int] = {}
    for sign in signs:
        kept = weak if sign.severity == "low" else strong
        kept[sign.fact] = max(sign.bits, kept.get(sign.fact, 0))
    return strong, weak


def bits_of(strong: Mapping[str, int], weak: Mapping[str, int]) -> int:
    """The bits of :func:`weigh` alone, from the strongest of each fact."""
    excess = sum([max(0, bits - strong.get(fact, 0)) for fact, bits in weak.items()])
    return sum(strong.values()) + min(excess, BITS["medium"])


def score_of(bits: int) -> float:
    """100 · (1 − 2^−E), with one decimal. It saturates; sort by bits."""
    return round(100 * (1 - 2 ** (-bits / 1000)), 1)


def band_of(bits: int, *, flagged: bool, stop: bool = False) -> str:
    """The band of an evidence; ``none`` without a flag, ``critical`` with a stop."""
    if stop:
        return "critical"
    if not flagged:
        return "none"
    exact = 100 * (1 - 2 ** (-bits / 1000))
    return [name for name, least in BANDS if exact >= least][-1]


def is_at_least(band: str, line: str) -> bool:
    """Whether a band is as urgent as another or more."""
    return BAND_NAMES.index(band) >= BAND_NAMES.index(line)
