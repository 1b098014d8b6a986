"""A transaction: one order line, with its parties."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Self

import pydantic
from pydantic import BaseModel, ConfigDict, model_validator

from redflags.diagnostics import nearest
from redflags.model import kinds
from redflags.model.kind import derived, stated
from redflags.model.plain_orders import PlainOrders
from redflags.reference import observation_themes, observations
from redflags.values.understood import Understood


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    # What is dumped is read as the same transaction. A field that is not given is left out: as
    # null it would be read as given and empty.
    @pydantic.model_serializer(mode="wrap")
    def _given_alone(self, write: pydantic.SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if value is not None}


class Party(_Model):
    """A firm, an office or a person that has a part in the order."""

    name: Annotated[Understood | None, kinds.NAME] = stated(
        "Name as the order gives it", "name", "Örnek Telefon Ltd. Şti."
    )
    country: Annotated[Understood | None, kinds.COUNTRY] = stated(
        "Country of the party's address", "country", "TR"
    )
    region: Annotated[Understood | None, kinds.REGION] = derived(
        "Part of the country (ISO 3166-2); follows from the city where that is known",
        "region",
        "TR-34",
    )
    city: Annotated[Understood | None, kinds.TEXT] = stated(
        "Town or city of the address", "city", "Istanbul"
    )
    address: Annotated[Understood | None, kinds.TEXT] = stated(
        "Street address as written", "address", "Örnek Cad. 5"
    )
    address_type: Annotated[Understood | None, kinds.ADDRESS_TYPE] = derived(
        "What kind of place the address is; follows from the address where its words say so",
        "kind of address",
        "residential",
    )
    business: Annotated[Understood | None, kinds.BUSINESS] = stated(
        "Line of business, in the order's own words", "business", "mobile phone shop"
    )
    size: Annotated[Understood | None, kinds.SIZE] = stated(
        "Size of the firm: micro, small, medium or large", "size", "micro"
    )
    incorporated: Annotated[Understood | None, kinds.DATE] = stated(
        "Day on which the firm was formed", "date of formation", "2014-06-01"
    )
    customer_since: Annotated[Understood | None, kinds.DATE] = stated(
        "Day of the first business with the seller", "first day as a customer", "2015-03-01"
    )
    email: Annotated[Understood | None, kinds.EMAIL] = stated(
        "E-mail address used for the order", "e-mail address", "orders@example.com"
    )
    phone: Annotated[Understood | None, kinds.PHONE] = stated(
        "Telephone number with its country code", "telephone number", "+90 212 555 01 00"
    )
    website: Annotated[Understood | None, kinds.WEBSITE] = stated(
        "Web site of the firm", "web site", "www.example.com"
    )
    registration: Annotated[Understood | None, kinds.IDENTIFIER] = stated(
        "Registration or tax number", "registration number", "HRB 00000"
    )
    directors: Annotated[Understood | None, kinds.NAMES] = stated(
        "Directors, separated by semicolons", "directors", "A. Example; B. Example"
    )
    relation: Annotated[Understood | None, kinds.RELATION] = derived(
        "How the party is related to the buyer, as documented, or as noted beside its name",
        "relation to the buyer",
        "same_group",
    )
    trade_known: Annotated[Understood | None, kinds.YES_NO] = derived(
        "Whether the tables know the line of business; no where none is stated", "known", "yes"
    )
    fit: Annotated[Understood | None, kinds.FIT] = derived(
        "Whether the goods suit the party's trade: normal, unusual, incompatible or reseller",
        "trade against the goods",
        "incompatible",
    )
    age: Annotated[Understood | None, kinds.AGE] = derived(
        "Age of the firm on the date of the order", "age", "8 months"
    )
    customer_for: Annotated[Understood | None, kinds.AGE] = derived(
        "How long the party has been a customer on the date of the order",
        "time as a customer",
        "6 years",
    )
    email_domain: Annotated[Understood | None, kinds.DOMAIN] = derived(
        "Domain of the e-mail address", "e-mail domain", "example.com"
    )
    phone_country: Annotated[Understood | None, kinds.COUNTRY] = derived(
        "Country of the telephone number's code", "telephone country", "TR"
    )


class EndUser(Party):
    """The party that will use the goods."""

    stated: Annotated[Understood | None, kinds.END_USER_STATED] = derived(
        "How the end user is named: named, generic (“stock”), self, intermediary, not_stated",
        "mention",
        "not_stated",
    )


class Payment(_Model):
    """How the goods are paid for."""

    method: Annotated[Understood | None, kinds.PAYMENT_METHOD] = stated(
        "Means of payment", "way of payment", "bank transfer"
    )
    terms: Annotated[Understood | None, kinds.PAYMENT_TERMS] = stated(
        "When payment is due", "terms of payment", "prepayment"
    )
    bank_country: Annotated[Understood | None, kinds.COUNTRY] = stated(
        "Country of the paying bank", "paying bank's country", "TR"
    )
    countries: Annotated[Understood | None, kinds.COUNTRIES] = derived(
        "Every country from which the order says that payment comes: the payer's, the banks'",
        "countries of payment",
        "TR; AE",
    )


class EndUseStatement(_Model):
    """The end user's written statement of what the goods are for."""

    status: Annotated[Understood | None, kinds.STATEMENT_STATUS] = stated(
        "How far the end-use statement has come", "status of the end-use statement", "received"
    )
    signer: Annotated[Understood | None, kinds.NAME] = stated(
        "Who signed the end-use statement", "signer of the end-use statement", "A. Example"
    )
    date: Annotated[Understood | None, kinds.DATE] = stated(
        "Day on which it was signed", "date of the end-use statement", "2015-05-02"
    )


class Licence(_Model):
    """The export or possession licence for the goods."""

    status: Annotated[Understood | None, kinds.LICENCE_STATUS] = stated(
        "How the licence stands", "status of the licence", "held"
    )
    number: Annotated[Understood | None, kinds.IDENTIFIER] = stated(
        "Number of the licence", "number of the licence", "EX-0000"
    )
    holder: Annotated[Understood | None, kinds.NAME] = stated(
        "To whom the licence was given", "holder of the licence", "Example GmbH"
    )
    consignee: Annotated[Understood | None, kinds.NAME] = stated(
        "Consignee named in the licence", "consignee of the licence", "Example Ltd"
    )
    until: Annotated[Understood | None, kinds.DATE] = stated(
        "Last day on which the licence is good", "last day of the licence", "2016-01-31"
    )
    in_hand: Annotated[Understood | None, kinds.YES_NO] = derived(
        "Whether a licence is in hand: it is held, or its number is stated and it was neither "
        "applied for nor refused; no otherwise, and where nothing is stated, as an assumption",
        "licence in hand",
        "yes",
    )


class _Noted(_Model):
    """Who answered the questions, and when."""

    by: Annotated[Understood | None, kinds.TEXT] = stated(
        "Who answered the questions", "answers' author", "A. Example, sales"
    )
    on: Annotated[Understood | None, kinds.DATE] = stated(
        "Day on which they were answered", "day of the answers", "2016-01-31"
    )


if TYPE_CHECKING:

    class Observations(_Noted):
        """What a person saw, heard or looked up: an answer for each question of the table of
        observations, by the observation's id."""

    class Observed(_Model):
        """What the observations of each theme say together, by the theme's id."""

else:
    # The table of observations is the one place where they are written down.
    Observations = pydantic.create_model(
        "Observations",
        __base__=_Noted,
        __doc__="What a person saw, heard or looked up: yes, no or unknown.",
        **{
            one.id: (
                Annotated[Understood | None, kinds.YES_NO],
                stated(
                    f"{one.statement[:1].upper()}{one.statement[1:]}",
                    f"answer to “{one.question}”",
                    "no",
                ),
            )
            for one in observations().values()
        },
    )
    Observed = pydantic.create_model(
        "Observed",
        __base__=_Model,
        __doc__="What the observations of each theme say together: noted or not.",
        **{
            one.id: (
                Annotated[Understood | None, kinds.NOTED],
                derived(
                    f"{one.meaning}: some observation says so", one.title.removeprefix("the "), "no"
                ),
            )
            for one in observation_themes().values()
        },
    )


class Transaction(_Model):
    """One order line: what, how much, for whom, to where, paid by whom.

    Takes nested input (``{"buyer": {"country": "TR"}}``) or flat (``{"buyer_country": "TR"}``).
    A field that is not given is None; one that is given empty is blank: *not stated*.
    """

    order_id: Annotated[Understood | None, kinds.IDENTIFIER] = stated(
        "Number of the order; lines with the same number are one order", "order number", "O-101"
    )
    line: Annotated[Understood | None, kinds.IDENTIFIER] = stated(
        "Number of the line within the order", "line number", "1"
    )
    date: Annotated[Understood | None, kinds.DATE] = stated(
        "Day of the order", "date of the order", "2015-07-01"
    )
    product: Annotated[Understood | None, kinds.TEXT] = stated(
        "The goods in words, in any of seven languages", "product", "aluminium paste"
    )
    hs_code: Annotated[Understood | None, kinds.TARIFF_CODE] = stated(
        "Customs tariff code", "tariff code", "3212.90"
    )
    cas: Annotated[Understood | None, kinds.CAS] = stated(
        "CAS registry number of the substance", "CAS number", "7429-90-5"
    )
    control_code: Annotated[Understood | None, kinds.CONTROL_CODE] = stated(
        "Entry of the control list", "control-list entry", "1E001"
    )
    concentration: Annotated[Understood | None, kinds.CONCENTRATION] = stated(
        "Share of the substance in the mixture, with its basis", "concentration", "35 % w/w"
    )
    particle_size: Annotated[Understood | None, kinds.QUANTITY] = stated(
        "Size of the grains", "particle size", "45 µm"
    )
    quantity: Annotated[Understood | None, kinds.QUANTITY] = stated(
        "How much, with the unit here or in `unit`", "quantity", "6 t"
    )
    unit: Annotated[Understood | None, kinds.TEXT] = stated("Unit of the quantity", "unit", "kg")
    value: Annotated[Understood | None, kinds.MONEY] = stated(
        "Price of the line, with the currency here or in `currency`", "value", "18000 USD"
    )
    currency: Annotated[Understood | None, kinds.IDENTIFIER] = stated(
        "Currency of the value (ISO 4217)", "currency", "USD"
    )
    end_use: Annotated[Understood | None, kinds.TEXT] = stated(
        "What the goods are for, as stated", "stated end use", "boat paint"
    )
    incoterm: Annotated[Understood | None, kinds.INCOTERM] = stated(
        "Delivery term", "delivery term", "FCA"
    )
    ship_via: Annotated[Understood | None, kinds.SHIP_VIA] = stated(
        "Means of transport", "mode of transport", "sea"
    )
    transit_countries: Annotated[Understood | None, kinds.COUNTRIES] = stated(
        "Countries on the way, separated by semicolons", "transit countries", "AE; IQ"
    )
    outcome: Annotated[Understood | None, kinds.OUTCOME] = stated(
        "What became of the order", "outcome", "delivered"
    )
    notes: Annotated[Understood | None, kinds.TEXT] = stated(
        "Anything else that was written down", "notes", "collects at the gate"
    )
    product_family: Annotated[Understood | None, kinds.FAMILIES] = derived(
        "Product families that the text, the CAS number or the tariff code speak of",
        "product family",
        "aluminium-paste",
        "product.family",
    )
    product_known_by: Annotated[Understood | None, kinds.KNOWN_BY] = derived(
        "What the product family is known by: stated, text, cas, sole_heading (a tariff heading "
        "that covers nothing else) or heading (one that covers other goods too)",
        "evidence for the product family",
        "text",
        "product.known_by",
    )
    product_harm: Annotated[Understood | None, kinds.HARMS] = derived(
        "Whether the family matters by nature or by quantity",
        "kind of harm",
        "by_quantity",
        "product.harm",
    )
    product_limit: Annotated[Understood | None, kinds.LIMIT] = derived(
        "The concentration against the legal limit: above, not_above, not_listed",
        "concentration against the legal limit",
        "above",
        "product.limit",
    )
    product_exempt: Annotated[Understood | None, kinds.YES_NO] = derived(
        "Whether the stated concentration takes the goods out of the regulated class: yes if it is "
        "not above the legal limit; no otherwise, and where none is stated, as an assumption",
        "exemption by concentration",
        "no",
        "product.exempt",
    )
    product_headings: Annotated[Understood | None, kinds.TARIFF_CODES] = derived(
        "The tariff code that the order states; none where the goods are stated in words alone",
        "stated tariff codes",
        "854231",
        "product.headings",
    )
    product_controlled: Annotated[Understood | None, kinds.YES_NO] = derived(
        "Whether the order treats the goods as listed: it states a control-list entry, or a "
        "licence that is held, applied for or refused; no where it states neither, as an "
        "assumption",
        "listing of the goods",
        "no",
        "product.controlled",
    )
    quantity_scale: Annotated[Understood | None, kinds.SCALE] = derived(
        "The quantity against what is usual for the family: retail, trade or bulk",
        "scale of the quantity",
        "bulk",
        "quantity.scale",
    )
    destinations: Annotated[Understood | None, kinds.COUNTRIES] = derived(
        "Every country where the goods stop: transit, intermediate consignee, consignee, end user",
        "countries where the goods stop",
        "AE; TR",
    )
    destination_country: Annotated[Understood | None, kinds.COUNTRY] = derived(
        "The last country of the goods; with no ship-to the buyer's, as an assumption",
        "country of destination",
        "TR",
        "destination.country",
    )
    destinations_region: Annotated[Understood | None, kinds.REGIONS] = derived(
        "Regions where the goods stop; with no ship-to the buyer's, as an assumption",
        "regions where the goods stop",
        "TR-63",
        "destinations.region",
    )
    parties_country: Annotated[Understood | None, kinds.COUNTRIES] = derived(
        "Countries of all parties but the seller",
        "countries of the parties",
        "GB; TR",
        "parties.country",
    )
    parties_name: Annotated[Understood | None, kinds.NAMES] = derived(
        "Names of all parties but the seller",
        "names of the parties",
        "A Ltd; B Ltd",
        "parties.name",
    )
    seller: Party | None = None
    exporter: Party | None = None
    buyer: Party | None = None
    intermediate_consignee: Party | None = None
    consignee: Party | None = None
    end_user: EndUser | None = None
    payer: Party | None = None
    forwarder: Party | None = None
    notify_party: Party | None = None
    bank: Party | None = None
    payment: Payment | None = None
    end_use_statement: EndUseStatement | None = None
    licence: Licence | None = None
    observations: Observations | None = None
    observed: Observed | None = None

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """As pydantic's: of a mapping, say, of columns or fields to texts. Plain mappings, which
        order systems give by the million, take a shorter way to the same."""
        if cls is Transaction and type(obj) is dict and not options:
            made: Self | None = _PLAIN_ORDERS.make(obj)
            if made is not None:
                return made
        return super().model_validate(obj, **options)

    @model_validator(mode="before")
    @classmethod
    def _nest(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        flat: dict[str, Any] = {}
        _flatten(given, "", flat, 0)
        nested: dict[str, Any] = {}
        for column, value in _by_full_name(flat).items():
            group, attribute = _attribute(column)
            if group is None:
                nested[attribute] = value
            else:
                nested.setdefault(group, {})[attribute] = value
        return nested


def _flatten(given: Mapping[Any, Any], prefix: str, flat: dict[str, Any], depth: int) -> None:
    if depth > 2:
        raise ValueError("an order is nested at most one level deep")
    for key, value in given.items():
        column = f"{prefix}{str(key).replace('.', '_')}"
        if isinstance(value, Mapping):
            _flatten(value, column + "_", flat, depth + 1)
        elif isinstance(value, BaseModel):
            stated_only = {name: getattr(value, name) for name in type(value).model_fields}
            _flatten(
                {k: v for k, v in stated_only.items() if v is not None},
                column + "_",
                flat,
                depth + 1,
            )
        elif value is not None or column not in _groups() or column in SHORT_COLUMNS:
            if column in flat:
                raise ValueError(f"the field {column} is given twice")
            flat[column] = value


SHORT_COLUMNS: Mapping[str, str] = {
    "licence": "licence_status",
    "license": "licence_status",
    "end_use_statement": "end_use_statement_status",
    **{name: f"observations_{name}" for name in observations()},
}
"""Columns that stand for a field of another name: a status given as a column of its own, and each
observation by its id alone. Beside the field's own column they count where that says nothing."""


def _by_full_name(flat: dict[str, Any]) -> dict[str, Any]:
    """The columns without short ones that stand for a field given by another name, too: that which
    says something counts, the full name before a short one."""
    rivals: dict[str, list[str]] = {}
    for short, full in SHORT_COLUMNS.items():
        if short in flat:
            rivals.setdefault(full, [full] if full in flat else []).append(short)
    kept = dict(flat)
    for columns in rivals.values():
        stated = next((one for one in columns if _says_something(flat[one])), columns[0])
        for column in columns:
            if column != stated:
                del kept[column]
    return kept


def _says_something(value: Any) -> bool:
    if isinstance(value, Understood):
        return not value.is_blank
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


@lru_cache(maxsize=4096)
def _attribute(column: str) -> tuple[str | None, str]:
    columns = _columns()
    found = columns.get(SHORT_COLUMNS.get(column, column))
    if found is None:
        if column in _groups():
            raise ValueError(
                f"{column!r} has fields of its own: give them as a mapping, or as columns such as "
                f"{_groups()[column]!r}"
            )
        close = nearest(column, columns)
        raise ValueError(
            f"there is no field {column[:80]!r}" + (f"; did you mean {close!r}?" if close else "")
        )
    return found


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, tuple[str | None, str]]:
    """From each column to the group (a party, the payment …) and the attribute it fills."""
    columns: dict[str, tuple[str | None, str]] = {}
    for name, info in Transaction.model_fields.items():
        group = group_model(info.annotation)
        if group is None:
            columns[name] = (None, name)
        else:
            for attribute in group.model_fields:
                columns[f"{name}_{attribute}"] = (name, attribute)
    return columns


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, str]:
    """From each group of fields to its first column."""
    groups: dict[str, str] = {}
    for column, (group, _) in _columns().items():
        if group is not None:
            groups.setdefault(group, column)
    return groups


def group_model(annotation: Any) -> type[BaseModel] | None:
    """The model of a group of fields (``Party | None`` gives ``Party``), None for a field."""
    for member in getattr(annotation, "__args__", (annotation,)):
        if isinstance(member, type) and issubclass(member, BaseModel):
            return member
    return None


_PLAIN_ORDERS = PlainOrders(Transaction, _attribute, group_model)
