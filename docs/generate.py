"""Makes the reference pages from the program's own tables, and fills in all output that is shown.

python docs/generate.py            write what is out of date
python docs/generate.py --check    only say what is out of date; exit code 1 if anything is
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

import transcripts  # noqa: E402 - a script's neighbour
from rule_pages import red_flags_page, rule_pages  # noqa: E402
from tables import code, codes, table  # noqa: E402

from redflags import Report, Transaction, load_rules, reference  # noqa: E402
from redflags.model.fields import Field, field_table, roles  # noqa: E402
from redflags.model.kind import Kind  # noqa: E402
from redflags.model.kinds import KINDS  # noqa: E402
from redflags.model.transaction import SHORT_COLUMNS  # noqa: E402
from redflags.policy import ACTIONS, DEFAULT  # noqa: E402
from redflags.rulebook import schema  # noqa: E402
from redflags.rulebook.across import MEASURES  # noqa: E402
from redflags.rulebook.codes import CODES  # noqa: E402
from redflags.rulebook.findings import or_list  # noqa: E402
from redflags.rulebook.operators import (  # noqa: E402
    NOT_SUPPORTED,
    OPERATORS,
    SHAPES,
    fitting_operators,
)
from redflags.rulebook.packs import shipped_rules  # noqa: E402
from redflags.rulebook.reference_lists import REFERENCE_LISTS  # noqa: E402
from redflags.rulebook.tree import Pack, Rule  # noqa: E402
from redflags.weights import BANDS, BITS, SEVERITIES  # noqa: E402
from redflags.workshop.checks import all_checks  # noqa: E402
from redflags.workshop.pages import check_page  # noqa: E402

NOTE = (
    "<!-- Made by docs/generate.py from the program's own tables. Change those, not this page. -->"
)
COMMANDS = (
    "", "check", "explain", "case", "verify", "columns", "questionnaire", "backtest", "rules",
    "rules list", "rules show", "rules coverage", "rules diff", "rules lint", "rules test",
    "rules new", "schema", "fields",
)  # fmt: skip
"""Every command of the command line; the first is the program by itself."""


def fields_page() -> str:
    """Every field, its column, kind, meaning and example."""
    stated: list[Field] = []
    derived: list[Field] = []
    of_party: list[Field] = []
    for path, field in field_table().items():
        role, _, _ = path.partition(".")
        if role in roles():
            if role == "buyer":
                of_party.append(field)
        else:
            (derived if field.is_derived else stated).append(field)
    short = table(
        ("Short column", "Stands for"),
        ((code(name), code(column)) for name, column in SHORT_COLUMNS.items()),
    )
    kinds = table(
        ("Kind", "A value is", "Operators"),
        ((code(kind.name), kind.title, codes(fitting_operators(kind))) for kind in KINDS.values()),
    )
    words = "\n".join(_vocabulary(kind) for kind in KINDS.values() if _is_short(kind))
    return f"""{NOTE}
# Fields and columns

A field is one value of an order. In a rule it has a dotted name (`buyer.country`); in a file its
column has the same name with `_` (`buyer_country`). `redflags fields` prints this list.

No column is required. A rule that needs a column your file does not have is *incomplete*, and the
summary names the columns that would help most. An empty cell means *not stated*.

## Stated in the order

{_fields(stated)}
## Worked out, unless the order states it

{_fields(derived)}
## Of every party

The parties are {codes(roles())}. Each has these fields; `buyer` stands for any of them.

{_fields(of_party)}
## Short columns

Beside the column of the full name a short one counts where that is empty. So it is with the keys of
a `Transaction`, in whichever order they come.

{short}
## Kinds

{kinds}
## Words of kinds with few values

{words}"""


def _fields(fields: Iterable[Field]) -> str:
    return table(
        ("Field", "Column", "Kind", "Meaning", "Example"),
        (
            (code(one.path), code(one.column), one.kind.name, one.meaning, one.example)
            for one in fields
        ),
    )


def _is_short(kind: Kind) -> bool:
    return kind.vocabulary is not None and kind.element is None and len(kind.vocabulary()) <= 30


def _vocabulary(kind: Kind) -> str:
    assert kind.vocabulary is not None
    return f"- {code(kind.name)}: {codes(kind.vocabulary())}"


def operators_page() -> str:
    """Every operator with its meaning, operand, negation and kinds."""
    rows = (
        (
            code(one.word),
            "the field " + one.meaning,
            SHAPES[one.shape],
            code(one.negation_of) if one.negation_of else "",
            ", ".join(kind.name for kind in KINDS.values() if one.fits(kind)),
        )
        for one in OPERATORS.values()
    )
    return f"""{NOTE}
# Operators

A condition is `field: {{operator: operand}}`. `field: value` means `is`;
`field: [a, b]` means `in`. A test of a value that is not stated or cannot
be read is *unknown*. Only `known` always has an answer, except where the file has no such column.

On a field that holds several values (`product.family`, `destinations`), an operator holds if it
holds for some value; a negative one (`is_not`, `not_in`, `not_in_list`, `differs_from`) if it holds
for every value.

{table(("Operator", "Holds if", "Operand", "Opposite", "Kinds of fields"), rows)}
Part of the language, but not of this version: {codes(NOT_SUPPORTED)}.
"""


def _or(names: Iterable[str]) -> str:
    return or_list(code(one) for one in names)


def rule_file_page() -> str:
    """Every key of rule files, pack files, profiles and overlays."""
    parts: tuple[tuple[str, str, Any], ...] = (
        ("Rule file", "The keys at the left margin of a rule file.", schema.FILE_KEYS),
        ("Rule", "One entry under `rules`. Required: `id`, `title`, `when` or `across`; of a "
         "sign also `severity` and `fact`.", schema.RULE_KEYS),
        ("Across", "The keys under `across`. Required: `same`, `having`. See "
         "[rules across orders](../how-to/rules-across-orders.md).", schema.ACROSS_KEYS),
        ("Measure", "One entry under `having`, with at_least, more_than, at_most, less_than or "
         "between; `first` has yes or no, `some` a block or a list of blocks, each for an order of "
         "its own.", {one.written: one.meaning for one in MEASURES.values()}),
        ("Link", "What `linked` can name.", schema.LINKS),
        ("Source", "One entry under `source`.", schema.SOURCE_KEYS),
        ("Lowering", "One entry under `lowers`.", schema.LOWERING_KEYS),
        ("Question", "One entry under `ask`.", schema.QUESTION_KEYS),
        ("Example", "One entry under `examples`.", schema.EXAMPLE_KEYS),
        ("List", "One entry under `lists`, after its name.", schema.LIST_KEYS),
        ("Entry of a list", "An entry is a value, or a mapping with these keys.",
         schema.ENTRY_KEYS),
        ("Table", "One entry under `tables`, after its name.", schema.TABLE_KEYS),
        ("Row of fits", "One of the `rows` of a table of kind `fit`.", schema.FIT_ROW_KEYS),
        ("Row of scales", "One of the `rows` of a table of kind `scale`.", schema.SCALE_ROW_KEYS),
        ("Mitigation", "One entry under `mitigations`.", schema.MITIGATION_KEYS),
        ("Pack", "The keys of `pack.yaml`.", schema.PACK_KEYS),
        ("Source of a pack", "One entry under `sources` of `pack.yaml`, after its id.",
         schema.PACK_SOURCE_KEYS),
        ("Profile", "One entry of `profiles.yaml`, after its name.", schema.PROFILE_KEYS),
        ("Overlay", "The keys at the left margin of an overlay. Required: `overlay`. See "
         "[change shipped rules](../how-to/local-changes.md).", schema.OVERLAY_KEYS),
        ("Target of a change", "What one entry under `set`, `add`, `remove` or `disable` is of. "
         "One of them is required: of `set` " + _or(schema.VERBS["set"]) + "; of `add` and "
         "`remove` " + _or(schema.VERBS["add"]) + "; of `disable` "
         + _or(schema.VERBS["disable"]) + ".", schema.TARGETS),
        ("Change", "The other keys of one entry under `set`, `add` or `remove`. Required: "
         "`reason`, and `change` or `entries`. `disable` has `reason`, `author` and `date` alone.",
         {**schema.SET_KEYS, **schema.REMOVE_KEYS}),
        ("New value", "A value under `change`, where it says what it replaces.",
         schema.NEW_VALUE_KEYS),
    )  # fmt: skip
    keys = "\n".join(
        f"## {title}\n\n{text}\n\n"
        + table(("Key", "Meaning"), ((code(key), meaning) for key, meaning in known.items()))
        for title, text, known in parts
    )
    weights = table(
        ("Severity", "Weight", "Bits"),
        ((name, str(weight), f"{BITS[name] / 1000:.3f}") for name, weight in SEVERITIES.items()),
    )
    bands = table(("Band", "From a score of"), ((name, str(least)) for name, least in BANDS))
    actions = table(("Band", "Actions"), ((band, ", ".join(one)) for band, one in DEFAULT.items()))
    facts = table(
        ("Fact", "Meaning"), ((code(one), text) for one, text in reference.base_facts().items())
    )
    asked = table(("Word", "Who"), ((code(one), text) for one, text in schema.ADDRESSEES.items()))
    lists = table(
        ("Reference", "Kind", "Attributes"),
        (
            (code(name), one.kind, codes(one.attributes))
            for name, one in sorted(REFERENCE_LISTS.items())
        ),
    )
    return f"""{NOTE}
# Rule files

A rule file is YAML in UTF-8. Every value is text. Tags, anchors, aliases and second documents are
refused. A key that does not stand in these tables is an error.

A condition block is a mapping, and all its entries must hold. A key is a field, or `all`, `any` or
`none` with a list of blocks, or `holds` with the name of a condition.

{keys}
## Severities

The score of a lone sign is 100 times its weight.

{weights}
## Bands

An order with no flag is in the band `none`. A stop makes the band `critical`.

{bands}
## Actions

The actions are {codes(ACTIONS)}. These are the defaults; `redflags.toml` changes them.

{actions}
## Facts

A sign names the fact that it speaks of. Of each fact only the strongest sign counts.

{facts}
## Whom to ask

{asked}
## Shipped tables as lists

`reference: NAME` in a list takes the entries of a shipped table.

{lists}"""


def diagnostics_page() -> str:
    """Every code of a finding in a rule file."""
    parts = "\n".join(
        f"## {one.code}: {one.title}\n\n{one.meaning}\n\nTo do: {one.remedy}.\n"
        for one in CODES.values()
    )
    return f"""{NOTE}
# Findings in rule files

Each finding has a code that never changes its meaning, the file, line and column, one sentence of
fact and one of remedy. All findings of all files come at once, with exit code 2.

{parts}"""


def lint_page() -> str:
    """Every code of `redflags rules lint` that is not the loader's, from the checks themselves."""
    parts = "\n".join(check_page(one) for one in all_checks())
    listed = table(
        ("Code", "Found", "Level"), ((one.code, one.title, one.level) for one in all_checks())
    )
    return f"""{NOTE}
# What the linter finds

`redflags rules lint` finds all that the loader refuses ([findings in rule files](diagnostics.md)),
and what stands here. Each code keeps its meaning. How to use it:
[lint and test rules](../how-to/lint-rules.md).

{listed}
{parts}"""


def rules_page() -> str:
    """Every shipped rule with all that it says of itself."""
    book = load_rules()
    return f"""{NOTE}
# The shipped rules

A title states facts of an order and accuses nobody. `draft` rules are on trial; `stable` ones are
not. The identifiers of red flags (`BIZ-01`) are those of the catalogue in
[reference data](reference-data.md).

{"".join(_pack(pack) for pack in book.packs)}"""


def _pack(pack: Pack) -> str:
    sources = table(
        ("Source", "Title", "Year", "What was read", "How far verified"),
        ((code(one.id), one.title, one.year, one.read, one.verified) for one in pack.sources),
    )
    rules = "\n".join(_rule(rule) for rule in sorted(pack.rules, key=lambda rule: rule.id))
    return f"""## Pack {pack.id} {pack.version}

{pack.title}. Licence {pack.licence}. {len(pack.rules)} rules.

{sources}
{rules}"""


def _rule(rule: Rule) -> str:
    grade = "stop" if rule.is_stop else f"sign, {rule.severity}; fact {code(rule.fact or '')}"
    asks = "".join(f"- {one.of}: {one.text}\n" for one in rule.ask)
    sources = "".join(
        f"- {code(one.document)}"
        + (f": {', '.join(one.flags)}" if one.flags else "")
        + (f" ({one.note})" if one.note else "")
        + "\n"
        for one in rule.sources
    )
    examples = table(
        ("Example", "Order", "Says"),
        (
            (one.name, "; ".join(f"{field}: {text}" for field, text in one.given.items()),
             one.expect)
            for one in rule.examples
        ),
    )  # fmt: skip
    return f"""### {rule.title}

{code(rule.name)} · {grade} · {rule.status} · [its page](rules/{rule.name}.md)

{" ".join(rule.why.split())}

```yaml
{_conditions_as_written(rule)}```

Questions:

{asks}
Sources:

{sources}
{examples}
{" ".join(rule.notes.split())}
"""


def _conditions_as_written(rule: Rule) -> str:
    """The rule's `when`, `across` and `lowers`, as its file has them."""
    text = (shipped_rules() / rule.place.file).read_text(encoding="utf-8").splitlines()
    margin = " " * (rule.place.column - 1)
    kept: list[str] = []
    taking = False
    for line in text[rule.place.line :]:
        if line.strip() and not line.startswith(margin):
            break
        if line.startswith(margin) and line[len(margin) : len(margin) + 1].strip():
            taking = line.strip().partition(":")[0] in ("when", "across", "lowers")
        if taking and line.strip():
            kept.append(line[len(margin) :] + "\n")
    return "".join(kept)


def command_line_page() -> str:
    """Every command with its help."""
    parts = "\n".join(
        f"## {' '.join(('redflags', name)).strip()}\n\n```console\n"
        f"$ {' '.join(f'redflags {name} --help'.split())}\n```\n"
        for name in COMMANDS
    )
    return transcripts.filled_in(
        f"""{NOTE}
<!-- typer {version("typer")} -->
# Command line

Every option can also be set in `redflags.toml` or by a variable such as `REDFLAGS_FAIL_ON`; see
[set the policy](../how-to/set-the-policy.md). Exit codes:
[in scripts](../how-to/exit-codes-in-scripts.md).

{parts}"""
    )


def reference_data_page() -> str:
    """Where every data file of the package comes from, and the documented red flags."""
    files = table(
        ("File", "What", "Source", "Vintage", "Verified", "Confidence", "Terms"),
        (
            (code(one.file), one.what, one.source, one.vintage, one.verified, one.confidence,
             one.licence)
            for one in reference.sources()
        ),
    )  # fmt: skip
    flags = table(
        ("Flag", "Statement", "Fact", "Severity", "Needs", "By a tool", "Sources"),
        (
            (code(one.id), one.statement, one.fact, one.severity, one.evaluable, one.automate,
             one.sources)
            for one in reference.red_flag_catalogue().values()
        ),
    )  # fmt: skip
    return f"""{NOTE}
# Reference data

The program knows goods, trades, places, units and words from tables. Each has its source, and how
far it was verified. Judgement is called judgement.

{files}
# Documented red flags

What authorities and reports have published. `By a tool` says whether a program may decide it
(`yes`), may only ask (`ask`), or must leave it to a person (`never`). A documented flag is not
a rule by itself: see [why rules combine facts](../explanation/why-combination.md).

{flags}"""


def report_schema() -> str:
    """The JSON Schema of what `redflags check --format json` writes. It may gain keys."""
    found = Report.model_json_schema(mode="serialization")
    return _json(_open("redflags: result of a check", found))


def order_schema() -> str:
    """The JSON Schema of one transaction as `Transaction.model_validate` takes it."""
    return _json({**Transaction.model_json_schema(), "title": "redflags: one order line"})


def _open(title: str, found: dict[str, Any]) -> dict[str, Any]:
    # A later version may add keys, so a reader must not refuse them.
    for one in (found, *found.get("$defs", {}).values()):
        one.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": title}


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "reference/fields.md": fields_page,
    "reference/operators.md": operators_page,
    "reference/rule-file.md": rule_file_page,
    "reference/diagnostics.md": diagnostics_page,
    "reference/lint.md": lint_page,
    "reference/rules.md": rules_page,
    "reference/command-line.md": command_line_page,
    "reference/reference-data.md": reference_data_page,
    "reference/assessments.schema.json": report_schema,
    "reference/orders.schema.json": order_schema,
    "reference/red-flags.md": red_flags_page,
    **rule_pages(),
}
"""Each generated page with what makes it."""


def written_pages() -> list[Path]:
    """The pages written by hand, whose output is filled in."""
    generated = {HERE / name for name in GENERATED}
    written = set(HERE.rglob("*.md")) - generated - set(left_over())
    return [ROOT / "README.md", *sorted(written)]


def pages() -> dict[Path, str]:
    """Every page as it ought to be."""
    found = {HERE / name: make().rstrip("\n") + "\n" for name, make in GENERATED.items()}
    for path in written_pages():
        found[path] = transcripts.filled_in(path.read_text(encoding="utf-8"))
    return found


def out_of_date() -> list[Path]:
    """The pages that are not as they ought to be."""
    stale = [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return stale + left_over()


def left_over() -> list[Path]:
    """Pages of rules that are no longer shipped."""
    wanted = {HERE / name for name in GENERATED}
    return sorted(set((HERE / "reference" / "rules").rglob("*.md")) - wanted)


def main() -> int:
    """Write or check all pages."""
    if "--check" in sys.argv[1:]:
        stale = out_of_date()
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)}")
        return 1 if stale else 0
    for path in left_over():
        path.unlink()
        print(f"removed: {path.relative_to(ROOT)}")
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
