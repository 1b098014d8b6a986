"""What a run says of itself, so that it can be repeated years later: rules, lists, mapping."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from redflags.explain.flags import local_change
from redflags.intake import Mapping
from redflags.intake.answers import Answers
from redflags.intake.digests import OrderDigests
from redflags.model.notation import Notation
from redflags.model.results import (
    Band,
    Digests,
    FileUsed,
    ListUsed,
    LocalChange,
    OverlayUsed,
    PackUsed,
    Settings,
)
from redflags.policy import Policy
from redflags.readers import Selection
from redflags.reference.rates import shipped_rates_hash
from redflags.rulebook import RuleBook
from redflags.rulebook.canonical import part_hashes
from redflags.rulebook.tree import Pack
from redflags.values.exchange import Rates, RateTable

SHIPPED = "shipped"
"""The origin of the packs that come with the program."""


def packs_used(book: RuleBook) -> tuple[PackUsed, ...]:
    """Each pack with the hashes of its parts."""
    return tuple(_pack_used(pack) for pack in book.packs)


def _pack_used(pack: Pack) -> PackUsed:
    parts = part_hashes(pack)
    return PackUsed(
        id=pack.id,
        title=pack.title,
        version=pack.version,
        sha256=pack.sha256,
        rules=len(pack.rules),
        rule_hashes=dict(parts.rules),
        lists=tuple(
            ListUsed(name=one.name, sha256=one.sha256, entries=dict(one.entries))
            for one in parts.lists
        ),
        other_hashes=dict(parts.others),
    )


def overlays_used(book: RuleBook) -> tuple[OverlayUsed, ...]:
    """Each overlay with what it changes."""
    return tuple(
        OverlayUsed(
            id=one.id,
            title=one.title,
            path=one.origin,
            sha256=one.sha256,
            changes=tuple(
                LocalChange.model_validate(local_change(change)) for change in one.changes
            ),
        )
        for one in book.overlays
    )


def settings_used(
    book: RuleBook,
    policy: Policy,
    notation: Notation,
    selection: Selection,
    *,
    engine: str,
    fail_on: Band,
    min_score: float,
    show_all: bool,
    encoding: str | None,
    delimiter: str | None,
    rates: str | None,
) -> Settings:
    """Every setting that shapes the outcome."""
    origins = [pack.origin for pack in book.packs]
    return Settings(
        profile=book.profile,
        engine=engine,
        fail_on=fail_on,
        min_score=min_score,
        policy=dict(policy.actions),
        decimal=notation.decimal,
        day_first=notation.day_first,
        rates=rates,
        rules=tuple(dict.fromkeys(one for one in origins if one != SHIPPED)),
        only_rules=SHIPPED not in origins,
        show_all=show_all,
        encoding=encoding,
        delimiter=delimiter,
        input_format=selection.format,
        sheet=selection.sheet,
        table=selection.table,
        query=selection.query,
        header_row=selection.header_row,
    )


def mapping_used(mapping: Mapping | None) -> FileUsed | None:
    """The mapping, by what it says; None if there is none. Answers beside it are no part of it."""
    if mapping is None:
        return None
    said = [mapping.columns, mapping.constants, mapping.settings, mapping.ignored]
    if not any(said):
        return None
    return FileUsed(path=mapping.source, sha256=_hash(said))


def answers_used(mapping: Mapping | None) -> FileUsed | None:
    """The answers that were laid over the orders; None if there are none."""
    answers: Answers | None = None if mapping is None else mapping.answers
    if answers is None:
        return None
    return FileUsed(path=answers.source, sha256=_hash(answers.by_order))


def rates_used(given: RateTable | Path | str | None, rates: Rates) -> FileUsed | None:
    """The exchange rates, by what they say: of a table that was ``given``, or those that come with
    the program; None if there are none."""
    if given is None:
        shipped = shipped_rates_hash()
        return None if shipped is None else FileUsed(path=SHIPPED, sha256=shipped)
    table = rates()
    if table is None:
        return None
    source = table.source if isinstance(given, RateTable) else str(given)
    return FileUsed(path=source, sha256=table.sha256)


def history_digests(digests: OrderDigests, few: int) -> Digests | None:
    """The digests of earlier orders: the hash of all of them, and each where they are few."""
    found = list(digests.of_orders()) if digests.is_kept else []
    if not found:
        return None
    hashed = hashlib.sha256(json.dumps(found, ensure_ascii=True).encode()).hexdigest()
    if len(found) > few:
        return Digests(orders=len(found), sha256=hashed)
    return Digests(
        orders=len(found),
        sha256=hashed,
        of_orders={number: digest for number, digest in found if number},
        unnumbered=tuple(digest for number, digest in found if not number),
    )


def few_digests(digests: OrderDigests) -> Digests | None:
    """Digests that are few enough to stand in the record; None if they are not."""
    if not digests.is_kept:
        return None
    found = list(digests.of_orders())
    return Digests(
        orders=len(found),
        of_orders={number: digest for number, digest in found if number},
        unnumbered=tuple(digest for number, digest in found if not number),
    )


def _hash(said: Any) -> str:
    text = json.dumps(_plain(said), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON, the same in every process."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [[one.name, _plain(getattr(value, one.name))] for one in dataclasses.fields(value)]
    if isinstance(value, AnyMapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(str(member) for member in value)
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value if isinstance(value, str | int | bool | None) else str(value)
    return [_plain(member) for member in value]
