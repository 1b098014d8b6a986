"""What an order says of lists and licences: exemptions, headings, control lists, licences in hand.

Where it says nothing of them, that is taken for granted as soon as the goods are known, and shown
as assumed: most goods are on no list, and most orders have no column for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from redflags.values.understood import Understood, unknown

Values = Mapping[str, Understood]

NO_CONTROL = frozenset(
    {
        "EAR99", "NLR", "NONE", "NIL", "NO", "N", "0", "NOT LISTED", "NOT CONTROLLED",
        "UNCONTROLLED", "NO LICENCE REQUIRED", "NO LICENSE REQUIRED", "KEINE", "YOK", "AL: N",
        "AL:N", "AL N", "NON-LISTED", "NON LISTED", "UNLISTED", "NON-CONTROLLED", "NON CONTROLLED",
        "NOT ON LIST", "NOT ON ANY LIST", "NOT SUBJECT", "NOT DUAL-USE", "NOT DUAL USE",
        "NO DUAL USE", "NON DUAL-USE", "NON DUAL USE", "NICHT GELISTET", "NICHT ERFASST",
        "NICHT LISTENPFLICHTIG", "NICHT GENEHMIGUNGSPFLICHTIG", "KEIN DUAL-USE", "KEINE LISTUNG",
        "NON LISTÉ", "NON CONTRÔLÉ", "NON SOUMIS", "NO LISTADO", "NO CONTROLADO", "NO SUJETO",
        "LİSTEDE DEĞİL", "LISTEDE DEĞIL", "LİSTE DIŞI", "LISTE DIŞI", "НЕ КОНТРОЛИРУЕТСЯ",
        "НЕ ПОДЛЕЖИТ", "НЕ В СПИСКЕ",
    }
)  # fmt: skip
"""What is written for the control-list entry of goods that are on no list."""


def exempt(values: Values) -> Understood:
    """Whether the stated concentration takes the goods out of the regulated class."""
    limit = values["product.limit"]
    if limit.value is None and values["product.family"].value is None:
        return unknown("", limit.why, *(limit.needs or ("product",)))
    if limit.value is None:
        return Understood(
            written=limit.written,
            value="no",
            assumed="the goods are taken to be above the legal limit",
        )
    return replace(limit, value="yes" if limit.value == "not_above" else "no")


def headings(values: Values) -> Understood:
    """The stated tariff code as a set, so that goods that are known without one have none."""
    code = values["hs_code"]
    if not code.is_stated and values["product.family"].value is None:
        return unknown(code.written, code.why, "hs_code")
    if not code.is_stated:
        return Understood(
            value=frozenset(),
            how="no tariff code is stated",
            assumed="the goods are judged by their words alone",
        )
    if code.value is None:
        return unknown(code.written, code.why, "hs_code")
    return replace(code, value=frozenset({code.value}))


def controlled(values: Values) -> Understood:
    """Whether the order treats the goods as listed, by a control-list entry or a licence."""
    code, licence = values["control_code"], values["licence.status"]
    if code.is_stated:
        if code.value is None:
            return unknown(code.written, code.why, "control_code")
        if code.value not in NO_CONTROL:
            return replace(code, value="yes")
    if licence.value in ("held", "applied", "refused"):
        return replace(licence, value="yes", how=f"the licence is {licence.value}")
    if code.is_stated:
        return replace(code, value="no")
    if values["product.family"].value is None:
        return unknown(code.written, code.why, "control_code")
    return Understood(
        value="no",
        how="neither a control-list entry nor a licence is stated",
        assumed="the goods are taken to be on no control list",
    )


def in_hand(values: Values) -> Understood:
    """Whether a licence is held, or its number stated."""
    status, number = values["licence.status"], values["licence.number"]
    if status.value is not None:
        return replace(status, value="yes" if status.value in ("held", "exception") else "no")
    if number.value is not None:
        return replace(number, value="yes", how="the number of a licence is stated")
    if status.is_stated:
        return unknown(status.written, status.why, "licence.status")
    if not status.is_blank and values["product.family"].value is None:
        return unknown(status.written, status.why, "licence.status")
    return Understood(
        value="no",
        how="neither a licence nor its number is stated",
        assumed="there is taken to be no licence",
    )
