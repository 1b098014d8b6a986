"""The parties of orders without a flag, as far as they have to do with parties of alerts.

There are many of them, and few matter: those that may be one with a party of an alert or share
something with one, and those that share something with these, and so on. Of all others only the
names are read, to tell which are nearly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from redflags.across.edges import MOST_SHARING
from redflags.across.identity import (
    PARTY_PARTS,
    Attribute,
    address_key,
    director_keys,
    email_key,
    phone_keys,
    registration_key,
    site_keys,
)
from redflags.across.plain_names import plain_name_keys
from redflags.across.similar import Identity, with_neighbours
from redflags.cases.blocks import BLOCKS, block_of
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.reference import end_user_words, is_placeholder_name, legal_forms
from redflags.values.names import name_key

if TYPE_CHECKING:
    import polars as pl

Key = tuple[str, str]
"""A detail that parties can share: its kind and its key."""

Details = Mapping[Identity, Mapping[Key, Attribute]]
"""The details of firms by their identities."""

_DETAILS = PARTY_PARTS[3:]


class Met(NamedTuple):
    """A firm by its identity, the first of its roles and names, and the details that it may share
    with others, so far as they were read."""

    role: str
    shown: str
    registered: str
    details: dict[Key, Attribute]


def is_nobody(name: str) -> bool:
    """Whether a name stands for no firm: “same as buyer”, “various customers”, “stock”."""
    return is_placeholder_name(name) or end_user_words().find(name) is not None


class Others:
    """Parties in columns of text. ``passing`` are the trades that link nobody."""

    def __init__(self, passing: Collection[str]) -> None:
        self._passing = passing
        self._frames: list[tuple[str, Notation | Notations, pl.DataFrame]] = []

    def add(
        self,
        role: str,
        notation: Notation | Notations,
        texts: pl.DataFrame,
        *,
        whole: bool = False,
    ) -> Iterator[Mapping[str, str]]:
        """Add parties of a role: texts in columns named by the paths of fields. Gives the texts
        of those that are to be read whole: all, if ``whole``, else those of passing trades."""
        import polars as pl

        paths = texts.columns
        texts = texts.with_columns(pl.all().fill_null(""))
        if not whole:
            kept = texts.select(
                pl.col(f"{role}.{part}").alias(part)
                for part in PARTY_PARTS
                if f"{role}.{part}" in paths
            )
            trade = f"{role}.business"
            passing = [
                text
                for text in (texts[trade].unique() if trade in paths else ())
                if _value(trade, notation, text) in self._passing
            ]
            if passing:
                passes = texts[trade].is_in(passing)
                texts, kept = texts.filter(passes), kept.filter(~passes)
            else:
                texts = texts.clear()
            self._frames.append((role, notation, kept.unique()))
        yield from texts.iter_rows(named=True)

    def met(self, details: Details) -> OthersMet:
        """The others by their names, with the details that two of them share, or one of them and a
        firm of ``details``, which has what each identity among the parties of alerts has."""
        if not self._frames:
            return OthersMet()  # and a small file needs no Polars
        import polars as pl

        names: dict[str, tuple[str, str, bool]] = {}
        frames = [
            _named(role, notation, texts, names).with_columns(
                pl.lit(number, dtype=pl.UInt32).alias(_SOURCE)
            )
            for number, (role, notation, texts) in enumerate(self._frames)
        ]
        whole = pl.concat(frames, how="diagonal")
        missing = [pl.lit("").alias(part) for part in _DETAILS if part not in whole.columns]
        whole = whole.with_columns(pl.col(pl.String).fill_null(""), *missing)
        firms = (
            whole.sort("role", "shown", "registered")
            .group_by(_IDENTITY, maintain_order=True)
            .first()
            .select(*_IDENTITY, "role", "shown", "registered")
            .with_row_index(_FIRM)
        )
        rows = whole.join(firms.select(_FIRM, *_IDENTITY), on=_IDENTITY)
        found = OthersMet(firms, rows.select(_FIRM, "role", "shown").unique())
        self._read_details(found, rows, details)
        return found

    def _read_details(self, found: OthersMet, rows: pl.DataFrame, details: Details) -> None:
        """Read the details that are perhaps those of two firms."""
        import polars as pl

        numbers = found.numbers_of(details)
        for kind, reads in _READS.items():
            stated = pl.any_horizontal(pl.col(one) != "" for one in _STATED.get(kind, reads[:1]))
            own = rows.filter(stated).select(_FIRM, _SOURCE, *reads, "code").unique()
            if not own.height:
                continue
            block = BLOCKS[kind]() if kind in BLOCKS else pl.lit(None, dtype=pl.String)
            own = own.with_columns(block.alias(_BLOCK))
            odd = own.filter(pl.col(_BLOCK).is_null())
            having = self._read(found, kind, reads, odd)
            own = own.filter(pl.col(_BLOCK).is_not_null())
            if not own.height:
                continue
            having += [
                (number, key)
                for number, keys in zip(numbers, details.values(), strict=True)
                for of, key in keys
                if of == kind
            ]
            others = pl.DataFrame(
                [(number, block_of(kind, key)) for number, key in having],
                schema={_FIRM: pl.UInt32, _BLOCK: pl.String},
                orient="row",
            )
            shared = (
                pl.concat([own.select(_FIRM, _BLOCK), others])
                .group_by(_BLOCK)
                .agg(pl.col(_FIRM).n_unique())
                .filter(pl.col(_FIRM) > 1)
            )
            self._read(found, kind, reads, own.join(shared, on=_BLOCK, how="semi"))

    def _read(
        self, found: OthersMet, kind: str, reads: Sequence[str], rows: pl.DataFrame
    ) -> list[tuple[int, str]]:
        """Read the details of a kind; the key of each that a firm has."""
        told: dict[tuple[Any, ...], list[Attribute]] = {}
        having = []
        for firm, source, *texts in rows.select(_FIRM, _SOURCE, *reads, "code").iter_rows():
            key = (source, *texts)
            if key not in told:
                told[key] = self._details_of(kind, reads, source, texts)
            for one in told[key]:
                found.has(firm, one)
                having.append((firm, one.key))
        return having

    def _details_of(
        self, kind: str, reads: Sequence[str], source: int, texts: Sequence[str]
    ) -> list[Attribute]:
        role, notation, _ = self._frames[source]
        values = [
            _value(f"{role}.{part}", notation, text)
            for part, text in zip(reads, texts[:-1], strict=True)
        ]
        return _READERS[kind](texts[-1], *map(_as_text, values))


_READS = {
    "address": ("address", "city"),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website", "email"),
    "director": ("directors",),
}
_STATED = {"website": ("website", "email")}


def _one(kind: str, key: str, written: str) -> list[Attribute]:
    return [Attribute(kind, key, written)] if key else []


_READERS: dict[str, Callable[..., list[Attribute]]] = {
    "address": lambda code, text, city: _one("address", address_key(text, city, code), text),
    "phone": lambda code, text: [Attribute("phone", one, text) for one in phone_keys(text, code)],
    "email": lambda code, text: _one("email", email_key(text), text),
    "website": lambda code, site, mail: [
        Attribute("website", one, written) for one, written in site_keys(site, mail)
    ],
    "director": lambda code, text: [
        Attribute("director", one, written) for one, written in director_keys(text)
    ],
}
"""What each kind of detail is read from: the code of the country and the texts of the parts."""


class OthersMet:
    """Firms of orders without a flag, by numbers that are their places in ``firms``; ``names`` has
    each name of each in each role. Most have to do with nobody and stay in columns."""

    def __init__(
        self, firms: pl.DataFrame | None = None, names: pl.DataFrame | None = None
    ) -> None:
        self._firms = firms
        self._names = names
        self._details: dict[int, dict[Key, Attribute]] = {}
        self._by_detail: dict[Key, list[int]] = {}

    def has(self, number: int, detail: Attribute) -> None:
        """A firm has a detail."""
        key = (detail.kind, detail.key)
        held = self._details.setdefault(number, {})
        if key not in held:
            held[key] = detail
            self._by_detail.setdefault(key, []).append(number)

    def numbers_of(self, identities: Iterable[Identity]) -> list[int]:
        """The number of each of some identities, those among the others having theirs."""
        assert self._firms is not None
        own = _frame_of(identities).join(
            self._firms, on=_IDENTITY, how="left", maintain_order="left"
        )
        end = self._firms.height
        return [
            end + place if number is None else number for place, number in enumerate(own[_FIRM])
        ]

    def near(
        self, asked: Collection[Identity], beside: Collection[Identity]
    ) -> Iterator[tuple[Identity, tuple[str, str]]]:
        """Those that may be in a pair with one of ``asked``, or are one of them; each with the
        first of its roles and its name in it. ``beside`` are others with whom they are compared."""
        if self._firms is None:
            return
        import polars as pl

        own = _frame_of(asked)
        firms = self._firms.select(*_IDENTITY, "role", "shown")
        present = own.join(pl.concat([firms.select(_IDENTITY), _frame_of(beside)]), on=_IDENTITY)
        names = pl.concat([firms.select("code", "key"), _frame_of(beside).select("code", "key")])
        names = names.unique().join(
            present.select("code", "key", pl.lit(True).alias("is_asked")).unique(),
            on=["code", "key"],
            how="left",
        )
        near = with_neighbours(names.with_columns(pl.col("is_asked").fill_null(False)))
        named = present.select("key").filter(pl.col("key") != "").unique()
        told = pl.concat(
            [
                firms.join(near, on=["code", "key"], how="semi"),
                firms.join(named, on="key", how="semi"),
            ]
        )
        for key, code, number, role, shown in told.iter_rows():
            yield (key, code, number), (role, shown)

    def names_in(
        self, role: str, identities: Collection[Identity]
    ) -> Iterator[tuple[Identity, str]]:
        """Each name that a firm of some identities has in a role, as written."""
        if self._firms is None or self._names is None:
            return
        import polars as pl

        asked = self._firms.join(_frame_of(identities), on=_IDENTITY, how="semi")
        named = self._names.filter(pl.col("role") == role).select(_FIRM, name="shown")
        told = asked.select(_FIRM, *_IDENTITY).join(named, on=_FIRM)
        for _, key, code, number, name in told.iter_rows():
            yield (key, code, number), name

    def related(self, details_of: Details) -> dict[Identity, Met]:
        """Those who have to do with some firms: of the same name or registration, or with the same
        detail; and those who have to do with these. ``details_of`` has the details of each of the
        firms.

        What too many have links nobody. Who has it is among them, to be counted, but not who has
        to do with those for some other reason.
        """
        firms = self._not_alone(details_of)
        by_name: dict[str, list[int]] = {}
        by_registration: dict[str, list[int]] = {}
        for number, (name, _, registration) in firms.items():
            by_name.setdefault(name, []).append(number)
            by_registration.setdefault(registration, []).append(number)
        crowded = self._crowded(firms, details_of)
        wholly: set[int] = set()
        counted: set[int] = set()
        waiting: list[tuple[Identity, Collection[Key], bool]] = [
            (identity, keys, True) for identity, keys in details_of.items()
        ]
        done: set[tuple[str, str, bool]] = set()

        def meet(kind: str, key: str, numbers: Iterable[int], *, links: bool) -> None:
            if (kind, key, links) in done:
                return
            done.add((kind, key, links))
            for number in numbers:
                if number in wholly or (not links and number in counted):
                    continue
                (wholly if links else counted).add(number)
                waiting.append((firms[number], self._details.get(number, ()), links))

        while waiting:
            (name, _, registration), keys, links = waiting.pop()
            if name:
                meet("name", name, by_name.get(name, ()), links=links)
            if registration:
                meet("number", registration, by_registration.get(registration, ()), links=links)
            if links:
                for kind, key in keys:
                    having = self._by_detail.get((kind, key), ())
                    meet(kind, key, having, links=(kind, key) not in crowded)
        return self._met(wholly | counted)

    def _not_alone(self, details_of: Details) -> dict[int, Identity]:
        """The identities of those that have a name or a registration that another has too, or a
        detail that was read."""
        if self._firms is None:
            return {}
        import polars as pl

        own = _frame_of(details_of)
        has = pl.col(_FIRM).is_in(pl.Series(list(self._details), dtype=pl.UInt32).implode())
        for part in ("key", "number"):
            shared = (pl.len().over(part) > 1) | pl.col(part).is_in(own[part].unique().implode())
            has |= (pl.col(part) != "") & shared
        told = self._firms.filter(has).select(_FIRM, *_IDENTITY)
        return {number: (key, code, digits) for number, key, code, digits in told.iter_rows()}

    def _met(self, numbers: Iterable[int]) -> dict[Identity, Met]:
        if self._firms is None:
            return {}
        import polars as pl

        own = self._firms[pl.Series(sorted(numbers), dtype=pl.UInt32)]
        return {
            (key, code, number): Met(role, shown, registered, self._details.get(firm, {}))
            for firm, key, code, number, role, shown, registered in own.iter_rows()
        }

    def _crowded(self, firms: Mapping[int, Identity], details_of: Details) -> set[Key]:
        """What firms of more different names have than can share it."""
        names: dict[Key, set[str]] = {}
        for key, numbers in self._by_detail.items():
            if len(numbers) > 1:
                names[key] = {firms[one][0] or firms[one][2] for one in numbers}
        for (name, _, registration), keys in details_of.items():
            for key in keys:
                if key in names:
                    names[key].add(name or registration)
        return {key for key, called in names.items() if len(called) > MOST_SHARING[key[0]]}


def _frame_of(identities: Iterable[Identity]) -> pl.DataFrame:
    import polars as pl

    schema = dict.fromkeys(_IDENTITY, pl.String)
    return pl.DataFrame(list(identities), schema=schema, orient="row")


def _named(
    role: str,
    notation: Notation | Notations,
    texts: pl.DataFrame,
    names: dict[str, tuple[str, str, bool]],
) -> pl.DataFrame:
    """The parties of a role that name somebody, each by its identity. ``names`` are those that
    were read already."""
    import polars as pl

    given = texts.columns
    missing = [pl.lit("").alias(one) for one in PARTY_PARTS[:3] if one not in given]
    texts = texts.with_columns(*missing)
    once = texts.select("name").unique()
    once = once.with_columns(plain_name_keys(once["name"]).alias("key"))
    plain = once.filter(pl.col("key").is_not_null())
    odd = once.filter(pl.col("key").is_null())
    told = [_name_of(role, notation, text, names) for text in odd["name"]]
    once = pl.concat(
        [
            plain.with_columns(pl.col("name").alias("shown"), pl.lit(False).alias("nobody")),
            odd.with_columns(
                pl.Series("key", [one[1] for one in told], pl.String),
                pl.Series("shown", [one[0] for one in told], pl.String),
                pl.Series("nobody", [one[2] for one in told], pl.Boolean),
            ),
        ]
    )
    texts = texts.join(once, on="name").with_columns(
        _values(role, "country", notation, texts).alias("code")
        if "country" in given
        else pl.lit("").alias("code"),
    )
    if "registration" in given:
        texts = texts.with_columns(
            _values(role, "registration", notation, texts).alias("registered")
        )
        numbers = texts.select("registered", "code").unique()
        keys = [registration_key(*one) for one in numbers.iter_rows()]
        bare = [text.strip() for text in numbers["registered"]]
        numbers = numbers.with_columns(
            pl.Series("number", keys, pl.String), pl.Series("bare", bare, pl.String)
        )
        texts = texts.join(numbers, on=["registered", "code"])
        texts = texts.with_columns(
            pl.when(pl.col("shown") == "").then("bare").otherwise("shown").alias("shown")
        )
    else:
        texts = texts.with_columns(registered=pl.lit(""), number=pl.lit(""))
    numbered = pl.col("number") != ""
    return texts.filter(numbered | ((pl.col("key") != "") & ~pl.col("nobody"))).select(
        *_IDENTITY,
        "shown",
        "registered",
        *(part for part in _DETAILS if part in given),
        role=pl.lit(role),
    )


def _name_of(
    role: str, notation: Notation | Notations, text: str, names: dict[str, tuple[str, str, bool]]
) -> tuple[str, str, bool]:
    """A name as shown, its key, and whether it stands for no firm."""
    value = _as_text(_value(f"{role}.name", notation, text))
    found = names.get(value)
    if found is None:
        shown = value.strip()
        found = names[value] = (shown, name_key(value, legal_forms()), is_nobody(shown))
    if role == "end_user" and found[2] and end_user_words().find(value) is not None:
        return "", "", False
    return found


def _values(role: str, part: str, notation: Notation | Notations, texts: pl.DataFrame) -> pl.Expr:
    """What each text of a part says, each read once; "" where it says nothing."""
    import polars as pl

    once = texts[part].unique()
    path = f"{role}.{part}"
    values = pl.Series([_as_text(_value(path, notation, text)) for text in once], dtype=pl.String)
    return pl.col(part).replace_strict(once, values, return_dtype=pl.String)


def _value(path: str, notation: Notation | Notations, text: str) -> Any:
    return field_table()[path].kind.parse(text, notation.of(path)).value if text else None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


_IDENTITY = ["key", "code", "number"]
_SOURCE, _FIRM, _BLOCK = "\0source", "\0firm", "\0block"
"""Names that no field has."""
