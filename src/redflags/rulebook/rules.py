"""Rules and mitigations: from nodes to the rule tree."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from redflags import reference
from redflags.model.fields import columns, field_table
from redflags.rulebook.across import read_across
from redflags.rulebook.canonical import canonical_text
from redflags.rulebook.conditions import read_condition
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.library import Library, PackDraft, texts_of
from redflags.rulebook.meant import after_comma, meant_field
from redflags.rulebook.schema import (
    ADDRESSEES,
    EXAMPLE_KEYS,
    EXPECTATIONS,
    KINDS_OF_RULES,
    LOWERING_KEYS,
    MITIGATION_KEYS,
    QUESTION_KEYS,
    REQUIRED_OF_EXAMPLES,
    RULE_KEYS,
    SOURCE_KEYS,
    STATUSES,
)
from redflags.rulebook.tree import (
    Across,
    Example,
    Group,
    Lowering,
    Mitigation,
    PackSource,
    Question,
    Rule,
    Source,
)
from redflags.rulebook.yaml_text import MappingNode, Node, RefusedNode, SequenceNode, TextNode
from redflags.weights import SEVERITIES, bits_of_weight

JUDGEMENT = "judgement"
"""The source of a rule that rests on nobody's word but its author's."""

ShippedSources = Callable[[], Mapping[str, PackSource]]

SEVERITY_OF_A_SIGN, STATUS_OF_A_RULE = "the severity of a sign", "the status of a rule"
WEIGHT_OF_A_SIGN = "the weight of a sign"
"""What findings call them, wherever they are set."""

_Found = Mapping[str, tuple[TextNode, Node]]
_WEIGHT = re.compile(r"0?\.[0-9]{1,12}", re.ASCII)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|[{}]")


class _Strength(NamedTuple):
    """What a sign weighs, None and 0 for a stop."""

    severity: str | None
    fact: str | None
    weight: float | None
    bits: int


def read_rule(
    library: Library, pack: PackDraft, node: Node, shipped: ShippedSources
) -> Rule | None:
    """One rule; None if it cannot be used. ``shipped`` gives the sources of all shipped packs."""
    shapes = library.shapes
    found = shapes.mapping(node, RULE_KEYS, "a rule", ("id", "title"))
    if found is None:
        return None
    name = shapes.name(found["id"][1], "the id of a rule") if "id" in found else None
    title = shapes.plain(found, "title", "a rule")
    kind = _word(library, found, "kind", "the kind of a rule", KINDS_OF_RULES, "RF209") or "sign"
    status = _word(library, found, "status", STATUS_OF_A_RULE, STATUSES, "RF210") or "draft"
    strength = _strength(library, found, kind, node)
    across = _across(library, pack, found)
    when = _when(library, pack, found, across, node)
    lowers = _lowerings(library, pack, found)
    rule = Rule(
        name=f"{pack.id}/{name.value}" if name is not None else "",
        pack=pack.id,
        id=name.value if name is not None else "",
        title=title,
        kind=kind,
        severity=strength.severity,
        fact=strength.fact,
        weight=strength.weight,
        bits=strength.bits,
        status=status,
        why=_paragraph(shapes.plain(found, "why", "a rule")),
        sources=_sources(library, pack, found, shipped),
        when=when or Group("all", (), node.place),
        lowers=lowers,
        ask=_questions(library, found),
        examples=_examples(library, found),
        across=across,
        notes=_paragraph(shapes.plain(found, "notes", "a rule")),
        place=node.place,
    )
    is_whole = when is not None and (across is not None or "across" not in found)
    return rule if name is not None and is_whole else None


def _across(library: Library, pack: PackDraft, found: _Found) -> Across | None:
    return read_across(library, pack.id, found["across"][1]) if "across" in found else None


def _paragraph(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text)).strip()


def _word(
    library: Library, found: _Found, key: str, what: str, legal: tuple[str, ...], code: str
) -> str | None:
    return library.shapes.word(found[key][1], what, legal, code) if key in found else None


def _strength(library: Library, found: _Found, kind: str, node: Node) -> _Strength:
    findings = library.findings
    if kind == "stop":
        for key in ("severity", "weight", "fact", "lowers"):
            if key in found:
                text = found[key][0]
                message = f"a stop has no `{key}`"
                findings.report("RF213", message, text.place, text.width)
        return _Strength(None, None, None, 0)
    for key in ("severity", "fact"):
        if key not in found:
            findings.report("RF212", f"the sign has no `{key}`", node.place)
    severity = _word(library, found, "severity", SEVERITY_OF_A_SIGN, tuple(SEVERITIES), "RF208")
    fact = _word(
        library, found, "fact", "the fact of a sign", tuple(reference.base_facts()), "RF211"
    )
    weight = SEVERITIES[severity] if severity is not None else None
    if "weight" in found:
        weight = read_weight(library, found["weight"][1], WEIGHT_OF_A_SIGN)
    bits = 0 if weight is None else bits_of_weight(weight)
    return _Strength(severity, fact, weight, bits)


def read_weight(library: Library, node: Node, what: str) -> float | None:
    """A weight between 0 and 1; None if it was reported."""
    text = library.shapes.text(node, what)
    if text is None:
        return None
    if _WEIGHT.fullmatch(text.value.strip()) is not None:
        weight = float(text.value)
        if 0 < weight < 1:
            return weight
    message = f"{what} cannot be {quoted(text.value)}"
    library.findings.report("RF214", message, text.place, text.width)
    return None


def _when(
    library: Library, pack: PackDraft, found: _Found, across: Across | None, node: Node
) -> Group | None:
    """What one line alone must say: the rule's `when` and the window's `where`."""
    when = None
    if "when" in found:
        when = read_condition(library, pack.id, found["when"][1], "`when`")
        if when is None:
            return None
    elif "across" not in found:
        library.findings.report("RF203", "the rule has no `when`", node.place,
                                remedy="add `when` with at least one condition")  # fmt: skip
        return None
    if across is None or across.where is None:
        return when or Group("all", (), node.place)
    parts = () if when is None else when.parts
    return Group("all", (*parts, *across.where.parts), (when or across.where).place)


def _lowerings(library: Library, pack: PackDraft, found: _Found) -> tuple[Lowering, ...]:
    if "lowers" not in found:
        return ()
    lowerings: list[Lowering] = []
    for item in library.shapes.items(found["lowers"][1], "`lowers`"):
        inner = library.shapes.mapping(item, LOWERING_KEYS, "a lowering", LOWERING_KEYS)
        read = _lowering(library, pack, inner) if inner is not None else None
        if read is not None:
            lowerings.append(read)
    return tuple(lowerings)


def _lowering(library: Library, pack: PackDraft, found: _Found) -> Lowering | None:
    when = None
    if "when" in found:
        when = read_condition(library, pack.id, found["when"][1], "`when` of the lowering")
    weight: float | None = None
    by = library.shapes.plain(found, "by", "the lowering")
    if by in SEVERITIES:
        weight = SEVERITIES[by]
    elif by and by[:1] in "0123456789.-+":
        weight = read_weight(library, found["by"][1], "`by` of the lowering")
    elif by:
        text = found["by"][1]
        assert isinstance(text, TextNode)
        remedy = f"use {or_list(SEVERITIES)}, or a weight such as 0.35"
        library.findings.unknown_word(
            "RF208", f"`by` cannot be {quoted(by)}", by, SEVERITIES, text.place, text.width, remedy
        )
    because = _paragraph(library.shapes.plain(found, "because", "the lowering"))
    if when is None or weight is None:
        return None
    return Lowering(when, bits_of_weight(weight), by, because)


def read_mitigation(
    library: Library, pack: PackDraft, name: TextNode | None, node: Node
) -> tuple[Mitigation, TextNode | None] | None:
    """One mitigation with the text of its name; without a name it is called after its content."""
    shapes = library.shapes
    required = [key for key in MITIGATION_KEYS if key != "id"]
    found = shapes.mapping(node, MITIGATION_KEYS, "a mitigation", required)
    if found is None:
        return None
    if "id" in found:
        name = shapes.name(found["id"][1], "the id of a mitigation")
    fact = _word(
        library, found, "fact", "the fact of a mitigation", tuple(reference.base_facts()), "RF211"
    )
    lowering = _lowering(library, pack, found)
    if lowering is None or fact is None:
        return None
    unnamed = Mitigation("", fact, lowering.when, lowering.bits, lowering.by, lowering.because)
    if name is not None:
        own = name.value
    else:
        digest = hashlib.sha256(canonical_text(unnamed).encode("utf-8", "surrogatepass"))
        own = f"mitigation-{digest.hexdigest()[:8]}"
    named = Mitigation(
        f"{pack.id}/{own}", fact, lowering.when, lowering.bits, lowering.by, lowering.because
    )
    return named, name


def _sources(
    library: Library, pack: PackDraft, found: _Found, shipped: ShippedSources
) -> tuple[Source, ...]:
    if "source" not in found:
        return ()
    node = found["source"][1]
    items = node.items if isinstance(node, SequenceNode) else [node]
    if isinstance(node, SequenceNode) and not items:
        library.findings.report("RF204", "`source` is empty", node.place)
    read = [_source(library, pack, item, shipped) for item in items]
    return tuple(source for source in read if source is not None)


def _source(
    library: Library, pack: PackDraft, node: Node, shipped: ShippedSources
) -> Source | None:
    shapes = library.shapes
    if isinstance(node, RefusedNode):
        return None
    found: _Found = {}
    if isinstance(node, MappingNode):
        found = shapes.mapping(node, SOURCE_KEYS, "a source", ("document",)) or {}
        document_node = found["document"][1] if "document" in found else None
    else:
        document_node = node
    flags = _flags(library, found)
    note = shapes.plain(found, "note", "the source")
    document = shapes.text(document_node, "the document") if document_node is not None else None
    if document is None:
        return None
    if document.value == JUDGEMENT:
        return Source(JUDGEMENT, flags, "", "", note)
    about = pack.sources.get(document.value) or shipped().get(document.value)
    if about is None:
        if not pack.is_partial:
            message = f"there is no source {quoted(document.value)}"
            library.findings.unknown_word(
                "RF215", message, document.value, (*pack.sources, *shipped(), JUDGEMENT),
                document.place, document.width,
            )  # fmt: skip
        return None
    return Source(about.id, flags, about.title, about.year, note)


def _flags(library: Library, found: _Found) -> tuple[str, ...]:
    if "flags" not in found:
        return ()
    catalogue = reference.red_flag_catalogue()
    flags: list[str] = []
    for item in texts_of(found["flags"][1]):
        text = library.shapes.text(item, "the id of a red flag")
        if text is None:
            continue
        if text.value in catalogue:
            flags.append(text.value)
        else:
            message = f"there is no documented red flag {quoted(text.value)}"
            library.findings.unknown_word(
                "RF216", message, text.value, catalogue, text.place, text.width
            )
    return tuple(dict.fromkeys(flags))


def _questions(library: Library, found: _Found) -> tuple[Question, ...]:
    if "ask" not in found:
        return ()
    questions: list[Question] = []
    for item in library.shapes.items(found["ask"][1], "`ask`"):
        inner = library.shapes.mapping(item, QUESTION_KEYS, "a question", QUESTION_KEYS)
        if inner is None:
            continue
        of = _word(library, inner, "of", "the one asked", tuple(ADDRESSEES), "RF219")
        text = (
            library.shapes.text(inner["text"][1], "the text of a question")
            if "text" in inner
            else None
        )
        if text is not None:
            _check_placeholders(library, text)
        if of is not None and text is not None:
            questions.append(Question(of, " ".join(text.value.split())))
    return tuple(questions)


def _check_placeholders(library: Library, text: TextNode) -> None:
    for match in _PLACEHOLDER.finditer(text.value):
        name = match.group(1)
        if name is None:
            message = f"the question has a single {quoted(match.group())}"
            remedy = "write a field in a pair of braces, such as {buyer.name}"
            library.findings.report("RF217", message, text.place, text.width, remedy)
        elif name not in field_table():
            message = f"there is no field {quoted(name)} to fill into the question"
            library.findings.unknown_word(
                "RF217", message, name, field_table(), text.place, text.width
            )


def _examples(library: Library, found: _Found) -> tuple[Example, ...]:
    if "examples" not in found:
        return ()
    examples: list[Example] = []
    for item in library.shapes.items(found["examples"][1], "`examples`"):
        inner = library.shapes.mapping(item, EXAMPLE_KEYS, "an example", REQUIRED_OF_EXAMPLES)
        if inner is None:
            continue
        if "orders" in inner and "across" not in found:
            key = inner["orders"][0]
            message = "the example has `orders` and the rule has no `across`"
            library.findings.report("RF608", message, key.place, key.width)
        expect = _word(library, inner, "expect", "what an example expects", EXPECTATIONS, "RF218")
        given = _given(library, inner["given"][1], "`given`") if "given" in inner else None
        orders = _orders(library, inner)
        name = library.shapes.plain(inner, "name", "the example")
        if expect is not None and given is not None and orders is not None:
            examples.append(Example(name, given, expect, item.place, orders))
    return tuple(examples)


def _orders(library: Library, inner: _Found) -> tuple[dict[str, str], ...] | None:
    if "orders" not in inner:
        return ()
    items = library.shapes.items(inner["orders"][1], "`orders` of an example")
    orders = [_given(library, item, "an order of an example") for item in items]
    read = tuple(one for one in orders if one is not None)
    return read if len(read) == len(orders) else None


def _given(library: Library, node: Node, what: str) -> dict[str, str] | None:
    if not isinstance(node, MappingNode):
        remedy = "write {product: urea, quantity: 5 kg}"
        library.shapes.wrong_shape(node, f"{what} is a mapping of fields and texts", remedy=remedy)
        return None
    given: dict[str, str] = {}
    for key, value in node.entries:
        path = key.value if key.value in field_table() else columns().get(key.value)
        if path is None:
            message = f"there is no field {quoted(key.value)}"
            library.findings.unknown_word(
                "RF301", message, key.value, (*field_table(), *columns()), key.place, key.width,
                after_comma(value), meant_field(key.value),
            )  # fmt: skip
            continue
        if path in given:
            message = f"the field {path} is given twice"
            library.findings.report("RF220", message, key.place, key.width)
        if isinstance(value, TextNode):
            given[path] = value.value
        elif isinstance(value, SequenceNode):
            texts = [library.shapes.text(item, "the value") for item in value.items]
            given[path] = "; ".join(text.value for text in texts if text is not None)
        else:
            library.shapes.wrong_shape(value, "a value is a text or a list of texts")
    return given
