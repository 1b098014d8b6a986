"""Marks that part a text: things from each other, phrases from each other."""

from __future__ import annotations

import re

BARRIER_MARKS = re.compile(r"[&+/;|＆＋／；؛•、]")
"""Marks that join two things as "and" does: a term cannot reach across them."""

BREAK_MARKS = re.compile(r"((?<!\d),|,(?!\d)|[\n،，])|[:()\[\]：（）]|(?<=\s)[-–—](?=\s)")
"""Marks that end a phrase without parting what belongs together ("paste, aluminium"). Those of the
group may also part the things of a list."""

AMPERES = re.compile(r"(?<![\w.,])\d{1,4}(?:[.,]\d{1,3})?\s?[mk]?A\b")
"""The rating of an electrical part, which folding would turn into a stop word."""
