"""The roles of the parties to an order."""

from __future__ import annotations

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
