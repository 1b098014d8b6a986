"""Checks of what adds nothing: tests and alternatives that follow from others beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redflags.rulebook.tree import Condition, Group, Named, Test
from redflags.workshop.check_conditions import blocks, told
from redflags.workshop.checks import ADVICE, Raised, check
from redflags.workshop.reasoning import MOST_TESTS, Asserted
from redflags.workshop.subject import Subject, all_parts


@check("RL106", "adds nothing", ADVICE)
def adds_nothing(subject: Subject) -> Iterator[Raised]:
    """A test follows from another test of the same field beside it. Whoever changes the one will
    wonder why the rule still says the same. (`known: yes` beside another test is no such case: it
    makes the rule false, and not incomplete, where the field is empty.)

    To do: delete the weaker of the two.

    Bad:

        rules:
          - id: paste-by-the-hundredweight
            title: Aluminium paste by the hundredweight
            severity: low
            fact: scale
            when:
              product.family: aluminium-paste
              quantity: {at_least: 100 kg, more_than: 5 kg}

    Good:

        rules:
          - id: paste-by-the-hundredweight
            title: Aluminium paste by the hundredweight
            severity: low
            fact: scale
            when:
              product.family: aluminium-paste
              quantity: {at_least: 100 kg}
    """
    for name, block in blocks(subject):
        for part in all_parts(block):
            if isinstance(part, Group) and part.kind == "all" and part.place.file:
                yield from _weaker(subject, name, _beside(part))
        # A named condition is looked at by itself and not again in every rule that holds it.


def _beside(block: Group) -> list[Test]:
    """The tests that must hold together with each other, those of named conditions among them."""
    found: list[Test] = []
    for part in block.parts:
        if isinstance(part, Test):
            found.append(part)
        elif isinstance(part, Named):
            found += _beside(part.block)
        elif part.kind == "all":
            found += _beside(part)
    return found


def _weaker(subject: Subject, name: str, tests: Sequence[Test]) -> Iterator[Raised]:
    if len(tests) > MOST_TESTS:
        return
    for number, one in enumerate(tests):
        if one.operator == "known":
            continue
        for position, other in enumerate(tests):
            if position == number or other.operator == "known":
                continue
            implies = subject.reasoner.literal_implies
            if implies(Asserted(other, True), Asserted(one, True)):
                is_equal = implies(Asserted(one, True), Asserted(other, True))
                if is_equal and position > number:
                    continue
                message = f"{told(one)} adds nothing to {told(other)}"
                yield Raised(message, one.place, name)
                break


@check("RL107", "an alternative adds nothing", ADVICE)
def alternative_adds_nothing(subject: Subject) -> Iterator[Raised]:
    """Of two alternatives under `any` (or of two parts of `none`) one holds wherever the other
    does. The narrower one changes nothing.

    To do: delete the narrower alternative, or make the wider one narrower.

    Bad:

        rules:
          - id: fertiliser-in-quantity
            title: Fertiliser in quantity
            severity: low
            fact: scale
            when:
              any:
                - product.family: urea
                - product.family: urea
                  quantity: {at_least: 10 t}

    Good:

        rules:
          - id: fertiliser-in-quantity
            title: Fertiliser in quantity
            severity: low
            fact: scale
            when:
              any:
                - product.family: ammonium-nitrate
                - product.family: urea
                  quantity: {at_least: 10 t}
    """
    for name, block in blocks(subject):
        for group in _own_groups(block):
            if group.kind == "all" or len(group.parts) > MOST_TESTS:
                continue
            for number, one in enumerate(group.parts):
                if any(
                    subject.reasoner.implies(one, other)
                    and (position < number or not subject.reasoner.implies(other, one))
                    for position, other in enumerate(group.parts)
                    if position != number
                ):
                    yield Raised("another alternative says as much", one.place, name)


def _own_groups(condition: Condition) -> Iterator[Group]:
    if isinstance(condition, Group):
        yield condition
        for part in condition.parts:
            yield from _own_groups(part)
