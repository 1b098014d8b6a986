"""Checks of rules against each other: equal ones, shadowed ones, and one fact counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.rulebook.tree import Condition, Group, Named, Rule, Test
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.circumstances import circumstance
from redflags.workshop.reasoning import MOST_TESTS, size_of
from redflags.workshop.subject import Subject
from redflags.workshop.window_reasoning import across_implies


class _Pairs:
    """The pairs of rules of which the one certainly holds wherever the other does."""

    def __init__(self, subject: Subject) -> None:
        reasoner = subject.reasoner
        compared = [rule for rule in subject.all_rules if size_of(rule.when) <= MOST_TESTS]
        by_field: dict[str, list[Rule]] = {}
        for rule in compared:
            for path in _fields(rule.when):
                by_field.setdefault(path, []).append(rule)
        given = {rule.name for rule in subject.rules}
        self.found: list[tuple[Rule, Rule]] = []
        for wide in compared:
            if reasoner.is_spent:
                break
            required = _required(wide.when)
            pool = min((by_field[path] for path in required), key=len, default=compared)
            is_given = wide.name in given
            for narrow in pool:
                if narrow is wide or not (is_given or narrow.name in given):
                    continue
                if across_implies(reasoner, narrow, wide):
                    self.found.append((narrow, wide))
        self._names = {(narrow.name, wide.name) for narrow, wide in self.found}

    def is_equal(self, one: Rule, other: Rule) -> bool:
        """Whether each of two rules holds where the other does."""
        return {(one.name, other.name), (other.name, one.name)} <= self._names


def _fields(condition: Condition) -> set[str]:
    if isinstance(condition, Test):
        return {condition.field}
    parts = condition.block.parts if isinstance(condition, Named) else condition.parts
    return set().union(*(_fields(part) for part in parts))


def _required(condition: Condition) -> set[str]:
    """The fields without which a condition cannot follow from another."""
    if isinstance(condition, Test):
        return {condition.field}
    if isinstance(condition, Named):
        return _required(condition.block)
    if condition.kind == "any":
        return set.intersection(*(_required(part) for part in condition.parts))
    return set().union(*(_required(part) for part in condition.parts))


def _pairs(subject: Subject) -> _Pairs:
    found: _Pairs | None = subject.remembered.get("pairs")
    if found is None:
        found = subject.remembered["pairs"] = _Pairs(subject)
    return found


@check("RL201", "equal to another rule", ERROR)
def equal_rules(subject: Subject) -> Iterator[Raised]:
    """Two rules hold for exactly the same orders. One of them says nothing of its own.

    To do: delete one of the two; join their sources and questions.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
          - id: much-paste
            title: Much aluminium paste
            severity: low
            fact: scale
            when: {quantity: {at_least: 1000 kg}, product.family: [aluminium-paste]}

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
    """
    pairs = _pairs(subject)
    given = {rule.name for rule in subject.rules}
    for one, other in pairs.found:
        if one.name not in given or not pairs.is_equal(one, other):
            continue
        if other.name not in given or (other.place, other.name) < (one.place, one.name):
            message = f"the rule holds for the same orders as {other.name}"
            yield Raised(message, one.place, one.name)


@check("RL202", "shadowed by another rule", ADVICE)
def shadowed_rules(subject: Subject) -> Iterator[Raised]:
    """Wherever this rule holds another of the same fact holds too, weighs as much or more, and is
    lowered by nothing that does not lower this one. Of each fact only the strongest sign counts, so
    this one never changes a score. (Two stops: the narrower says nothing of its own.)

    To do: raise the severity of the narrower rule, narrow the wider one, or delete one.

    Bad:

        rules:
          - id: paste-for-unfit-buyer
            title: Aluminium paste that does not suit the buyer's trade
            severity: high
            fact: trade
            when: {product.family: aluminium-paste, buyer.fit: incompatible}
          - id: much-paste-for-unfit-buyer
            title: Much aluminium paste that does not suit the buyer's trade
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.fit: incompatible
              quantity: {at_least: 1 t}

    Good:

        rules:
          - id: paste-for-unfit-buyer
            title: Aluminium paste that does not suit the buyer's trade
            severity: high
            fact: trade
            when: {product.family: aluminium-paste, buyer.fit: incompatible}
          - id: much-paste-for-unfit-buyer
            title: Much aluminium paste that does not suit the buyer's trade
            severity: critical
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.fit: incompatible
              quantity: {at_least: 1 t}
    """
    pairs = _pairs(subject)
    given = {rule.name for rule in subject.rules}
    shadowed: set[str] = set()
    for narrow, wide in pairs.found:
        if narrow.name not in given or narrow.name in shadowed or pairs.is_equal(narrow, wide):
            continue
        if narrow.is_stop != wide.is_stop or narrow.fact != wide.fact or narrow.bits > wide.bits:
            continue
        if not all(
            any(subject.reasoner.implies(theirs.when, own.when) for own in narrow.lowers)
            for theirs in wide.lowers
        ):
            continue
        shadowed.add(narrow.name)
        message = f"{wide.name} holds wherever this rule does and weighs as much or more"
        yield Raised(message, narrow.place, narrow.name)


@check("RL203", "one circumstance under two facts", ADVICE)
def counted_twice(subject: Subject) -> Iterator[Raised]:
    """Two signs rest on the same circumstances, apart from the goods, and name different facts.
    Signs of different facts are added up, so one circumstance is counted twice.

    To do: give both the same fact.

    Bad:

        rules:
          - id: paste-paid-in-cash
            title: Aluminium paste is paid for in cash
            severity: low
            fact: payment
            when: {product.family: aluminium-paste, payment.method: cash}
          - id: nitrate-paid-in-cash
            title: Ammonium nitrate is paid for in cash
            severity: low
            fact: behaviour
            when: {product.family: ammonium-nitrate, payment.method: cash}

    Good:

        rules:
          - id: paste-paid-in-cash
            title: Aluminium paste is paid for in cash
            severity: low
            fact: payment
            when: {product.family: aluminium-paste, payment.method: cash}
          - id: nitrate-paid-in-cash
            title: Ammonium nitrate is paid for in cash
            severity: low
            fact: payment
            when: {product.family: ammonium-nitrate, payment.method: cash}
    """
    cores: dict[str, Group] = {}
    by_fields: dict[frozenset[str], list[Rule]] = {}
    for rule in subject.all_rules:
        if rule.is_stop or rule.across is not None or size_of(rule.when) > MOST_TESTS:
            continue
        core = _without_goods(rule.when)
        if core is None:
            continue
        kept = subject.remembered.setdefault(f"core of {rule.name}", core)
        cores[rule.name] = kept
        by_fields.setdefault(frozenset(_fields(kept)), []).append(rule)
    given = {rule.name for rule in subject.rules}
    for rule in subject.rules:
        core = cores.get(rule.name)
        if core is None:
            continue
        for other in by_fields.get(frozenset(_fields(core)), ()):
            if other.fact == rule.fact or (other.name in given and other.name > rule.name):
                continue
            reasoner = subject.reasoner
            if reasoner.implies(core, cores[other.name]) and reasoner.implies(
                cores[other.name], core
            ):
                message = f"{other.name} rests on the same circumstances under the fact "
                message += f"{other.fact}, this rule under {rule.fact}"
                yield Raised(message, subject.key_place(rule, "fact"), rule.name)
                break


def _without_goods(condition: Condition) -> Group | None:
    """A condition without its tests of goods; None if it has no others."""
    left = _stripped(condition)
    if left is None or isinstance(left, Group):
        return left
    return Group("all", (left,), condition.place)


def _stripped(condition: Condition) -> Condition | None:
    if isinstance(condition, Test):
        # What a product text mentions beside its name (a grade, a standard) is no sort of goods.
        kept = circumstance(condition.field) != "goods" or condition.operator == "mentions"
        return condition if kept and condition.operator != "known" else None
    if isinstance(condition, Named):
        return _stripped(condition.block)
    parts = [part for part in map(_stripped, condition.parts) if part is not None]
    if not parts or (condition.kind == "any" and len(parts) < len(condition.parts)):
        return None
    return Group(condition.kind, tuple(parts), condition.place)
