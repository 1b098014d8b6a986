"""Sums in one currency expressed in another, by a table of dated rates that is given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from redflags.values.money import Money, format_money
from redflags.values.understood import Understood, unknown

MOST_DAYS = 7
"""How old a rate may be: longer than any run of days on which banks are closed."""

_LARGEST = 2**63

NO_RATES = "there is no table of exchange rates"
"""Why two currencies cannot be compared where no table is given."""


class RateTable:
    """How many units of each currency one unit of ``base`` buys, by day.

    ``source`` names the table in explanations. Rates are kept as they were written.
    """

    def __init__(self, base: str, rates: Iterable[tuple[date, str, Decimal]], source: str) -> None:
        self.base = base
        self.source = source
        by_currency: dict[str, dict[date, Decimal]] = {}
        for day, currency, rate in rates:
            by_currency.setdefault(currency, {})[day] = rate
        self._days: dict[str, list[date]] = {}
        self._rates = by_currency
        for currency, known in by_currency.items():
            self._days[currency] = sorted(known)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the table, its base included."""
        return tuple(sorted({self.base, *self._days}))

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the table; None if it is empty."""
        known = [days for days in self._days.values() if days]
        if not known:
            return None
        return min(days[0] for days in known), max(days[-1] for days in known)

    @property
    def sha256(self) -> str:
        """The hash of what the table says, whatever the order and the layout of its rows."""
        said = sha256(self.base.encode())
        for currency in sorted(self._days):
            for day in self._days[currency]:
                rate = self._rates[currency][day].normalize()
                said.update(f"\n{currency} {day.isoformat()} {rate:f}".encode())
        return said.hexdigest()

    def rate(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        """The last rate on or before a day and its own day, at most :data:`MOST_DAYS` old."""
        if currency == self.base:
            return Decimal(1), day
        days = self._days.get(currency, [])
        place = bisect_right(days, day)
        if place == 0 or (day - days[place - 1]).days > MOST_DAYS:
            return None
        found = days[place - 1]
        return self._rates[currency][found], found


class ColumnRates(RateTable):
    """A table that reads the rates of a currency when one is first asked for."""

    def __init__(
        self,
        base: str,
        currencies: Iterable[str],
        column: Callable[[str], Iterable[tuple[date, Decimal]]],
        source: str,
    ) -> None:
        """``column`` gives the days and the rates of one of the ``currencies``, in any order."""
        super().__init__(base, (), source)
        self._known = frozenset(currencies)
        self._column = column

    @property
    def currencies(self) -> tuple[str, ...]:
        """As :attr:`RateTable.currencies`."""
        return tuple(sorted({self.base, *self._known}))

    @property
    def days(self) -> tuple[date, date] | None:
        """As :attr:`RateTable.days`; all columns are read for it."""
        for currency in self._known:
            self._read(currency)
        return super().days

    def rate(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        """As :meth:`RateTable.rate`."""
        self._read(currency)
        return super().rate(currency, day)

    def _read(self, currency: str) -> None:
        if currency in self._known and currency not in self._days:
            found = dict(self._column(currency))
            self._rates[currency] = found
            self._days[currency] = sorted(found)


Rates = Callable[[], RateTable | None]
"""Gives the table when it is first needed: to read one takes longer than to judge many orders."""


def no_rates() -> RateTable | None:
    """No table: sums in two currencies cannot be compared."""
    return None


def convert_money(
    money: Money, currency: str, day: Understood, rates: RateTable | None
) -> Understood:
    """A sum in another currency, at the last rate on or before the day of the order.

    Exact, and rounded half to even to a ten-thousandth of the unit. ``how`` tells the rates with
    their days and the table. Without a table, without a day, or where the table has no rate of
    the last :data:`MOST_DAYS` days it is unknown, and says so.
    """
    written = format_money(money)
    if money.currency == currency:
        return Understood(written=written, value=money)
    if rates is None:
        return unknown(written, f"{written} cannot be compared with {currency}: {NO_RATES}")
    if day.value is None:
        why = (
            f"what {written} is in {currency} depends on the date of the order, which is not known"
        )
        return unknown(written, why, "date")
    told = []
    amount = Fraction(money.amount)
    for code, buys in ((money.currency, False), (currency, True)):
        found = rates.rate(code, day.value)
        if found is None:
            until = f"{day.value} or the {MOST_DAYS} days before"
            return unknown(written, f"there is no rate of {code} for {until} ({rates.source})")
        rate, of_day = found
        amount = amount * Fraction(rate) if buys else amount / Fraction(rate)
        if code != rates.base:
            told.append(f"{rate.normalize():f} {code} for 1 {rates.base} on {of_day}")
    converted = Money(currency, round(amount))
    if abs(converted.amount) >= _LARGEST:
        return unknown(written, f"{written} is too large in {currency}")
    how = f"{written} = {format_money(converted)} at {' and '.join(told)} ({rates.source})"
    return Understood(written=written, value=converted, how=how)
