"""Where parties sit and where goods stop: regions, kinds of addresses, destinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from redflags import reference
from redflags.model.roles import SHIP_TO
from redflags.values import address as address_words
from redflags.values import names
from redflags.values.understood import ABSENT, Understood, unknown

Values = Mapping[str, Understood]


@lru_cache(maxsize=16_384)
def _region_of_city(city: str, country: str | None) -> Understood:
    found = reference.find_place(city, country)
    if found is None:
        return unknown(city, f"no region is known for “{city[:80]}”")
    return Understood(
        written=city, value=found.subdivision, how=f"“{found.name}” lies in {found.subdivision}"
    )


def region(role: str) -> Callable[[Values], Understood]:
    """The ISO 3166-2 region of a party: of its town where that is known, else of its address."""
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


def address_type(role: str) -> Callable[[Values], Understood]:
    """The kind of place the address of a party names: a box, a free zone, a flat …."""

    def derive(values: Values) -> Understood:
        return _type_of_address(
            values[f"{role}.address"].written,
            values[f"{role}.city"].written,
            values[f"{role}.country"].value,
        )

    return derive


def _country_of(values: Values, role: str) -> Understood:
    country = values[f"{role}.country"]
    if country.is_stated:
        return country
    region = values[f"{role}.region"]
    if region.value is not None:
        return Understood(written=region.written, value=region.value[:2], how="from the region")
    return country


def _is_placed(values: Values, role: str) -> bool:
    return (
        any(values[f"{role}.{attribute}"].is_stated for attribute in ("country", "city", "address"))
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


def destinations(values: Values) -> Understood:
    """The set of countries (ISO 3166-1 alpha-2) that the goods go to or through.

    Partial where the country of a stop is unknown; the buyer counts where no ship-to is stated.
    """
    stops = _stops(values)
    transit = values["transit_countries"]
    found = {country.value for _, country in stops if country.value is not None}
    found |= transit.value or set()
    lost = [f"the {role.replace('_', ' ')}'s country" for role, one in stops if one.value is None]
    if transit.is_stated and (transit.value is None or transit.partial):
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


def destination_country(values: Values) -> Understood:
    """The country (ISO 3166-1 alpha-2) where the goods end, as far as is stated."""
    role, country = _stops(values)[-1]
    if country.value is None:
        return unknown(country.written, country.why, f"{role}.country")
    return country


def _is_at_the_buyer_s(values: Values, role: str) -> bool:
    """Whether a ship-to says no more than the buyer's own country, so that it is the buyer."""
    country = values[f"{role}.country"].value
    if country is not None and country != values["buyer.country"].value:
        return False
    if any(values[f"{role}.{attribute}"].is_stated for attribute in ("city", "address")):
        return False
    name, buyer = values[f"{role}.name"].value, values["buyer.name"].value
    if name is None:
        return not values[f"{role}.business"].is_stated
    return buyer is not None and names.same_name(name, buyer, reference.legal_forms())


def destinations_region(values: Values) -> Understood:
    """The set of regions (ISO 3166-2) that the goods go to or through.

    ``detail`` holds the countries of the stops whose region is unknown, so that a list without
    a region of those countries still does not match; none if such a country is unknown too.
    """
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
