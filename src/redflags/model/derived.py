"""Derived fields: what follows from the fields that an order states.

Each derivation reads a record by path and returns an :class:`Understood`; a value that it cannot
work out is unknown, with the fields that would settle it. From what a derivation needs follows
which rules a file could ever trigger; from what it reads, how little of a file has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from redflags import reference
from redflags.model import goods, listing, observed
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.model.kinds import AGE
from redflags.values import address as address_words
from redflags.values import contact, dates, names
from redflags.values.text import tokens
from redflags.values.understood import ABSENT, Understood, unknown

Values = Mapping[str, Understood]

ROLES = (
    "seller",
    "exporter",
    "buyer",
    "intermediate_consignee",
    "consignee",
    "end_user",
    "payer",
    "forwarder",
    "notify_party",
    "bank",
)
"""Every role of a party, in the order of the model."""

SHIP_TO = ("intermediate_consignee", "consignee", "end_user")
"""The parties to whom goods go, in the order in which they go there."""

OTHERS = tuple(role for role in ROLES if role not in ("seller", "exporter", "bank"))
"""The parties on the other side of the sale."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a field follows from others.

    ``inputs`` names what is needed, of each inner tuple one field; ``reads`` every field that is
    looked at. One that ``assumes`` takes something for granted where a field is not stated, so
    that its value can change when the field is filled; every other known value stays.
    """

    derive: Callable[[Values], Understood]
    inputs: tuple[tuple[str, ...], ...]
    reads: tuple[str, ...]
    assumes: bool = False


def _is_stated(value: Understood) -> bool:
    return value is not ABSENT and not value.is_blank


def _since(path: str, what: str, too_late: str) -> Callable[[Values], Understood]:
    """The time from a stated day to the date of the order; ``too_late`` says what is wrong with a
    day after it."""

    def derive(values: Values) -> Understood:
        began, ordered = values[path], values["date"]
        if not _is_stated(began):
            return began
        if began.value is None:
            return unknown(began.written, f"the {what}: {began.why}", path)
        if ordered.value is None:
            return unknown(began.written, f"the date of the order: {ordered.why}", "date")
        if began.value > ordered.value:
            return unknown(began.written, too_late, path)
        age = dates.age_on(began.value, ordered.value)
        return Understood(
            written=began.written,
            value=age,
            how=f"{AGE.show(age)} from {began.value} to {ordered.value}",
        )

    return derive


def _age(role: str) -> Callable[[Values], Understood]:
    return _since(
        f"{role}.incorporated",
        "date of formation",
        "the firm was formed after the date of the order",
    )


def _customer_for(role: str) -> Callable[[Values], Understood]:
    return _since(
        f"{role}.customer_since",
        "first day as a customer",
        "the first day as a customer lies after the date of the order",
    )


def _email_domain(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.email"

    def derive(values: Values) -> Understood:
        email = values[path]
        return contact.email_domain(email.written) if _is_stated(email) else email

    return derive


def _phone_country(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.phone"

    def derive(values: Values) -> Understood:
        phone = values[path]
        if not _is_stated(phone):
            return phone
        return contact.phone_country(phone.written, reference.dial_codes())

    return derive


@lru_cache(maxsize=16_384)
def _region_of_city(city: str, country: str | None) -> Understood:
    found = reference.find_place(city, country)
    if found is None:
        return unknown(city, f"no region is known for “{city[:80]}”")
    return Understood(
        written=city, value=found.subdivision, how=f"“{found.name}” lies in {found.subdivision}"
    )


def _region(role: str) -> Callable[[Values], Understood]:
    region, city, address = f"{role}.region", f"{role}.city", f"{role}.address"

    def derive(values: Values) -> Understood:
        country = values[f"{role}.country"].value
        why = "neither the region nor a town whose region is known is stated"
        for path in (city, address):
            if values[path].value is not None:
                found = _region_of_city(values[path].written, country)
                if found.value is not None:
                    return found
                why = found.why
        # An unknown region still lies in a known country: lists of other countries' regions
        # do not contain it.
        return Understood(
            written=values[city].written,
            why=why,
            needs=(region,),
            detail=None if country is None else frozenset({country}),
        )

    return derive


@lru_cache(maxsize=16_384)
def _type_of_address(address: str, town: str, country: str | None) -> Understood:
    written = ", ".join(part for part in (address, town) if part.strip())
    found = address_words.address_type(written)
    if found is None or found[0] == "po_box":
        place = reference.find_place(written, country)
        if place is not None and place.kind == "free_zone":
            found = ("free_zone", place.name)
    if found is None:
        return ABSENT
    return Understood(written=written, value=found[0], how=f"“{found[1]}” in the address")


def _address_type(role: str) -> Callable[[Values], Understood]:
    def derive(values: Values) -> Understood:
        return _type_of_address(
            values[f"{role}.address"].written,
            values[f"{role}.city"].written,
            values[f"{role}.country"].value,
        )

    return derive


_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,100})[)\]]")


def _relation(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.name"

    def derive(values: Values) -> Understood:
        """A relation that is noted beside the name: “Holding One (same owner, on file)”."""
        for note in _IN_BRACKETS.findall(values[path].written):
            found = reference.choices("relation").find(note)
            if found is not None:
                return Understood(written=values[path].written, value=found, how=f"“{note}”")
        return ABSENT

    return derive


def _judgements(values: Values) -> Judgements:
    """The site's own judgements that the values carry."""
    found: Judgements = getattr(values, "judgements", AS_SHIPPED)
    return found


def _fit(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.business"

    def derive(values: Values) -> Understood:
        families = values["product.family"]
        if families.value is None:
            return unknown("", families.why, *(families.needs or ("product",)))
        if not families.value:
            return goods.NO_FAMILY
        business = values[path]
        if business.value is None:
            return unknown(business.written, business.why, path)
        found = goods.fit(business.value, goods.evidence(families), _judgements(values))
        if found.value is None:
            return unknown(business.written, found.why, f"{role}.fit")
        return replace(found, written=business.written)

    return derive


def _family(values: Values) -> Understood:
    return goods.recognise(values["product"], values["cas"], values["hs_code"])


def _known_by(values: Values) -> Understood:
    families = values["product.family"]
    if families.value is None:
        return unknown("", families.why, *(families.needs or ("product",)))
    if not families.value:
        return goods.NO_FAMILY
    best = goods.evidence(families)[0]
    return Understood(written=families.written, value=best.support, how=best.how)


def _harm(values: Values) -> Understood:
    families = values["product.family"]
    if families.value is None:
        return unknown("", families.why, *(families.needs or ("product",)))
    return replace(goods.harm(goods.evidence(families)), written=families.written)


def _scale(values: Values) -> Understood:
    families = values["product.family"]
    if families.value is None:
        return unknown("", families.why, *(families.needs or ("product",)))
    if not families.value:
        return goods.NO_FAMILY
    return goods.scale(goods.evidence(families), values["quantity"], _judgements(values))


def _limit(values: Values) -> Understood:
    families = values["product.family"]
    if families.value is None:
        return unknown("", families.why, *(families.needs or ("product",)))
    return goods.legal_limit(
        goods.evidence(families), values["cas"], values["concentration"], values["product"]
    )


def _end_user_stated(values: Values) -> Understood:
    name = values["end_user.name"]
    if name is ABSENT:
        return unknown("", "the input has no such field", "end_user.name")
    word = reference.end_user_words().find(name.written)
    if name.value is None and word is None:
        return Understood(written=name.written, value="not_stated", how="no end user is named")
    if word is not None:
        return Understood(written=name.written, value=word, how=f"“{name.written.strip()}”")
    if name.value is None or _says_only_a_trade(name.value):
        return Understood(
            written=name.written,
            value="generic",
            how=f"“{name.value}” says a trade and names nobody",
        )
    buyer = values["buyer.name"].value
    if buyer is not None and names.same_name(name.value, buyer, reference.legal_forms()):
        return Understood(written=name.written, value="self", how="the same name as the buyer's")
    return Understood(written=name.written, value="named")


@lru_cache(maxsize=16_384)
def _says_only_a_trade(name: str) -> bool:
    """Whether a name consists of nothing but words for a line of business: “university”."""
    found = reference.business_terms().find(name)
    return bool(found) and found[0].words >= len(tokens(name))


def _country_of(values: Values, role: str) -> Understood:
    country = values[f"{role}.country"]
    if _is_stated(country):
        return country
    region = values[f"{role}.region"]
    if region.value is not None:
        return Understood(written=region.written, value=region.value[:2], how="from the region")
    return country


def _is_placed(values: Values, role: str) -> bool:
    return (
        any(
            _is_stated(values[f"{role}.{attribute}"])
            for attribute in ("country", "city", "address")
        )
        or values[f"{role}.region"].value is not None
    )


def _stops(values: Values) -> list[tuple[str, Understood]]:
    """The parties to whom the goods go with their countries; the buyer if none is stated."""
    stops = [(role, _country_of(values, role)) for role in SHIP_TO if _is_placed(values, role)]
    if any(role != "intermediate_consignee" for role, _ in stops):
        return stops
    country = _country_of(values, "buyer")
    if country.value is None:
        return [*stops, ("buyer", country)]
    assumed = Understood(
        written=country.written,
        value=country.value,
        how=country.how,
        assumed="no ship-to is stated, so the goods are taken to go to the buyer",
    )
    return [*stops, ("buyer", assumed)]


def _destinations(values: Values) -> Understood:
    stops = _stops(values)
    transit = values["transit_countries"]
    found = {country.value for _, country in stops if country.value is not None}
    found |= transit.value or set()
    lost = [f"the {role.replace('_', ' ')}'s country" for role, one in stops if one.value is None]
    if _is_stated(transit) and (transit.value is None or transit.partial):
        lost.append("a transit country")
    needs = tuple(f"{role}.country" for role, one in stops if one.value is None)
    if not found:
        return unknown("", "no country of the goods' way is known", *(needs or ("buyer.country",)))
    return Understood(
        written="; ".join(one.written for _, one in stops if one.written),
        value=frozenset(found),
        partial=f"{lost[0]} is not known" if lost else "",
        needs=needs,
        assumed=next((one.assumed for _, one in stops if one.assumed), ""),
    )


def _destination_country(values: Values) -> Understood:
    role, country = _stops(values)[-1]
    if country.value is None:
        return unknown(country.written, country.why, f"{role}.country")
    return country


def _is_at_the_buyer_s(values: Values, role: str) -> bool:
    """Whether a ship-to says no more than the buyer's own country, so that it is the buyer."""
    country = values[f"{role}.country"].value
    if country is not None and country != values["buyer.country"].value:
        return False
    if any(_is_stated(values[f"{role}.{attribute}"]) for attribute in ("city", "address")):
        return False
    name, buyer = values[f"{role}.name"].value, values["buyer.name"].value
    if name is None:
        return not _is_stated(values[f"{role}.business"])
    return buyer is not None and names.same_name(name, buyer, reference.legal_forms())


def _destinations_region(values: Values) -> Understood:
    stops = _stops(values)
    found: set[str] = set()
    open_countries: set[str] | None = set()
    needs: list[str] = []
    written: list[str] = []
    how: list[str] = []
    at_buyer = False
    for role, country in stops:
        region = values[f"{role}.region"]
        if region.value is None and _is_at_the_buyer_s(values, role):
            region = values["buyer.region"]
            at_buyer = region.value is not None or at_buyer
        if region.value is not None:
            found.add(region.value)
            written.append(region.written)
            how.append(region.how)
        else:
            needs.append(f"{role}.region")
            if open_countries is not None and country.value is not None:
                open_countries.add(country.value)
            else:
                open_countries = None
    return Understood(
        written="; ".join(written),
        value=frozenset(found),
        how="; ".join(part for part in how if part),
        assumed=next((one.assumed for _, one in stops if one.assumed), "")
        or ("the goods are taken to go to the buyer's own town" if at_buyer else ""),
        partial="the region of a stop is not known" if needs else "",
        needs=tuple(needs),
        detail=None if open_countries is None else frozenset(open_countries),
    )


def _parties(attribute: str) -> Callable[[Values], Understood]:
    def derive(values: Values) -> Understood:
        stated = [
            (role, values[f"{role}.{attribute}"])
            for role in OTHERS
            if _is_stated(values[f"{role}.{attribute}"])
        ]
        found = frozenset(one.value for _, one in stated if one.value is not None)
        lost = [role for role, one in stated if one.value is None]
        if not found:
            return unknown("", f"no party's {attribute} is known", f"buyer.{attribute}")
        return Understood(
            written="; ".join(one.written for _, one in stated),
            value=found,
            partial=f"the {lost[0].replace('_', ' ')}'s {attribute} is not known" if lost else "",
            needs=tuple(f"{role}.{attribute}" for role in lost),
        )

    return derive


PAYMENT_COUNTRIES = ("payer.country", "payment.bank_country", "bank.country")
"""The fields that say from which country payment comes."""


def _payment_countries(values: Values) -> Understood:
    """What the order says of it: where it says nothing, no country, which is no gap in itself."""
    stated = [(path, values[path]) for path in PAYMENT_COUNTRIES if _is_stated(values[path])]
    lost = [path for path, one in stated if one.value is None]
    return Understood(
        written="; ".join(one.written for _, one in stated),
        value=frozenset(one.value for _, one in stated if one.value is not None),
        partial="a country of payment is not known" if lost else "",
        needs=tuple(lost),
    )


def _of(role: str, *attributes: str) -> tuple[str, ...]:
    return tuple(f"{role}.{attribute}" for attribute in attributes)


def _simple(derive: Callable[[Values], Understood], *reads: str) -> Derivation:
    """A derivation that needs everything it reads."""
    return Derivation(derive, tuple((path,) for path in reads), reads)


def _for_parties() -> dict[str, Derivation]:
    table: dict[str, Derivation] = {}
    for role in ROLES:
        own = f"{role}."
        places = _of(role, "city", "address")
        table[own + "region"] = Derivation(_region(role), (places,), (own + "country", *places))
        # Another part of the address can say more than the first: the value may change.
        table[own + "address_type"] = Derivation(
            _address_type(role),
            (_of(role, "address", "city"),),
            (own + "country", *places),
            assumes=True,
        )
        table[own + "relation"] = _simple(_relation(role), own + "name")
        table[own + "fit"] = _simple(_fit(role), own + "business", "product.family")
        table[own + "age"] = _simple(_age(role), own + "incorporated", "date")
        table[own + "customer_for"] = _simple(_customer_for(role), own + "customer_since", "date")
        table[own + "email_domain"] = _simple(_email_domain(role), own + "email")
        table[own + "phone_country"] = _simple(_phone_country(role), own + "phone")
    return table


def _for_themes() -> dict[str, Derivation]:
    return {
        path: Derivation(observed.derive(reads), (reads,), reads, assumes=True)
        for path, reads in observed.observations_by_theme().items()
    }


_GOODS = ("product", "cas", "hs_code")
_PLACES = tuple(path for role in (*SHIP_TO, "buyer") for path in _of(role, "country", "region"))
_READ_OF_PLACES = tuple(
    path
    for role in (*SHIP_TO, "buyer")
    for path in _of(role, "country", "region", "city", "address")
)
_NAMED = tuple(path for role in (*SHIP_TO, "buyer") for path in _of(role, "name", "business"))

DERIVATIONS: Mapping[str, Derivation] = {
    **_for_parties(),
    **_for_themes(),
    "product.family": Derivation(_family, (_GOODS,), _GOODS),
    "product.known_by": _simple(_known_by, "product.family"),
    "product.harm": _simple(_harm, "product.family"),
    "product.limit": Derivation(
        _limit,
        (("product.family",), ("concentration", "product")),
        ("product.family", "cas", "concentration", "product"),
        assumes=True,
    ),
    "product.exempt": Derivation(
        listing.exempt,
        (("product.family",),),
        ("product.family", "product.limit"),
        assumes=True,
    ),
    "product.headings": Derivation(
        listing.headings, (("hs_code",),), ("hs_code", "product.family"), assumes=True
    ),
    "product.controlled": Derivation(
        listing.controlled,
        (("control_code", "licence.status"),),
        ("control_code", "licence.status", "product.family"),
        assumes=True,
    ),
    "licence.in_hand": Derivation(
        listing.in_hand,
        (("licence.status", "licence.number"),),
        ("licence.status", "licence.number", "product.family"),
        assumes=True,
    ),
    "quantity.scale": _simple(_scale, "product.family", "quantity"),
    "end_user.stated": Derivation(
        _end_user_stated, (("end_user.name",),), ("end_user.name", "buyer.name")
    ),
    "destinations": Derivation(
        _destinations,
        ((*_PLACES, "transit_countries"),),
        (*_READ_OF_PLACES, "transit_countries"),
        assumes=True,
    ),
    "destination.country": Derivation(
        _destination_country, (_PLACES,), _READ_OF_PLACES, assumes=True
    ),
    "destinations.region": Derivation(
        _destinations_region,
        (tuple(path for path in _PLACES if path.endswith("region")),),
        (*_READ_OF_PLACES, *_NAMED),
        assumes=True,
    ),
    "payment.countries": Derivation(
        _payment_countries, (PAYMENT_COUNTRIES,), PAYMENT_COUNTRIES, assumes=True
    ),
    "parties.country": Derivation(
        _parties("country"),
        (tuple(f"{role}.country" for role in OTHERS),),
        tuple(f"{role}.country" for role in OTHERS),
    ),
    "parties.name": Derivation(
        _parties("name"),
        (tuple(f"{role}.name" for role in OTHERS),),
        tuple(f"{role}.name" for role in OTHERS),
    ),
}
"""Every derived field with its derivation."""
