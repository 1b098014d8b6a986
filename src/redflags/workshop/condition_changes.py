"""What changed between two conditions, in words: a bound moved, an operator turned, a condition
added or dropped, an entry of a list."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from redflags.rulebook.across_words import having_in_words, when_parts, window_in_words
from redflags.rulebook.canonical import value_text
from redflags.rulebook.operators import selected_entries
from redflags.rulebook.tree import (
    Across,
    Condition,
    Entry,
    Group,
    Having,
    LimitTable,
    ListReference,
    Named,
    Rule,
    Test,
)
from redflags.values.text import shown
from redflags.workshop.coverage import written
from redflags.workshop.narrower import having_meaning, meaning

MOST_NAMED = 6
"""Entries and parts that a sentence names; it counts the others."""

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that changed. ``kind`` is a word of :data:`KINDS`, ``text`` says it to a person."""

    kind: str
    text: str


KINDS = (
    "condition added", "condition dropped", "bound moved", "operator turned", "value added",
    "value dropped", "list", "judgement", "window", "strength", "lowering", "text",
)  # fmt: skip
"""The kinds of changes."""


def condition_changes(old: Rule, new: Rule) -> list[Detail]:
    """What changed in the conditions of a rule, its window among them."""
    found = list(_of_parts(when_parts(old), when_parts(new), "all", ""))
    if old.across is not None and new.across is not None:
        found += _of_windows(old.across, new.across)
    elif old.across != new.across:
        across = new.across or old.across
        assert across is not None
        verb = "now looks across" if new.across is not None else "no longer looks across"
        found.append(Detail("window", f"{verb} orders: {window_in_words(across)}"))
    return list(dict.fromkeys(found))


def block_changes(old: Group, new: Group) -> list[Detail]:
    """What changed between two blocks."""
    return list(_of_parts(old.parts, new.parts, "all", ""))


def told(condition: Condition) -> str:
    """A condition in a few words, as its author wrote it."""
    if isinstance(condition, Test):
        return shown(written(condition), _LONGEST)
    if isinstance(condition, Named):
        return f"holds: {condition.name}"
    inner = "; ".join(told(part) for part in condition.parts[:MOST_NAMED])
    more = len(condition.parts) - MOST_NAMED
    text = f"{condition.kind} of ({inner}{f'; and {more} more' if more > 0 else ''})"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


Thing = TypeVar("Thing")


def unpaired(
    old: Iterable[Thing], new: Iterable[Thing], key: Callable[[Thing], Hashable]
) -> tuple[list[Thing], list[Thing]]:
    """What is left of two collections when those of the same key are taken away in pairs."""
    lost, gained = list(old), list(new)
    paired(lost, gained, key)
    return lost, gained


def paired(
    old: list[Thing], new: list[Thing], key: Callable[[Thing], Hashable]
) -> list[tuple[Thing, Thing]]:
    """Pairs of the same key in order, which are taken out of both lists."""
    waiting: dict[Hashable, deque[Thing]] = {}
    for one in new:
        waiting.setdefault(key(one), deque()).append(one)
    pairs, left = [], []
    for one in old:
        same = waiting.get(key(one))
        if same:
            pairs.append((one, same.popleft()))
        else:
            left.append(one)
    kept = {id(one) for rest in waiting.values() for one in rest}
    old[:], new[:] = left, [one for one in new if id(one) in kept]
    return pairs


def _of_parts(
    old: Sequence[Condition], new: Sequence[Condition], kind: str, where: str
) -> Iterator[Detail]:
    lost, gained = unpaired(_spread(old, kind), _spread(new, kind), meaning)
    for one, other in paired(lost, gained, _same_name):
        assert isinstance(one, Named)
        assert isinstance(other, Named)
        yield from _of_parts(one.block.parts, other.block.parts, "all", f"{where}`{one.name}`: ")
    # A named condition that was written out, or the other way round, is no change by itself.
    if any(isinstance(one, Named) for one in (*lost, *gained)):
        lost, gained = unpaired(_opened(lost, kind), _opened(gained, kind), meaning)
    for one, other in paired(lost, gained, _field_and_operator):
        assert isinstance(one, Test)
        assert isinstance(other, Test)
        yield from _of_operands(one, other, where)
    for one, other in paired(lost, gained, _field):
        yield Detail("operator turned", f"{where}{told(one)} became {told(other)}")
    for one, other in paired(lost, gained, _kind_of_group):
        assert isinstance(one, Group)
        assert isinstance(other, Group)
        inner = f"{where}in `{one.kind}`: "
        yield from _of_parts(one.parts, other.parts, one.kind, inner)
    beside = {"any": "alternative ", "none": "exception "}.get(kind, "")
    for part in lost:
        yield Detail("condition dropped", f"{where}{beside}dropped: {told(part)}")
    for part in gained:
        yield Detail("condition added", f"{where}{beside}added: {told(part)}")


def _spread(parts: Iterable[Condition], kind: str) -> Iterator[Condition]:
    """The parts, those of a group of the same kind in it among them; named ones stay."""
    for part in parts:
        if isinstance(part, Group) and part.kind == kind and kind != "none":
            yield from _spread(part.parts, kind)
        else:
            yield part


def _opened(parts: Iterable[Condition], kind: str) -> Iterator[Condition]:
    for part in parts:
        yield from _spread([part.block if isinstance(part, Named) else part], kind)


def _same_name(condition: Condition) -> Hashable:
    return condition.name.partition("/")[2] if isinstance(condition, Named) else id(condition)


def _field_and_operator(condition: Condition) -> Hashable:
    if isinstance(condition, Test):
        return condition.field, condition.operator
    return id(condition)


def _field(condition: Condition) -> Hashable:
    return condition.field if isinstance(condition, Test) else id(condition)


def _kind_of_group(condition: Condition) -> Hashable:
    return condition.kind if isinstance(condition, Group) else id(condition)


def _of_operands(old: Test, new: Test, where: str) -> Iterator[Detail]:
    about = f"{where}{new.field} {new.operator}"
    before, after = old.operand, new.operand
    if isinstance(before, ListReference) and isinstance(after, ListReference):
        yield from _of_lists(before, after, old, new, about)
        return
    tables = isinstance(before, LimitTable) and isinstance(after, LimitTable)
    if tables and old.written == new.written:
        yield Detail("bound moved", f"{about}: other limits in the table {shown(new.written)}")
        return
    if _is_several(before) and _is_several(after) and new.operator != "between":
        lost = sorted(set(map(_word, before)) - set(map(_word, after)))
        gained = sorted(set(map(_word, after)) - set(map(_word, before)))
        if gained:
            yield Detail("value added", f"{about}: added {enumerated(gained)}")
        if lost:
            yield Detail("value dropped", f"{about}: dropped {enumerated(lost)}")
        return
    yield Detail("bound moved", f"{about}: moved from {shown(old.written)} to {shown(new.written)}")


def _is_several(operand: Any) -> bool:
    return isinstance(operand, tuple | frozenset)


def _word(value: Any) -> str:
    return value_text(value) or ""


def _of_lists(
    before: ListReference, after: ListReference, old: Test, new: Test, about: str
) -> Iterator[Detail]:
    if old.written != new.written and _own(before) != _own(after):
        yield Detail("list", f"{about}: list {shown(old.written)} became {shown(new.written)}")
        return
    gained, lost = entry_changes(selected_entries(before), selected_entries(after))
    if gained:
        yield Detail("list", f"{about}: list {shown(new.written)} gained {enumerated(gained)}")
    if lost:
        yield Detail("list", f"{about}: list {shown(new.written)} lost {enumerated(lost)}")


def _own(reference: ListReference) -> Hashable:
    return reference.list.name.partition("/")[2], reference.where


def entry_changes(old: Iterable[Entry], new: Iterable[Entry]) -> tuple[list[str], list[str]]:
    """The entries that a list gained, and those that it lost; of one that counts for another time
    both are told."""
    before = {(_word(one.value), one.since, one.until): one for one in old}
    after = {(_word(one.value), one.since, one.until): one for one in new}
    gained = [_entry(after[key]) for key in after if key not in before]
    lost = [_entry(before[key]) for key in before if key not in after]
    return sorted(gained), sorted(lost)


def _entry(entry: Entry) -> str:
    since = f" from {entry.since}" if entry.since is not None else ""
    until = f" until {entry.until}" if entry.until is not None else ""
    return shown(entry.written) + since + until


def enumerated(words: Sequence[str]) -> str:
    """Words with commas, at most :data:`MOST_NAMED` of them and the number of the others."""
    told_words = ", ".join(shown(word)[:60] for word in words[:MOST_NAMED])
    more = len(words) - MOST_NAMED
    return told_words + (f" and {more:,} more" if more > 0 else "")


def _of_windows(old: Across, new: Across) -> Iterator[Detail]:
    if old.within != new.within:
        yield Detail("window", f"the window moved from {_span(old.within)} to {_span(new.within)}")
    if set(old.same) != set(new.same):
        yield Detail(
            "window", f"the window was of {window_in_words(old)}; is of {window_in_words(new)}"
        )
    before = () if old.where is None else old.where.parts
    after = () if new.where is None else new.where.parts
    yield from _of_parts(before, after, "all", "of the window: ")
    lost, gained = unpaired(old.having, new.having, having_meaning)
    for one, other in paired(lost, gained, _measured):
        if one.block is not None and other.block is not None:
            yield from _of_parts(one.block.parts, other.block.parts, "all", "of another order: ")
        else:
            yield Detail("bound moved", f"{_having(one)} became {_having(other)}")
    for one in lost:
        yield Detail("condition dropped", f"of the window dropped: {_having(one)}")
    for one in gained:
        yield Detail("condition added", f"of the window added: {_having(one)}")


def _measured(having: Having) -> Hashable:
    return having.measure, having.field


def _having(having: Having) -> str:
    text = having_in_words(having)
    if having.block is not None:
        text += f" ({'; '.join(map(told, having.block.parts[:MOST_NAMED]))})"
    return text[:_LONGEST]


def _span(within: int | None) -> str:
    return "the lines of one order" if within is None else f"{within} days"
