"""What the observations of a theme say together.

A theme is noted if one of its observations is answered yes. Where nobody was asked (no column), it
is taken as not noted, and that is shown as an assumption: a question that was never put says
nothing against anybody, and must not leave the rules open on every order. A question that was put
and has no answer leaves the theme unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redflags import reference
from redflags.values.text import shown
from redflags.values.understood import ABSENT, Understood

NOBODY_ASKED = "nobody was asked"


def observations_by_theme() -> Mapping[str, tuple[str, ...]]:
    """The paths of the observations behind each theme's path."""
    return {
        f"observed.{theme.id}": tuple(f"observations.{name}" for name in theme.observations)
        for theme in reference.observation_themes().values()
    }


def derive(paths: tuple[str, ...]) -> Callable[[Mapping[str, Understood]], Understood]:
    """The derivation of a theme from the observations at these paths."""

    def run(values: Mapping[str, Understood]) -> Understood:
        # get() leaves what is not there alone: most orders have no observations at all.
        given = [
            (path, found) for path in paths if (found := values.get(path, ABSENT)) is not ABSENT
        ]
        if not given:
            return _NOT_ASKED
        noted = [(path, found) for path, found in given if found.value == "yes"]
        if noted:
            return Understood(
                written="; ".join(dict.fromkeys(found.written for _, found in noted)),
                value="yes",
                how="; ".join(_told(path, found) for path, found in noted),
            )
        unanswered = tuple(path for path, found in given if found.value is None)
        if unanswered:
            question = reference.observations()[unanswered[0].partition(".")[2]].question
            why = f"the question “{question}” is not answered"
            return Understood(why=why, needs=unanswered)
        return Understood(
            written="; ".join(dict.fromkeys(found.written for _, found in given)), value="no"
        )

    return run


_NOT_ASKED = Understood(value="no", assumed=NOBODY_ASKED)


def _told(path: str, found: Understood) -> str:
    statement = reference.observations()[path.partition(".")[2]].statement
    return f"{statement} ({shown(found.how, 250)})" if found.how else statement
