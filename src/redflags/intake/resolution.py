"""Which field each column of a file is: the meanings of all names weighed against each other.

Nothing is guessed: where names, their neighbours and the cells leave it open, a column is none and
its candidates are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from redflags.intake import content
from redflags.intake.neighbours import settle_blocks
from redflags.intake.open_columns import Column, Resolution
from redflags.intake.parties import (
    drop_invoice_party,
    settle_invoice_party,
    settle_numbers,
    settle_sole_attributes,
    tell_by_cells,
)
from redflags.intake.persons import join_person_names, person_behind_firm, settle_joined
from redflags.intake.recognition import (
    FAMILY_NAME,
    GIVEN_NAME,
    Meaning,
    label_of,
    names_a_firm,
    recognise,
)
from redflags.intake.systems import settle_systems
from redflags.intake.whose import MAY_BE_NAMES, is_number
from redflags.model.fields import field_table
from redflags.reference.headers import ANY_PARTY, NO_FIELD, header_key

Samples = Callable[[], Mapping[int, Sequence[str]]]
"""What reads the first cells of each column, by position."""


def resolve(
    names: Mapping[int, str],
    taken: Mapping[str, str],
    samples: Samples | None = None,
    settled: Mapping[int, tuple[str, str]] | None = None,
) -> list[Column]:
    """Settle the columns ``names`` (by position) of which no name is that of a field itself.

    ``taken`` has the fields that are settled, with the names of their columns; ``samples`` is
    called if the cells of some column matter; ``settled`` has the name and the field of the other
    columns, by position: for the language that they are in, and for what stands beside them.
    """
    others = {} if settled is None else settled
    work = Resolution(
        [Column(position, name, list(recognise(name))) for position, name in names.items()],
        dict(taken),
        [
            Column(position, name, [Meaning(path, 4, "", "the name of the field")])
            for position, (name, path) in others.items()
        ],
    )
    cells: Mapping[int, Sequence[str]] = {}
    if samples is not None and _need_cells(work):
        cells = samples()
        for column in work.columns:
            column.texts = content.distinct(cells.get(column.position, ()))
    settle_systems(work)
    _by_language(work)
    join_person_names(work, cells)
    tell_by_cells(work)
    settle_invoice_party(work)
    settle_blocks(work)
    settle_sole_attributes(work)
    settle_numbers(work)
    drop_invoice_party(work)
    _compete(work)
    _weights(work)
    _alternatives(work)
    settle_joined(work)
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
            is_open = meaning.on_content or meaning.is_role or is_number(meaning)
            is_open = is_open or meaning.path in MAY_BE_NAMES
            is_open = is_open or meaning.path.endswith((f".{GIVEN_NAME}", f".{FAMILY_NAME}"))
            if is_open or meaning.role in ("weight", ANY_PARTY) or meaning.path in seen:
                return True
            if meaning.path != NO_FIELD:
                seen.add(meaning.path)
    return False


def _by_language(work: Resolution) -> None:
    """Of a word that means different things in two languages take that of the other columns."""
    every: list[Sequence[Meaning]] = [column.meanings for column in work.columns]
    every += [recognise(column.name) for column in work.settled]
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
            best = _plainer(path, best)
        if len(best) > 1:
            names = dict.fromkeys(repr(column.name[:60]) for column in best)
            told = f"{', '.join(list(names)[:4])} all could be"
            if len(names) == 1:
                told = f"{len(best)} columns are named so"
            for column in best:
                column.drop(f"{column.meanings[0].why}; {told}", (path,), is_open=True)
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


_SAID_BEST = {
    "order_id": ("number", "no", "num", "nummer", "nr", "numero"),
    "product": ("name", "bezeichnung", "adi", "ismi", "nombre", "nom"),
}
"""By the field: with what the plainest of several names for it ends, which stand side by side."""


def _plainer(path: str, columns: list[Column]) -> list[Column]:
    """Of the names of a firm and of a person in it that of the firm; of the number and the id of an
    order the number, of the name and the description of goods the name; of a word and the key of a
    system, which may stand over a document of another kind, the word; of the address in two columns
    that which has all that the other one says."""
    if path in _SAID_BEST:
        best = [column for column in columns if header_key(column.name).endswith(_SAID_BEST[path])]
        if len(best) == 1:
            return best
        spoken = [column for column in columns if column.meanings[0].is_language]
        return spoken if len(spoken) == 1 else columns
    if path.endswith(".name"):
        firms = [column for column in columns if column.texts and names_a_firm(column.name)]
        if len(firms) == 1 and len(columns) == 2:
            (person,) = (column for column in columns if column is not firms[0])
            person_behind_firm(firms[0], person)
        return firms if len(firms) == 1 else columns
    if path.endswith(".address"):
        for column in columns:
            whole = "\n".join(column.texts)
            if whole and all(text in whole for other in columns for text in other.texts):
                return [column]
    return columns


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
        told = [(one, why) for one in open_paths if (why := _evidence(one, column)) != ""]
        confirmed = [(one, why) for one, why in told if one.path not in work.taken]
        if len(told) > 1:
            confirmed = _best_understood(column, confirmed)
        paths = [one.path for one in open_paths]
        if len(confirmed) == 1:
            meaning, why = confirmed[0]
            _take(work, column, meaning.path, meaning, f"; {why}")
            continue
        if told and not confirmed and all(one.path in work.taken for one, _ in told):
            _lose(column, told[0][0].path, work.taken[told[0][0].path])
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


def _best_understood(
    column: Column, confirmed: list[tuple[Meaning, str]]
) -> list[tuple[Meaning, str]]:
    """Of meanings that the cells allow alike the one as which most of them are understood."""
    shares = [content.understood(one.path, column.texts) for one, _ in confirmed]
    return [one for one, share in zip(confirmed, shares, strict=True) if share == max(shares)]


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
