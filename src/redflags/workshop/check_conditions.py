"""Checks of single conditions: what can never hold, what always does, and what adds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.rulebook.findings import quoted
from redflags.rulebook.tree import Condition, Group, ListReference, Named, Test
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.reasoning import MOST_TESTS, Asserted, Because, Conflict, size_of
from redflags.workshop.subject import Subject, own_tests

Context = tuple[tuple[Condition, bool], ...]
"""What is taken for granted: conditions, each with whether it holds or is false."""


def told(test: Test) -> str:
    """A test as it is written, short enough for a sentence."""
    return quoted(f"{test.field}: {{{test.operator}: {test.written}}}")


def _told_literal(literal: Asserted) -> str:
    return told(literal.test) if literal.holds else f"the opposite of {told(literal.test)}"


def _told_conflict(conflict: Conflict) -> str:
    shown = list(dict.fromkeys(_told_literal(one) for one in conflict.literals))[:4]
    return " and ".join(shown)


def blocks(subject: Subject) -> Iterator[tuple[str, Group]]:
    """Every block under lint with the name of what it belongs to: rules, then conditions."""
    for rule in subject.rules:
        yield rule.name, rule.when
        for having in () if rule.across is None else rule.across.having:
            if having.block is not None:
                yield rule.name, having.block
    for named in subject.conditions:
        yield named.name, named.block


def _dead(
    subject: Subject, condition: Condition, context: Context
) -> Iterator[tuple[str, Condition, Conflict]]:
    """The alternatives of a condition that can never hold where it matters, and the parts of
    ``none`` that never do; named conditions are looked at by themselves."""
    if not isinstance(condition, Group):
        return
    for part in condition.parts:
        if condition.kind == "all":
            beside = tuple((other, True) for other in condition.parts if other is not part)
            yield from _dead(subject, part, (*context, *beside))
            continue
        found = subject.reasoner.conflict([*context, (part, True)])
        if found is not None:
            yield condition.kind, part, found
        else:
            yield from _dead(subject, part, context)


def _never(subject: Subject, because: Because) -> Iterator[Raised]:
    for name, block in blocks(subject):
        found = subject.reasoner.conflict([(block, True)])
        if found is not None:
            if found.because == because:
                yield _raise_conflict(name, found, "the condition can never hold")
            continue
        for kind, part, conflict in _dead(subject, block, ()):
            if kind == "any" and conflict.because == because:
                place = part.place
                message = f"this alternative can never hold: {_told_conflict(conflict)}"
                yield Raised(message, place, name)


def _raise_conflict(name: str, found: Conflict, says: str) -> Raised:
    place = max(literal.test.place for literal in found.literals)
    return Raised(f"{says}: {_told_conflict(found)}", place, name)


@check("RL101", "values that exclude each other", ERROR)
def contradicting_values(subject: Subject) -> Iterator[Raised]:
    """Two tests of one field leave no value for which both hold: bounds that cross, lists with
    nothing in common, a value that another test refuses. The rule, or this alternative of it, will
    never say anything.

    To do: change one of the two, or part the rule in two.

    Bad:

        rules:
          - id: paste-in-small-lots
            title: Aluminium paste in small lots
            severity: low
            fact: scale
            when:
              product.family: aluminium-paste
              quantity: {at_least: 100 kg, less_than: 50 kg}

    Good:

        rules:
          - id: paste-in-small-lots
            title: Aluminium paste in small lots
            severity: low
            fact: scale
            when:
              product.family: aluminium-paste
              quantity: {at_least: 50 kg, less_than: 100 kg}
    """
    yield from _never(subject, "values")


@check("RL102", "not stated and tested", ERROR)
def not_stated_and_tested(subject: Subject) -> Iterator[Raised]:
    """A condition asks that a field is not stated, and also what its value is. A value that is
    not stated makes every other test unknown, so the whole never holds.

    To do: put the two into alternatives under `any`, or delete one.

    Bad:

        rules:
          - id: paste-without-a-user
            title: Aluminium paste with no end user stated
            severity: low
            fact: end-user
            when:
              product.family: aluminium-paste
              end_user.name: {known: no, differs_from: buyer.name}

    Good:

        rules:
          - id: paste-without-a-user
            title: Aluminium paste with no end user stated
            severity: low
            fact: end-user
            when:
              product.family: aluminium-paste
              any:
                - end_user.name: {known: no}
                - end_user.name: {differs_from: buyer.name}
    """
    yield from _never(subject, "stated")


@check("RL103", "units that do not go together", ERROR)
def units_apart(subject: Subject) -> Iterator[Raised]:
    """One field is compared with kilograms and with pieces, with two currencies, or with shares
    on two bases. An order states one of them, so one of the tests is always unknown.

    To do: put the two into alternatives under `any`.

    Bad:

        rules:
          - id: turbines-by-weight-and-number
            title: Turbines by weight and number
            severity: low
            fact: scale
            when:
              product.family: turbojet-engine
              quantity: {at_least: 100 kg, more_than: 10 pieces}

    Good:

        rules:
          - id: turbines-by-weight-or-number
            title: Turbines by weight or number
            severity: low
            fact: scale
            when:
              product.family: turbojet-engine
              any:
                - quantity: {at_least: 100 kg}
                - quantity: {more_than: 10 pieces}
    """
    yield from _never(subject, "units")


@check("RL104", "a field against itself", ERROR)
def field_against_itself(subject: Subject) -> Iterator[Raised]:
    """A field is to be the same as another field, and to differ from that field too. That never
    holds.

    To do: name the field that was meant, or put the two into alternatives under `any`.

    Bad:

        rules:
          - id: goods-for-another-firm
            title: Detonators for another firm than the buyer
            severity: low
            fact: end-user
            when:
              product.family: detonators
              consignee.name: {same_as: buyer.name, differs_from: [buyer.name, payer.name]}

    Good:

        rules:
          - id: goods-for-another-firm
            title: Detonators for another firm than the buyer
            severity: low
            fact: end-user
            when:
              product.family: detonators
              consignee.name: {same_as: payer.name, differs_from: buyer.name}
    """
    yield from _never(subject, "fields")


@check("RL105", "always holds", ERROR)
def always_holds(subject: Subject) -> Iterator[Raised]:
    """A condition can never be false: its alternatives cover every value, it names every value
    that there is, or it refuses what could not hold anyway. It asks for nothing but that the field
    is stated, and `known: yes` says that better.

    To do: delete it, or write `known: yes`.

    Bad:

        rules:
          - id: licence-of-any-standing
            title: Detonators with a licence of any standing
            severity: low
            fact: control
            when:
              product.family: detonators
              any:
                - quantity: {at_least: 10 pieces}
                - quantity: {less_than: 100 pieces}

    Good:

        rules:
          - id: licence-of-any-standing
            title: Detonators in a stated number
            severity: low
            fact: control
            when:
              product.family: detonators
              quantity: {known: yes}
    """
    for name, block in blocks(subject):
        if subject.reasoner.conflict([(block, True)]) is not None:
            continue
        always = list(_always(subject, block))
        for part in always:
            yield Raised("the condition can never be false", part.place, name)
        for kind, part, conflict in _dead(subject, block, ()):
            if kind == "none" and part not in always:
                message = f"nothing is refused by this: {_told_conflict(conflict)} never holds"
                yield Raised(message, part.place, name)


def _always(subject: Subject, condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Named):
        return
    never_false = subject.reasoner.conflict([(condition, False)])
    if never_false is not None and never_false.because != "units":
        yield condition
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from _always(subject, part)


@check("RL108", "a lowering that never applies, or always", ERROR)
def idle_lowering(subject: Subject) -> Iterator[Raised]:
    """What lowers a sign cannot be the case when the sign is, or is always the case then. The
    first never lowers anything; the second is a lower severity by another name.

    To do: delete the lowering, or change the severity.

    Bad:

        rules:
          - id: paste-for-a-phone-shop
            title: Aluminium paste for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.fit: incompatible
            lowers:
              - when: {buyer.fit: normal}
                by: medium
                because: The goods suit the buyer's trade.

    Good:

        rules:
          - id: paste-for-a-phone-shop
            title: Aluminium paste for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.fit: incompatible
            lowers:
              - when: {end_user.fit: normal}
                by: medium
                because: An end user is named whose trade uses such goods.
    """
    for rule in subject.rules:
        if subject.reasoner.conflict([(rule.when, True)]) is not None:
            continue
        for lowering in rule.lowers:
            found = subject.reasoner.conflict([(rule.when, True), (lowering.when, True)])
            if found is not None:
                message = f"the lowering never applies: {_told_conflict(found)}"
                yield Raised(message, lowering.when.place, rule.name)
            elif subject.reasoner.implies(rule.when, lowering.when):
                message = "the lowering applies whenever the rule does"
                yield Raised(message, lowering.when.place, rule.name)


@check("RL109", "a selection of a list that is empty", ERROR)
def empty_selection(subject: Subject) -> Iterator[Raised]:
    """A test takes those entries of a list that have certain attributes, and no entry has all of
    them. Nothing is ever in it.

    To do: correct the attributes, or give them to entries of the list.

    Bad:

        lists:
          headings:
            kind: tariff-code
            source: judgement
            vintage: "2026-11"
            entries:
              - {value: "854231", tier: first, measure: ban}
              - {value: "847330", tier: second, measure: licence}
        rules:
          - id: first-tier-by-licence
            title: Goods of the first tier that need a licence
            severity: low
            fact: control
            when:
              hs_code: {in_list: {list: headings, tier: first, measure: licence}}

    Good:

        lists:
          headings:
            kind: tariff-code
            source: judgement
            vintage: "2026-11"
            entries:
              - {value: "854231", tier: first, measure: ban}
              - {value: "847330", tier: second, measure: licence}
        rules:
          - id: second-tier-by-licence
            title: Goods of the second tier that need a licence
            severity: low
            fact: control
            when:
              hs_code: {in_list: {list: headings, tier: second, measure: licence}}
    """
    for name, block in blocks(subject):
        for test in own_tests(block):
            if isinstance(test.operand, ListReference):
                extent = subject.reasoner.extent(test)
                if extent is not None and not extent.values:
                    message = f"no entry of the list has all attributes of {told(test)}"
                    yield Raised(message, test.place, name)


@check("RL110", "too large to be reasoned about", ADVICE)
def too_large(subject: Subject) -> Iterator[Raised]:
    """The condition has so many tests, its named conditions written out, that the linter does not
    look for contradictions in it. It still works.

    To do: part the rule into several.

    Bad:

        conditions:
          a:
            any:
              - {buyer.name: {known: yes}, buyer.city: {known: yes}}
              - {payer.name: {known: yes}, payer.city: {known: yes}}
              - {consignee.name: {known: yes}, consignee.city: {known: yes}}
          b: {any: [{holds: a}, {holds: a}, {holds: a}, {holds: a}, {holds: a}, {holds: a}]}
          c: {any: [{holds: b}, {holds: b}, {holds: b}, {holds: b}, {holds: b}, {holds: b}]}
        rules:
          - id: somebody-is-named
            title: Somebody is named
            severity: low
            fact: new-party
            when: {holds: c}

    Good:

        conditions:
          a:
            any:
              - {buyer.name: {known: yes}, buyer.city: {known: yes}}
              - {payer.name: {known: yes}, payer.city: {known: yes}}
              - {consignee.name: {known: yes}, consignee.city: {known: yes}}
          b: {any: [{holds: a}, {holds: a}, {holds: a}, {holds: a}, {holds: a}, {holds: a}]}
        rules:
          - id: somebody-is-named
            title: Somebody is named
            severity: low
            fact: new-party
            when: {holds: b}
    """
    for name, block in blocks(subject):
        if size_of(block) > MOST_TESTS:
            message = f"the condition has more than {MOST_TESTS} tests"
            yield Raised(message, block.place, name)
    if subject.reasoner.is_spent:
        name, block = next(blocks(subject))
        yield Raised("the rules together are too many to compare all of them", block.place, name)
