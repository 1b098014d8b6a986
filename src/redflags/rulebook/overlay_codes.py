"""The codes of findings in overlays: title, meaning and remedy, as in ``codes``."""

from __future__ import annotations

OVERLAY_CODES: tuple[tuple[str, str, str, str], ...] = (
    (
        "RF701",
        "rules and changes in one file",
        "A file either has rules, lists and conditions of its own, or changes those of packs: then "
        "it is an overlay.",
        "put rules into a pack (--rules) and changes into an overlay (--overlay)",
    ),
    (
        "RF702",
        "nothing of this name to change",
        "No pack has a rule, list, condition, table or mitigation of this name. An update may have "
        "renamed it or taken it away.",
        "write its full name (pack/name) as the pack has it now, or delete the change",
    ),
    (
        "RF703",
        "path leads nowhere",
        "Nothing stands at this path in the rule, condition or table. An update may have rewritten "
        "it.",
        "write the keys as they stand in the rule file, with points between them",
    ),
    (
        "RF704",
        "not for an overlay to change",
        "An overlay changes single values and entries. What a rule is called, what it speaks of "
        "and how it is built is the pack's.",
        "write a rule of your own in a pack, and switch the shipped one off with `disable`",
    ),
    (
        "RF705",
        "changes that contradict each other",
        "Two changes ask for different things in one place. Which one counts must not depend on "
        "the order of files.",
        "delete one of the two",
    ),
    (
        "RF706",
        "the pack says something else",
        "The change says which value it replaces (`was`), and the pack has another. The reason for "
        "the change may be gone.",
        "look at the pack's value, then correct `was` or delete the change",
    ),
    (
        "RF707",
        "no such entry to remove",
        "The list has no entry that is the same as this one. An update may have taken it away.",
        "delete the line, or write the entry as the list has it",
    ),
    (
        "RF708",
        "change of several things",
        "A change is of one rule, list, condition, table, mitigation or pack.",
        "write one change for each",
    ),
    (
        "RF709",
        "two overlays with one name",
        "Two overlays in force have the same name, so that nobody could tell which one shaped an "
        "alert.",
        "give each a name of its own",
    ),
    (
        "RF710",
        "too many changes",
        "An overlay with thousands of changes is a pack of its own.",
        "write a pack, or split the overlay",
    ),
)
"""A row for each code."""
