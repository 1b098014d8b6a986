"""Checks of the comments that allow findings."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.subject import Subject


@check("RL001", "a finding allowed without a reason", ERROR)
def allowed_without_reason(subject: Subject) -> Iterator[Raised]:
    """A comment allows a finding and does not say why, or names no code. Next year nobody will know
    whether it was judgement or haste.

    To do: write `# redflags: allow RL301, because …` with the code and the reason.

    Bad:

        rules:
          # redflags: allow RL301
          - id: paid-in-cash
            title: The order is paid for in cash
            severity: medium
            fact: payment
            when: {payment.method: cash}

    Good:

        rules:
          # redflags: allow RL301, because this site sells goods that nobody pays for in cash
          - id: paid-in-cash
            title: The order is paid for in cash
            severity: medium
            fact: payment
            when: {payment.method: cash}
    """
    for one in subject.allowances:
        if not one.codes:
            yield Raised("the comment names no code to allow", one.place)
        elif not one.reason:
            yield Raised(f"the comment allows {', '.join(one.codes)} without a reason", one.place)


@check("RL002", "an allowance that nothing needs", ADVICE)
def idle_allowance(subject: Subject) -> Iterator[Raised]:
    """A comment allows a finding that is not there. The next one that is there will pass unseen.

    To do: delete the comment.

    Bad:

        rules:
          # redflags: allow RL301, because this site sells goods that nobody pays for in cash
          - id: paid-in-cash
            title: The order is paid for in cash
            severity: low
            fact: payment
            when: {payment.method: cash}

    Good:

        rules:
          - id: paid-in-cash
            title: The order is paid for in cash
            severity: low
            fact: payment
            when: {payment.method: cash}
    """
    for one in subject.allowances:
        idle = [code for code in one.codes if (one.place, code) not in subject.allowed]
        if idle:
            yield Raised(f"nothing here needs {', '.join(idle)} to be allowed", one.place)
