"""Which field each column of a file is: the meanings of all names weighed against each other.

Nothing is guessed: where names, their neighbours and the cells leave it open, a column is none and
its candidates are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from redflags.intake import content
from redflags.intake.recognition import Meaning, label_of, recognise
from redflags.model.fields import field_table, roles
from redflags.reference.headers import ANY_PARTY, NO_FIELD

Samples = Callable[[], Mapping[int, Sequence[str]]]
"""What reads the first cells of each column, by position."""

_RECEIVING = ("consignee", "end_user", "intermediate_consignee", "bill_to", "payer")
"""Parties beside the buyer to whom an attribute of no stated party could belong."""


@dataclass(slots=True, eq=False)
class Column:
    """One column on the way to its field."""

    position: int
    name: str
    meanings: list[Meaning]
    texts: Sequence[str] = ()
    field: str | None = None
    reason: str = ""
    candidates: tuple[str, ...] = ()
    unit: str = ""
    date_format: str = ""
    is_open: bool = False

    @property
    def only(self) -> Meaning | None:
        """Its meaning, if it has one only."""
        return self.meanings[0] if len(self.meanings) == 1 else None

    def drop(self, reason: str, candidates: Iterable[str] = (), *, is_open: bool = False) -> None:
        """Settle that it is no field; ``is_open`` if that is for want of knowing which."""
        self.reason, self.candidates, self.is_open = reason, tuple(candidates), is_open
        self.meanings = []


@dataclass(slots=True)
class Resolution:
    """All columns of a file, and the fields that are taken already."""

    columns: list[Column]
    taken: dict[str, str] = field(default_factory=dict)

    def waiting(self) -> list[Column]:
        """The columns that still have a meaning."""
        return [column for column in self.columns if column.meanings]


def resolve(
    names: Mapping[int, str],
    taken: Mapping[str, str],
    samples: Samples | None = None,
    spoken: Iterable[str] = (),
) -> list[Column]:
    """Settle the columns ``names`` (by position) of which no name is that of a field itself.

    ``taken`` has the fields that are settled, with the names of their columns; ``samples`` is
    called if the cells of some column matter; ``spoken`` are the names of the other columns, for
    the language that they are in.
    """
    work = Resolution(
        [Column(position, name, list(recognise(name))) for position, name in names.items()],
        dict(taken),
    )
    if samples is not None and _need_cells(work):
        cells = samples()
        for column in work.columns:
            column.texts = content.distinct(cells.get(column.position, ()))
    _by_language(work, spoken)
    _by_cells(work)
    _invoice_party(work)
    _blocks(work)
    _sole_attributes(work)
    _numbers(work)
    _compete(work)
    _weights(work)
    _alternatives(work)
    for column in work.columns:
        if not column.reason:
            column.reason = "its name is not known"
    return work.columns


def _need_cells(work: Resolution) -> bool:
    """Whether there is anything that cells could settle."""
    seen: set[str] = set()
    for column in work.columns:
        if len(column.meanings) > 1:
            return True
        for meaning in column.meanings:
            is_open = meaning.on_content or meaning.is_role or _is_number(meaning)
            if is_open or meaning.role in ("weight", ANY_PARTY) or meaning.path in seen:
                return True
            if meaning.path != NO_FIELD:
                seen.add(meaning.path)
    return False


def _by_language(work: Resolution, spoken: Iterable[str]) -> None:
    """Of a word that means different things in two languages take that of the other columns."""
    every: list[Sequence[Meaning]] = [column.meanings for column in work.columns]
    every += [recognise(name) for name in spoken]
    votes = Counter(
        meanings[0].origin
        for meanings in every
        if len(meanings) == 1 and meanings[0].is_language and not meanings[0].elsewhere
    )
    for column in work.columns:
        for place, meaning in enumerate(column.meanings):
            told = max(meaning.elsewhere, key=lambda one: votes[one[0]], default=None)
            if told is not None and votes[told[0]] > votes[meaning.origin]:
                column.meanings[place] = replace(meaning, origin=told[0], why=told[1])
        languages = {meaning.origin for meaning in column.meanings}
        if len(languages) < 2:
            continue
        best = max(votes[one] for one in languages)
        kept = [meaning for meaning in column.meanings if votes[meaning.origin] == best]
        if best > 0 and len({meaning.origin for meaning in kept}) == 1:
            column.meanings = kept


def _by_cells(work: Resolution) -> None:
    """Tell the name of a party from its number, and from its country, by the cells."""
    for column in work.columns:
        meaning = column.only
        if meaning is None or not column.texts:
            continue
        role = meaning.role
        if meaning.is_role and content.are_countries(column.texts):
            change = f"{role}.country", "its cells are countries"
        elif meaning.is_role and content.are_codes(column.texts):
            change = f"{role}.number", "its cells are numbers or codes"
        elif _is_number(meaning) and content.are_words(column.texts):
            change = f"{role}.name", "its cells are words"
        else:
            continue
        path, because = change
        column.meanings = [
            replace(
                meaning,
                path=path,
                strength=min(meaning.strength, 3),
                is_role=False,
                why=f"{meaning.why}; {because}: {label_of(path)}",
            )
        ]


def _parties(work: Resolution) -> set[str]:
    """The parties of which some column speaks."""
    known = {path.partition(".")[0] for path in work.taken}
    known.update(
        column.only.role
        for column in work.columns
        if column.only is not None and "." in column.only.path
    )
    return known & {*roles(), "bill_to"}


def _invoice_party(work: Resolution) -> None:
    """Who gets the invoice is the buyer, unless the file names another buyer beside: then the
    payer. An address for invoices alone, with no name, is the buyer's."""
    paths = {meaning.path for column in work.columns for meaning in column.meanings}
    has_buyer = "buyer" in _parties(work)
    is_apart = has_buyer and bool(paths & {"bill_to.name", "bill_to.number"})
    role = "payer" if is_apart else "buyer"
    because = (
        "who gets the invoice, beside the buyer, is taken for the payer"
        if is_apart
        else "no name says that the invoice goes to another party"
        if has_buyer
        else "the file names no other buyer than who gets the invoice"
    )
    for column in work.columns:
        for place, meaning in enumerate(column.meanings):
            if meaning.role == "bill_to":
                path = f"{role}.{meaning.path.partition('.')[2]}"
                column.meanings[place] = replace(
                    meaning,
                    path=path,
                    strength=min(meaning.strength, 3),
                    why=f"{meaning.origin} for {label_of(path)}: {because}",
                )


def _blocks(work: Resolution) -> None:
    """Attributes of no stated party that stand right after a party are its own, where that is sure.

    It is where a number is followed by a name, ``KUNNR | NAME1 | LAND1``, and where each attribute
    comes once for each party: ``Sold-to | Name | Country | Ship-to | Name | Country``.
    """
    counts = Counter(
        column.only.path
        for column in work.columns
        if column.only is not None and column.only.role == ANY_PARTY
    )
    owned: dict[str, list[tuple[Column, Column]]] = {}
    for owner, run in _runs(work):
        paths = [column.meanings[0].path for column in run]
        is_numbered = _is_number(owner.meanings[0])
        if is_numbered and paths[:1] == [f"{ANY_PARTY}.name"] and len(set(paths)) == len(paths):
            for column in run:
                counts[column.meanings[0].path] -= 1
                _own(column, owner)
            continue
        for column, path in zip(run, paths, strict=True):
            owned.setdefault(path, []).append((column, owner))
    for path, found in owned.items():
        owners = {owner.meanings[0].role for _, owner in found}
        if len(found) > 1 and len(found) == len(owners) == counts[path]:
            for column, owner in found:
                _own(column, owner)


def _runs(work: Resolution) -> Iterator[tuple[Column, list[Column]]]:
    """Each party that a column is named after, with the attributes that follow it at once."""
    owner: Column | None = None
    run: list[Column] = []
    end = -1
    for column in sorted(work.columns, key=lambda one: one.position):
        meaning = column.only
        follows = owner is not None and column.position == end + 1
        end = column.position
        if meaning is not None and (meaning.is_role or _is_number(meaning)):
            if owner is not None:
                yield owner, run
            owner, run = column, []
        elif follows and meaning is not None and meaning.role == ANY_PARTY:
            run.append(column)
        elif not follows or meaning is None or meaning.path != NO_FIELD:
            if owner is not None:
                yield owner, run
            owner, run = None, []
    if owner is not None:
        yield owner, run


def _own(column: Column, owner: Column) -> None:
    meaning = column.meanings[0]
    path = f"{owner.meanings[0].role}.{meaning.path.partition('.')[2]}"
    why = f"{meaning.why}; it follows {owner.name[:60]!r}"
    column.meanings = [replace(meaning, path=path, why=why)]


def _sole_attributes(work: Resolution) -> None:
    """An attribute of no stated party is the buyer's, if nobody else could own it.

    That is: one column only has it, the buyer is otherwise known and has no such column of its
    own, and every other party that receives or pays has one.
    """
    parties = _parties(work)
    _weaker_doubles(work)
    paths = Counter(meaning.path for column in work.columns for meaning in column.meanings)
    paths.update(list(work.taken))
    for column in work.columns:
        meaning = column.only
        if meaning is None or meaning.role != ANY_PARTY:
            continue
        attribute = meaning.path.partition(".")[2]
        settled = f"buyer.{attribute}"
        without = [
            f"{role}.{attribute}"
            for role in ("buyer", *_RECEIVING)
            if role in parties and not _is_stated(work, paths, f"{role}.{attribute}")
        ]
        if paths[meaning.path] == 1 and without == [settled]:
            because = (
                "every other party has a column of its own for it"
                if parties & set(_RECEIVING)
                else "the buyer is the only party that the file speaks of"
            )
            column.meanings = [replace(meaning, path=settled, why=f"{meaning.why}; {because}")]
        elif without or "buyer" not in parties:
            column.drop(
                f"{meaning.why}; whose it is the file does not say",
                dict.fromkeys(([] if "buyer" in parties else [settled]) + without),
                is_open=True,
            )
        else:
            column.drop(f"{meaning.why}; every party has a column of its own for it")


def _weaker_doubles(work: Resolution) -> None:
    """Of ``Country`` and ``Country code`` of no stated party the first one counts."""
    doubles: dict[str, list[Column]] = {}
    for column in work.columns:
        if column.only is not None and column.only.role == ANY_PARTY:
            doubles.setdefault(column.only.path, []).append(column)
    for columns in doubles.values():
        strongest = max(column.meanings[0].strength for column in columns)
        best = [column for column in columns if column.meanings[0].strength == strongest]
        if len(best) == 1 < len(columns):
            for column in columns:
                if column is not best[0]:
                    column.drop(f"{column.meanings[0].why}; {best[0].name[:60]!r} counts for it")


def _is_stated(work: Resolution, paths: Counter[str], path: str) -> bool:
    """Whether a column of its own states an attribute of a party.

    The name of a party alone, “Auftraggeber”, may stand over its number where there is another
    column for a name: so it does not count, unless its cells are words.
    """
    if path == "consignee.country" and "destination.country" in paths:
        return True  # whose country the goods go to has a column of its own
    if path not in paths:
        return False
    if not path.endswith(".name") or path in work.taken:
        return True
    return not all(
        meaning.is_role and not content.are_words(column.texts)
        for column in work.columns
        for meaning in column.meanings
        if meaning.path == path
    )


def _numbers(work: Resolution) -> None:
    """A number that the seller has given to a party is no name and no registration.

    Only where nothing else says who the buyer is, it stands in for the registration.
    """
    names = {meaning.path for column in work.columns for meaning in column.meanings}
    names.update(work.taken)
    numbers = [column for column in work.columns if column.only and _is_number(column.only)]
    buyers = [column for column in numbers if column.only and column.only.role == "buyer"]
    stands_in = (
        buyers[0]
        if buyers and not names & {"buyer.name", "buyer.registration", f"{ANY_PARTY}.name"}
        else None
    )
    for column in numbers:
        meaning = column.meanings[0]
        if column is stands_in:
            column.meanings = [
                replace(
                    meaning,
                    path="buyer.registration",
                    strength=1,
                    why=f"{meaning.why}; nothing else in the file says who the buyer is",
                )
            ]
        else:
            column.drop(f"{meaning.why}; it is no name and no registration")


def _is_number(meaning: Meaning) -> bool:
    return meaning.path.endswith(".number") and meaning.path != "licence.number"


def _compete(work: Resolution) -> None:
    """Of several columns for one field take the one whose name is surest; of equals none."""
    rivals: dict[str, list[Column]] = {}
    for column in work.waiting():
        meaning = column.only
        if meaning is None or meaning.on_content:
            continue
        if meaning.path == NO_FIELD:
            column.drop(meaning.why)
        elif meaning.path in field_table():
            rivals.setdefault(meaning.path, []).append(column)
    for path, columns in rivals.items():
        if path in work.taken:
            for column in columns:
                _lose(column, path, work.taken[path])
            continue
        strongest = max(column.meanings[0].strength for column in columns)
        best = [column for column in columns if column.meanings[0].strength == strongest]
        best = _beside(path, best, work) if len(best) > 1 else best
        if len(best) > 1:
            best = _filled(best)
        if len(best) > 1:
            told = ", ".join(repr(column.name[:60]) for column in best[:4])
            for column in best:
                column.drop(f"{column.meanings[0].why}; {told} all could be", (path,), is_open=True)
        else:
            _take(work, best[0], path, best[0].meanings[0])
        for column in columns:
            if column.meanings and column not in best:
                winner = work.taken.get(path)
                if winner is None:
                    column.drop(f"{column.meanings[0].why}; others could be, too", (path,))
                else:
                    _lose(column, path, winner)


def _beside(path: str, columns: list[Column], work: Resolution) -> list[Column]:
    """Of several units the one beside the quantity, of several currencies that beside the value."""
    partner = {"unit": "quantity", "currency": "value"}.get(path)
    if partner is None:
        return columns
    places = {
        column.position
        for column in work.columns
        if column.field == partner or (column.only is not None and column.only.path == partner)
    }
    near = [column for column in columns if column.position - 1 in places]
    return near if len(near) == 1 else columns


def _filled(columns: list[Column]) -> list[Column]:
    """Without the columns that are blank in all rows looked at, if only one is not."""
    filled = [column for column in columns if column.texts]
    return filled if len(filled) == 1 else columns


def _take(work: Resolution, column: Column, path: str, meaning: Meaning, why: str = "") -> None:
    column.field, column.reason = path, f"{meaning.why}{why}"
    column.unit, column.date_format = meaning.unit, meaning.date_format
    column.meanings = []
    work.taken[path] = column.name


def _lose(column: Column, path: str, winner: str) -> None:
    column.drop(f"{column.meanings[0].why}; {winner[:60]!r} is taken for it", (path,))


def _weights(work: Resolution) -> None:
    """A weight is the quantity where there is no other one, or none with a unit."""
    weights = [column for column in work.waiting() if _means(column, "weight")]
    units = [column for column in work.waiting() if _means(column, "weight.unit")]
    if len(weights) > 1:
        weights = _filled(weights)
    counted = next((column for column in work.columns if column.field == "quantity"), None)
    if len(weights) == 1 and (weights[0].meanings[0].unit or units) and counted is not None:
        has_unit = counted.unit or "unit" in work.taken or content.are_quantities(counted.texts)
        if not has_unit:
            counted.field = None
            counted.drop(
                f"{counted.reason}; it has no unit, and {weights[0].name[:60]!r} has one",
                ("quantity",),
            )
            del work.taken["quantity"]
    if "quantity" in work.taken or not weights:
        for column in weights + units:
            column.drop(
                f"{column.meanings[0].why}; the quantity has a column of its own"
                if weights
                else f"{column.meanings[0].why}; there is no weight",
                ("quantity",) if column in weights else (),
            )
        return
    if len(weights) > 1:
        for column in weights:
            column.drop(
                f"{column.meanings[0].why}; several columns could be", ("quantity",), is_open=True
            )
        return
    _take(work, weights[0], "quantity", weights[0].meanings[0], "; there is no other quantity")
    for column in units:
        if "unit" in work.taken:
            _lose(column, "unit", work.taken["unit"])
        else:
            _take(work, column, "unit", column.meanings[0])


def _means(column: Column, path: str) -> bool:
    return column.only is not None and column.only.path == path


def _alternatives(work: Resolution) -> None:
    """Names with several meanings: what the cells confirm, else what others leave over."""
    for column in work.waiting():
        open_paths = [one for one in column.meanings if one.path in field_table()]
        confirmed = [
            (one, why)
            for one in open_paths
            if one.path not in work.taken and (why := _evidence(one, column)) != ""
        ]
        paths = [one.path for one in open_paths]
        if len(confirmed) == 1:
            meaning, why = confirmed[0]
            _take(work, column, meaning.path, meaning, f"; {why}")
            continue
        left = [one for one in column.meanings if one.path not in work.taken]
        gone = [path for path in paths if path in work.taken]
        is_choice = len(column.meanings) > 1 and not any(
            one.path not in field_table() for one in column.meanings
        )
        if is_choice and gone and len(left) == 1 and not left[0].on_content:
            winner = work.taken[gone[0]]
            _take(work, column, left[0].path, left[0], f"; {winner[:60]!r} is its other meaning")
        elif paths and not [path for path in paths if path not in work.taken]:
            _lose(column, paths[0], work.taken[paths[0]])
            column.candidates = tuple(paths)
        else:
            column.drop(
                _undecided(column), [path for path in paths if path not in work.taken], is_open=True
            )


def _evidence(meaning: Meaning, column: Column) -> str:
    if meaning.on_content:
        return content.confirms(meaning.path, column.texts)
    if meaning.path == "value" and content.are_sums(column.texts):
        return "its cells are sums of money"
    if meaning.path == "quantity" and content.are_quantities(column.texts):
        return "its cells are numbers with a unit"
    return ""


def _undecided(column: Column) -> str:
    told = " or ".join(
        dict.fromkeys(
            "no field of an order" if one.path == NO_FIELD else label_of(one.path)
            for one in column.meanings
        )
    )
    origin = column.meanings[0].origin
    on_content = all(one.on_content for one in column.meanings)
    if on_content and column.texts:
        return f"{origin} for {told}, but its cells do not say so"
    return f"{origin} for {told}; its name does not say which"
