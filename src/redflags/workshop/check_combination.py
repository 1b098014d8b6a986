"""Checks of how rules combine circumstances: what keeps honest orders out of the alerts."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.model.fields import field_table
from redflags.rulebook.tree import Condition, Named, Rule, Test
from redflags.weights import BITS
from redflags.workshop.check_conditions import told
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.circumstances import circumstances, has_conflict
from redflags.workshop.reasoning import Branch
from redflags.workshop.subject import Subject


def _signs(subject: Subject) -> Iterator[Rule]:
    return (rule for rule in subject.rules if not rule.is_stop and rule.across is None)


def _possible(subject: Subject, rule: Rule) -> list[Branch]:
    """The ways for a rule to hold that are not certainly impossible and were all looked at."""
    found = subject.reasoner.branches(rule.when)
    return [branch for branch in found if branch and subject.reasoner.clash(branch) is None]


@check("RL301", "one circumstance with more than low severity", ERROR)
def one_circumstance(subject: Subject) -> Iterator[Raised]:
    """A sign holds for a single circumstance (the goods, a place, the way of payment, a new firm)
    and weighs more than a low one. Such a circumstance is ordinary by itself: of a thousand orders
    that have it nearly all are honest, and the alerts drown the one that is not.

    To do: add a second circumstance, or make the severity low.

    Bad:

        rules:
          - id: paid-in-cash
            title: The order is paid for in cash
            severity: medium
            fact: payment
            when: {payment.method: cash}

    Good:

        rules:
          - id: paid-in-cash
            title: Goods of concern in bulk are paid for in cash
            severity: medium
            fact: payment
            when:
              payment.method: cash
              product.family: aluminium-paste
              quantity.scale: bulk
    """
    for rule in _signs(subject):
        if rule.bits <= BITS["low"]:
            continue
        for branch in _possible(subject, rule):
            kinds = circumstances(branch)
            if len(kinds) < 2 and not has_conflict(branch):
                shown = next(iter(kinds), "what is stated")
                message = f"the rule can hold for one circumstance alone ({shown}) and is "
                message += f"{rule.severity}"
                yield Raised(message, subject.key_place(rule, "severity"), rule.name)
                break


@check("RL302", "high without two circumstances or a conflict", ERROR)
def high_without_two(subject: Subject) -> Iterator[Raised]:
    """A high or critical sign needs circumstances of two kinds beside the goods, or a conflict: a
    party that is another than expected, goods that do not suit a trade, something that a person has
    looked at and noted. With one of them it is at most medium.

    To do: add a circumstance or a conflict, or make the severity medium.

    Bad:

        rules:
          - id: detonators-paid-in-cash
            title: Detonators are paid for in cash
            severity: high
            fact: payment
            when: {product.family: detonators, payment.method: cash}

    Good:

        rules:
          - id: detonators-paid-in-cash
            title: Detonators are paid for in cash by somebody who does not buy them
            severity: high
            fact: payment
            when:
              product.family: detonators
              payment.method: cash
              payer.name: {differs_from: buyer.name}
    """
    for rule in _signs(subject):
        if rule.bits < BITS["high"]:
            continue
        for branch in _possible(subject, rule):
            kinds = circumstances(branch) - {"goods"}
            if len(kinds) < 2 and not has_conflict(branch):
                if len(circumstances(branch)) < 2:
                    continue  # one circumstance alone: RL301 says so
                shown = next(iter(kinds), "none")
                message = f"beside the goods the rule can hold for one circumstance ({shown}) "
                message += f"and is {rule.severity}"
                yield Raised(message, subject.key_place(rule, "severity"), rule.name)
                break


_EXONERATING: dict[str, frozenset[str]] = {
    "end_use_statement.status": frozenset({"verified", "received"}),
    "licence.status": frozenset({"held", "not_required", "exception"}),
    "licence.in_hand": frozenset({"yes"}),
    "fit": frozenset({"normal"}),
    "relation": frozenset({"same_group", "same_owner"}),
    "quantity.scale": frozenset({"retail"}),
}
_LONG = ("at_least", "more_than")


def _exonerates(test: Test) -> bool:
    """Whether a test speaks of something that explains an order or speaks for its parties."""
    attribute = test.field.rpartition(".")[2]
    if attribute in ("age", "customer_for"):
        return test.operator in _LONG
    values = _EXONERATING.get(test.field, _EXONERATING.get(attribute, frozenset()))
    if test.operator == "is":
        return test.operand in values
    return test.operator == "in" and values.issuperset(test.operand)


@check("RL303", "an exonerating fact inside `none`", ADVICE)
def exonerating_in_none(subject: Subject) -> Iterator[Raised]:
    """A fact that speaks for the order (a checked statement, a licence that is held, a trade that
    the goods suit, a long acquaintance) stands inside `none` of `when`. Where it is not known, and
    mostly it is not, the whole rule is incomplete and nobody is warned. In `lowers` an unknown fact
    leaves the sign as it is.

    To do: move it to `lowers`.

    Bad:

        rules:
          - id: paste-in-bulk-for-a-shop
            title: Aluminium paste in bulk for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
              none:
                - end_use_statement.status: verified

    Good:

        rules:
          - id: paste-in-bulk-for-a-shop
            title: Aluminium paste in bulk for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
            lowers:
              - when: {end_use_statement.status: verified}
                by: medium
                because: A checked end-use statement explains the purchase in part.
    """
    for rule in _signs(subject):
        for test in _refused(rule.when, False):
            if _exonerates(test):
                message = f"{told(test)} speaks for the order and stands inside `none`"
                yield Raised(message, test.place, rule.name)


def _refused(condition: Condition, inside: bool) -> Iterator[Test]:
    if isinstance(condition, Test):
        if inside:
            yield condition
    elif isinstance(condition, Named):
        yield from _refused(condition.block, inside)
    else:
        inner = not inside if condition.kind == "none" else inside
        for part in condition.parts:
            yield from _refused(part, inner)


_PERSONAL = frozenset({"name", "names"})
_COMPARING = frozenset({"known", "same_as", "differs_from", "similar_to_list"})


@check("RL304", "a rule that turns on a name", ERROR)
def turns_on_a_name(subject: Subject) -> Iterator[Raised]:
    """A sign holds because somebody has a certain name, or a name with a certain word in it. Names
    tell where people come from, not what they do; and whoever wants to hide changes his name first.
    Names may be compared with each other, and parties with an official list.

    To do: test what the order says of the party: trade, age, address, relation.

    Bad:

        rules:
          - id: certain-name
            title: The buyer has a certain name
            severity: low
            fact: new-party
            when: {buyer.name: {mentions: [trading]}, product.family: detonators}

    Good:

        rules:
          - id: general-trader
            title: A general trader orders detonators
            severity: low
            fact: trade
            when: {buyer.business: general-trading, product.family: detonators}
    """
    for rule in _signs(subject):
        for test in _own_tests(rule.when):
            kind = field_table()[test.field].kind.name
            if kind not in _PERSONAL or test.operator in _COMPARING:
                continue
            if test.operator == "in_list" and rule.fact == "party-list":
                continue
            message = f"the rule turns on a name: {told(test)}"
            yield Raised(message, test.place, rule.name)


@check("RL305", "a place that is written into a rule", ADVICE)
def place_in_rule(subject: Subject) -> Iterator[Raised]:
    """A sign names countries or regions itself. What is true of a place changes, and nobody will
    find it in a rule; a list has a source and a vintage, and can be replaced in one place.

    To do: make a list of kind country or region with its source and vintage, and use `in_list`.

    Bad:

        rules:
          - id: transshipment
            title: Machine tools go to a transshipment point
            severity: low
            fact: place
            when: {consignee.country: [AE, TR], product.family: detonators}

    Good:

        lists:
          transshipment-points:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries: [AE, TR]
        rules:
          - id: transshipment
            title: Machine tools go to a transshipment point
            severity: low
            fact: place
            when: {consignee.country: {in_list: transshipment-points}, product.family: detonators}
    """
    for rule in _signs(subject):
        for test in _own_tests(rule.when):
            kind = field_table()[test.field].kind.member.name
            if kind in ("country", "region") and test.operator in ("is", "is_not", "in", "not_in"):
                message = f"the rule names places itself: {told(test)}"
                yield Raised(message, test.place, rule.name)


def _own_tests(condition: Condition) -> Iterator[Test]:
    """The tests of a condition, those of named ones too."""
    if isinstance(condition, Test):
        yield condition
    else:
        parts = condition.block.parts if isinstance(condition, Named) else condition.parts
        for part in parts:
            yield from _own_tests(part)
