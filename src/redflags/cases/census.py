"""What all lines of a run say of its parties: who shares a detail, and who stands beside whom.

Of each line only the texts about its parties are noted, each combination once and unread. When
the alerts are known, what matters for them is looked up: reading all names and addresses would
cost more than judging the orders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from redflags import reference
from redflags.across.identity import (
    address_key,
    director_keys,
    email_key,
    phone_keys,
    site_keys,
)
from redflags.model.record import Record, TextRecord
from redflags.values.country import parse_country
from redflags.values.names import name_key

if TYPE_CHECKING:
    import polars as pl

LINKING_ROLES = ("buyer", "intermediate_consignee", "consignee", "end_user", "payer")
"""The roles that link orders. A seller, an exporter, a bank, a forwarder or a notify party is in
the orders of many firms that have nothing to do with each other."""

ATTRIBUTES = (
    "name", "registration", "country", "city", "address", "phone", "email", "website", "directors",
)  # fmt: skip
PATHS: Mapping[str, tuple[str, ...]] = {
    role: tuple(f"{role}.{attribute}" for attribute in ATTRIBUTES) for role in LINKING_ROLES
}
"""The fields that are noted of each role; a party is stated by the first two."""

Texts = tuple[str, ...]
"""What a line says of a party, in the order of :data:`ATTRIBUTES`."""


def _country(text: str) -> str:
    found: str | None = parse_country(text, reference.countries()).value if text else None
    return found or ""


DETAILS: Mapping[str, tuple[tuple[str, ...], Callable[..., Iterable[str]]]] = {
    "address": (
        ("address", "city", "country"),
        lambda address, city, country: [address_key(address, city, _country(country))],
    ),
    "phone": (
        ("phone", "country"),
        lambda phone, country: phone_keys(phone, _country(country)),
    ),
    "email": (("email",), lambda email: [email_key(email)]),
    "website": (
        ("website", "email"),
        lambda website, email: [key for key, _ in site_keys(website, email)],
    ),
    "director": (("directors",), lambda directors: [key for key, _ in director_keys(directors)]),
}
"""Each kind of detail with the texts that it is read from, and the keys that they give."""


class Census:
    """The parties of all lines of a run, noted line by line or batch by batch, in any order."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[Texts, int]] = {role: {} for role in PATHS}
        self._beside: dict[str, set[tuple[int, int]]] = {role: set() for role in PATHS}
        self._columns: _Columns | None = None

    def note(self, line: Record) -> None:
        """Note the parties of a line."""
        buyer = -1
        for role, paths in PATHS.items():
            texts = tuple(_text(line, path) for path in paths)
            if not (texts[0] or texts[1]):
                continue
            known = self._texts[role]
            number = known.setdefault(texts, len(known))
            if role == "buyer":
                buyer = number
            elif buyer >= 0:
                self._beside[role].add((number, buyer))

    def note_batch(self, frame: pl.DataFrame) -> None:
        """Note the parties of a batch of lines: texts in columns named by the paths of fields."""
        if self._columns is None:
            self._columns = _Columns()
        self._columns.add(frame)

    def sharing(self, kind: str, wanted: Collection[str]) -> dict[str, int]:
        """How many firms of different names share each of these details of a kind."""
        attributes, keys_of = DETAILS[kind]
        places = [ATTRIBUTES.index(one) for one in attributes]
        known: dict[Texts, list[str]] = {}

        def keys(own: Texts) -> list[str]:
            found = known.get(own)
            if found is None:
                # A detail that is not stated has no key, whatever else the line says.
                told = keys_of(*own) if any(own[: 2 if kind == "website" else 1]) else ()
                found = known[own] = [key for key in told if key in wanted]
            return found

        found: dict[str, set[str]] = {}
        for texts in chain.from_iterable(self._texts.values()):
            for key in keys(tuple(texts[place] for place in places)):
                found.setdefault(key, set()).add(_name(texts[0], texts[1]))
        if self._columns is not None:
            may_have = _may_have(kind, wanted)
            for own, name, registration in self._columns.sharing(attributes, keys, may_have):
                for key in keys(own):
                    found.setdefault(key, set()).add(_name(name, registration))
        return {key: len(names) for key, names in found.items()}

    def served(self, role: str, names: Collection[str]) -> dict[str, set[str]]:
        """The buyers beside the parties that have one of these names, as written, in a role."""
        numbers = {
            number: texts[0] for texts, number in self._texts[role].items() if texts[0] in names
        }
        buyers = list(self._texts["buyer"])
        found: dict[str, set[str]] = {}
        for number, buyer in self._beside[role]:
            if number in numbers:
                texts = buyers[buyer]
                found.setdefault(numbers[number], set()).add(_name(texts[0], texts[1]))
        if self._columns is not None:
            for name, *buyer_texts in self._columns.buyers_beside(role, names):
                found.setdefault(name, set()).add(_name(*buyer_texts))
        return found


class _Columns:
    """Texts about parties out of columns: each combination once, known by 64 bits of its hash, and
    the pairs of parties and buyers that stand in one line."""

    def __init__(self) -> None:
        self._texts: dict[str, list[pl.DataFrame]] = {role: [] for role in PATHS}
        self._known: dict[str, pl.Series] = {}
        self._pairs: dict[str, list[pl.DataFrame]] = {role: [] for role in PATHS}

    def add(self, frame: pl.DataFrame) -> None:
        """Add a batch of lines."""
        import polars as pl

        buyers: pl.Series | None = None
        for role, paths in PATHS.items():
            if not {paths[0], paths[1]} & set(frame.columns):
                continue
            texts = [
                (pl.col(path).fill_null("") if path in frame.columns else pl.lit("")).alias(name)
                for path, name in zip(paths, ATTRIBUTES, strict=True)
            ]
            party = frame.select(texts).with_columns(pl.struct(ATTRIBUTES).hash().alias(_HASH))
            stated = (party["name"] != "") | (party["registration"] != "")
            new = party.filter(stated).unique(_HASH)
            known = self._known.get(role)
            if known is not None:
                new = new.filter(~new[_HASH].is_in(known.implode()))
            self._known[role] = new[_HASH] if known is None else pl.concat([known, new[_HASH]])
            self._texts[role].append(new)
            if role == "buyer":
                buyers = pl.select(pl.when(stated).then(party[_HASH])).to_series()
            elif buyers is not None:
                pairs = pl.DataFrame(
                    {_HASH: party[_HASH].filter(stated), _BUYER: buyers.filter(stated)}
                )
                self._pairs[role].append(pairs.drop_nulls().unique())

    def sharing(
        self,
        attributes: tuple[str, ...],
        keys: Callable[[Texts], list[str]],
        may_have: pl.Expr,
    ) -> Iterator[tuple[Texts, str, str]]:
        """The texts of a detail that have one of the keys looked for, with each name and
        registration that has them. Only texts that ``may_have`` one are read."""
        import polars as pl

        for frames in self._texts.values():
            if not frames:
                continue
            frame = pl.concat(frames, rechunk=False)
            own = frame.select(attributes).unique().filter(may_have)
            with_key = [bool(keys(texts)) for texts in own.iter_rows()]
            if any(with_key):
                having = frame.join(own.filter(with_key), on=attributes)
                told = having.select(*attributes, "name", "registration").unique()
                for texts in told.iter_rows():
                    yield texts[:-2], texts[-2], texts[-1]

    def buyers_beside(self, role: str, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Each of these names with the names and registrations of the buyers beside it."""
        import polars as pl

        if not self._pairs[role]:
            return
        wanted = pl.Series(list(names), dtype=pl.String).implode()
        parties = pl.concat(
            [one.filter(one["name"].is_in(wanted)) for one in self._texts[role]]
        ).select(_HASH, "name")
        buyers = pl.concat(self._texts["buyer"]).select(
            pl.col(_HASH).alias(_BUYER), pl.col("name").alias("buyer"), "registration"
        )
        beside = pl.concat(self._pairs[role]).join(parties, on=_HASH).join(buyers, on=_BUYER)
        yield from beside.select("name", "buyer", "registration").unique().iter_rows()


def _may_have(kind: str, wanted: Collection[str]) -> pl.Expr:
    """Which texts may have one of these keys of a kind: all that have something in them without
    which there is no such key, and all that are not plain ASCII."""
    import polars as pl

    columns = [pl.col(one) for one in DETAILS[kind][0]]
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


LAST_DIGITS = 6
"""The last digits of a telephone number are the same in national and in international form."""

_HASH, _BUYER = "\0hash", "\0buyer"
"""Names that no field has."""


@lru_cache(maxsize=131_072)
def _name(name: str, registration: str) -> str:
    """What tells firms apart when they are counted."""
    return name_key(name, reference.legal_forms()) or registration


def _text(line: Record, path: str) -> str:
    if isinstance(line, TextRecord):
        return line.texts.get(path, "")
    stated = line.get(path)
    return "" if stated is None else stated.written
