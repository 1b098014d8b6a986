"""What a site has judged for itself: which goods suit which trade, and how much of them is much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from redflags.values.quantity import Quantity


@dataclass(frozen=True, slots=True)
class SiteFit:
    """Whether goods suit a line of business, as a site has judged, with its reason and the table
    that says so. ``value`` is normal, unusual, incompatible or reseller."""

    value: str
    reason: str
    table: str


@dataclass(frozen=True, slots=True)
class SiteScale:
    """Where retail ends and bulk begins for a family, as a site has judged."""

    retail_below: Quantity
    trade_below: Quantity
    table: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """A site's own judgements: fits by (line of business, family), scales by family. They win over
    the shipped tables; what they do not name stays as shipped."""

    fits: Mapping[tuple[str, str], SiteFit] = field(default_factory=dict)
    scales: Mapping[str, SiteScale] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fits or self.scales)


AS_SHIPPED = Judgements()
"""No judgement but those of the shipped tables."""
