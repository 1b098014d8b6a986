"""What differs between two rule books, as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from redflags.values.text import display
from redflags.workshop.data_diff import ORDER_CHANGES, DataDiff, OrderDiff
from redflags.workshop.rule_diff import RuleDiff
from redflags.workshop.version_changes import OtherChange, PackStep, RuleChange
from redflags.writers.harmless import markdown_text
from redflags.writers.json_text import json_text
from redflags.writers.page import Page, counted, listed

FORMATS = ("table", "json", "markdown")
"""The formats of a comparison; ``md`` is short for the last."""

MOST_RULES = 12
"""Rules that one line names; JSON has them all."""

RELATIONS = {
    "same": "flags the same orders",
    "narrower": "narrower: flags only orders that it flagged before",
    "wider": "wider: flags every order that it flagged before",
    "neither": "neither narrower nor wider can be shown",
}
"""What is said of a rule that changed."""

STEP_SAYS = {
    "none": "nothing differs",
    "patch": "only texts changed",
    "minor": "alerts may appear or become more urgent, none is lost",
    "major": "alerts may vanish or become less urgent, or a name is gone",
}
"""Why a step is deserved."""

_Group = tuple[RuleChange, list[str]]
"""A change, with the names of all rules that changed in the same way."""


def write_diff(
    diff: RuleDiff, data: DataDiff | None, name: str, stream: TextIO, *, examples: int
) -> None:
    """Write what differs in one of :data:`FORMATS`, with up to ``examples`` orders of each kind;
    JSON has them all."""
    if name == "json":
        stream.write(json_text(_plain(diff, data)) + "\n")
    elif name == "markdown":
        stream.writelines(line + "\n" for line in _markdown(diff, data, examples))
    else:
        _table(diff, data, Page(stream), examples)


def summary(diff: RuleDiff, data: DataDiff | None) -> str:
    """One line on a comparison."""
    if diff.is_empty:
        told = "no rule differs"
    else:
        kinds = [one.kind for one in diff.rules]
        parts = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
        told = f"rules: {', '.join(parts) or 'none changed'}; the step is {diff.step}"
    if data is None:
        return told
    count = len(data.changed)
    return f"{told}; {counted(count, 'order')} of {data.orders:,} judged otherwise"


def _groups(changes: Sequence[RuleChange]) -> list[_Group]:
    """Changes of rules, those that changed in the same way together."""
    found: dict[Any, _Group] = {}
    for one in changes:
        key: Any = (one.kind, one.relation, one.details)
        if one.kind != "changed":
            key = (one.kind, one.name)
        found.setdefault(key, (one, []))[1].append(one.name)
    # What changes texts alone is of least interest.
    return sorted(found.values(), key=lambda group: group[0].effects <= {"text"})


def _table(diff: RuleDiff, data: DataDiff | None, page: Page, examples: int) -> None:
    page.heading(f"{diff.old.name} → {diff.new.name}")
    if diff.is_empty:
        page.labelled("", "No rule, list or mitigation differs.")
    for title, kind in _HEADINGS:
        groups = _groups([one for one in diff.rules if one.kind == kind])
        for number, (change, names) in enumerate(groups):
            label = title if number == 0 else ""
            _rule(page, label, change, names)
    for label, other in _labelled(diff.others):
        page.labelled(label, f"{other.name} {other.kind}", label_style="bold")
        for detail in other.details:
            page.labelled("", f"– {detail.text}")
    page.blank()
    page.labelled("version", f"{diff.step}: {STEP_SAYS[diff.step]}", label_style="bold")
    for pack in diff.packs:
        if pack.step != "none":
            page.labelled("", _pack_step(pack))
    if data is not None:
        _data(page, data, examples)


_HEADINGS = (("removed", "removed"), ("renamed", "renamed"), ("changed", "changed"),
             ("added", "added"))  # fmt: skip


def _rule(page: Page, label: str, change: RuleChange, names: Sequence[str]) -> None:
    if change.kind in ("added", "removed"):
        page.labelled(label, f"{change.name} ({change.grade}): {change.title}", label_style="bold")
        return
    told = listed(names, MOST_RULES)
    if change.kind == "renamed":
        told = f"{change.name_before} is {change.name} now"
    page.labelled(label, told, label_style="bold")
    if change.relation is not None and change.effects - {"text"}:
        page.labelled("", RELATIONS[change.relation], style="quiet")
    for detail in change.details:
        page.labelled("", f"– {detail.text}")


def _labelled(others: Sequence[OtherChange]) -> Iterator[tuple[str, OtherChange]]:
    last = ""
    for one in others:
        yield ("" if one.what == last else one.what), one
        last = one.what


def _pack_step(pack: PackStep) -> str:
    if pack.version is None or pack.version_before is None:
        return f"{pack.name} {'removed' if pack.version is None else 'added'}: {pack.step}"
    stated = f"{pack.version_before or 'no version'} → {pack.version or 'no version'}"
    if not pack.version and not pack.version_before:
        stated = "(states no version)"
    elif pack.version == pack.version_before:
        stated = f"still {pack.version}"
    warning = ", a smaller step than it deserves" if pack.is_too_small else ""
    return f"{pack.name} {stated}{warning}: {pack.step}"


def _data(page: Page, data: DataDiff, examples: int) -> None:
    page.blank()
    page.heading(f"On {counted(data.orders, 'order')} of {listed(data.files, 4, 'files')}")
    page.labelled("alerts", f"{data.before.alerts:,} before, {data.after.alerts:,} now")
    page.labelled("bands", _bands(data))
    if data.is_empty:
        page.labelled("", "Both say the same of every order.")
    for kind, meaning in ORDER_CHANGES.items():
        count = data.changes[kind]
        if not count:
            continue
        page.labelled(kind, f"{counted(count, 'order')}: {meaning}", label_style="bold")
        for one in _some(data, kind, examples):
            page.labelled("", f"– {_order(one)}")
        if count > examples:
            page.labelled("", f"and {count - examples:,} more", style="quiet")
    if data.rules:
        page.blank()
        page.labelled("rules", "orders flagged before and now", label_style="bold")
        for rule in data.rules:
            page.labelled("", f"{rule.rule}: {rule.before:,} → {rule.after:,}")


def _some(data: DataDiff, kind: str, most: int) -> list[OrderDiff]:
    return [one for one in data.changed if one.change == kind][:most]


def _bands(data: DataDiff) -> str:
    parts = []
    for band, count in data.after.bands.items():
        before = data.before.bands.get(band, 0)
        if band != "none" and (count or before):
            parts.append(f"{band} {before:,} → {count:,}")
    return ", ".join(parts) or "none before and none now"


def _order(one: OrderDiff) -> str:
    was = "stop" if one.stop_before else f"{one.band_before} {one.score_before:.1f}"
    now = "stop" if one.stop else f"{one.band} {one.score:.1f}"
    told = f"{one.order_id}: {was} → {now}"
    if one.gained:
        told += f"; now by {listed(one.gained, 3)}"
    if one.lost:
        told += f"; no longer by {listed(one.lost, 3)}"
    return told


def _markdown(diff: RuleDiff, data: DataDiff | None, examples: int) -> Iterator[str]:
    yield f"# {_text(diff.old.name)} → {_text(diff.new.name)}"
    yield ""
    yield f"Version step: **{diff.step}** ({STEP_SAYS[diff.step]})."
    for pack in diff.packs:
        if pack.step != "none":
            yield f"- {_text(_pack_step(pack))}"
    for title, kind in _HEADINGS:
        groups = _groups([one for one in diff.rules if one.kind == kind])
        if groups:
            yield ""
            yield f"## Rules {title}"
            yield ""
        for change, names in groups:
            yield from _markdown_rule(change, names)
    if diff.others:
        yield ""
        yield "## Lists, mitigations, judgements, packs"
        yield ""
    for other in diff.others:
        yield f"- {other.what} `{_code(other.name)}` {other.kind}"
        for detail in other.details:
            yield f"  - {_text(detail.text)}"
    if data is not None:
        yield from _markdown_data(data, examples)


def _markdown_rule(change: RuleChange, names: Sequence[str]) -> Iterator[str]:
    if change.kind in ("added", "removed"):
        yield f"- `{_code(change.name)}` ({change.grade}): {_text(change.title)}"
        return
    told = ", ".join(f"`{_code(name)}`" for name in names)
    if change.kind == "renamed":
        told = f"`{_code(change.name_before or '')}` is `{_code(change.name)}` now"
    if change.relation is not None and change.effects - {"text"}:
        told += f" – {RELATIONS[change.relation]}"
    yield f"- {told}"
    for detail in change.details:
        yield f"  - {_text(detail.text)}"


def _markdown_data(data: DataDiff, examples: int) -> Iterator[str]:
    yield ""
    yield f"## On {counted(data.orders, 'order')} of {_text(listed(data.files, 4, 'files'))}"
    yield ""
    alerts = f"{data.before.alerts:,} before, {data.after.alerts:,} now"
    yield f"Alerts: {alerts}. Bands: {_bands(data)}."
    if data.is_empty:
        yield ""
        yield "Both say the same of every order."
    for kind, meaning in ORDER_CHANGES.items():
        count = data.changes[kind]
        if not count:
            continue
        yield ""
        yield f"### {kind.capitalize()}: {counted(count, 'order')} ({meaning})"
        yield ""
        for one in _some(data, kind, examples):
            yield f"- {_text(_order(one))}"
        if count > examples:
            yield f"- and {count - examples:,} more"
    if data.rules:
        yield ""
        yield "| Rule | Orders before | Orders now |"
        yield "| --- | --- | --- |"
        for rule in data.rules:
            yield f"| `{_code(rule.rule)}` | {rule.before:,} | {rule.after:,} |"


def _text(text: str) -> str:
    return markdown_text(text)


def _code(name: str) -> str:
    return display(name).replace("`", "'").replace("|", "\\|")


def _plain(diff: RuleDiff, data: DataDiff | None) -> dict[str, Any]:
    return {
        "old": _side(diff, is_old=True),
        "new": _side(diff, is_old=False),
        "is_empty": diff.is_empty,
        "step": diff.step,
        "packs": [
            {
                "name": one.name,
                "name_before": one.name_before,
                "version": one.version,
                "version_before": one.version_before,
                "step": one.step,
                "is_too_small": one.is_too_small,
            }
            for one in diff.packs
        ],
        "rules": [
            {
                "kind": one.kind,
                "name": one.name,
                "name_before": one.name_before,
                "title": one.title,
                "grade": one.grade,
                "relation": one.relation,
                "effects": sorted(one.effects),
                "details": [{"kind": it.kind, "text": it.text} for it in one.details],
            }
            for one in diff.rules
        ],
        "others": [
            {
                "what": one.what,
                "kind": one.kind,
                "name": one.name,
                "effects": sorted(one.effects),
                "details": [{"kind": it.kind, "text": it.text} for it in one.details],
            }
            for one in diff.others
        ],
        "data": None if data is None else _plain_data(data),
    }


def _side(diff: RuleDiff, *, is_old: bool) -> dict[str, Any]:
    side = diff.old if is_old else diff.new
    return {
        "name": side.name,
        "rules": len(side.book.rules),
        "compared": sorted(side.compared),
        "beside": sorted(pack.id for pack in side.book.packs if pack.id not in side.compared),
        "sha256": side.book.sha256,
    }


def _plain_data(data: DataDiff) -> dict[str, Any]:
    counts = [
        {"alerts": one.alerts, "incomplete": one.incomplete, "bands": dict(one.bands)}
        for one in (data.before, data.after)
    ]
    return {
        "files": list(data.files),
        "orders": data.orders,
        "before": counts[0],
        "after": counts[1],
        "changes": dict(data.changes),
        "changed": [
            {
                "order_id": one.order_id,
                "change": one.change,
                "band_before": one.band_before,
                "band": one.band,
                "stop_before": one.stop_before,
                "stop": one.stop,
                "score_before": one.score_before,
                "score": one.score,
                "gained": list(one.gained),
                "lost": list(one.lost),
                "parties": one.parties,
                "goods": one.goods,
            }
            for one in data.changed
        ],
        "rules": [
            {"rule": one.rule, "before": one.before, "after": one.after} for one in data.rules
        ],
    }
