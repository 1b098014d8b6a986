"""Small words of seven languages: they count for nothing, join, part, or call a thing absent.

All are folded (see :func:`redflags.values.text.fold`).
"""

from __future__ import annotations

from redflags.values.text import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


# Words that may stand between the words of a term and count for nothing.
STOP_OF = {
    "en": _folded("of for the a an in s per"),
    "de": _folded("aus von zur zum der die das den dem im für"),
    "fr": _folded("de d du des la le les l en pour au aux à"),
    "es": _folded("de del la el los las en para da a"),
    "tr": _folded("için"),
    "ru": _folded("для из"),
    "ar": _folded("من في لل على"),
}
STOP: frozenset[str] = frozenset().union(*STOP_OF.values())
# What stands between a thing and what it is for; in Turkish it comes after the latter.
FOR = _folded("for für pour para для")
FOR_AFTER = _folded("için hakkında")
# What stands between a work and what it is about.
ABOUT = _folded("about über sur sobre об عن")
# What may not stand between a term and the noun that it only modifies.
APART = _folded("with mit avec con ile с مع including incl plus by from to at as")
# Words that join two things, so that a term cannot reach across them.
BARRIER = _folded("and or und oder ve veya et ou y o и или و أو sowie")
# What comes directly before a term, or after it, and says that the thing is absent.
ABSENT_BEFORE = _folded(
    "without non ohne sans sin без بدون خالي خال خالية nicht kein keine libre exempt not lacking"
)
ABSENT_AFTER = _folded("free frei freie freier freies freien içermez içermeyen olmadan")
FREE_OTHERWISE = _folded(
    "on of from alongside carrier sample samples delivery delivered shipping charge zone trade "
    "haus an bord"
)
