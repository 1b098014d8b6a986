"""Kinds of values: each decides a field's parser, its legal operators and how a value is shown.

A kind is also the pydantic validator of the attributes annotated with it, so that
``Annotated[Understood | None, COUNTRY]`` is the one place where a field's kind is written down.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from redflags import reference
from redflags.model import trades
from redflags.model.notation import AS_WRITTEN as AS_WRITTEN
from redflags.model.notation import Notation as Notation
from redflags.model.notation import Notations as Notations
from redflags.values import (
    answers,
    codes,
    contact,
    country,
    dates,
    measures,
    money,
    names,
    quantity,
)
from redflags.values.understood import BLANK, NOT_STATED, Understood, unknown

LONGEST_TEXT = 100_000
"""Characters that are kept of one value. A longer one is unknown: no trade document has it."""


_ANY_TEXT = frozenset({"text", "identifier", "phone", "name", "names", "control-code"})
"""Kinds whose parser takes any text for a value, also one that says that there is none."""

_PLACES = frozenset({"country", "countries", "region", "regions"})
"""Kinds in which “s/o” and “n.a.” would be read as codes."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Parser = Callable[[str, Notation], Understood]
Vocabulary = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    ``order`` says whether values can be compared by size; ``element`` is the kind of the members
    of a set; ``vocabulary`` gives the legal values and their titles where these are closed.
    """

    name: str
    title: str
    parse_text: Parser
    show: Callable[[Any], str] = str
    order: bool = False
    element: Kind | None = None
    is_code: bool = False
    is_free_text: bool = False
    vocabulary: Vocabulary | None = None
    parse_operand: Parser | None = None
    _cached: Parser = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cached", lru_cache(maxsize=65_536)(self._read))

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def is_set(self) -> bool:
        """Whether a field of this kind holds a set of values."""
        return self.element is not None

    @property
    def member(self) -> Kind:
        """The kind of one member: the kind itself unless it is a set."""
        return self if self.element is None else self.element

    def parse(self, text: str, notation: Notation = AS_WRITTEN) -> Understood:
        """The value of one text; blank text is :data:`BLANK`. Never raises."""
        return self._cached(text, notation) if len(text) <= 500 else self._read(text, notation)

    def _read(self, text: str, notation: Notation) -> Understood:
        if len(text) > LONGEST_TEXT:
            return unknown(text[:200] + "…", f"longer than {LONGEST_TEXT:,} characters")
        if not text.isprintable() and _SURROGATE.search(text):
            return unknown(_SURROGATE.sub("\ufffd", text), "it has half a character in it")
        if not text.strip():
            return BLANK
        first = self.name in _ANY_TEXT or (self.name in _PLACES and not text.strip().isalnum())
        why = reference.missing(text, is_free_text=True) if first else None
        # A number such as SEE-DN-304 is a number, and a name is a name.
        if why == NOT_STATED or (why is not None and self.is_free_text):
            return unknown(text, why)
        understood = self.parse_text(text, notation)
        # A stated family decides for all goods: one that says nothing stays an unknown family.
        if (
            understood.value is None
            and self.name != "families"
            and (why := reference.missing(text))
        ):
            return unknown(text, why)
        return understood

    def operand(self, text: str) -> Understood:
        """The value of a text in a rule file, of one member where the kind is a set."""
        kind = self.member
        return (kind.parse_operand or kind.parse_text)(text, AS_WRITTEN)

    def shown(self, understood: Understood) -> str:
        """The value as a person reads it; empty when it is unknown."""
        if understood.value is None:
            return ""
        if self.element is not None:
            members = sorted(self.element.show(item) for item in understood.value)
            return ", ".join(members) or "none"
        return self.show(understood.value)

    def validate(self, value: Any, info: ValidationInfo | None = None) -> Understood | None:
        """Turn what a caller gave into an :class:`Understood`.

        Raises ``ValueError`` for a type that no value is written in.
        """
        if value is None:
            return BLANK
        if isinstance(value, Understood):
            return value
        notation = AS_WRITTEN
        if info is not None and isinstance(info.context, Notation):
            notation = info.context
        return self.parse(_written(value), notation)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self.validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda understood: None if understood is None else understood.written
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        kinds = ["string", "null"]
        if self.order:
            kinds.insert(1, "number")
        described: JsonSchemaValue = {"type": kinds, "description": self.title}
        if self.is_set:
            described = {
                "anyOf": [
                    {"type": kinds},
                    {"type": "array", "items": {"type": "string"}},
                ],
                "description": self.title,
            }
        return described


def _written(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        # A number of thousands of digits would take long to print, and str() refuses it.
        if isinstance(value, int) and value.bit_length() > 400:
            return "a number of more than 100 digits"
        return (
            format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)
        )
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, list | tuple | set | frozenset) and depth == 0:
        members = [_written(member, depth + 1) for member in value]
        return "; ".join(sorted(members) if isinstance(value, set | frozenset) else members)
    raise ValueError(
        f"a value is written as text, a number or a date, not as {type(value).__name__}"
    )


def _text(text: str, notation: Notation) -> Understood:
    return Understood(written=text, value=text.strip())


def _titles(values: Iterable[str]) -> dict[str, str]:
    return {value: value.replace("_", " ").replace("-", " ") for value in values}


def _choice(name: str, title: str, table: str) -> Kind:
    def parse(text: str, notation: Notation) -> Understood:
        found = reference.choices(table).find(text)
        if found is None:
            legal = ", ".join(reference.choices(table).values)
            return unknown(text, f"“{text.strip()[:80]}” is none of {legal}")
        return Understood(written=text, value=found)

    def vocabulary() -> Mapping[str, str]:
        return _titles(reference.choices(table).values)

    return Kind(
        name, title, parse, show=lambda value: str(value).replace("_", " "), vocabulary=vocabulary
    )


def _closed(name: str, title: str, values: tuple[str, ...]) -> Kind:
    def parse(text: str, notation: Notation) -> Understood:
        word = text.strip().lower()
        if word in values:
            return Understood(written=text, value=word)
        return unknown(text, f"“{text.strip()[:80]}” is none of {', '.join(values)}")

    return Kind(name, title, parse, vocabulary=lambda: _titles(values))


def _business(text: str, notation: Notation) -> Understood:
    lines = reference.business_lines()
    plain = text.strip()
    identifier = _hyphenated(plain)
    if identifier in lines:
        return Understood(written=text, value=identifier)
    return trades.recognise(text)


def _hyphenated(text: str) -> str:
    """An id as the tables write it, from its words: ``Money exchange`` is ``money-exchange``."""
    return "-".join(text.lower().replace("_", " ").replace("-", " ").split())


def _families(text: str, notation: Notation) -> Understood:
    known = reference.families()
    members = [_hyphenated(part) for part in text.replace(";", ",").split(",")]
    found = frozenset(name for name in members if name in known)
    lost = [name for name in members if name and name not in known]
    if lost and not found:
        return unknown(text, f"“{lost[0][:80]}” is no product family that is known")
    return Understood(
        written=text,
        value=found,
        how="as stated",
        partial=f"“{lost[0][:80]}” is no product family that is known" if lost else "",
    )


def _family(text: str, notation: Notation) -> Understood:
    name = _hyphenated(text)
    if name in reference.families():
        return Understood(written=text, value=name)
    return unknown(text, f"“{name[:80]}” is no product family that is known")


def _names(text: str, notation: Notation) -> Understood:
    members = frozenset(part.strip() for part in text.split(";") if part.strip())
    return Understood(written=text, value=members)


def _name(text: str, notation: Notation) -> Understood:
    if reference.is_placeholder_name(text):
        return unknown(text, NOT_STATED)
    return names.parse_name(text)


def _quantity(text: str, notation: Notation) -> Understood:
    found = quantity.parse_quantity(text, None, reference.units(), decimal=notation.decimal)
    return purchased(found, notation)


RETURNED = "a return, not a purchase"
"""How a negative quantity is understood: nothing was bought, so it is below every limit."""


def purchased(understood: Understood, notation: Notation = AS_WRITTEN) -> Understood:
    """A quantity as something bought: a negative one is a return or a cancellation, and says so;
    of zero it is unknown how much was bought, and of a minus where most quantities have one."""
    if understood.value is None or understood.value.amount > 0:
        return understood
    shown = quantity.format_quantity(understood.value)
    if understood.value.amount == 0:
        return unknown(understood.written, f"{shown} is no quantity of a purchase")
    if notation.minus_is_open:
        return unknown(
            understood.written,
            f"{shown} can be a return or goods sold: most quantities of the column are negative",
        )
    how = f"{understood.how}; {RETURNED}" if understood.how else RETURNED
    return replace(understood, how=how)


def _regions(text: str, notation: Notation) -> Understood:
    read = [country.parse_region(part, reference.regions()) for part in text.split(";")]
    found = frozenset(one.value for one in read if one.value is not None)
    lost = [one.why for one in read if one.value is None]
    if lost and not found:
        return unknown(text, lost[0])
    return Understood(written=text, value=found, partial=lost[0] if lost else "")


def _tariff_codes(text: str, notation: Notation) -> Understood:
    read = [codes.parse_tariff_code(part) for part in text.split(";")]
    found = frozenset(one.value for one in read if one.value is not None)
    lost = [one.why for one in read if one.value is None]
    if lost and not found:
        return unknown(text, lost[0])
    return Understood(written=text, value=found, partial=lost[0] if lost else "")


def _harms(text: str, notation: Notation) -> Understood:
    found = reference.choices("harm").find(text)
    if found is None:
        return unknown(text, f"“{text.strip()[:80]}” is neither by_nature nor by_quantity")
    return Understood(written=text, value=frozenset({found}))


def _country_name(code: str) -> str:
    return reference.countries().name(code)


def _region_name(code: str) -> str:
    name = reference.region_name(code)
    return f"{name} ({code})" if name else code


def _business_title(identifier: str) -> str:
    line = reference.business_lines().get(identifier)
    return line.title if line else identifier


def _family_title(identifier: str) -> str:
    family = reference.families().get(identifier)
    return family.title if family else identifier


def _show_age(value: Any) -> str:
    if isinstance(value, dates.Duration):
        return f"{value.count} {value.unit}"
    years, months = divmod(value.months, 12)
    if years == 0 and months == 0:
        return f"{value.days} days"
    parts = [f"{years} years" if years != 1 else "1 year"] if years else []
    if months:
        parts.append(f"{months} months" if months != 1 else "1 month")
    return " ".join(parts)


def _show_concentration(value: measures.Concentration) -> str:
    percent = Fraction(value.parts_per_million, 10_000)
    shown = f"{float(percent):.4f}".rstrip("0").rstrip(".")
    return f"{shown} %" + (f" {value.basis}" if value.basis else "")


TEXT = Kind("text", "free text", _text, is_free_text=True)
IDENTIFIER = Kind("identifier", "a number or code given by a party or an office", _text)
NAME = Kind("name", "the name of a party", _name)
COUNTRY = Kind(
    "country",
    "a country, by any usual name or code (ISO 3166-1)",
    lambda text, _: country.parse_country(text, reference.countries()),
    show=_country_name,
)
REGION = Kind(
    "region",
    "a part of a country (ISO 3166-2)",
    lambda text, _: country.parse_region(text, reference.regions()),
    show=_region_name,
)
REGIONS = Kind("regions", "several regions, separated by semicolons", _regions, element=REGION)
BUSINESS = Kind(
    "business",
    "a line of business, in words of seven languages",
    _business,
    show=_business_title,
    vocabulary=lambda: {key: line.title for key, line in reference.business_lines().items()},
)
FAMILY = Kind(
    "family",
    "a product family",
    _family,
    show=_family_title,
    vocabulary=lambda: {key: family.title for key, family in reference.families().items()},
)
FAMILIES = Kind("families", "product families", _families, element=FAMILY)
COUNTRIES = Kind(
    "countries",
    "several countries, separated by semicolons",
    lambda text, _: country.parse_country_set(text, reference.countries()),
    element=COUNTRY,
)
NAMES = Kind("names", "several names, separated by semicolons", _names, element=NAME)
QUANTITY = Kind(
    "quantity",
    "a quantity with its unit",
    _quantity,
    show=quantity.format_quantity,
    order=True,
)
MONEY = Kind(
    "money",
    "an amount with its currency (ISO 4217)",
    lambda text, notation: money.parse_money(
        text, None, reference.currencies(), decimal=notation.decimal
    ),
    show=money.format_money,
    order=True,
)
CONCENTRATION = Kind(
    "concentration",
    "a share of a mixture, in per cent",
    lambda text, notation: measures.parse_concentration(text, decimal=notation.decimal),
    show=_show_concentration,
    order=True,
)
AGE = Kind(
    "age",
    "how long a firm has existed on the date of the order",
    lambda text, _: dates.parse_age(text),
    show=_show_age,
    order=True,
    parse_operand=lambda text, _: dates.parse_duration(text),
)
DATE = Kind(
    "date",
    "a date",
    lambda text, notation: dates.parse_date(
        text, day_first=notation.day_first, latest=notation.latest_day
    ),
    show=lambda value: str(value.isoformat()),
)
TARIFF_CODE = Kind(
    "tariff-code",
    "a customs tariff code (Harmonized System, 2 to 12 digits)",
    lambda text, _: codes.parse_tariff_code(text),
    is_code=True,
)
TARIFF_CODES = Kind(
    "tariff-codes",
    "customs tariff codes, separated by semicolons",
    _tariff_codes,
    element=TARIFF_CODE,
)
CAS = Kind("cas", "a CAS registry number", lambda text, _: codes.parse_cas(text))
CONTROL_CODE = Kind(
    "control-code",
    "an entry of a control list, such as 1E001 or ML8",
    lambda text, _: codes.parse_control_code(text),
    is_code=True,
)
EMAIL = Kind("email", "an e-mail address", lambda text, _: contact.parse_email(text))
DOMAIN = Kind("domain", "an e-mail domain", lambda text, _: contact.email_domain(text))
PHONE = Kind("phone", "a telephone number", _text)
WEBSITE = Kind("website", "the address of a web site", lambda text, _: contact.parse_website(text))
YES_NO = Kind(
    "yes-no",
    "yes, no or unknown, with a note in brackets if there is one",
    lambda text, _: answers.parse_answer(text),
    vocabulary=lambda: _titles(("yes", "no")),
)
NOTED = Kind(
    "noted",
    "whether a person noted it: yes or no",
    lambda text, _: answers.parse_answer(text),
    show=lambda value: {"yes": "noted", "no": "not noted"}[value],
    vocabulary=lambda: {"yes": "noted", "no": "not noted"},
)
STATEMENT_STATUS = _choice(
    "statement-status", "how far the end-use statement has come", "end_use_statement.status"
)
LICENCE_STATUS = _choice("licence-status", "how a licence stands", "licence.status")
PAYMENT_METHOD = _choice("payment-method", "how the goods are paid for", "payment.method")
PAYMENT_TERMS = _choice("payment-terms", "when the goods are paid for", "payment.terms")
ADDRESS_TYPE = _choice("address-type", "what kind of place an address is", "address_type")
SIZE = _choice("size", "the size of a firm", "size")
RELATION = _choice("relation", "how a party is related to the buyer", "relation")
OUTCOME = _choice("outcome", "what became of the order", "outcome")
INCOTERM = _choice("incoterm", "the delivery term (Incoterms)", "incoterm")
SHIP_VIA = _choice("ship-via", "the means of transport", "ship_via")
FIT = _choice("fit", "whether the goods suit the party's trade", "fit")
SCALE = _choice("scale", "the quantity against what is usual for the family", "scale")
LIMIT = _choice("limit", "the concentration against a legal limit", "limit")
END_USER_STATED = _choice("end-user-stated", "how the end user is named", "end_user_stated")
KNOWN_BY = _closed(
    "known-by", "what the product family is known by", ("stated", "text", "cas", "heading")
)
HARM = _choice("harm", "whether the goods matter by nature or by quantity", "harm")
HARMS = Kind("harms", "whether the goods matter by nature or by quantity", _harms, element=HARM)

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
"""Every kind by name."""
