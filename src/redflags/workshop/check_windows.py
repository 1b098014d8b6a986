"""Checks of what rules across orders ask of their windows: what can never be, what always is."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.rulebook.findings import quoted
from redflags.rulebook.tree import Across, Having, Rule
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.subject import Subject
from redflags.workshop.window_reasoning import Range, possible, range_of, where_and
from redflags.workshop.window_run import asked_of


def _windows(subject: Subject) -> Iterator[tuple[Rule, Across]]:
    for rule in subject.rules:
        if rule.across is not None:
            yield rule, rule.across


@check("RL801", "bounds of a window that exclude each other", ERROR)
def window_bounds_apart(subject: Subject) -> Iterator[Raised]:
    """Two bounds of one measure of a window leave no number for which both hold. The rule will
    never say anything.

    To do: change one of the two, or part the rule in two.

    Bad:

        rules:
          - id: small-lots-again-and-again
            title: Small lots again and again
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 4, less_than: 3}

    Good:

        rules:
          - id: small-lots-again-and-again
            title: Small lots again and again
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 3, less_than: 12}
    """
    for rule, across in _windows(subject):
        for one, other in _pairs(across):
            mine, theirs = range_of(one), range_of(other)
            if mine is None or theirs is None or mine.unit != theirs.unit:
                continue
            if mine.both(theirs).is_empty():
                message = f"never both: {quoted(asked_of(one))} and {quoted(asked_of(other))}"
                yield Raised(message, other.place, rule.name)


def _pairs(across: Across) -> Iterator[tuple[Having, Having]]:
    for number, one in enumerate(across.having):
        for other in across.having[number + 1 :]:
            if (one.measure, one.field) == (other.measure, other.field):
                yield one, other


@check("RL802", "more of a window than there can be", ERROR)
def window_impossible(subject: Subject) -> Iterator[Raised]:
    """A measure of the window can never come to what is asked: two different buyers where all
    orders have the same buyer, two orders among the lines of one, three of two countries, none of
    the orders although the one that is judged is always there.

    To do: ask for what can be, or take the key out of `same`.

    Bad:

        rules:
          - id: one-buyer-and-several
            title: Several buyers gather urea
            severity: low
            fact: network
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                distinct(buyer): {at_least: 2}

    Good:

        rules:
          - id: one-buyer-and-several
            title: Several buyers gather urea for one consignee
            severity: low
            fact: network
            across:
              same: [consignee]
              within: 30 days
              where: {product.family: urea}
              having:
                distinct(buyer): {at_least: 2}
    """
    for rule, across in _windows(subject):
        for having, asked, can_be in _asked(subject, across):
            if asked.both(can_be).is_empty():
                yield Raised(f"{quoted(asked_of(having))} can never be", having.place, rule.name)


def _asked(subject: Subject, across: Across) -> Iterator[tuple[Having, Range, Range]]:
    """What is asked of a window by number, and what the numbers can be."""
    for having in across.having:
        asked, can_be = range_of(having), possible(across, having, subject.reasoner)
        if asked is not None and can_be is not None:
            yield having, asked, can_be


@check("RL803", "asked of a window that always has it", ERROR)
def window_always(subject: Subject) -> Iterator[Raised]:
    """Every window has what is asked: one order is always in it, and one buyer; no amount is below
    nothing. The entry says nothing, and where it stands alone the rule looks at no other order.

    To do: raise the bound, delete the entry, or make it a rule without `across`.

    Bad:

        rules:
          - id: urea-again
            title: Urea again
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 1}

    Good:

        rules:
          - id: urea-again
            title: Urea again
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 2}
    """
    for rule, across in _windows(subject):
        for having, asked, can_be in _asked(subject, across):
            # Against nothing there is no baseline, so even `at_least: 0` asks for something.
            if asked.has(can_be) and having.measure != "baseline":
                message = f"{quoted(asked_of(having))} holds for every window"
                yield Raised(message, having.place, rule.name)


@check("RL804", "another order that the window cannot have", ERROR)
def window_some_excluded(subject: Subject) -> Iterator[Raised]:
    """`some` asks for another transaction that `where` keeps out of the window. Only what satisfies
    `where` is in it, so none is ever found.

    To do: make `where` wider, or `some` narrower.

    Bad:

        rules:
          - id: engine-after-urea
            title: A turbojet engine after urea
            severity: low
            fact: network
            across:
              same: [consignee]
              within: 90 days
              where: {buyer.country: TR}
              having:
                some: {buyer.country: DE, product.family: urea}

    Good:

        rules:
          - id: engine-after-urea
            title: A turbojet engine after urea
            severity: low
            fact: network
            across:
              same: [consignee]
              within: 90 days
              where: {buyer.country: [TR, DE]}
              having:
                some: {buyer.country: DE, product.family: urea}
    """
    for rule, across in _windows(subject):
        for having in across.having:
            if having.block is None or across.where is None:
                continue
            if subject.reasoner.conflict([(having.block, True)]) is not None:
                continue  # It excludes itself, and another check says so.
            if subject.reasoner.conflict(where_and(across, having.block)) is not None:
                yield Raised("`where` lets no such transaction in", having.place, rule.name)


@check("RL805", "a bound of a window adds nothing", ADVICE)
def window_adds_nothing(subject: Subject) -> Iterator[Raised]:
    """Of two bounds of one measure one holds wherever the other does. Whoever changes the one will
    wonder why the rule still says the same.

    To do: delete the weaker of the two.

    Bad:

        rules:
          - id: several-lots
            title: Several lots of urea in a month
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 4, more_than: 2}

    Good:

        rules:
          - id: several-lots
            title: Several lots of urea in a month
            severity: low
            fact: scale
            across:
              same: [buyer]
              within: 30 days
              where: {product.family: urea}
              having:
                count: {at_least: 4}
    """
    for rule, across in _windows(subject):
        for one, other in _pairs(across):
            mine, theirs = range_of(one), range_of(other)
            if mine is None or theirs is None or mine.unit != theirs.unit:
                continue
            if theirs.has(mine) or mine.has(theirs):
                weak, strong = (other, one) if theirs.has(mine) else (one, other)
                message = f"{quoted(asked_of(weak))} adds nothing to {quoted(asked_of(strong))}"
                yield Raised(message, weak.place, rule.name)
