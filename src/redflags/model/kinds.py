"""The kinds of values: what decides how a field is parsed, tested and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from redflags import reference
from redflags.model import trades
from redflags.model.kind import Kind
from redflags.model.notation import AS_WRITTEN, Notation
from redflags.values import (
    answers,
    codes,
    contact,
    country,
    dates,
    headcount,
    measures,
    money,
    names,
    quantity,
)
from redflags.values.understood import NOT_STATED, Understood, unknown


def _text(text: str, notation: Notation) -> Understood:
    return Understood(written=text, value=text.strip())


def _titles(values: Iterable[str]) -> dict[str, str]:
    return {value: value.replace("_", " ").replace("-", " ") for value in values}


def _choice(
    name: str,
    title: str,
    table: str,
    otherwise: Callable[[str], Understood | None] = lambda text: None,
) -> Kind:
    def parse(text: str, notation: Notation) -> Understood:
        found = reference.choices(table).find(text)
        if found is None and (read := otherwise(text)) is not None:
            return read
        if found is None:
            legal = ", ".join(reference.choices(table).values)
            return unknown(text, f"“{text.strip()[:80]}” is none of {legal}")
        return Understood(written=text, value=found)

    def vocabulary() -> Mapping[str, str]:
        return _titles(reference.choices(table).values)

    return Kind(
        name, title, parse, show=lambda value: str(value).replace("_", " "), vocabulary=vocabulary
    )


_BEFORE_A_NUMBER = re.compile(r"([^,;:(0-9]{2,60})[,;:(](.{3,60}?)\)?", re.DOTALL)


def _status_before_a_number(text: str) -> Understood | None:
    """How a licence stands where its number follows: ``granted, no. 123/24``."""
    match = _BEFORE_A_NUMBER.fullmatch(text.strip())
    if match is None or codes.parse_licence_number(match[2]).value is None:
        return None
    found = reference.choices("licence.status").find(match[1])
    return None if found is None else Understood(written=text, value=found)


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
    found = trades.recognise(text)
    if found.value is None and (by_code := reference.line_of_nace(text)) is not None:
        return Understood(
            written=text,
            value=by_code.line,
            how=f"class {by_code.code} of NACE Rev. 2",
            assumed=""
            if by_code.is_named
            else "the number is taken as a class of NACE Rev. 2, the European list of trades",
        )
    return found


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
        text,
        day_first=notation.day_first,
        latest=notation.latest_day,
        counts_days=bool(notation.counts_days),
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
LICENCE_STATUS = _choice(
    "licence-status", "how a licence stands", "licence.status", _status_before_a_number
)
PAYMENT_METHOD = _choice("payment-method", "how the goods are paid for", "payment.method")
PAYMENT_TERMS = _choice("payment-terms", "when the goods are paid for", "payment.terms")
ADDRESS_TYPE = _choice("address-type", "what kind of place an address is", "address_type")
SIZE = _choice("size", "the size of a firm", "size", headcount.size_of_staff)
RELATION = _choice("relation", "how a party is related to the buyer", "relation")
OUTCOME = _choice("outcome", "what became of the order", "outcome")
INCOTERM = _choice("incoterm", "the delivery term (Incoterms)", "incoterm")
SHIP_VIA = _choice("ship-via", "the means of transport", "ship_via")
FIT = _choice("fit", "whether the goods suit the party's trade", "fit")
SCALE = _choice("scale", "the quantity against what is usual for the family", "scale")
LIMIT = _choice("limit", "the concentration against a legal limit", "limit")
END_USER_STATED = _choice("end-user-stated", "how the end user is named", "end_user_stated")
KNOWN_BY = _closed(
    "known-by",
    "what the product family is known by",
    ("stated", "text", "cas", "sole_heading", "heading"),
)
HARM = _choice("harm", "whether the goods matter by nature or by quantity", "harm")
HARMS = Kind("harms", "whether the goods matter by nature or by quantity", _harms, element=HARM)

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in list(globals().values()) if isinstance(kind, Kind)
}
"""Every kind by name."""
