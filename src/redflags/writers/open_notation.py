"""What to write where cells were not understood because they can be read in more than one way."""

from __future__ import annotations

from collections.abc import Iterable

from redflags.values.dates import NUMBER_OF_A_DAY

_TWO_WAYS = (
    "numbers and dates that can be read two ways: say which with `decimal` under [numbers] or "
    "`day_first` under [dates] in redflags.toml"
)
_NUMBERS_OF_DAYS = (
    "numbers of days, as spreadsheets store dates: if they are, write a mapping file with "
    '`format = "excel"` under [dates] and give it with -m'
)


def remedies(reasons: Iterable[str]) -> list[str]:
    """A sentence for each kind of open reading among the reasons why cells were not understood."""
    kinds = {NUMBER_OF_A_DAY in reason for reason in reasons if " can be " in reason}
    return [told for kind, told in ((True, _NUMBERS_OF_DAYS), (False, _TWO_WAYS)) if kind in kinds]
