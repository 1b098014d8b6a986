"""What batches of lines say of their parties: each combination of texts once, in columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from redflags.across.plain_names import plain_name_keys
from redflags.cases.blocks import LAST_DIGITS

if TYPE_CHECKING:
    import polars as pl

Texts = tuple[str, ...]

NAMED = ("name", "registration")
"""The parts by which a party is stated, and by which firms are told apart when they are counted."""

_LEAST_AT_ONCE = 500_000
"""Pairs that are added before those that came twice are taken out."""


class CensusColumns:
    """Texts about parties out of columns, and who stands beside which buyer. Combinations of texts
    are told apart by 64 bits of their hash.

    ``paths`` has for each role, the buyer's first, the fields that are noted of it, and
    ``attributes`` what these are called without the role.
    """

    def __init__(self, paths: Mapping[str, Sequence[str]], attributes: Sequence[str]) -> None:
        self._paths = paths
        self._attributes = attributes
        self._texts: dict[str, list[pl.DataFrame]] = {role: [] for role in paths}
        self._known: dict[tuple[str, ...], pl.Series] = {}
        self._pairs = {role: _Pairs() for role in paths if role != "buyer"}
        self._buyers: _Buyers | None = None

    def add(self, frame: pl.DataFrame) -> None:
        """Add a batch of lines."""
        import polars as pl

        self._buyers = None
        beside: pl.Series | None = None
        columns = frozenset(frame.columns)
        for role, paths in self._paths.items():
            given = [path for path in paths if path in columns]
            if columns.isdisjoint(paths[: len(NAMED)]):
                continue
            own = [path for path in paths[: len(NAMED)] if path in columns]
            stated = pl.any_horizontal(pl.col(path).fill_null("") != "" for path in own)
            told = frame.select(pl.struct(given).hash().alias(_HASH), stated.alias(_STATED))
            first = told[_HASH].arg_unique()
            first = first.filter(told[_STATED].gather(first))
            new = told[_HASH].gather(first)
            known = self._known.get(tuple(given))
            if known is not None:
                is_new = ~new.is_in(known.implode())
                first, new = first.filter(is_new), new.filter(is_new)
            self._known[tuple(given)] = new if known is None else pl.concat([known, new])
            if len(first):
                names = dict(zip(paths, self._attributes, strict=True))
                self._texts[role].append(frame.select(given)[first].rename(names, strict=False))
            if role == "buyer":
                beside = frame.select(
                    pl.when(stated).then(_called(*(_text(path, columns) for path in paths[:2])))
                ).to_series()
            elif beside is not None and paths[0] in columns:
                self._pairs[role].add(frame[paths[0]], beside)

    def _whole(self, role: str) -> pl.DataFrame | None:
        """All texts of a role, each combination at least once."""
        import polars as pl

        frames = self._texts[role]
        if not frames:
            return None
        # A column that one file has and another has not is null there.
        whole = pl.concat(frames, how="diagonal", rechunk=False)
        missing = [pl.lit("").alias(one) for one in self._attributes if one not in whole.columns]
        return whole.with_columns(pl.col(pl.String).fill_null(""), *missing)

    def sharing(
        self,
        kind: str,
        attributes: tuple[str, ...],
        keys: Callable[[Texts], list[str]],
        wanted: Collection[str],
    ) -> Iterator[tuple[Texts, str, str]]:
        """The texts of these attributes that have ``keys``, with the name and registration of each
        who has them. The keys are those of a ``kind`` that are ``wanted``."""
        may_have = _may_have(kind, attributes, wanted)
        for role in self._paths:
            frame = self._whole(role)
            if frame is None:
                continue
            own = frame.select(attributes).unique().filter(may_have)
            with_key = [bool(keys(texts)) for texts in own.iter_rows()]
            if any(with_key):
                having = frame.join(own.filter(with_key), on=attributes)
                told = having.select(*attributes, *NAMED).unique()
                for texts in told.iter_rows():
                    yield texts[:-2], texts[-2], texts[-1]

    def served(
        self,
        role: str,
        names: Iterable[tuple[str, int]],
        most: int,
        key_of: Callable[[str, str], str],
    ) -> dict[int, int]:
        """How many different buyers stand beside each firm that has one of these names in a role,
        where they are more than ``most``. ``key_of`` a name and a registration is what tells
        buyers apart."""
        import polars as pl

        asked = pl.DataFrame(
            list(names), schema={"name": pl.String, "firm": pl.Int64}, orient="row"
        )
        asked = asked.select("firm", pl.col("name").hash().alias(_HASH))
        if self._buyers is None:
            self._buyers = _Buyers(self._whole("buyer"), key_of)
        counts: dict[int, int] = {}
        for beside in self._pairs[role].beside(asked):
            # As written they are at least as many.
            written = beside.group_by("firm").agg(pl.col(_BUYER).n_unique().alias("written"))
            many = written.filter(pl.col("written") > most).select("firm")
            beside = beside.join(many, on="firm", how="semi")
            keyed = beside.join(self._buyers.keyed(beside[_BUYER].unique()), on=_BUYER)
            told = keyed.group_by("firm").agg(pl.col("key").n_unique())
            counts.update((firm, count) for firm, count in told.iter_rows() if count > most)
        return counts


_LARGEST_PART = 250_000
"""About so many pairs are looked through at a time: to find those that came twice takes several
times the room of what is looked at."""


class _Pairs:
    """Who stands beside which buyer, as hashes of the name and of the buyer: in a power of two of
    parts, by the hash of the name."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []
        self._new: list[pl.DataFrame] = []

    def add(self, names: pl.Series, buyers: pl.Series) -> None:
        """Add lines: the name in each, and the hash of its buyer, null where none is stated."""
        import polars as pl

        hashes = names.hash()
        pairs = pl.DataFrame({_HASH: hashes, _BUYER: buyers})
        pairs = pairs[(hashes * 31 ^ buyers.fill_null(0)).arg_unique()].drop_nulls()
        self._new.append(pairs)
        kept = sum(part.height for part in self._parts)
        if sum(one.height for one in self._new) > max(_LEAST_AT_ONCE, kept):
            self._put_away()

    def beside(self, asked: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Who stands beside some firms, of which ``asked`` has the number of each with the hash of
        each of its names: some of the firms at a time, each wholly, as ``firm`` and buyer."""
        import polars as pl

        if not self._parts and not self._new:
            return

        def beside(parts: Iterable[pl.DataFrame], firms: pl.DataFrame) -> pl.DataFrame:
            return pl.concat(
                [one.join(firms, on=_HASH).select("firm", _BUYER) for one in (*parts, *self._new)]
            )

        own_part = pl.col(_HASH) % max(len(self._parts), 1)
        scattered = own_part.n_unique().over("firm") > 1
        several = asked.filter(scattered)
        asked = asked.filter(~scattered)
        for number in range(max(len(self._parts), 1)):
            own = asked.filter(own_part == number)
            if own.height:
                yield beside(self._parts[number : number + 1], own)
        if several.height:
            yield beside(self._parts, several)

    def _put_away(self) -> None:
        """Put what is new to the rest, each pair once."""
        import polars as pl

        if not self._new:
            return
        new = pl.concat(self._new, rechunk=False)
        self._new.clear()
        before = self._parts or [new.clear()]
        height = new.height + sum(part.height for part in before)
        count = len(before)
        while height > count * _LARGEST_PART:
            count *= 2
        self._parts = [new.clear()] * count
        for place in range(len(before)):
            part, before[place] = before[place], new.clear()  # let go as soon as it is divided
            for number in range(place, count, len(before)):
                here = pl.col(_HASH) % count == number
                own = pl.concat([part.filter(here), new.filter(here)])
                self._parts[number] = own.unique()


class _Buyers:
    """What tells buyers apart when they are counted, worked out for those that are asked for."""

    def __init__(self, texts: pl.DataFrame | None, key_of: Callable[[str, str], str]) -> None:
        import polars as pl

        named = pl.DataFrame(schema=dict.fromkeys(NAMED, pl.String)) if texts is None else texts
        self._texts = (
            named.select(NAMED)
            .unique()
            .with_columns(_called(*(pl.col(part) for part in NAMED)).alias(_BUYER))
        )
        self._key_of = key_of
        self._keyed = pl.DataFrame(schema={_BUYER: pl.UInt64, "key": pl.UInt64})

    def keyed(self, asked: pl.Series) -> pl.DataFrame:
        """The hash of the key of each buyer of these hashes, and of those of before."""
        import polars as pl

        new = self._texts.filter(pl.col(_BUYER).is_in(asked.implode()))
        new = new.join(self._keyed, on=_BUYER, how="anti")
        new = new.with_columns(plain_name_keys(new["name"]).alias("key"))
        odd = new.filter(pl.col("key").is_null())
        keys = [self._key_of(name, number) for name, number in odd.select(NAMED).iter_rows()]
        for told in (
            new.filter(pl.col("key").is_not_null()),
            odd.with_columns(pl.Series("key", keys, pl.String)),
        ):
            numbered = told.select(_BUYER, pl.col("key").hash())
            self._keyed = pl.concat([self._keyed, numbered])
        return self._keyed


def _text(path: str, columns: Collection[str]) -> pl.Expr:
    import polars as pl

    return pl.col(path).fill_null("") if path in columns else pl.lit("")


def _called(name: pl.Expr, registration: pl.Expr) -> pl.Expr:
    """The hash of what a party is called."""
    import polars as pl

    return pl.struct(name.alias("name"), registration.alias("registration")).hash()


def _may_have(kind: str, attributes: tuple[str, ...], wanted: Collection[str]) -> pl.Expr:
    """Which texts may have one of these keys of a kind: all that have something in them without
    which there is no such key, and all that are not plain ASCII."""
    import polars as pl

    columns = [pl.col(one) for one in attributes]
    if kind == "phone":
        # The last digits stand in a text as they stand in the key.
        digits = columns[0].str.replace_all("(0)", "", literal=True).str.replace_all("[^0-9]", "")
        parts, texts, columns = {key[-LAST_DIGITS:] for key in wanted}, [digits], columns[:1]
    elif kind in ("email", "website"):
        parts = {key.rpartition("@")[2] for key in wanted}
        texts = [column.str.to_lowercase() for column in columns]
    else:
        return pl.lit(True)
    found = [text.str.contains_any(sorted(parts)) for text in texts]
    odd = [column.str.len_bytes() != column.str.len_chars() for column in columns]
    return pl.any_horizontal(*found, *odd)


_HASH, _BUYER, _STATED = "\0hash", "\0buyer", "\0stated"
"""Names that no field has."""
