"""Who stands in the lines of a run, each combination of parties once, with its first day.

Links between parties follow from all lines, also from those of harmless goods. To make a record of
each would cost more than judging it, so the columns about parties are kept as they are and read
when a rule across orders asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.across.identity import PARTY_PATHS
from redflags.across.mentions import DAY, Mentions
from redflags.model.answers import MOST_REMEMBERED
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations

if TYPE_CHECKING:
    import polars as pl

    from redflags.engine.windows import WindowSheet

_DAY = "\0day"
"""A name that no field has."""

FEW_PARTIES = 20_000
"""So many parties of batches are kept as they come."""

_STATED = 2
"""The first paths of a role are those by which a party is stated: name and registration."""


@dataclass(slots=True)
class Bystanders:
    """The parties and first days of all lines of a run, batch by batch; only the days, where no
    rule asks for parties."""

    has_parties: bool = True
    _seen: dict[tuple[str, ...], list[pl.DataFrame]] = field(default_factory=dict)
    _days: dict[object, int | None] = field(default_factory=dict)
    _first: list[int | None] = field(default_factory=list)
    _marked: dict[tuple[str, ...], int] = field(default_factory=dict)

    def mark(self) -> tuple[int, dict[tuple[str, ...], int]]:
        """How much there is, for :meth:`cut`; what was marked before can no longer be cut."""
        for frames in self._seen.values():
            frames[:] = [_united(frames)] if frames else []
        self._marked = {roles: len(frames) for roles, frames in self._seen.items()}
        return len(self._first), self._marked

    def cut(self, mark: tuple[int, dict[tuple[str, ...], int]]) -> None:
        """Forget what was added since."""
        del self._first[mark[0] :]
        for roles, frames in self._seen.items():
            del frames[mark[1].get(roles, 0) :]

    def add(self, frame: pl.DataFrame, notation: Notation | Notations) -> None:
        """Note a batch of lines."""
        import polars as pl

        days = self._days_of(frame, notation)
        self._first.append(days.min())  # type: ignore[arg-type]
        if not self.has_parties:
            return
        frame = frame.with_columns(days.alias(_DAY))
        for roles in _apart(frame.columns):
            paths = [path for role in roles for path in PARTY_PATHS[role] if path in frame.columns]
            told = frame if len(roles) == 1 else frame.filter(~_pays_for_itself(frame.columns))
            for role in roles:
                names = [path for path in PARTY_PATHS[role][:_STATED] if path in paths]
                told = told.filter(pl.any_horizontal(pl.col(names) != ""))
            self._keep(roles, _once(told, paths))

    def _keep(self, roles: tuple[str, ...], told: pl.DataFrame) -> None:
        """Keep what a batch tells of some roles. Most parties come again: whenever there are twice
        as many as after the last time, they are put together."""
        frames = self._seen.setdefault(roles, [])
        frames.append(told)
        since = self._marked.get(roles, 0)
        first, *later = frames[since:]
        if sum(one.height for one in later) > max(first.height, FEW_PARTIES):
            frames[since:] = [_united([first, *later])]

    def _days_of(self, frame: pl.DataFrame, notation: Notation | Notations) -> pl.Series:
        """The day of each line as a number; null where it has none."""
        import polars as pl

        if "date" not in frame.columns:
            return pl.repeat(None, frame.height, dtype=pl.Int64, eager=True)
        texts = frame["date"].unique()
        own, kind = notation.of("date"), field_table()["date"].kind
        numbers = []
        for text in texts:
            key = (text, own)
            if key not in self._days:
                if len(self._days) >= MOST_REMEMBERED:
                    self._days.clear()
                day = kind.parse(text or "", own).value
                self._days[key] = None if day is None else day.toordinal()
            numbers.append(self._days[key])
        return frame["date"].replace_strict(
            texts, pl.Series(numbers, dtype=pl.Int64), return_dtype=pl.Int64
        )

    def stand_by(self, sheet: WindowSheet) -> None:
        """Tell a sheet of windows who stands in the lines, as far as that can matter to the parties
        on it, and from which day on there are any lines."""
        import polars as pl

        for first in self._first:
            sheet.note_day(first)
        if not self.has_parties:
            return
        mentions = Mentions(sheet.link_kinds)
        for roles in list(self._seen):  # each is let go when it is told
            whole = _united(self._seen.pop(roles)).with_columns(
                pl.when(pl.col(_UNDATED).not_()).then(_DAY).alias(DAY)
            )
            whole = whole.drop(_DAY, _UNDATED).with_columns(pl.col(pl.String).fill_null(""))
            start = f"{roles[0]}."
            own = whole.rename({name: name.removeprefix(start) for name in whole.columns})
            if len(roles) == 1:
                mentions.add(roles[0], own)
            else:
                mentions.add_payments(own)
        sheet.stand_by(mentions)


_UNDATED = "\0undated"


def _once(frame: pl.DataFrame, paths: list[str]) -> pl.DataFrame:
    """Each combination of texts once, with its first day and whether some line has none."""
    import polars as pl

    undated = pl.col(_DAY).is_null()
    if _UNDATED in frame.columns:
        undated = pl.col(_UNDATED)
    return frame.group_by(paths).agg(pl.col(_DAY).min(), undated.any().alias(_UNDATED))


def _united(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """What several batches tell, each combination of texts once."""
    import polars as pl

    if len(frames) == 1:
        return frames[0]
    # A column that one file has and another has not is null there.
    whole = pl.concat(frames, how="diagonal")
    return _once(whole, [name for name in whole.columns if name not in (_DAY, _UNDATED)])


def _pays_for_itself(columns: list[str]) -> pl.Expr:
    """Whether payer and buyer are one firm by all that tells who they are: that links nobody."""
    import polars as pl

    def text(path: str) -> pl.Expr:
        return pl.col(path).fill_null("") if path in columns else pl.lit("")

    parts = ("name", "registration", "country")
    return pl.all_horizontal([text(f"payer.{one}") == text(f"buyer.{one}") for one in parts])


def _apart(columns: list[str]) -> list[tuple[str, ...]]:
    """Which roles are looked at together: who paid for whom matters, all else stands by itself."""
    stated = [
        role for role in PARTY_PATHS if not {*PARTY_PATHS[role][:_STATED]}.isdisjoint(columns)
    ]
    together = [("payer", "buyer")] if {"payer", "buyer"} <= set(stated) else []
    return [*((role,) for role in stated), *together]
