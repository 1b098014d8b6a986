"""Closed and open lists: limits of law, mail providers, legal forms, tables for rule packs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from redflags.reference.families import families
from redflags.reference.tables import public_id, read_rows, read_table
from redflags.values.names import LegalForms

LIST_TABLES = (
    "chpl_hs",
    "conflict_adjacent_regions",
    "embargo_measures",
    "eu_2019_1148_annex1",
    "eu_2019_1148_annex2",
    "transshipment_hubs",
    "uk_2023_63_changes",
)
"""The tables that a rule pack may draw its lists from."""


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """The concentration above which a substance is restricted.

    ``operator`` is ``more_than`` (at exactly the limit it is not restricted) or ``at_least``;
    ``basis`` is ``w/w``, or ``nitrogen`` where the percentage of nitrogen counts;
    ``applies_from`` is an ISO date.
    """

    substance: str
    cas: str
    parts_per_million: int
    operator: str
    basis: str
    document: str
    applies_from: str


@cache
def legal_forms() -> LegalForms:
    """The legal forms of firms that are no part of a name for comparison."""
    return LegalForms(row[0] for row in read_rows("legal_forms"))


@cache
def free_mail_domains() -> frozenset[str]:
    """Domains of mail providers where anybody can have an address, lower case."""
    return frozenset(row[0] for row in read_rows("free_mail_domains"))


@cache
def disposable_mail_domains() -> frozenset[str]:
    """Domains of throw-away mail addresses, lower case (package disposable-email-domains)."""
    return frozenset(row[0] for row in read_rows("disposable_mail_domains"))


def legal_limit(cas_or_family: str) -> LegalLimit | None:
    """The limit of Regulation (EU) 2019/1148, Annex I, for a CAS number or a product family; of
    UK SI 2023/63 for a substance that only Great Britain regulates.

    None if there is none, or if a family has substances with different limits.
    """
    limits = _limits()
    cas_or_family = _LIMIT_OF.get(cas_or_family, cas_or_family)
    if cas_or_family in limits:
        return limits[cas_or_family]
    family = families().get(cas_or_family)
    if family is None:
        return None
    found = [limits[cas] for cas in family.cas if cas in limits]
    if not found or len({(one.parts_per_million, one.basis) for one in found}) > 1:
        return None
    return found[0]


@cache
def legal_limits() -> tuple[LegalLimit, ...]:
    """Every limit that :func:`legal_limit` can give."""
    return tuple(_limits().values())


_LIMIT_OF = {"calcium-ammonium-nitrate": "6484-52-2"}
"""Families without a limit of their own whose regulated part is another substance: it is the
nitrogen that stems from ammonium nitrate that counts."""


@cache
def _limits() -> dict[str, LegalLimit]:
    found: dict[str, LegalLimit] = {}
    for row in read_table("eu_2019_1148_annex1"):
        basis = "nitrogen" if row["limit_basis"].startswith("nitrogen") else row["limit_basis"]
        found[row["cas"]] = LegalLimit(
            substance=row["substance"],
            cas=row["cas"],
            parts_per_million=int(row["limit_value_number"]) * 10_000,
            operator=row["limit_operator"],
            basis=basis,
            document="Regulation (EU) 2019/1148, Annex I",
            applies_from=row["applies_from"],
        )
    for row in read_table("uk_2023_63_changes"):
        if row["limit_value_number"] and row["cas"] not in found:
            found[row["cas"]] = LegalLimit(
                substance=row["substance"],
                cas=row["cas"],
                parts_per_million=int(row["limit_value_number"]) * 10_000,
                operator=row["limit_operator"],
                basis=row["limit_basis"],
                document="UK SI 2023/63, Great Britain",
                applies_from=row["applies_from"],
            )
    return found


@cache
def list_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of ``LIST_TABLES``, as text, ids of families with hyphens.

    Raises KeyError for another name.
    """
    if name not in LIST_TABLES:
        raise KeyError(name)
    rows = read_table(name)
    for row in rows:
        for column in ("family", "product_family", "category"):
            if column in row:
                row[column] = public_id(row[column])
    return tuple(rows)
