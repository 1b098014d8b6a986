"""A case in plain values: its orders in time, parties, links, score, goods and questions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from redflags.cases.linking import Linking
from redflags.cases.reasons import reasons
from redflags.model.fields import field_table
from redflags.policy import Policy
from redflags.scoring import Sign, band_of, score_of, weigh

Plain = dict[str, Any]


def case_id(order_ids: Iterable[str]) -> str:
    """The id of the case of these orders: the first sixteen hexadecimal digits of the SHA-256 of
    their ids, sorted by code point and joined by line feeds, in UTF-8."""
    text = "\n".join(sorted(order_ids))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def in_time(orders: Iterable[Plain]) -> list[Plain]:
    """Orders by their days, those without one last; of one day by their ids."""
    return sorted(
        orders, key=lambda order: (order["date"] is None, order["date"] or "", order["order_id"])
    )


def told(orders: Sequence[Plain], linking: Linking, policy: Policy) -> Plain:
    """The case of these orders, as a :class:`~redflags.model.cases.Case`. Each order holds what
    :class:`~redflags.cases.book.CaseBook` keeps of it."""
    orders = in_time(orders)
    flags = _flags(orders)
    evidence = weigh(
        Sign(flag["rule"], flag["fact"] or "", flag["severity"] or "", flag["bits"])
        for flag in flags
        if flag["kind"] != "stop"
    )
    for flag in flags:
        flag["share"] = evidence.shares.get(flag["rule"], 0) if flag["kind"] != "stop" else 0
    flags.sort(
        key=lambda flag: (flag["kind"] != "stop", -flag["share"], -flag["bits"], flag["rule"])
    )
    stop = any(order["stop"] for order in orders)
    band = band_of(evidence.bits, flagged=True, stop=stop)
    dates = [order["date"] for order in orders if order["date"] is not None]
    return {
        "case_id": case_id(order["order_id"] for order in orders),
        "orders": [order["order_id"] for order in orders],
        "parties": linking.parties(orders),
        "links": reasons(orders, linking),
        "score": score_of(evidence.bits),
        "bits": evidence.bits,
        "band": band,
        "action": policy.action(band, stop=stop),
        "stop": stop,
        "flags": [
            {
                name: flag[name]
                for name in ("rule", "title", "kind", "severity", "fact", "share", "orders")
            }
            for flag in flags
        ],
        "families": _families(orders),
        "ask": _questions(orders, [flag["rule"] for flag in flags]),
        "timeline": [_moment(order) for order in orders],
        "perhaps_same": linking.perhaps_same(orders),
        "left_out": linking.left_out(orders),
        "first_date": dates[0] if dates else None,
        "last_date": dates[-1] if dates else None,
    }


def _flags(orders: Sequence[Plain]) -> list[Plain]:
    """Each rule once, where it weighs most, with the orders in which it came out true."""
    found: dict[str, Plain] = {}
    for order in orders:
        for flag in order["flags"]:
            kept = found.get(flag["rule"])
            if kept is None:
                found[flag["rule"]] = {**flag, "orders": [order["order_id"]]}
                continue
            kept["orders"].append(order["order_id"])
            kept["bits"] = max(kept["bits"], flag["bits"])
    return list(found.values())


def _families(orders: Sequence[Plain]) -> list[Plain]:
    """The families of goods with their orders, in the order in which they were first asked for."""
    show = field_table()["product.family"].kind.member.show
    found: dict[str, Plain] = {}
    for order in orders:
        for family in order["families"]:
            told = found.setdefault(
                family,
                {
                    "family": family,
                    "title": show(family),
                    "orders": [],
                    "first_date": order["date"],
                    "last_date": None,
                },
            )
            told["orders"].append(order["order_id"])
            told["last_date"] = order["date"] or told["last_date"]
    return list(found.values())


def _questions(orders: Sequence[Plain], rules: Sequence[str]) -> list[Plain]:
    """Each question once, with its orders: those to be put inside the house first, then by the
    weight of their rules."""
    rank = {rule: place for place, rule in enumerate(rules)}
    found: dict[tuple[str, str], list[str]] = {}
    places: dict[tuple[str, str], tuple[bool, str, int]] = {}
    for order in orders:
        for flag in order["flags"]:
            for of, text in flag["ask"]:
                raised_by = found.setdefault((of, text), [])
                if not raised_by or raised_by[-1] != order["order_id"]:
                    raised_by.append(order["order_id"])
                place = (of == "customer", of, rank[flag["rule"]])
                places[of, text] = min(place, places.get((of, text), place))
    return [
        {"of": of, "text": text, "orders": found[of, text]}
        for of, text in sorted(found, key=places.__getitem__)
    ]


def _moment(order: Plain) -> Plain:
    kept = ("order_id", "date", "alert", "stop", "score", "band", "parties", "goods", "families")
    return {
        **{name: order[name] for name in kept},
        "flags": [flag["rule"] for flag in order["flags"]],
        "lines": order["lines"],
    }
