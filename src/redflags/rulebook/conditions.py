"""Condition blocks: from nodes to the rule tree, named conditions in the order of their use."""

from __future__ import annotations

import itertools

from redflags.diagnostics import Place
from redflags.model.fields import Field, field_table
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.library import Library, texts_of
from redflags.rulebook.meant import after_comma, meant_comparison, meant_field, meant_operator
from redflags.rulebook.operands import read_operand
from redflags.rulebook.operators import NOT_SUPPORTED, OPERATORS, Operator, fitting_operators
from redflags.rulebook.tree import Condition, Group, Named, Test
from redflags.rulebook.yaml_text import (
    MappingNode,
    Node,
    RefusedNode,
    SequenceNode,
    TextNode,
)

GROUPS = ("all", "any", "none")
"""The keys of a block that hold a list of blocks."""

MOST_TESTS = 2_000
"""Tests that a condition may have with its named conditions written out."""

DEEPEST_CONDITION = 64
"""Levels that a condition may have with its named conditions written out."""


def read_condition(library: Library, pack: str, node: Node, what: str) -> Group | None:
    """The block of a rule or a lowering; None if it has mistakes, which are reported.

    ``what`` names it in findings: "`when`".
    """
    block = read_block(library, pack, node, what)
    if block is None:
        return None
    size, depth = measure(block, library.sizes)
    if size > MOST_TESTS or depth > DEEPEST_CONDITION:
        message = f"{what} has {size} tests on {depth} levels; the most is {MOST_TESTS} on "
        message += f"{DEEPEST_CONDITION}"
        library.findings.report("RF317", message, node.place)
        return None
    return block


def measure(condition: Condition, known: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """The tests and the levels of a condition, its named conditions written out.

    ``known`` keeps those of named conditions, so that the time does not grow with the size.
    """
    if isinstance(condition, Test):
        return 1, 1
    if isinstance(condition, Named):
        found = known.get(condition.name)
        if found is None:
            size, depth = measure(condition.block, known)
            found = known[condition.name] = (size, depth + 1)
        return found
    sizes = [measure(part, known) for part in condition.parts]
    return sum(size for size, _ in sizes), 1 + max(depth for _, depth in sizes)


def read_block(library: Library, pack: str, node: Node, what: str) -> Group | None:
    """One block: all its entries must hold. None if it has mistakes, which are reported."""
    if isinstance(node, TextNode) and node.is_plain and not node.value:
        library.findings.report("RF309", f"{what} is empty", node.place)
        return None
    if not isinstance(node, MappingNode):
        remedy = "write each condition as `field: value`, with a plain space behind the colon"
        if isinstance(node, SequenceNode):
            remedy = "delete the dashes: all conditions must hold; alternatives stand under `any`"
        library.shapes.wrong_shape(node, f"{what} is a mapping of conditions", remedy=remedy)
        return None
    if not node.entries:
        library.findings.report("RF309", f"{what} is empty", node.place)
        return None
    parts: list[Condition] = []
    is_right = True
    for key, value in node.entries:
        read = _entry(library, pack, key, value)
        if read is None:
            is_right = False
        else:
            parts.extend(read)
    return Group("all", tuple(parts), node.place) if is_right else None


def _entry(library: Library, pack: str, key: TextNode, value: Node) -> list[Condition] | None:
    if key.value in GROUPS:
        group = _group(library, pack, key, value)
        return None if group is None else [group]
    if key.value == "holds":
        return _holds(library, pack, value)
    if key.value not in field_table():
        _report_key(library, key, value)
        return None
    return _tests(library, pack, field_table()[key.value], key, value)


def _report_key(library: Library, key: TextNode, value: Node) -> None:
    within = [path for path in field_table() if path.startswith(f"{key.value}.")]
    if within:
        inner = (
            value.entries[0][0].value if isinstance(value, MappingNode) and value.entries else ""
        )
        path = f"{key.value}.{inner}"
        library.findings.report(
            "RF301",
            f"{quoted(key.value)} has fields of its own and no value",
            key.place,
            key.width,
            f"write `{path if path in within else within[0]}`, with the dot, as one key",
        )
        return
    if key.value in ("not", "and", "or"):
        instead = {"not": "none", "and": "all", "or": "any"}[key.value]
        library.findings.report(
            "RF301",
            f"there is no field {quoted(key.value)}",
            key.place,
            key.width,
            f"write `{instead}` with a list of blocks",
        )
        return
    library.findings.unknown_word(
        "RF301",
        f"there is no field {quoted(key.value)}",
        key.value,
        (*field_table(), *GROUPS, "holds"),
        key.place,
        key.width,
        after_comma(value),
        meant_field(key.value),
    )


def _group(library: Library, pack: str, key: TextNode, node: Node) -> Group | None:
    if not isinstance(node, SequenceNode):
        if isinstance(node, TextNode) and not node.value:
            message = f"`{key.value}` has nothing in it"
            library.findings.report("RF309", message, key.place, key.width)
        else:
            wanted = f"`{key.value}` has a list of blocks (`- field: value`)"
            remedy = "put `- ` before each alternative, also where it is one condition"
            library.shapes.wrong_shape(node, wanted, remedy=remedy)
        return None
    if not node.items:
        message = f"`{key.value}` has nothing in it"
        library.findings.report("RF309", message, key.place, key.width)
        return None
    blocks = [read_block(library, pack, item, f"the block in `{key.value}`") for item in node.items]
    read = [block for block in blocks if block is not None]
    if len(read) < len(blocks):
        return None
    # A block of one condition says no more than the condition.
    parts = tuple(block.parts[0] if len(block.parts) == 1 else block for block in read)
    return Group(key.value, parts, key.place)


def _holds(library: Library, pack: str, node: Node) -> list[Condition] | None:
    if isinstance(node, MappingNode):
        wanted = "`holds` has the name of a condition or a list of names"
        remedy = "write the condition under `conditions`, and its name here"
        library.shapes.wrong_shape(node, wanted, remedy=remedy)
        return None
    names = texts_of(node)
    if not names:
        if not isinstance(node, RefusedNode):
            library.findings.report("RF309", "`holds` has nothing in it", node.place)
        return None
    found: list[Condition] = []
    for item in names:
        name = library.shapes.text(item, "the name of the condition")
        if name is None:
            continue
        named = library.find(library.conditions, "RF307", "condition", name, pack)
        if named is not None:
            found.append(Named(named.name, named.block, name.place))
    return found if len(found) == len(names) else None


def _tests(
    library: Library, pack: str, field: Field, key: TextNode, node: Node
) -> list[Condition] | None:
    if isinstance(node, RefusedNode):
        return None
    if isinstance(node, TextNode):
        if not node.value.strip():
            message = f"{field.path} has nothing to be compared with"
            remedy = "write a value, or {known: no} for a field that is not stated"
            library.findings.report("RF204", message, key.place, key.width, remedy)
            return None
        written: list[tuple[str, Place, int, Node]] = [("is", node.place, node.width, node)]
    elif isinstance(node, SequenceNode):
        written = [("in", node.place, 1, node)]
    else:
        written = [(entry.value, entry.place, entry.width, value) for entry, value in node.entries]
        if not written:
            library.findings.report("RF309", f"{field.path} has no operator", node.place)
        if _is_parted_number(library, node.entries):
            return None
    tests: list[Condition] = []
    bare = node.value.strip() if isinstance(node, TextNode) else ""
    for word, place, width, operand in written:
        operator = _operator(library, field, word, place, width, bare)
        if operator is None:
            continue
        read = read_operand(library, pack, field, operator, operand)
        if read is not None:
            tests.append(Test(field.path, word, read[0], read[1], place))
    return tests if tests and len(tests) == len(written) else None


def _is_parted_number(library: Library, entries: list[tuple[TextNode, Node]]) -> bool:
    """Whether a number is parted by its comma, since commas part the entries in braces: which is
    reported."""
    for (_, before), (key, value) in itertools.pairwise(entries):
        if key.value[:1].isdigit() and after_comma(value) and isinstance(before, TextNode):
            number = f"{before.value.strip()},{key.value.strip()}"
            message = f"the comma parts {quoted(number)} into two entries"
            plain = f"{before.value.strip()}{key.value.strip()}"
            remedy = f"write the number without a mark for thousands: {plain[:40]}"
            if "." in before.value or not key.value[:3].isdigit():
                remedy = "write the number with a point: 1000.50 kg"
            library.findings.report("RF305", message, before.place, before.width, remedy)
            return True
    return False


def _operator(
    library: Library, field: Field, word: str, place: Place, width: int, bare: str
) -> Operator | None:
    """The operator of this word; ``bare`` is the value that stands without one."""
    fitting = fitting_operators(field.kind)
    remedy = f"{field.path} goes with {or_list(fitting)}"
    if word in NOT_SUPPORTED:
        library.findings.report("RF902", f"`{word}` is not supported yet", place, width)
        return None
    operator = OPERATORS.get(word)
    if operator is None:
        message = f"there is no operator {quoted(word)}"
        library.findings.unknown_word(
            "RF302",
            message,
            word,
            OPERATORS,
            place,
            width,
            remedy,
            meant_operator(word, field.kind),
        )
        return None
    if not operator.fits(field.kind):
        message = f"`{word}` does not fit {field.path}, which is {field.kind.title}"
        written = meant_comparison(bare, field.kind) if bare else ""
        meant = meant_operator(word, field.kind)
        if written:
            remedy = f"write `{written}`; {remedy}"
        elif meant is not None:
            remedy = f"write `{meant}`; {remedy}"
        library.findings.report("RF303", message, place, width, remedy)
        return None
    return operator


def read_conditions(library: Library) -> None:
    """Read the named conditions of all packs into the library, those that others hold first.

    A circle is reported once, where it closes.
    """
    nodes = {
        f"{pack.id}/{name}": (pack.id, key, node)
        for pack in library.packs.values()
        for name, (key, node) in pack.conditions.items()
    }
    uses = {full: _uses(pack, node) for full, (pack, _, node) in nodes.items()}
    done: set[str] = set()
    for start in nodes:
        _read_with_uses(library, nodes, uses, start, done)


def _read_with_uses(
    library: Library,
    nodes: dict[str, tuple[str, TextNode, Node]],
    uses: dict[str, list[tuple[str, TextNode]]],
    start: str,
    done: set[str],
) -> None:
    """Depth first without recursion: a chain of conditions can be as long as the file."""
    if start in done:
        return
    path: list[str] = [start]
    on_path: set[str] = {start}
    waiting = [iter(uses[start])]
    while path:
        current = path[-1]
        for used, place in waiting[-1]:
            if used in on_path:
                library.conditions[used] = None
                if library.findings.is_full(place.place):
                    continue
                circle = [*path[path.index(used) :], used]
                shown = " → ".join(name.partition("/")[2] for name in circle[:8])
                message = f"the condition {quoted(place.value)} holds itself: {shown}"
                library.findings.report("RF308", message, place.place, place.width)
            elif used in nodes and used not in done:
                path.append(used)
                on_path.add(used)
                waiting.append(iter(uses[used]))
                break
        else:
            path.pop()
            waiting.pop()
            on_path.discard(current)
            done.add(current)
            _read_named(library, current, *nodes[current])


def _read_named(library: Library, full: str, pack: str, key: TextNode, node: Node) -> None:
    block = read_condition(library, pack, node, f"the condition {quoted(key.value)}")
    is_in_circle = full in library.conditions
    named = None if block is None or is_in_circle else Named(full, block, key.place)
    library.conditions[full] = named


def _uses(pack: str, node: Node) -> list[tuple[str, TextNode]]:
    """The full names of the conditions that a block holds, each with its place."""
    found: list[tuple[str, TextNode]] = []
    to_see = [node]
    while to_see:
        one = to_see.pop()
        if isinstance(one, SequenceNode):
            to_see.extend(one.items)
        elif isinstance(one, MappingNode):
            for key, value in one.entries:
                if key.value == "holds":
                    names = [text for text in texts_of(value) if isinstance(text, TextNode)]
                    found += [
                        (name.value if "/" in name.value else f"{pack}/{name.value}", name)
                        for name in names
                    ]
                elif key.value in GROUPS:
                    to_see.append(value)
    return found
