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
from redflags.model import goods, listing, observed, whereabouts
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.model.kinds import AGE
from redflags.model.roles import OTHERS, ROLES, SHIP_TO
from redflags.model.trades import GENERAL_LINES
from redflags.model.whereabouts import Values
from redflags.values import contact, dates, names
from redflags.values.text import tokens
from redflags.values.understood import ABSENT, Understood, unknown


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


def _since(path: str, what: str, too_late: str) -> Callable[[Values], Understood]:
    """The time from a stated day to the date of the order; ``too_late`` says what is wrong with a
    day after it."""

    def derive(values: Values) -> Understood:
        began, ordered = values[path], values["date"]
        if not began.is_stated:
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
        return contact.email_domain(email.written) if email.is_stated else email

    return derive


def _phone_country(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.phone"

    def derive(values: Values) -> Understood:
        phone = values[path]
        if not phone.is_stated:
            return phone
        return contact.phone_country(phone.written, reference.dial_codes())

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


def _trade_known(role: str) -> Callable[[Values], Understood]:
    path = f"{role}.business"

    def derive(values: Values) -> Understood:
        """Words that no term recognises say as little of a trade as an empty cell does."""
        business = values[path]
        if business is ABSENT:
            return unknown("", business.why, path)
        if business.value is not None:
            return Understood(written=business.written, value="yes")
        return Understood(written=business.written, value="no", how=business.why)

    return derive


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
    support = "sole_heading" if best.sole else best.support
    return Understood(written=families.written, value=support, how=best.how)


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
    for role in ALREADY_NAMED:
        other = values[f"{role}.name"].value
        if other is None or not names.same_name(name.value, other, reference.legal_forms()):
            continue
        how = f"the same name as the {role.replace('_', ' ')}'s"
        if role in _NO_USERS or values[f"{role}.business"].value in _PASSING_ON:
            return Understood(written=name.written, value="intermediary", how=how)
        if role == "buyer":
            return Understood(written=name.written, value="self", how=how)
    return Understood(written=name.written, value="named")


ALREADY_NAMED = (
    "buyer",
    "consignee",
    "intermediate_consignee",
    "forwarder",
    "notify_party",
    "bank",
)
"""The parties of an order whose name can stand for the end user's, and say nothing of a user."""

_NO_USERS = frozenset({"forwarder", "bank"})
_PASSING_ON = GENERAL_LINES | {
    "freight-forwarder", "courier-mailbox", "trucking-company", "warehouse-free-zone",
}  # fmt: skip


@lru_cache(maxsize=16_384)
def _says_only_a_trade(name: str) -> bool:
    """Whether a name consists of nothing but words for a line of business: “university”."""
    found = reference.business_terms().find(name)
    return bool(found) and found[0].words >= len(tokens(name))


def _parties(attribute: str) -> Callable[[Values], Understood]:
    def derive(values: Values) -> Understood:
        stated = [
            (role, values[f"{role}.{attribute}"])
            for role in OTHERS
            if values[f"{role}.{attribute}"].is_stated
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
    stated = [(path, values[path]) for path in PAYMENT_COUNTRIES if values[path].is_stated]
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
        table[own + "region"] = Derivation(
            whereabouts.region(role), (places,), (own + "country", *places)
        )
        # Another part of the address can say more than the first: the value may change.
        table[own + "address_type"] = Derivation(
            whereabouts.address_type(role),
            (_of(role, "address", "city"),),
            (own + "country", *places),
            assumes=True,
        )
        table[own + "relation"] = _simple(_relation(role), own + "name")
        table[own + "trade_known"] = _simple(_trade_known(role), own + "business")
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
        _end_user_stated,
        (("end_user.name",),),
        (
            "end_user.name",
            *(f"{role}.name" for role in ALREADY_NAMED),
            *(f"{role}.business" for role in ALREADY_NAMED if role not in _NO_USERS),
        ),
        assumes=True,
    ),
    "destinations": Derivation(
        whereabouts.destinations,
        ((*_PLACES, "transit_countries"),),
        (*_READ_OF_PLACES, "transit_countries"),
        assumes=True,
    ),
    "destination.country": Derivation(
        whereabouts.destination_country, (_PLACES,), _READ_OF_PLACES, assumes=True
    ),
    "destinations.region": Derivation(
        whereabouts.destinations_region,
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
