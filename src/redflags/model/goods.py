"""What the goods are: product families, and what follows from them together with the trade, the
quantity and the concentration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from redflags import reference
from redflags.model.contents import Content, content_of_package
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.model.measured import Measured, measured_in, missing_unit
from redflags.reference import Family, LegalLimit
from redflags.values import codes, measures
from redflags.values.measures import Concentration, ShareBounds
from redflags.values.quantity import Quantity, format_quantity
from redflags.values.understood import ABSENT, Understood, unknown

NOT_APPLICABLE = "not_applicable"
"""The value of fit and scale for goods of no family: no test for a value of theirs holds."""

NO_FAMILY = Understood(value=NOT_APPLICABLE, how="the goods belong to no product family")

LEAST_FITTING = ("incompatible", "unusual", "reseller", "normal")
"""Fits from the least to the most fitting; goods of several families take the first."""

NITROGEN_OF_AMMONIUM_NITRATE = Fraction(350, 1000)
"""Share of nitrogen in ammonium nitrate by weight: 28.01 of 80.04 (atomic weights)."""

BY_CLASS = "nobody has judged this pair: it follows from the wider classes of trade and goods"

_SUPPORT = ("stated", "cas", "text", "heading")


@dataclass(frozen=True, slots=True)
class FamilyEvidence:
    """Why the goods belong to a family: stated, or by a term, a CAS number or a tariff heading.

    ``strength`` orders the evidence; of two families with equal strength neither is better
    supported. ``content`` is what one package holds, where the product text says it of goods that
    are measured by mass or volume: 0.5 kg of a motor is no content. ``sole`` says that a tariff
    heading names these goods and no others.
    """

    family: str
    support: str
    strength: int
    how: str
    also_covers: str = ""
    content: Content | None = None
    sole: bool = False


def evidence(families: Understood) -> tuple[FamilyEvidence, ...]:
    """The evidence for each family of a value of ``product.family``, the best supported first."""
    if families.detail is not None:
        found: tuple[FamilyEvidence, ...] = families.detail
        return found
    return tuple(
        FamilyEvidence(family, "stated", 0, "as stated") for family in sorted(families.value)
    )


def recognise(product: Understood, cas: Understood, heading: Understood) -> Understood:
    """The families of the goods: by the words of the product text and by CAS numbers, and only if
    these say nothing by the tariff heading, which usually covers other goods as well."""
    if product.value is None and cas.value is None and heading.value is None:
        return unknown(product.written, f"the product: {product.why}", "product")
    return _recognise(product.value or "", cas.value or "", heading.value or "")


@lru_cache(maxsize=65_536)
def _recognise(text: str, cas: str, heading: str) -> Understood:
    found: dict[str, FamilyEvidence] = {}
    matches = reference.family_terms().find(text)
    numbers = [cas] if cas else list(codes.find_cas(text))
    # Most texts speak of no listed goods: then nobody asks how much is in a package.
    content = content_of_package(text) if matches or numbers or heading else None
    for match in matches:
        found[match.id] = FamilyEvidence(
            match.id,
            "text",
            match.words,
            f"term “{match.term}” ({match.language})",
            content=_of(match.id, content),
        )
    for number in numbers:
        by_number = reference.families_of_cas(number)
        # A number that two families share (aluminium) adds nothing where the text names one.
        if any(family in found for family in by_number):
            continue
        for family in by_number:
            found[family] = FamilyEvidence(
                family, "cas", 2, f"CAS number {number}", content=_of(family, content)
            )
    if not found and heading:
        for entry in reference.families_of_heading(heading):
            found[entry.family] = FamilyEvidence(
                entry.family,
                "heading",
                0,
                f"tariff heading {shown_heading(entry.heading)}"
                f"{'' if entry.breadth == 'sole' else ' alone'}, which "
                f"{'covers' if entry.breadth == 'sole' else 'also covers'} {entry.also_covers}",
                entry.also_covers,
                _of(entry.family, content),
                entry.breadth == "sole",
            )
    ranked = tuple(
        sorted(
            found.values(),
            key=lambda one: (_SUPPORT.index(one.support), -one.strength, one.family),
        )
    )
    written = text or cas or heading
    if not ranked:
        return Understood(written=written, value=frozenset(), how="no product family is recognised")
    return Understood(
        written=written,
        value=frozenset(found),
        how="; ".join(one.how for one in ranked),
        detail=ranked,
    )


def shown_heading(code: str) -> str:
    """A tariff code with its usual point: 321290 as 3212.90."""
    return f"{code[:4]}.{code[4:]}" if len(code) > 4 else code


def _of(family: str, content: Content | None) -> Content | None:
    """What a package of goods holds, where they are sold by mass or volume."""
    by_content = reference.families()[family].dimension in ("mass", "volume")
    return content if by_content else None


def _best(found: Sequence[FamilyEvidence]) -> list[FamilyEvidence]:
    """Those that no other is better supported than."""
    first = found[0]
    return [one for one in found if (one.support, one.strength) == (first.support, first.strength)]


def fit(
    business: str, found: Sequence[FamilyEvidence], site: Judgements = AS_SHIPPED
) -> Understood:
    """Whether goods of these families suit a line of business: the best supported family decides,
    on a tie the least fitting. A site's own judgement wins. A pair on which there is none, neither
    of its own nor of the wider classes, is unknown."""
    families = tuple(one.family for one in _best(found))
    if any((business, family) in site.fits for family in families):
        return _decided(business, families, site)
    return _fit(business, families)


@lru_cache(maxsize=16_384)
def _fit(business: str, families: tuple[str, ...]) -> Understood:
    return _decided(business, families, AS_SHIPPED)


def _decided(business: str, families: tuple[str, ...], site: Judgements) -> Understood:
    title = reference.business_lines()[business].title
    known: list[tuple[str, str, str, str]] = []
    for family in families:
        own = site.fits.get((business, family))
        if own is not None:
            known.append((own.value, own.reason, family, f"judged in {own.table}"))
            continue
        found = reference.fit(business, family)
        if found is not None:
            known.append((found.value, found.reason, family, BY_CLASS if found.by_class else ""))
    if not known:
        goods_title = reference.families()[families[0]].title
        return unknown("", f"there is no judgement on file of {goods_title} for {title}")
    value, reason, family, note = min(known, key=lambda one: LEAST_FITTING.index(one[0]))
    return Understood(
        value=value,
        how=f"{reference.families()[family].title} for {title}: {reason}",
        assumed=note,
    )


def harm(found: Sequence[FamilyEvidence]) -> Understood:
    """Whether the best supported families matter by nature or by quantity."""
    if not found:
        return Understood(value=frozenset(), how="the goods belong to no product family")
    families = reference.families()
    return Understood(
        written=", ".join(families[one.family].title for one in _best(found)),
        value=frozenset(families[one.family].harm for one in _best(found)),
    )


def scale(
    found: Sequence[FamilyEvidence], quantity: Understood, site: Judgements = AS_SHIPPED
) -> Understood:
    """The quantity against what is retail, trade or bulk for the best supported family (judgement,
    see the reference data; a site's own bounds win); on a tie the larger scale counts."""
    if quantity.value is not None and quantity.value.amount < 0:
        return Understood(written=quantity.written, value=NOT_APPLICABLE, how=quantity.how)
    results: list[Understood] = []
    for one in _best(found):
        family = _bounded(one.family, site)
        if family.retail_below is None or family.trade_below is None:
            continue
        if family.trade_below.amount == 0:
            return Understood(
                written=quantity.written,
                value="bulk",
                how=f"any amount of {family.title} counts as bulk",
                detail=family.title,
            )
        if quantity.value is None:
            said = missing_unit(quantity, family.trade_below.dimension, one.content)
            results.append(unknown(said.written, said.why, *(said.needs or ("quantity",))))
            continue
        in_measure = measured_in(
            quantity.value, family.trade_below.dimension, family.density, one.content
        )
        amount = in_measure.amount
        if amount is None or (in_measure.is_least and amount.amount < family.trade_below.amount):
            results.append(unknown(quantity.written, in_measure.why, "quantity"))
            continue
        value = (
            "retail"
            if amount.amount < family.retail_below.amount
            else "trade"
            if amount.amount < family.trade_below.amount
            else "bulk"
        )
        results.append(
            Understood(
                written=quantity.written,
                value=value,
                how=f"bulk of {family.title} begins at {format_quantity(family.trade_below)}",
                assumed=in_measure.assumed,
                detail=family.title,
            )
        )
    if not results:
        return NO_FAMILY
    known = [one for one in results if one.value is not None]
    if not known or len(known) < len(results):
        # One family's scale is open: it could be the larger one.
        if any(one.value == "bulk" for one in known):
            return next(one for one in known if one.value == "bulk")
        return next(one for one in results if one.value is None)
    return max(known, key=lambda one: ("retail", "trade", "bulk").index(one.value))


def _bounded(name: str, site: Judgements) -> Family:
    """A family with the site's own bounds of scale, where it has any."""
    family, own = reference.families()[name], site.scales.get(name)
    if own is None:
        return family
    return replace(
        family,
        retail_below=own.retail_below,
        trade_below=own.trade_below,
        dimension=own.trade_below.dimension,
    )


def measured(families: Understood, quantity: Quantity, dimension: str) -> Measured:
    """The quantity of goods of these families in a dimension, as every bound sees it: by what the
    product text says that one package holds, and by the density of the best supported family."""
    if quantity.dimension == dimension or not families.value:
        return measured_in(quantity, dimension, None, None)
    best = evidence(families)[0]
    density = reference.families()[best.family].density
    return measured_in(quantity, dimension, density, best.content)


def amount_in(families: Understood, quantity: Quantity, dimension: str) -> Quantity | None:
    """The quantity of goods of these families in a dimension; None if it cannot be had, or if only
    the least that it can be is known."""
    found = measured(families, quantity, dimension)
    return None if found.is_least and quantity.dimension != dimension else found.amount


def told_apart(families: Understood, quantity: Understood, dimension: str) -> Understood:
    """A quantity that is not known for want of a unit, with what it could be."""
    content = evidence(families)[0].content if families.value else None
    return missing_unit(quantity, dimension, content)


def legal_limit(
    found: Sequence[FamilyEvidence], cas: Understood, concentration: Understood, product: Understood
) -> Understood:
    """The concentration against the limit value of Regulation (EU) 2019/1148, Annex I.

    A concentration that only the product text states is taken from there, as an assumption.
    """
    limit = reference.legal_limit(cas.value) if cas.value is not None else None
    for one in found if limit is None else ():
        limit = reference.legal_limit(one.family)
        if limit is not None:
            break
    if limit is None:
        return Understood(value="not_listed", how="no limit value is listed")
    share, assumed = concentration, ""
    if concentration is ABSENT or concentration.is_blank:
        stated = measures.find_concentration(product.value or "")
        if stated is None:
            return unknown("", "the concentration is not stated", "concentration")
        share, assumed = stated, "the percentage in the product text is taken as the concentration"
    if share.value is None:
        by_bounds = _by_bounds(limit, share, assumed)
        return by_bounds or unknown(share.written, share.why, "concentration")
    assumed = _read_as(limit, share.value, assumed)
    percent = Fraction(limit.parts_per_million, 10_000)
    return Understood(
        written=share.written,
        value="above" if _is_above(limit, share.value) else "not_above",
        how=f"the limit value is {percent} % {limit.basis} ({limit.document})",
        assumed=assumed,
    )


def _read_as(limit: LegalLimit, share: Concentration, assumed: str) -> str:
    """What is assumed of a share, with how a percentage of a nitrate is read."""
    if limit.basis != "nitrogen" or share.basis == "nitrogen":
        return assumed
    read = (
        "the percentage is taken as nitrogen, by which fertilisers are named"
        if _names_nitrogen(share)
        else "the percentage is taken as ammonium nitrate, of which 35 % is nitrogen"
    )
    return f"{assumed}; {read}" if assumed else read


def _by_bounds(limit: LegalLimit, share: Understood, assumed: str) -> Understood | None:
    """What stated bounds of a concentration say, where all shares between them agree."""
    above = _bounds_are_above(limit, share.detail)
    if above is None:
        return None
    end = share.detail.least if above else share.detail.most
    percent = Fraction(limit.parts_per_million, 10_000)
    return Understood(
        written=share.written,
        value="above" if above else "not_above",
        how=f"the limit value is {percent} % {limit.basis} ({limit.document}), and all that the"
        f" stated bounds allow lies {'above' if above else 'within'} it",
        assumed=_read_as(limit, end, assumed),
    )


def _bounds_are_above(limit: LegalLimit, bounds: object) -> bool | None:
    """Whether bounds lie above a limit value, or not above it; None where neither is certain."""
    if not isinstance(bounds, ShareBounds):
        return None
    ends = [end for end in (bounds.least, bounds.most) if end is not None]
    if limit.basis == "nitrogen" and len({_names_nitrogen(end) for end in ends}) > 1:
        return None
    if bounds.least is not None and _is_above(limit, bounds.least):
        return True
    if bounds.most is not None and not _is_above(limit, bounds.most):
        return False
    return None


def _is_above(limit: LegalLimit, share: Concentration) -> bool:
    parts = Fraction(share.parts_per_million)
    if limit.basis == "nitrogen" and not _names_nitrogen(share):
        parts *= NITROGEN_OF_AMMONIUM_NITRATE
    bound = limit.parts_per_million
    return parts >= bound if limit.operator == "at_least" else parts > bound


def _names_nitrogen(share: Concentration) -> bool:
    """Whether a percentage of a nitrate fertiliser is one of nitrogen.

    Ammonium nitrate of "33.5 %" or "27 %" is named by its nitrogen, whether the label says so or
    not (the grades of Regulation (EC) No 2003/2003, Annex I, are in per cent of nitrogen). Of more
    than 35 % it can only be the share of the salt.
    """
    return share.basis == "nitrogen" or (
        share.parts_per_million <= NITROGEN_OF_AMMONIUM_NITRATE * 1_000_000
    )


def limit_marks(cas: Understood, product: Understood) -> tuple[object, ...]:
    """All that :func:`legal_limit` reads of a CAS number and of a product text: texts with equal
    marks and families are alike to it, whatever the concentration beside them."""
    limit = None if cas.value is None else reference.legal_limit(cas.value)
    stated = measures.find_concentration(product.value or "")
    if stated is None:
        return (limit, None)
    if stated.value is None:
        limits = reference.legal_limits()
        return (limit, "", tuple(_bounds_are_above(one, stated.detail) for one in limits))
    return (limit, tuple(_is_above(one, stated.value) for one in reference.legal_limits()))
