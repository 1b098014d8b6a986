"""Checks of the examples of rules."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.rulebook.schema import EXPECTATIONS
from redflags.rulebook.tree import Example, Rule
from redflags.weights import BITS
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.example_run import run_example
from redflags.workshop.subject import Subject


@check("RL501", "an outcome without an example", ERROR)
def outcome_without_example(subject: Subject) -> Iterator[Raised]:
    """A stable rule has an example of each outcome: an order that it flags, one that it does not,
    and one of which it cannot tell. Without all three nobody notices when a change turns the rule
    into one that is always silent, or never.

    To do: add the example, or write `status: draft`.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            status: stable
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
            examples:
              - name: six tonnes
                given: {product: aluminium paste, quantity: 6 t}
                expect: flag

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            status: stable
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
            examples:
              - name: six tonnes
                given: {product: aluminium paste, quantity: 6 t}
                expect: flag
              - name: a tin
                given: {product: aluminium paste, quantity: 500 g}
                expect: no flag
              - name: the unit is not stated
                given: {product: aluminium paste, quantity: "6"}
                expect: incomplete
    """
    for rule in subject.rules:
        if rule.status != "stable":
            continue
        expected = {example.expect for example in rule.examples}
        lacking = [one for one in EXPECTATIONS if one not in expected]
        if lacking:
            message = f"no example expects {' or '.join(f'`{one}`' for one in lacking)}"
            yield Raised(message, subject.key_place(rule, "examples"), rule.name)


@check("RL502", "no example", ADVICE)
def no_example(subject: Subject) -> Iterator[Raised]:
    """The rule has no example at all. Nothing shows that it can ever flag an order.

    To do: add at least an order that it flags and one that it does not.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
            examples:
              - name: six tonnes
                given: {product: aluminium paste, quantity: 6 t}
                expect: flag
    """
    for rule in subject.rules:
        if rule.status != "stable" and not rule.examples:
            yield Raised("the rule has no examples", rule.place, rule.name)


@check("RL503", "an example that comes out otherwise", ERROR)
def example_fails(subject: Subject) -> Iterator[Raised]:
    """The rule does not say of an example what the example expects. `redflags rules test` names
    the condition that decided.

    To do: correct the example or the rule.

    Bad:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
            examples:
              - name: half a tonne
                given: {product: aluminium paste, quantity: 500 kg}
                expect: flag

    Good:

        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, quantity: {at_least: 1 t}}
            examples:
              - name: half a tonne
                given: {product: aluminium paste, quantity: 500 kg}
                expect: no flag
    """
    for rule in subject.rules:
        for example in rule.examples:
            ran = run_example(rule, example, subject.records(example), subject.judge)
            if not ran.passed:
                message = f"the example expects {example.expect} and the rule says {ran.outcome}"
                yield Raised(message, example.place, rule.name)


@check("RL504", "an honest example that another rule flags", ADVICE)
def flagged_by_another(subject: Subject) -> Iterator[Raised]:
    """An example that expects no flag is flagged by another rule, at more than low severity, that
    flags none of this rule's orders that are to be flagged. The order was meant to be honest, and
    comes out as an alert all the same.

    To do: mend the example, or the other rule; where both are right, allow the finding and say why.

    Bad:

        rules:
          - id: paste-in-bulk-for-a-shop
            title: Aluminium paste in bulk for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
              quantity: {at_least: 1 t}
            examples:
              - name: six tonnes
                given: {product: aluminium paste, quantity: 6 t, buyer.business: phone shop}
                expect: flag
              - name: a tin, paid for by another firm
                given:
                  product: aluminium paste
                  quantity: 500 g
                  buyer.business: phone shop
                  buyer.name: Example One
                  payer.name: Example Two
                expect: no flag
          - id: paid-by-another-firm
            title: A phone shop's paste is paid for by another firm
            severity: high
            fact: payer
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
              payer.name: {differs_from: buyer.name}

    Good:

        rules:
          - id: paste-in-bulk-for-a-shop
            title: Aluminium paste in bulk for a phone shop
            severity: high
            fact: trade
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
              quantity: {at_least: 1 t}
            examples:
              - name: six tonnes
                given: {product: aluminium paste, quantity: 6 t, buyer.business: phone shop}
                expect: flag
              - name: a tin
                given: {product: aluminium paste, quantity: 500 g, buyer.business: phone shop}
                expect: no flag
          - id: paid-by-another-firm
            title: A phone shop's paste is paid for by another firm
            severity: high
            fact: payer
            when:
              product.family: aluminium-paste
              buyer.business: mobile-phone-shop
              payer.name: {differs_from: buyer.name}
    """
    for rule in subject.rules:
        honest = [one for one in rule.examples if one.expect == "no flag"]
        if not honest or rule.across is not None:
            continue
        expected = {rule.name}
        for example in rule.examples:
            if example.expect != "no flag":
                expected |= _flagging(subject, example)
        for example in honest:
            others = sorted(_flagging(subject, example) - expected)
            if others:
                message = f"the example expects no flag and {' and '.join(others[:3])} flags it"
                yield Raised(message, example.place, rule.name)


def _flagging(subject: Subject, example: Example) -> set[str]:
    """The rules above low severity that flag an example's order."""
    records = subject.records(example)
    if not records:
        return set()
    verdicts = subject.judge.verdicts(records[0])
    return {rule.name for rule in verdicts.true if _weighs(rule)}


def _weighs(rule: Rule) -> bool:
    return rule.across is None and (rule.is_stop or rule.bits > BITS["low"])
