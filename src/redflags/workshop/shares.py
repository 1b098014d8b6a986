"""Shares of counted things, with the interval in which the share behind them probably lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
"""Of the intervals of many such samples this share holds the true value, about."""

_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``; of nothing there is no share."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share itself, from 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The score interval of Wilson (1927), at :data:`CONFIDENCE`; all of 0 to 1 of nothing.

        Brown, Cai and DasGupta (Interval Estimation for a Binomial Proportion, Statistical Science
        16, 2001) recommend it for samples of 40 and fewer; unlike the usual interval it is right
        for shares of none and of all.
        """
        if not self.of:
            return 0.0, 1.0
        share, square = self.count / self.of, _Z * _Z
        middle = (share + square / (2 * self.of)) / (1 + square / self.of)
        spread = (
            _Z
            * sqrt(share * (1 - share) / self.of + square / (4 * self.of * self.of))
            / (1 + square / self.of)
        )
        low = 0.0 if self.count == 0 else max(0.0, middle - spread)
        high = 1.0 if self.count == self.of else min(1.0, middle + spread)
        return low, high

    @property
    def width(self) -> float:
        """How wide the interval is, from 0 to 1."""
        low, high = self.interval
        return high - low


def precision_in_trade(recall: Share, false_alarms: Share, one_in: int) -> tuple[float, float]:
    """The least and the most precision where one order in ``one_in`` is of concern, by Bayes'
    theorem from the ends of the intervals of recall and of the share of honest orders flagged."""
    rate = 1 / one_in
    (least_found, most_found), (least_false, most_false) = recall.interval, false_alarms.interval
    return (
        _posterior(rate * least_found, (1 - rate) * most_false),
        _posterior(rate * most_found, (1 - rate) * least_false),
    )


def _posterior(true: float, false: float) -> float:
    return true / (true + false) if true + false else 0.0
