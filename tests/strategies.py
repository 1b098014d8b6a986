"""Generated rule books and orders, for the properties that every engine must have."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from redflags.rulebook import RuleBook, parse_rules

TEXTS: dict[str, list[str]] = {
    "product": [
        "aluminium paste",
        "paste, aluminium",
        "alüminyum pasta",
        "small turbojet engine",
        "hydrogen peroxide 50 %",
        "hydrogen peroxide 3 %",
        "urea",
        "rocket salad seeds",
        "",
        "ammonium nitrate",
        "مسحوق الألومنيوم",
        "x" * 3000,
        "\u202egnp.exe",
        "UAV autopilot",
        "urea, 50 kg bags",
        "nitric acid 65 %",
        "aluminium paste 25 kg pail",
        "mobile phone",
    ],
    "cas": ["7429-90-5", "6484-52-2", "7429-90-6", ""],
    "product.family": ["urea", "aluminium-paste; sorbitol", "no such family", ""],
    "consignee.city": ["Şanlıurfa", "Hamburg", ""],
    "buyer.email": ["someone@gmail.com", "office@example.com", "no address", ""],
    "payer.name": ["Example One (same owner, on file)", "Payer Three", "n/a", ""],
    "licence.until": ["2015-12-31", "2016-01-01", ""],
    "hs_code": ["321290", "3212.90", "3212", "7603", "010121", "not a code", ""],
    "quantity": [
        "6 t",
        "6000 kg",
        "13228 lb",
        "500 g",
        "6",
        "6.000 kg",
        "2 drums",
        "400 bags",
        "40 pieces",
        "-5 t",
        "9" * 60 + " kg",
        "1e400 kg",
        "nan",
        "",
        "200 l",
        "n/a",
        "20 bags of 25 kg",
        "see DN-304",
        "1 IBC",
        "3 pallets",
        "12 sacks",
    ],
    "buyer.business": [
        "mobile phone shop",
        "cep telefonu mağazası",
        "paint manufacturer",
        "trading company",
        "university",
        "Quux and partners",
        "",
    ],
    "consignee.business": ["mobile phone shop", "freight forwarder", "paper mill", ""],
    "buyer.country": ["TR", "Türkiye", "GB", "Nowhereland", "", "NO"],
    "consignee.country": ["TR", "SY", "Deutschland", ""],
    "payer.country": ["TR", "NL", ""],
    "buyer.name": ["Example One Ltd", "EXAMPLE ONE", "Örnek İki A.Ş.", ""],
    "consignee.name": ["Example One", "Örnek İki", "Someone Else GmbH", ""],
    "buyer.city": ["Şanlıurfa", "Sanliurfa", "Izmir", "TRMER", "Atlantis", "n/a", ""],
    "buyer.incorporated": ["2014-06-01", "2020-01-01", "01/02/2014", ""],
    "date": ["2015-07-01", "2015-13-45", ""],
    "value": ["18000 USD", "18000 EUR", "1,000", ""],
    "licence.status": ["held", "applied", "EX-2026/0012", "no idea", "n/a", ""],
    "end_user.name": ["stock", "University Four", "Example One Ltd", ""],
    "control_code": ["1E001", "ML10", "EAR99", ""],
    "payment.method": ["cash", "bank transfer", "as agreed", ""],
    "concentration": ["65 %", "3", "33.5 N", ""],
}

LEAVES: list[tuple[str, Any]] = [
    ("product.family", {"in": ["aluminium-paste", "urea", "turbojet-engine"]}),
    ("product.family", {"is": "hydrogen-peroxide"}),
    ("product.family", {"not_in": ["aluminium-paste", "ammonium-nitrate"]}),
    ("product.family", {"in_list": "goods"}),
    ("product.harm", "by_nature"),
    ("product.limit", {"is": "above"}),
    ("product.exempt", {"is": "no"}),
    ("product.headings", {"in_list": "headings"}),
    ("product.headings", {"not_in": ["321290", "7603"]}),
    ("product.controlled", {"is": "yes"}),
    ("product", {"mentions": ["paste", "salad seeds"]}),
    ("product.known_by", {"in": ["heading", "cas"]}),
    ("payer.relation", {"in": ["same_owner", "bank"]}),
    ("payer.name", {"known": "yes"}),
    ("buyer.email_domain", {"is": "gmail.com"}),
    ("hs_code", {"under": ["3212", "7603.10"]}),
    ("hs_code", {"in_list": "headings"}),
    ("quantity", {"at_least": "100 kg"}),
    ("quantity", {"less_than": "1 t"}),
    ("quantity", {"more_than": "10 pieces"}),
    ("quantity", {"at_most": "100 l"}),
    ("quantity", {"between": ["1 kg", "7 t"]}),
    ("quantity", {"more_than": {"table": "lots"}}),
    ("quantity.scale", {"in": ["trade", "bulk"]}),
    ("buyer.fit", {"is": "incompatible"}),
    ("buyer.fit", {"is_not": "normal"}),
    ("consignee.fit", {"in": ["unusual", "incompatible"]}),
    ("buyer.business", {"is": "mobile-phone-shop"}),
    ("buyer.business", {"not_in_list": "traders"}),
    ("buyer.country", {"in": ["TR", "NO"]}),
    ("buyer.country", {"differs_from": "consignee.country"}),
    ("payer.country", {"differs_from": ["buyer.country", "consignee.country"]}),
    ("consignee.name", {"same_as": "buyer.name"}),
    ("destinations", {"in": ["SY", "TR"]}),
    ("destinations.region", {"in_list": "regions"}),
    ("parties.country", {"not_in": ["SY"]}),
    ("buyer.age", {"less_than": "2 years"}),
    ("buyer.age", {"at_least": "90 days"}),
    ("date", {"before": "2015-08-01"}),
    ("date", {"after": "2014-01-01"}),
    ("value", {"at_least": "10000 USD"}),
    ("concentration", {"more_than": "12 %"}),
    ("licence.status", {"is": "held"}),
    ("licence.status", {"known": "no"}),
    ("end_user.stated", {"in": ["not_stated", "generic"]}),
    ("end_user.name", {"known": "yes"}),
    ("control_code", {"under": ["1E", "ML1"]}),
    ("payment.method", {"is": "cash"}),
]

LISTS: dict[str, Any] = {
    "goods": {
        "kind": "family",
        "source": "judgement",
        "entries": [
            "urea",
            {"value": "aluminium-paste", "from": "2015-01-01"},
            {"value": "ammonium-nitrate", "until": "2010-12-31"},
        ],
    },
    "headings": {"kind": "tariff-code", "source": "judgement", "entries": ["3212", "760310"]},
    "traders": {
        "kind": "business",
        "source": "judgement",
        "entries": ["general-trading", "import-export"],
    },
    "regions": {
        "kind": "region",
        "source": "judgement",
        "entries": ["TR-63", {"value": "TR-47", "from": "2014-06-01", "until": "2017-12-31"}],
    },
}

TABLES: dict[str, Any] = {
    "lots": {
        "kind": "quantity",
        "source": "judgement",
        "rows": [
            {"product.family": "aluminium-paste", "limit": "50 kg"},
            {
                "product.family": "aluminium-paste",
                "buyer.business": "mobile-phone-shop",
                "limit": "1 kg",
            },
            {"product.family": "urea", "limit": "5 t"},
        ],
    },
}

leaves = st.sampled_from(LEAVES).map(lambda leaf: {leaf[0]: leaf[1]})
blocks = st.recursive(
    leaves,
    lambda inner: st.one_of(
        *(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts, kind=kind: {kind: parts})
            for kind in ("all", "any", "none")
        )
    ),
    max_leaves=6,
)


@st.composite
def orders(draw: st.DrawFn, paths: list[str] | None = None) -> dict[str, str]:
    """Some fields of an order, each with one of its texts; the others are not given."""
    chosen = draw(st.lists(st.sampled_from(paths or sorted(TEXTS)), unique=True, max_size=14))
    return {path: draw(st.sampled_from(TEXTS[path])) for path in chosen}


def book_of(*whens: dict[str, Any]) -> RuleBook:
    """A rule book with one rule for each condition, r0, r1 and so on."""
    return _book(json.dumps(list(whens)))


@cache
def _book(whens: str) -> RuleBook:
    rules = [
        {
            "id": f"r{number}",
            "title": f"Rule {number}",
            "severity": ["low", "medium", "high", "critical"][number % 4],
            "fact": ["trade", "scale", "place", "payer"][number % 4],
            "why": "It is generated.",
            "source": "judgement",
            "when": when,
        }
        for number, when in enumerate(json.loads(whens))
    ]
    document = {"lists": LISTS, "tables": TABLES, "rules": rules}
    return parse_rules(json.dumps(document))
