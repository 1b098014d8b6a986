"""Examples that would notice what no example notices yet: an order of an example with one value
changed, taken from the values that other examples have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from redflags.explain.evidence import base_fields
from redflags.model.fields import field_table
from redflags.rulebook.tree import Condition, Example, Lowering, Mitigation, Named, Rule, Test
from redflags.weights import BITS
from redflags.workshop.extents import compared_fields
from redflags.workshop.mutants import Changed
from redflags.workshop.mutation import is_noticed, mutants
from redflags.workshop.orders_beside import changed_windows
from redflags.workshop.trials import Bench, Trial
from redflags.workshop.window_run import OUTCOMES

MOST_VALUES = 24
"""Values of one field that are tried."""

MOST_WORDS = 250
"""Words of a vocabulary that are all tried where a lowering asks for one."""

MOST_ORDERS = 3_000
"""Orders that are tried for one rule."""

MOST_WINDOWS = 1_000
"""Windows that are tried for one rule across orders."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An example to add to a rule, and how many changes it would notice; none, where it is there
    for a lowering. ``orders`` are those beside it."""

    rule: Rule
    name: str
    given: Mapping[str, str]
    expect: str
    notices: int
    orders: tuple[Mapping[str, str], ...] = ()


_LONGEST_LABEL = 50


def suggestions(bench: Bench) -> Iterator[Suggestion]:
    """For each rule, few examples that together notice as many changes as can be found, and one
    for each lowering that no example has."""
    values = _values(bench)
    units = list(bench.units())
    by_name = {unit.name: unit for unit in units}
    noticed: set[tuple[int, int]] = set()
    for rule in bench.rules:
        held = dict.fromkeys(name for block in by_name[rule.name].blocks for name in _held(block))
        own = [by_name[rule.name], *(by_name[name] for name in held if name in by_name)]
        missed = [
            (number, unit, one)
            for unit in own
            for number, one in enumerate(mutants(unit))
            if (id(unit), number) not in noticed and not is_noticed(bench, unit, *one[1:])
        ]
        open_ones = {(id(unit), number): one for number, unit, one in missed}
        for found, done in _for_rule(bench, rule, open_ones, values):
            noticed |= done
            yield found
        for lowering in rule.lowers:
            yield from _lowered(bench, (rule,), lowering, values)
    for pack in bench.packs:
        for mitigation in pack.mitigations:
            # Of all rules that speak of the fact those of the pack itself come first.
            rules = [rule for rule in bench.rules if rule.fact == mitigation.fact]
            rules.sort(key=lambda rule: rule.pack != mitigation.name.partition("/")[0])
            yield from _lowered(bench, rules, mitigation, values)


def _for_rule(
    bench: Bench,
    rule: Rule,
    missed: dict[tuple[int, int], Changed],
    values: Mapping[str, Sequence[str]],
) -> Iterator[tuple[Suggestion, set[tuple[int, int]]]]:
    left = dict(missed)
    tried: list[tuple[Trial, set[tuple[int, int]]]] = []
    is_across = rule.across is not None
    orders = _windows(bench, rule, values) if is_across else _orders(bench, rule, values)
    most = MOST_WINDOWS if is_across else MOST_ORDERS
    for count, trial in enumerate(orders if left else ()):
        if count >= most:
            break
        notices = {
            key
            for key, (_, target, change) in left.items()
            if bench.verdict(trial, target, change) is not trial.verdict
        }
        if notices:
            tried.append((trial, notices))
    while left and tried:
        best = max(tried, key=lambda one: (len(one[1] & left.keys()), one[0].verdict is not None))
        done = best[1] & left.keys()
        if not done:
            return
        if _wakes_others(bench, best[0]):
            tried.remove(best)
            continue
        for key in done:
            del left[key]
        example = best[0].example
        found = Suggestion(
            rule, example.name, example.given, example.expect, len(done), example.orders
        )
        yield found, done


def _wakes_others(bench: Bench, trial: Trial) -> bool:
    """Whether an order that is not to be flagged is flagged by a rule that has nothing against the
    rule's other orders: it would be no example of an honest one."""
    if trial.verdict is not False:
        return False
    expected = {trial.rule.name}
    for one in bench.trials(trial.rule):
        if one.verdict is not False:
            expected |= {rule.name for rule in bench.judge.verdicts(one.record).true}
    true = bench.judge.verdicts(trial.record).true
    return any(
        rule.name not in expected and (rule.is_stop or rule.bits > BITS["low"]) for rule in true
    )


def _orders(bench: Bench, rule: Rule, values: Mapping[str, Sequence[str]]) -> Iterator[Trial]:
    """The orders of a rule's examples with one value changed, then with two of them."""
    once = list(_changed(bench, rule, [one.example for one in bench.trials(rule)], values))
    yield from once
    flagged = [one.example for one in once if one.verdict is True]
    yield from _changed(bench, rule, flagged, values)


def _windows(bench: Bench, rule: Rule, values: Mapping[str, Sequence[str]]) -> Iterator[Trial]:
    """The examples of a rule across orders with one thing changed, the flagged ones first."""
    trials = sorted(bench.trials(rule), key=lambda one: one.verdict is not True)
    for base in trials:
        for example in changed_windows(rule, base.example, values):
            yield from _judged(bench, rule, example)


def _judged(bench: Bench, rule: Rule, example: Example) -> Iterator[Trial]:
    """An example with what it comes to; nothing if no order can be made of it."""
    trial = bench.trial(rule, example)
    if trial is not None:
        yield replace(trial, example=replace(example, expect=OUTCOMES[trial.verdict]))


def _changed(
    bench: Bench, rule: Rule, examples: Sequence[Example], values: Mapping[str, Sequence[str]]
) -> Iterator[Trial]:
    paths = list(dict.fromkeys(path for test in _tests(rule.when) for path in _stated(test)))
    bounds = _near_bounds(rule)
    for example in examples:
        for path in paths:
            for text in (*bounds.get(path, ()), *values.get(path, ()), ""):
                if example.given.get(path) == text:
                    continue
                but = _but(path, text)
                given = {**example.given, path: text}
                draft = Example(f"{example.name}, but {but}", given, "", example.place)
                yield from _judged(bench, rule, draft)


def _but(path: str, text: str) -> str:
    label = field_table()[path].label
    label = label if len(label) <= _LONGEST_LABEL else path
    return f"{label} {text}" if text else f"{label} not stated"


def _lowered(
    bench: Bench,
    rules: Sequence[Rule],
    lowering: Lowering | Mitigation,
    values: Mapping[str, Sequence[str]],
) -> Iterator[Suggestion]:
    """A flagged order of the rules that has what lowers them; none where an example has it."""
    flagged = [one for rule in rules for one in bench.trials(rule) if one.verdict is True]
    if any(_has(bench, lowering, one) for one in flagged):
        return
    tests = list(_tests(lowering.when))
    own = {test.field.partition(".")[0] for test in tests}
    paths = sorted(
        {path for test in tests for path in _stated(test)},
        key=lambda path: (path.partition(".")[0] not in own, path),
    )
    # What follows from other fields may be stated as well, and sometimes nothing else makes it so.
    paths += sorted({test.field for test in tests} - set(paths))
    told = lowering.because.rstrip(".")
    name = f"{told[:1].lower()}{told[1:]}"
    for rule, draft in _with_values(flagged, paths, values, name):
        for trial in _judged(bench, rule, draft):
            if trial.verdict is True and _has(bench, lowering, trial):
                example = trial.example
                yield Suggestion(rule, name, example.given, "flag", 0, example.orders)
                return


def _has(bench: Bench, lowering: Lowering | Mitigation, trial: Trial) -> bool:
    return bench.judge.verdict(lowering.when, trial.record) is True


def _with_values(
    flagged: Sequence[Trial],
    paths: Sequence[str],
    values: Mapping[str, Sequence[str]],
    name: str,
) -> Iterator[tuple[Rule, Example]]:
    """Flagged orders with one field changed, then with two; each as an example of that name."""
    left = MOST_ORDERS
    for count in (1, 2):
        for trial in flagged:
            for chosen in combinations(paths, count):
                for texts in product(*((*values.get(path, ()), *_near(path)) for path in chosen)):
                    left -= 1
                    if left < 0:
                        return
                    given = {**trial.example.given, **dict(zip(chosen, texts, strict=True))}
                    yield trial.rule, replace(trial.example, name=name, given=given)


def _near(path: str) -> tuple[str, ...]:
    """Values that a field can have, where they are few; a name that nobody else has."""
    if path.endswith(".name"):
        return ("Example User",)
    vocabulary = field_table()[path].kind.vocabulary
    words = () if vocabulary is None else tuple(vocabulary())
    return ("", *words) if len(words) <= MOST_WORDS else ("",)


def _stated(test: Test) -> list[str]:
    """The stated fields behind a test, in a fixed order."""
    paths = {base for path in (test.field, *compared_fields(test)) for base in base_fields(path)}
    return sorted(paths)


def _tests(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    else:
        parts = condition.block.parts if isinstance(condition, Named) else condition.parts
        for part in parts:
            yield from _tests(part)


def _held(block: Condition) -> list[str]:
    found: dict[str, None] = {}
    waiting: list[Condition] = [block]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Named):
            found[one.name] = None
            waiting.append(one.block)
        elif not isinstance(one, Test):
            waiting.extend(one.parts)
    return list(found)


def _near_bounds(rule: Rule) -> dict[str, list[str]]:
    """Sizes at a bound of the rule, for the field that it bounds."""
    found: dict[str, list[str]] = {}
    for test in _tests(rule.when):
        if test.operator in ("at_least", "more_than", "at_most", "less_than", "between"):
            texts = [part.strip() for part in test.written.split(" to ")]
            found.setdefault(test.field, []).extend(one for one in texts if one[:1].isdigit())
    return found


def _values(bench: Bench) -> dict[str, list[str]]:
    """The values that the examples of all rules have, the commonest first."""
    counts: dict[str, dict[str, int]] = {}
    for rule in bench.reading.book.rules:
        for example in rule.examples:
            for path, text in example.given.items():
                if text.strip():
                    of_path = counts.setdefault(path, {})
                    of_path[text] = of_path.get(text, 0) + 1
    return {
        path: sorted(texts, key=lambda text: (-texts[text], text))[:MOST_VALUES]
        for path, texts in counts.items()
    }
