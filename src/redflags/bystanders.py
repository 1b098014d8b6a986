"""Who stands in the lines of a run, each combination of parties once, with its first day.

Links between parties follow from all lines, also from those of harmless goods. To make a record of
each would cost more than judging it, so the columns about parties are kept as they are and read
when a rule across orders asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.across.identity import PARTY_PATHS
from redflags.kinship import Kinship
from redflags.model.notation import Notation, Notations
from redflags.model.record import TextRecord, record_of_texts

if TYPE_CHECKING:
    import polars as pl

    from redflags.engine.windows import WindowSheet

_DAY = "\0day"
"""A name that no field has."""

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

    def mark(self) -> tuple[int, dict[tuple[str, ...], int]]:
        """How much there is, for :meth:`cut`."""
        return len(self._first), {roles: len(frames) for roles, frames in self._seen.items()}

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
            self._seen.setdefault(roles, []).append(_once(told, paths))

    def _days_of(self, frame: pl.DataFrame, notation: Notation | Notations) -> pl.Series:
        """The day of each line as a number; null where it has none."""
        import polars as pl

        if "date" not in frame.columns:
            return pl.repeat(None, frame.height, dtype=pl.Int64, eager=True)
        texts = frame["date"].unique()
        own = notation.of("date")
        numbers = []
        for text in texts:
            key = (text, own)
            if key not in self._days:
                day = record_of_texts([("date", text or "")], notation)["date"].value
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
        kinship = Kinship()
        for party in sheet.parties():
            kinship.ask(party)
        wholes = []
        for frames in self._seen.values():
            # A column that one file has and another has not is null there.
            whole = pl.concat(frames, how="diagonal")
            paths = [name for name in whole.columns if name not in (_DAY, _UNDATED)]
            whole = _once(whole.with_columns(pl.col(paths).fill_null("")), paths)
            wholes.append((paths, whole, _places(whole.select(paths), kinship)))
        for paths, whole, places in wholes:
            some = [place for place in places.unique() if kinship.matters(place)]
            mattering = places.is_in(pl.Series(some, dtype=pl.Int64).implode())
            for *texts, day, undated in whole.filter(mattering).iter_rows():
                cells = {path: text for path, text in zip(paths, texts, strict=True) if text}
                sheet.note_parties(TextRecord(cells), None if undated else day)


def _places(whole: pl.DataFrame, kinship: Kinship) -> pl.Series:
    """Where each combination of texts stands among its kin."""
    import polars as pl

    paths = whole.columns
    bare = []
    for path in paths:
        role, _, part = path.partition(".")
        if part in ("country", "city"):  # they tell only where a number or an address is read
            needed = [one for one in (f"{role}.registration", f"{role}.address") if one in paths]
            is_read = pl.any_horizontal([pl.col(one) != "" for one in needed] or [pl.lit(False)])
            bare.append(pl.when(is_read).then(pl.col(path)).otherwise(pl.lit("")).alias(path))
    told = whole.with_columns(bare)
    once = told.unique()
    numbers = [kinship.add(paths, texts) for texts in once.iter_rows()]
    once = once.with_columns(pl.Series(_NUMBER, numbers, dtype=pl.Int64))
    return told.join(once, on=paths, how="left", maintain_order="left")[_NUMBER]


_NUMBER = "\0number"
_UNDATED = "\0undated"


def _once(frame: pl.DataFrame, paths: list[str]) -> pl.DataFrame:
    """Each combination of texts once, with its first day and whether some line has none."""
    import polars as pl

    undated = pl.col(_DAY).is_null()
    if _UNDATED in frame.columns:
        undated = pl.col(_UNDATED)
    return frame.group_by(paths).agg(pl.col(_DAY).min(), undated.any().alias(_UNDATED))


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
