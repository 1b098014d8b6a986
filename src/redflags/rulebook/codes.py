"""Every code of a finding in a rule file: what it is called, what it means, and what to do.

A code never changes its meaning. The page of codes in the documentation is made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from redflags.rulebook.overlay_codes import OVERLAY_CODES


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its title, its meaning, and the remedy where a finding has no better one."""

    code: str
    title: str
    meaning: str
    remedy: str


_TABLE: tuple[tuple[str, str, str, str], ...] = (
    # Reading the text of a file.
    (
        "RF101",
        "not UTF-8",
        "The file holds bytes that are not UTF-8 text.",
        "save the file as UTF-8",
    ),
    (
        "RF102",
        "control character",
        "The file holds a character that no text has, such as NUL.",
        "delete the character",
    ),
    (
        "RF103",
        "file too large",
        "A rule file has at most 10 MB and a million values.",
        "split the file into several in the same folder, and a list that is too long into two",
    ),
    (
        "RF104",
        "not well-formed YAML",
        "The text cannot be read as YAML.",
        "check indentation, quotes and brackets here and in the line before",
    ),
    (
        "RF105",
        "nested too deeply",
        "Lists and mappings stand in each other more than 32 levels deep.",
        "give inner conditions a name under `conditions` and use `holds`",
    ),
    ("RF106", "tag", "A YAML tag (`!…`) asks for a type or for code.", "delete the tag"),
    (
        "RF107",
        "anchor",
        "A YAML anchor (`&…`) gives a part of the file a name.",
        "delete the anchor; to share a condition, name it under `conditions`",
    ),
    (
        "RF108",
        "alias",
        "A YAML alias (`*…`) repeats another part of the file.",
        "write the value out, in quotes if it begins with `*`",
    ),
    (
        "RF109",
        "second document",
        "A line `---` begins a second document in the file.",
        "put the second document into a file of its own",
    ),
    (
        "RF110",
        "key given twice",
        "A mapping has the same key twice, and one of the values would be lost.",
        "delete or rename one of the two",
    ),
    (
        "RF111",
        "merge key",
        "A YAML merge key (`<<`) copies entries from elsewhere.",
        "write the entries out",
    ),
    ("RF112", "key is no text", "A key is a list or a mapping.", "write the key as plain text"),
    (
        "RF113",
        "cannot be opened",
        "The file or folder is not there or may not be read.",
        "check the path and the permissions",
    ),
    (
        "RF114",
        "half a character",
        "The text holds a lone surrogate, half of a character.",
        "delete the character and write it again",
    ),
    (
        "RF199",
        "more findings than are shown",
        "The file has so many mistakes that the rest is left out.",
        "correct the findings shown and run again",
    ),
    # The shape of rule files, packs and profiles.
    (
        "RF201",
        "unknown key",
        "The key is not one of those that may stand here.",
        "use one of the keys named, or delete the line",
    ),
    (
        "RF202",
        "wrong shape",
        "A text, a list or a mapping stands where another of them belongs.",
        "write the value in the shape named",
    ),
    ("RF203", "missing key", "A key that is required here is not there.", "add the key"),
    ("RF204", "empty value", "A value that must say something is empty.", "write a value"),
    (
        "RF205",
        "not a name",
        "Names have lower-case letters, digits and single hyphens.",
        "write a name such as `phone-shop-bulk-paste`",
    ),
    (
        "RF206",
        "rule id used twice",
        "Two rules of one pack have the same id.",
        "give one of them another id",
    ),
    (
        "RF207",
        "name used twice",
        "Two lists, conditions, tables or mitigations of one pack have the same name.",
        "give one of them another name",
    ),
    (
        "RF208",
        "unknown severity",
        "A severity is low, medium, high or critical.",
        "use one of low, medium, high, critical",
    ),
    ("RF209", "unknown kind of rule", "A rule is a sign or a stop.", "use sign or stop"),
    (
        "RF210",
        "unknown status",
        "A status is draft, stable or deprecated.",
        "use draft, stable or deprecated",
    ),
    (
        "RF211",
        "unknown fact",
        "A base fact comes from a closed list.",
        "use one of the base facts",
    ),
    (
        "RF212",
        "incomplete sign",
        "A sign needs a severity and a fact.",
        "add the key, or write `kind: stop` for a prohibition",
    ),
    (
        "RF213",
        "stop with a weight",
        "A stop is not scored: it has no severity, weight or fact, and nothing lowers it.",
        "delete the key, or write `kind: sign`",
    ),
    (
        "RF214",
        "weight out of range",
        "A weight is a decimal number above 0 and below 1.",
        "write a number above 0 and below 1, such as 0.35; `by` may be a severity as well",
    ),
    (
        "RF215",
        "unknown source",
        "A rule rests on one of the pack's sources or on judgement.",
        "name a document under `sources` in pack.yaml, or write judgement",
    ),
    (
        "RF216",
        "unknown red flag",
        "The catalogue of documented red flags has no such id.",
        "use an id of the catalogue",
    ),
    (
        "RF217",
        "unknown placeholder",
        "A question holds a placeholder that is no field.",
        "use a field in braces, such as {buyer.name}",
    ),
    (
        "RF218",
        "unknown expectation",
        "An example expects flag, no flag or incomplete.",
        "use flag, no flag or incomplete",
    ),
    (
        "RF219",
        "unknown addressee",
        "A question is asked of one of a closed list.",
        "use one of the addressees",
    ),
    (
        "RF220",
        "field given twice",
        "An example gives the same field under two names.",
        "delete one of the two",
    ),
    # Conditions.
    (
        "RF301",
        "unknown field",
        "There is no field of this name.",
        "`redflags fields` lists every field",
    ),
    (
        "RF302",
        "unknown operator",
        "There is no operator of this name.",
        "use one of the operators that fit the field",
    ),
    (
        "RF303",
        "operator does not fit",
        "The operator makes no sense for values of this kind.",
        "use one of the operators that fit the field",
    ),
    (
        "RF304",
        "operand of the wrong shape",
        "The operator wants another shape of operand.",
        "write the operand in the shape named",
    ),
    (
        "RF305",
        "value not understood",
        "The value cannot be read as one of the field's kind.",
        "write a value of the field's kind",
    ),
    (
        "RF306",
        "unit missing or unknown",
        "A quantity needs a unit that is known, an amount a currency.",
        "write the unit after the number, such as 100 kg",
    ),
    (
        "RF307",
        "unknown condition",
        "No condition of this name is defined in the pack.",
        "define it under `conditions`",
    ),
    (
        "RF308",
        "condition in a circle",
        "A named condition holds itself, directly or through others.",
        "take one of the names out of the circle",
    ),
    (
        "RF309",
        "empty condition",
        "A block, or the list after all, any or none, has nothing in it.",
        "write at least one condition",
    ),
    (
        "RF310",
        "range in the wrong order",
        "The lower end of a range lies above the upper, or they cannot be compared.",
        "write the smaller value first, both in comparable units",
    ),
    ("RF311", "unknown list", "No list of this name is defined.", "define it under `lists`"),
    (
        "RF312",
        "list does not fit",
        "The list has entries of another kind than the field.",
        "use a list of the field's kind",
    ),
    (
        "RF313",
        "unknown attribute",
        "No entry of the list has this attribute or this value of it.",
        "use an attribute that entries of the list have",
    ),
    ("RF314", "unknown table", "No table of this name is defined.", "define it under `tables`"),
    (
        "RF315",
        "table does not fit",
        "The table has limits of another kind than the field.",
        "use a table of the field's kind",
    ),
    (
        "RF316",
        "fields that cannot be compared",
        "Fields are compared with other fields of the same kind.",
        "name a field of the same kind",
    ),
    (
        "RF317",
        "condition too large",
        "With its named conditions written out, the condition is too large or too deep.",
        "split the rule",
    ),
    (
        "RF318",
        "dated list of phrases",
        "Phrases to look for cannot begin or end on a date.",
        "delete from and until in the list",
    ),
    # Lists and tables.
    (
        "RF401",
        "unknown kind of list",
        "A list or table has the kind of a field.",
        "use one of the kinds",
    ),
    (
        "RF402",
        "entry not understood",
        "The entry cannot be read as a value of the list's kind.",
        "write the entry as a value of the list's kind",
    ),
    ("RF403", "date not understood", "The date cannot be read.", "write it as 2024-02-23"),
    (
        "RF404",
        "dates in the wrong order",
        "The entry ends before it begins.",
        "exchange from and until",
    ),
    ("RF405", "empty list", "A list or table has no entries.", "write at least one entry"),
    (
        "RF406",
        "entries or reference",
        "A list has either entries of its own or takes a shipped reference table.",
        "write either `entries` or `reference`",
    ),
    (
        "RF407",
        "unknown reference table",
        "There is no shipped reference table of this name.",
        "use one of the shipped tables",
    ),
    (
        "RF408",
        "two rows for the same",
        "Two rows of a table name the same values.",
        "delete one of the two rows",
    ),
    (
        "RF409",
        "kind without size",
        "Limits are of a kind whose values can be compared by size.",
        "use quantity, money, concentration or age",
    ),
    (
        "RF410",
        "table cannot be extended",
        "A table extends one that extends another itself, or that is of another kind.",
        "extend a table of the same kind that stands for itself",
    ),
    # Packs and profiles.
    (
        "RF501",
        "two packs with one id",
        "Two packs in force have the same id.",
        "rename one, or replace the shipped pack with --only-rules",
    ),
    (
        "RF502",
        "no rule files",
        "The folder holds no *.yaml file.",
        "give a folder that holds pack.yaml or rule files",
    ),
    (
        "RF503",
        "unknown pack",
        "The profile names a pack that is not shipped.",
        "use the id of a shipped pack",
    ),
    # Rules across orders.
    (
        "RF601",
        "nothing to keep together by",
        "`same` names parties, fields of one value, or kinds of link between buyers.",
        "name a role such as consignee, a field such as order_id, or {linked: [address, phone]}",
    ),
    (
        "RF602",
        "unknown kind of link",
        "There is no link of this kind between parties.",
        "use address, phone, email, website, registration, payer or director",
    ),
    (
        "RF603",
        "no length for a window",
        "A window reaches back a whole number of days or weeks, at least a day and at most ten "
        "years. Months and years differ in length.",
        "write a number of days, such as 90 days, and at most ten years",
    ),
    (
        "RF604",
        "unknown measure",
        "There is no measure of a window of this name.",
        "use count, sum(field), max(field), distinct(field), baseline(field), first or some",
    ),
    (
        "RF605",
        "measure does not fit",
        "The measure makes no sense for this field, has none or has one too many.",
        "write count, first or some alone, sum(quantity), max(value), distinct(buyer)",
    ),
    (
        "RF606",
        "window without an end",
        "A window without `within` holds the lines of one order.",
        "add `within`, such as `within: 90 days`, or keep the lines together by order_id",
    ),
    (
        "RF607",
        "measure of one order",
        "A window of one order has no history and no second order.",
        "add `within`, or ask for sum, max, distinct or some",
    ),
    (
        "RF608",
        "other orders without a window",
        "Only a rule with `across` sees other transactions.",
        "delete `orders`, or give the rule `across`",
    ),
    *OVERLAY_CODES,
    # What the rule language has and this version does not do yet.
    (
        "RF902",
        "similar_to_list is not supported yet",
        "Screening against watch lists is part of the language but not of this version.",
        "take the condition out for now",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({row[0]: Code(*row) for row in _TABLE})
"""Every code in order."""
