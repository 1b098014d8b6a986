"""Which tests leave a condition unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection

from redflags.engine.leaves import Verdict
from redflags.rulebook.tree import Condition, Named, Test


def open_tests(
    condition: Condition,
    verdict_of: Callable[[Test], Verdict],
    false: Collection[int] = (),
) -> tuple[Verdict, list[Test]]:
    """The verdict of a condition and, where it is unknown, the tests that leave it so. ``false``
    are parts that are known to be false, by their ids."""
    if id(condition) in false:
        return False, []
    if isinstance(condition, Test):
        verdict = verdict_of(condition)
        return verdict, [condition] if verdict is None else []
    if isinstance(condition, Named):
        return open_tests(condition.block, verdict_of, false)
    # One part that is false settles `all`; one that is true settles `any` and `none`.
    settling = condition.kind != "all"
    tests: list[Test] = []
    for part in condition.parts:
        verdict, found = open_tests(part, verdict_of, false)
        if verdict is settling:
            return settling if condition.kind != "none" else False, []
        tests += found
    if tests:
        return None, tests
    return condition.kind != "any", []
