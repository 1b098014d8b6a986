"""The closed schema of rule files: which keys may stand where, and reading of their shapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from redflags.rulebook.findings import Findings, or_list, quoted
from redflags.rulebook.meant import KEYS, is_condition
from redflags.rulebook.yaml_text import (
    MappingNode,
    Node,
    RefusedNode,
    SequenceNode,
    TextNode,
    width_of,
)

Keys = Mapping[str, str]

FILE_KEYS: Keys = {
    "lists": "named lists of values",
    "conditions": "named conditions",
    "tables": "named tables of limits",
    "mitigations": "facts that explain flags of one base fact in part",
    "rules": "the rules",
}
"""The keys of a rule file."""

OVERLAY_KEYS: Keys = {
    "overlay": "name of the overlay",
    "title": "what the overlay is for",
    "author": "who answers for its changes",
    "date": "day on which they were decided, such as 2026-01-31",
    "set": "other values in rules, conditions, tables and lists",
    "add": "more entries of lists",
    "remove": "entries that a list no longer has",
    "disable": "rules, packs and mitigations that are switched off",
}
"""The keys of an overlay."""

OVERLAY_ONLY = ("overlay", "set", "add", "remove", "disable")
"""Keys of an overlay that no other file has."""

_CHANGE_KEYS: Keys = {
    "reason": "why, for whoever reads it next year",
    "author": "who answers for this change, if not the author of the overlay",
    "date": "day on which it was decided, if not that of the overlay",
}
_PATH_KEY: Keys = {"path": "where a list stands in a rule or condition: when.product.family.in"}

TARGETS: Keys = {
    "rule": "full name of a rule, pack/id",
    "condition": "full name of a condition, pack/name",
    "table": "full name of a table of limits, pack/name",
    "list": "full name of a list, pack/name",
    "mitigation": "full name of a mitigation, pack/name",
    "pack": "id of a pack",
}
"""What a change can be of."""

VERBS: Mapping[str, tuple[str, ...]] = {
    "set": ("rule", "condition", "table", "list"),
    "add": ("list", "rule", "condition"),
    "remove": ("list", "rule", "condition"),
    "disable": ("rule", "pack", "mitigation"),
}
"""Of what each of the verbs of an overlay speaks."""

SET_KEYS: Keys = {
    "change": "paths and their new values: when.quantity.at_least: 250 kg",
    **_CHANGE_KEYS,
}
ADD_KEYS: Keys = {"entries": "the entries", **_PATH_KEY, **_CHANGE_KEYS}
REMOVE_KEYS: Keys = {"entries": "the entries, as they stand or otherwise spelled", **_PATH_KEY,
                     **_CHANGE_KEYS}  # fmt: skip
DISABLE_KEYS: Keys = _CHANGE_KEYS
KEYS_OF_VERBS: Mapping[str, Keys] = {
    "set": SET_KEYS,
    "add": ADD_KEYS,
    "remove": REMOVE_KEYS,
    "disable": DISABLE_KEYS,
}
"""The keys of a change beside its target, by its verb."""

NEW_VALUE_KEYS: Keys = {
    "to": "the new value",
    "was": "the value that the pack has; the change is refused where it has another",
}
"""The keys of a new value that says what it replaces."""

SETTABLE: Mapping[str, Mapping[str, bool]] = {
    "rule": {
        "severity": True,
        "weight": True,
        "status": True,
        "title": True,
        "why": True,
        "notes": True,
        "when": False,
        "across": False,
        "lowers": False,
        "ask": False,
    },
    "table": {"source": True, "note": True, "rows": False},
    "list": {"source": True, "vintage": True, "note": True},
}
"""What of a thing an overlay may set, and whether it is one text, which need not be there yet;
the others are led into by a path. Of a condition everything may be set that a path leads to."""

RULE_KEYS: Keys = {
    "id": "name of the rule within its pack",
    "title": "one line that states facts of the order, never guilt",
    "kind": "sign (default) or stop",
    "severity": "low, medium, high or critical; signs only",
    "weight": "a number between 0 and 1 in place of the severity's; signs only",
    "fact": "the base fact that the sign speaks of; signs only",
    "status": "draft (default), stable or deprecated",
    "why": "why this is a red flag",
    "source": "documents that the rule rests on, or judgement",
    "when": "the condition",
    "across": "a condition over several orders",
    "lowers": "facts that explain the flag in part",
    "ask": "questions to ask, and of whom",
    "examples": "orders with what the rule must say of them",
    "notes": "remarks for other authors",
}
"""The keys of a rule."""

ACROSS_KEYS: Keys = {
    "same": "what the transactions have in common: parties, fields, or linked: [kinds of link]",
    "within": "how far the window reaches back, in days or weeks; without it, one order",
    "where": "the condition that the transactions of the window satisfy",
    "having": "what is asked of the window",
}
"""The keys of `across`."""

LINK_KEYS: Keys = {"linked": "kinds of link between the buyers"}
"""The keys of a member of `same` that speaks of links."""

LINKS: Keys = {
    "address": "the same street address",
    "phone": "the same telephone number",
    "email": "the same e-mail address",
    "website": "the same web site, or e-mail addresses of the same domain of their own",
    "registration": "the same registration or tax number",
    "payer": "the same payer paid for both",
    "director": "the same director",
}
"""The kinds of link between parties."""

SOURCE_KEYS: Keys = {
    "document": "id of a source of the pack, or judgement",
    "flags": "ids of documented red flags",
    "note": "where in the document, or what was taken from it",
}
LOWERING_KEYS: Keys = {
    "when": "the condition",
    "by": "a severity or a weight",
    "because": "one sentence that says why it explains the flag in part",
}
MITIGATION_KEYS: Keys = {
    "id": "name of the mitigation, where it stands in a list",
    "fact": "the base fact whose flags it lowers",
    **LOWERING_KEYS,
}
QUESTION_KEYS: Keys = {"of": "whom to ask", "text": "the question, with fields in braces"}
EXAMPLE_KEYS: Keys = {
    "name": "what the example shows",
    "given": "fields and their texts",
    "orders": "the other transactions that a rule with `across` sees, each fields and texts",
    "expect": "flag, no flag or incomplete",
}
REQUIRED_OF_EXAMPLES = ("name", "given", "expect")
LIST_KEYS: Keys = {
    "kind": "kind of the entries, one of the kinds of fields",
    "source": "where the entries come from, or judgement",
    "vintage": "as of when",
    "entries": "the entries",
    "reference": "a shipped reference table in place of entries",
    "note": "a remark",
}
ENTRY_KEYS: Keys = {
    "value": "the value",
    "from": "first day on which the entry counts",
    "until": "last day on which the entry counts",
    "tier": "an attribute to choose entries by",
    "limit": "an attribute to choose entries by",
    "measure": "an attribute to choose entries by",
    "note": "a remark",
    "source": "where the entry comes from",
}
TABLE_KEYS: Keys = {
    "kind": "kind of the limits, such as quantity",
    "source": "where the limits come from, or judgement",
    "rows": "fields with the values that must agree, and the limit",
    "extends": "a table of another pack that these rows are added to, and win over",
    "note": "a remark",
}
FIT_ROW_KEYS: Keys = {
    "business": "line of business, or a list of them",
    "family": "product family, or a list of them",
    "fit": "normal, unusual, incompatible or reseller",
    "because": "the reason, which explanations show",
}
"""The keys of a row of a table of kind fit."""

SCALE_ROW_KEYS: Keys = {
    "family": "product family, or a list of them",
    "retail_below": "a quantity below this is retail",
    "bulk_from": "a quantity from this on is bulk",
    "because": "the reason",
}
"""The keys of a row of a table of kind scale."""

PACK_KEYS: Keys = {
    "id": "name of the pack",
    "title": "what the pack is about",
    "version": "version of the pack",
    "licence": "licence under which it is given",
    "sources": "documents that the rules rest on, by id",
}
PACK_SOURCE_KEYS: Keys = {
    "title": "title of the document, with its author",
    "year": "year of publication",
    "read": "what was read of it",
    "verified": "how far it was verified",
    "url": "where it is published",
}
PROFILE_KEYS: Keys = {"title": "what the profile is for", "packs": "all, or a list of packs"}

KINDS_OF_RULES = ("sign", "stop")
STATUSES = ("draft", "stable", "deprecated")
EXPECTATIONS = ("flag", "no flag", "incomplete")
ADDRESSEES: Mapping[str, str] = {
    "customer": "the buyer or whoever placed the order",
    "sales": "the seller's own sales staff",
    "finance": "the seller's own accounts",
    "warehouse": "the seller's own dispatch",
    "engineering": "somebody who knows what the goods are used for",
    "compliance": "the seller's export-control officer",
    "records": "files, earlier orders, registers that anybody can read",
    "carrier": "the carrier or forwarder",
    "bank": "the seller's bank",
    "supplier": "the maker of the goods",
    "authority": "the licensing authority",
}
"""Whom a question can be asked of. Asking a customer can tip him off; the others do not."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_NAME = 80


class Shapes:
    """Reads nodes as the shapes that the schema wants; what does not fit is reported once."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def mapping(
        self, node: Node, keys: Keys, what: str, required: Collection[str] = ()
    ) -> dict[str, tuple[TextNode, Node]] | None:
        """The entries of a mapping with closed keys; None if it is no mapping.

        ``what`` names it in findings: "a rule", "the list".
        """
        if not isinstance(node, MappingNode):
            shown = ", ".join(
                f"{key}: …"
                for key in list(dict.fromkeys((*required, *keys)))[: max(len(required), 4)]
            )
            remedy = _to_mapping(node) if isinstance(node, TextNode) else ""
            remedy = remedy or f"write its keys: {{{shown}}}"
            self.wrong_shape(node, f"{what} is a mapping (`key: value`)", remedy=remedy)
            return None
        found: dict[str, tuple[TextNode, Node]] = {}
        for key, value in node.entries:
            if key.value in keys:
                found[key.value] = (key, value)
            else:
                self.unknown_key(key, keys, what)
        names = {key.value for key, _ in node.entries}
        for name in required:
            if name not in names:
                message = f"{what} has no `{name}`"
                remedy = f"add `{name}`: {keys[name]}"
                self.findings.report("RF203", message, node.place, remedy=remedy)
        return found

    def unknown_key(self, key: TextNode, keys: Iterable[str], what: str) -> None:
        """Report a key that may not stand here."""
        legal = list(keys)
        meant = KEYS.get(key.value)
        remedy = f"use {or_list(legal)}"
        if "\u00a0" in key.value:
            remedy = "a no-break space stands here, which a web page or a text program put in: "
            remedy, legal = remedy + "write plain spaces", []
        elif "when" in legal and is_condition(key.value):
            remedy, legal = "it belongs under `when`: indent it by two spaces more", []
        self.findings.unknown_word(
            "RF201",
            f"{what} has no key {quoted(key.value)}",
            key.value,
            legal,
            key.place,
            key.width,
            remedy,
            meant if meant in legal else None,
        )

    def named(self, node: Node, what: str) -> list[tuple[TextNode, Node]]:
        """The entries of a mapping with free names; nothing after the colon is an empty one."""
        if isinstance(node, MappingNode):
            return node.entries
        if not _is_nothing(node):
            remedy = _to_mapping(node) or "write each as `name: …`"
            self.wrong_shape(node, f"{what} is a mapping (`name: …`)", remedy=remedy)
        return []

    def items(self, node: Node, what: str) -> list[Node]:
        """The items of a list; nothing after the colon is an empty one."""
        if isinstance(node, SequenceNode):
            return node.items
        if not _is_nothing(node):
            self.wrong_shape(node, f"{what} is a list (`- …`)", remedy=_to_list(node))
        return []

    def text(self, node: Node, what: str) -> TextNode | None:
        """A text with something in it."""
        if not isinstance(node, TextNode):
            remedy = "write one text, in quotes where it has a colon or a bracket"
            self.wrong_shape(node, f"{what} is a text", remedy=remedy)
            return None
        if not node.value.strip():
            self.findings.report("RF204", f"{what} is empty", node.place, node.width)
            return None
        return node

    def plain(self, found: Mapping[str, tuple[TextNode, Node]], key: str, what: str) -> str:
        """The text of an optional key, stripped; empty where there is none."""
        if key not in found:
            return ""
        node = self.text(found[key][1], f"the {key} of {what}")
        return "" if node is None else node.value.strip()

    def word(
        self,
        node: Node,
        what: str,
        legal: Iterable[str],
        code: str,
        remedy: str = "",
    ) -> str | None:
        """A text that must be one of some words."""
        text = self.text(node, what)
        if text is None:
            return None
        words = list(legal)
        if text.value in words:
            return text.value
        message = f"{what} cannot be {quoted(text.value)}"
        self.findings.unknown_word(
            code, message, text.value, words, text.place, text.width,
            remedy or f"use {or_list(words)}",
        )  # fmt: skip
        return None

    def name(self, node: Node, what: str) -> TextNode | None:
        """A text that is a name: lower-case letters, digits and single hyphens."""
        text = self.text(node, what)
        if text is None or is_name(text.value):
            return text
        message = f"{what} cannot be {quoted(text.value)}"
        self.findings.report("RF205", message, text.place, text.width)
        return None

    def wrong_shape(self, node: Node, wanted: str, code: str = "RF202", remedy: str = "") -> None:
        """Report a node of another shape than the sentence ``wanted`` says; refused ones are."""
        if isinstance(node, RefusedNode):
            return
        self.findings.report(code, f"{wanted}, and here is {shape_of(node)}",
                             node.place, width_of(node), remedy)  # fmt: skip


_NO_SPACE = re.compile(r"[\w.()-]+:(?:\S|\u00a0)")


def _to_mapping(node: Node) -> str:
    """How a list, or a text that was meant as one, becomes a mapping; empty where it is neither."""
    if isinstance(node, SequenceNode):
        return "delete the dashes or brackets, and write `key: value`"
    if isinstance(node, TextNode) and _NO_SPACE.match(node.value):
        return "put a plain space behind the colon"
    return ""


def _to_list(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "put `- ` before its first key, and indent the keys below it as far as that one"
    return "write each entry on a line of its own, as `- …`"


def is_name(text: str) -> bool:
    """Whether a text can be the name of a rule, list, condition or pack."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def shape_of(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return "nothing" if _is_nothing(node) else "a text"


def _is_nothing(node: Node) -> bool:
    return isinstance(node, RefusedNode) or (
        isinstance(node, TextNode) and node.is_plain and not node.value
    )
