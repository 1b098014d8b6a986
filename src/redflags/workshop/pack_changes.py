"""What became of a pack beside its rules: lists, mitigations, judgements, and what it says of
itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from redflags.model.judgements import Judgements
from redflags.rulebook.tree import (
    Condition,
    ListReference,
    Pack,
    Rule,
    RuleBook,
    RuleList,
    Test,
)
from redflags.workshop.condition_changes import Detail, entry_changes, enumerated, paired
from redflags.workshop.narrower import meaning
from redflags.workshop.rule_changes import lowering_changes
from redflags.workshop.subject import all_parts
from redflags.workshop.version_changes import BOTH, LESS, MORE, NOTHING, TEXT, OtherChange


def unsettled(old: Judgements, new: Judgements) -> frozenset[str]:
    """The derived fields on which the judgements of two rule books differ."""
    fits = [{key: one.value for key, one in side.fits.items()} for side in (old, new)]
    scales = [
        {name: (one.retail_below, one.trade_below) for name, one in side.scales.items()}
        for side in (old, new)
    ]
    found = {"fit": fits[0] != fits[1], "quantity.scale": scales[0] != scales[1]}
    return frozenset(name for name, differs in found.items() if differs)


def lists_read(books: Iterable[RuleBook]) -> frozenset[str]:
    """The names, without their packs, of the lists that rules, lowerings and mitigations read:
    what a change of these does is told by the change of the rules."""
    found: set[str] = set()
    for book in books:
        blocks: list[Condition] = [one.when for one in book.mitigations]
        for rule in book.rules:
            blocks += _blocks(rule)
        for block in blocks:
            for part in all_parts(block):
                if isinstance(part, Test):
                    if isinstance(part.operand, ListReference):
                        found.add(_own(part.operand.list.name))
                    elif part.operator == "mentions":
                        found.add(_own(part.written))
    return frozenset(found)


def _blocks(rule: Rule) -> list[Condition]:
    blocks: list[Condition] = [rule.when, *(one.when for one in rule.lowers)]
    if rule.across is not None:
        blocks += [one.block for one in rule.across.having if one.block is not None]
    return blocks


def _own(name: str) -> str:
    return name.rpartition("/")[2]


def pack_changes(
    old: Pack | None, new: Pack | None, read: Collection[str], fields: Collection[str]
) -> Iterator[OtherChange]:
    """What became of a pack beside its rules; None stands for a side without it. ``read`` names
    the lists that rules read, ``fields`` those that the two books derive otherwise."""
    if old is None or new is None:
        yield from _of_whole_pack(old, new)
        return
    yield from _of_lists(old.lists, new.lists, read)
    yield from _of_mitigations(old, new, fields)
    yield from _of_judgements(old, new)
    has_file = bool(old.title and new.title)  # without a pack.yaml its name is that of its folder
    changed = [
        name
        for name in ("id", "title", "version", "licence", "sources")
        if (has_file or name != "id") and getattr(old, name) != getattr(new, name)
    ]
    if changed:
        detail = Detail("text", f"other text: {', '.join(changed)}")
        does = TEXT | (LESS if "id" in changed else NOTHING)
        yield OtherChange("pack", "changed", new.id, (detail,), does)


def _of_whole_pack(old: Pack | None, new: Pack | None) -> Iterator[OtherChange]:
    pack = new or old
    assert pack is not None
    text = f"{len(pack.rules)} rules, {len(pack.lists)} lists"
    does = MORE if old is None else LESS
    # Mitigations and judgements reach the rules of other packs.
    if pack.mitigations or pack.judgements:
        does = BOTH
    kind = "added" if old is None else "removed"
    yield OtherChange("pack", kind, pack.id, (Detail("text", text),), does)  # type: ignore[arg-type]


def _of_lists(
    old: Iterable[RuleList], new: Iterable[RuleList], read: Collection[str]
) -> Iterator[OtherChange]:
    before = {_own(one.name): one for one in old}
    after = {_own(one.name): one for one in new}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield OtherChange("list", "removed", before[name].name, (), LESS)
        elif name not in before:
            yield OtherChange("list", "added", after[name].name, (), TEXT)
        else:
            found = list(_of_list(before[name], after[name]))
            if found:
                details = tuple(detail for detail, _ in found)
                effects = NOTHING.union(*(does for _, does in found))
                if name in read and effects != BOTH | TEXT:
                    effects = TEXT
                yield OtherChange("list", "changed", after[name].name, details, effects)


def _of_list(old: RuleList, new: RuleList) -> Iterator[tuple[Detail, frozenset[str]]]:
    gained, lost = entry_changes(old.entries, new.entries)
    if old.kind != new.kind:
        yield Detail("list", f"kind {old.kind} became {new.kind}"), BOTH
    if gained:
        yield Detail("list", f"gained {enumerated(gained)}"), MORE
    if lost:
        yield Detail("list", f"lost {enumerated(lost)}"), LESS
    if not gained and not lost and _attributes(old) != _attributes(new):
        yield Detail("list", "other attributes of entries"), BOTH
    if (old.source, old.vintage) != (new.source, new.vintage):
        yield Detail("text", "other source or vintage"), TEXT


def _attributes(listed: RuleList) -> list[str]:
    return sorted(repr((one.value, sorted(one.attributes.items()))) for one in listed.entries)


def _of_mitigations(old: Pack, new: Pack, fields: Collection[str]) -> Iterator[OtherChange]:
    lost, gained = list(old.mitigations), list(new.mitigations)
    pairs = paired(lost, gained, lambda one: (_own(one.name), one.fact))
    pairs += paired(lost, gained, lambda one: (meaning(one.when), one.fact))
    for one, other in pairs:
        found = list(lowering_changes(one, other, fields))
        if found:
            details = tuple(detail for detail, _ in found)
            effects = NOTHING.union(*(does for _, does in found))
            yield OtherChange("mitigation", "changed", other.name, details, effects)
    for one in lost:
        detail = Detail("lowering", f"no longer lowers signs of {one.fact}: {one.because}")
        yield OtherChange("mitigation", "removed", one.name, (detail,), MORE)
    for one in gained:
        detail = Detail("lowering", f"lowers signs of {one.fact} by {one.by}: {one.because}")
        yield OtherChange("mitigation", "added", one.name, (detail,), LESS)


def _of_judgements(old: Pack, new: Pack) -> Iterator[OtherChange]:
    if old.judgements == new.judgements:
        return
    differing = unsettled(old.judgements, new.judgements)
    if differing:
        detail = Detail("judgement", f"the site judges {' and '.join(sorted(differing))} otherwise")
        yield OtherChange("judgements", "changed", new.id, (detail,), BOTH)
    else:
        detail = Detail("text", "other reasons or tables")
        yield OtherChange("judgements", "changed", new.id, (detail,), TEXT)
