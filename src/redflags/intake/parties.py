"""Whose a column is: which party of the order a name, a number or an address belongs to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from redflags.intake import content
from redflags.intake.neighbours import runs
from redflags.intake.open_columns import Column, Resolution
from redflags.intake.recognition import Meaning, label_of
from redflags.intake.whose import (
    MAY_BE_NAMES,
    RECEIVING,
    is_number,
    is_party,
    is_stated,
    parties_of,
)
from redflags.model.fields import field_table
from redflags.reference.headers import ANY_PARTY

_OF_A_PLACE = frozenset({"name", "country", "city", "region", "address", "address_type"})
"""Attributes that even a party can have of which only the address is stated, and its name."""


def tell_by_cells(work: Resolution) -> None:
    """Tell the name of a party from its number, its country and its address, by the cells."""
    named = {text for column in work.columns if _is_buyer(column) for text in column.texts}
    for column in work.columns:
        meaning = column.only
        if meaning is None or not column.texts:
            continue
        role = meaning.role
        if meaning.is_role and content.are_countries(column.texts):
            change = f"{role}.country", "its cells are countries"
        elif meaning.is_role and content.are_codes(column.texts):
            change = f"{role}.number", "its cells are numbers or codes"
        elif is_number(meaning) and content.are_words(column.texts):
            change = f"{role}.name", "its cells are words"
        elif _can_be_named(work, meaning) and content.are_names(column.texts, named):
            change = f"{role}.name", "its cells are names and no addresses"
        elif meaning.path == f"{ANY_PARTY}.name" and content.are_numbers_of_orders(column.texts):
            change = "order_id", "its cells are numbers behind a number sign"
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


def _is_buyer(column: Column) -> bool:
    return column.only is not None and column.only.path == "buyer.name"


def _can_be_named(work: Resolution, meaning: Meaning) -> bool:
    """Whether a column for the address of a party may hold its name, as it does in Odoo: where
    nothing else has the name, and no other column a part of the address."""
    if meaning.strength < 4 or meaning.path not in MAY_BE_NAMES:
        return False
    paths = {one.path for column in work.columns for one in column.meanings} | set(work.taken)
    return f"{meaning.role}.name" not in paths and f"{meaning.role}.city" not in paths


def settle_invoice_party(work: Resolution) -> None:
    """Who gets the invoice is the buyer, unless the file names another buyer beside: then the
    payer, unless the file names who pays: then nobody who is known. An address for invoices
    alone, with no name, is the buyer's."""
    paths = {meaning.path for column in work.columns for meaning in column.meanings}
    has_buyer = "buyer" in parties_of(work) or _sole_name(work) is not None
    is_named = "buyer.name" in paths | set(work.taken) or _sole_name(work) is not None
    # A number of the seller's own names a buyer only beside another such number.
    is_apart = (is_named and bool(paths & {"bill_to.name", "bill_to.number"})) or (
        "buyer.number" in paths and "bill_to.number" in paths
    )
    if is_apart and (paths | set(work.taken)) & {"payer.name", "payer.number"}:
        return  # :func:`drop_invoice_party` says so, when all else is settled
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
                _, by_cells, told = meaning.why.partition("; its cells are ")
                column.meanings[place] = replace(
                    meaning,
                    path=path,
                    strength=max(1, meaning.strength - 1),
                    why=f"{meaning.origin} for {label_of(path)}: {because}{by_cells}{told}",
                )


def drop_invoice_party(work: Resolution) -> None:
    """Who gets the invoice beside a buyer and a payer that the file states is neither for sure."""
    stated = {path: name for path, name in work.taken.items() if path.startswith("payer.")}
    for column in work.columns:
        if column.only is not None and column.only.role == "payer":
            stated.setdefault(column.only.path, column.name)
    for column in work.columns:
        meaning = column.only
        if meaning is None or meaning.role != "bill_to":
            continue
        path = f"payer.{meaning.path.partition('.')[2]}"
        told = f"{meaning.origin} for {label_of(meaning.path)}"
        if path in stated:
            column.drop(f"{told}; {stated[path][:60]!r} states {label_of(path)}", (path,))
        else:
            payer = next(iter(stated.values()), "")
            candidates = [path] if path in field_table() else []
            column.drop(
                f"{told}; {payer[:60]!r} states who pays, and whether that is who gets the "
                "invoice the file does not say",
                candidates,
                is_open=bool(candidates),
            )


def _sole_name(work: Resolution) -> Column | None:
    """The one column that is the name of no stated party, where names of others stand beside it
    and the goods have a column of their own: whose name is left to state is the buyer's."""
    paths = {meaning.path for column in work.columns for meaning in column.meanings}
    paths.update(work.taken)
    found = [
        column
        for column in work.columns
        if column.only is not None and column.only.path == f"{ANY_PARTY}.name"
    ]
    has_others = any(path in paths for path in ("bill_to.name", "payer.name", "consignee.name"))
    is_sole = len(found) == 1 and has_others and "product" in paths and "buyer.name" not in paths
    return found[0] if is_sole and content.are_words(found[0].texts) else None


def settle_sole_name(work: Resolution) -> None:
    """A name of no stated party is the buyer's, where every other party has one of its own."""
    column = _sole_name(work)
    if column is None or "buyer" in parties_of(work):
        return
    meaning = column.meanings[0]
    why = f"{meaning.why}; every other party has a column of its own for it"
    column.meanings = [replace(meaning, path="buyer.name", why=why)]


def settle_sole_attributes(work: Resolution) -> None:
    """An attribute of no stated party is the buyer's, if nobody else could own it.

    That is: one column only has it, the buyer is otherwise known and has no such column of its
    own, and every other party that receives or pays has one.
    """
    settle_sole_name(work)
    parties = parties_of(work)
    _weaker_doubles(work)
    followers = {
        column.position
        for owner, run in runs(work)
        if owner.meanings[0].role == "buyer"
        for column in run
    }
    paths = Counter(
        meaning.path
        for column in work.columns
        for meaning in column.meanings
        if not (meaning.on_content and meaning.path.endswith(".business"))
    )
    paths.update(list(work.taken))
    for column in work.columns:
        meaning = column.only
        if meaning is None or meaning.role != ANY_PARTY:
            continue
        attribute = meaning.path.partition(".")[2]
        settled = f"buyer.{attribute}"
        others = parties if attribute in _OF_A_PLACE else _named_parties(work, parties)
        without = [
            f"{role}.{attribute}"
            for role in ("buyer", *RECEIVING)
            if (role in others or role == "buyer" in parties)
            and not is_stated(work, paths, f"{role}.{attribute}")
        ]
        if paths[meaning.path] == 1 and without == [settled]:
            because = (
                "every other party has a column of its own for it"
                if others & set(RECEIVING)
                else "the buyer is the only party that the file speaks of"
            )
            column.meanings = [replace(meaning, path=settled, why=f"{meaning.why}; {because}")]
        elif paths[meaning.path] == 1 and settled in without and attribute == "business":
            because = "a seller notes the trade of its customer, and no other column says it"
            column.meanings = [replace(meaning, path=settled, why=f"{meaning.why}; {because}")]
        elif (
            paths[meaning.path] == 1
            and settled in without
            and column.position in followers
            and set(without) == {settled, f"payer.{attribute}"}
        ):
            because = "it follows the buyer, and every party that goods go to has its own"
            column.meanings = [replace(meaning, path=settled, why=f"{meaning.why}; {because}")]
        elif without or "buyer" not in parties:
            owned = dict.fromkeys(([] if "buyer" in parties else [settled]) + without)
            # A number of the seller's own is no field, whoever's it is.
            candidates = [path for path in owned if path in field_table()]
            column.drop(
                f"{meaning.why}; whose it is the file does not say",
                candidates,
                is_open=bool(candidates),
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


def settle_numbers(work: Resolution) -> None:
    """A number that the seller has given to a party is no name and no registration.

    Only where nothing else says who the buyer is, it stands in for the registration.
    """
    names = {meaning.path for column in work.columns for meaning in column.meanings}
    names.update(work.taken)
    numbers = [column for column in work.columns if column.only and is_number(column.only)]
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


def _named_parties(work: Resolution, parties: set[str]) -> set[str]:
    """The parties that have a name or a number; of others only the place is stated, and so no
    e-mail address or trade can be theirs."""
    named = {path for path in work.taken if path.endswith(".name")}
    named.update(
        meaning.path for column in work.columns for meaning in column.meanings if is_party(meaning)
    )
    return parties & {path.partition(".")[0] for path in named}
