"""Which of very many parties have anything to do with some of them: those that are perhaps the
same, or share something, and those that share something with these, and so on.

What is left out here is connected on no day with those that are asked for. What too many share is
counted over all, and connects only until the day on which it is known to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from redflags.across.edges import MOST_SHARING
from redflags.across.groups import Groups
from redflags.across.identity import Attribute, PartySeen
from redflags.across.known import NEVER

if TYPE_CHECKING:
    import polars as pl

_IDENTITY = ["key", "code", "number"]
_TEXTS = ["name", "registration", "country"]


class Kin:
    """All parties of a run by what they are known by: ``key`` of the name, ``code`` of the country
    and ``number``; with their sightings, what they have, and who paid for whom. ``named`` says
    which texts mean whom."""

    def __init__(
        self,
        sightings: pl.DataFrame,
        details: pl.DataFrame,
        paid: pl.DataFrame,
        named: pl.DataFrame,
    ) -> None:
        import polars as pl

        nodes = sightings.select(_IDENTITY).unique().with_row_index("node")
        self._named = named.select(*_TEXTS, "is_user", *_IDENTITY).join(nodes, on=_IDENTITY)
        self.count = nodes.height
        self._nodes = nodes.with_columns(
            pl.when(pl.col("key") != "").then("key").otherwise("number").alias("called")
        )
        self._sightings = sightings.join(nodes, on=_IDENTITY).select(
            "node", "day", "shown", "role", "registered"
        )
        own = details.join(nodes, on=_IDENTITY).select(
            "node", "kind", "detail", "written", "is_provided", "day"
        )
        paid = self._payments_of(paid, nodes)
        self._paid = paid.select("payer", "buyer", "day")
        bought = paid.select(
            "node", "kind", "detail", "day", written=pl.lit(""), is_provided=pl.lit(False)
        ).select(own.columns)
        # Of the payers themselves none is counted among those who share him.
        self._payers = paid.select("kind", "detail", node="payer").unique()
        own = pl.concat([own, bought])
        values = own.select("kind", "detail").unique().with_row_index("value")
        own = own.join(values, on=["kind", "detail"]).drop("kind", "detail")
        self._payers = self._payers.join(values, on=["kind", "detail"]).select("node", "value")
        taken = own.filter("is_provided").group_by("value").agg(taken=pl.col("day").min())
        own = own.filter(~pl.col("is_provided"))
        first = own.sort("day", "written").group_by("value", maintain_order=True).first()
        values = values.join(first.select("value", "written"), on="value").join(
            taken, on="value", how="left"
        )
        own = own.group_by("value", "node").agg(pl.col("day").min())
        values = values.join(self._crowded(own, values), on="value", how="left").with_columns(
            pl.col("taken").fill_null(NEVER), pl.col("crowded").fill_null(NEVER)
        )
        self._values = values
        self._having = own
        numbered = self._nodes.filter(pl.col("number") != "")
        self._perhaps_one = pl.concat(
            [_pairs(self._ambiguous_names(), "key"), _pairs(numbered, "number")]
        )

    def _payments_of(self, paid: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Who paid for whom, without those who pay for themselves; ``node`` is the buyer, who has
        a payer of this ``detail``."""
        import polars as pl

        payers = nodes.rename({"node": "payer"})
        buyers = nodes.rename({name: f"buyer.{name}" for name in _IDENTITY} | {"node": "buyer"})
        himself = (
            (pl.col("key") != "")
            & (pl.col("key") == pl.col("buyer.key"))
            & (pl.col("code") == pl.col("buyer.code"))
        )
        called = pl.when(pl.col("key") != "").then("key").otherwise("number")
        return (
            paid.join(payers, on=_IDENTITY)
            .join(buyers, on=[f"buyer.{name}" for name in _IDENTITY])
            .filter(~himself & (pl.col("payer") != pl.col("buyer")))
            .group_by("payer", "buyer", "code", detail=called)
            .agg(pl.col("day").min())
            .with_columns(
                node=pl.col("buyer"),
                kind=pl.lit("payer"),
                detail=pl.concat_str("detail", pl.lit("|"), "code"),
            )
        )

    def _crowded(self, own: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
        """From which day on too many firms of different names have something, and how many do."""
        import polars as pl

        most = pl.DataFrame(
            {"kind": list(MOST_SHARING), "most": list(MOST_SHARING.values())},
            schema={"kind": pl.String, "most": pl.UInt32},
        )
        many = (
            own.group_by("value")
            .len("holders")
            .join(values.select("value", "kind"), on="value")
            .join(most, on="kind")
            .filter(pl.col("holders") > pl.col("most"))
            .select("value", "most")
        )
        return (
            own.join(many, on="value")
            .join(self._nodes.select("node", "called"), on="node")
            .group_by("value", "called", "most")
            .agg(pl.col("day").min())
            .sort("day")
            .group_by("value", "most", maintain_order=True)
            .agg("day")
            .filter(pl.col("day").list.len() > pl.col("most"))
            .select(
                "value",
                crowded=pl.col("day").list.get(pl.col("most")),
                firms=pl.col("day").list.len(),
            )
        )

    def numbers_of(self, role: str, texts: pl.DataFrame) -> pl.Series:
        """The numbers, below ``count``, of parties in a role by their texts: columns ``name``,
        ``registration`` and ``country`` without nulls. Null is one who is not stated."""
        import polars as pl

        named = self._named.filter(pl.col("is_user") == (role == "end_user"))
        return texts.join(named, on=_TEXTS, how="left", maintain_order="left")["node"]

    def tell(self, groups: Groups, asked: pl.Series | None = None) -> pl.DataFrame:
        """Tell groups all that can matter to the parties they know and to those of the numbers
        ``asked``. Gives for each ``node`` that they were told of its ``known`` number there; of
        those asked for who are not among them, nobody has anything to do with another."""
        import polars as pl

        values = self._values.filter(pl.col("kind").is_in(list(groups.kinds)))
        end = pl.min_horizontal("taken", "crowded").alias("end")
        having = self._having.join(values.select("value", end), on="value")
        payers = self._payers.join(values.select("value"), on="value", how="semi")
        active = having.filter(pl.col("day") < pl.col("end"))
        held = pl.concat([active.select("value", "node"), payers.select("value", "node")])
        pairs = pl.concat([_pairs(held, "value"), self._perhaps_one]).unique()
        mine = self._relevant(pairs, self._own_nodes(groups), asked)
        self._tell_parties(groups, mine)
        having = having.join(mine, on="node", how="semi")
        shared = having.group_by("value").len("holders").filter(pl.col("holders") > 1)
        having = having.join(shared, on="value", how="semi")
        told = values.join(having.select("value").unique(), on="value", how="semi")
        numbers = self._known_by_node(groups, mine)
        known = dict(numbers.iter_rows())
        attributes = {}
        for value, kind, detail, written, taken, crowded, firms in told.select(
            "value", "kind", "detail", "written", "taken", "crowded", "firms"
        ).iter_rows():
            attributes[value] = Attribute(kind, detail, written)
            if taken < NEVER:
                groups.taken[kind, detail] = taken
            if crowded < NEVER:
                groups.crowded[kind, detail] = (crowded, firms)
        if "payer" in groups.kinds:
            paid = self._paid.join(mine, left_on="payer", right_on="node", how="semi").join(
                mine, left_on="buyer", right_on="node", how="semi"
            )
            for payer, buyer, day in paid.iter_rows():
                groups.paid(day, known[payer], known[buyer])
        bought = {value for value, one in attributes.items() if one.kind == "payer"}
        groups.having += [
            (known[node], day, attributes[value])
            for value, node, day in having.select("value", "node", "day").iter_rows()
            if value not in bought
        ]
        return numbers

    def _ambiguous_names(self) -> pl.DataFrame:
        """Parties of names of which some mention leaves open which firm it is."""
        import polars as pl

        named = self._nodes.filter(pl.col("key") != "")
        bare, numbered = pl.col("number") == "", pl.col("number") != ""
        nowhere = pl.col("code") == ""
        return named.filter(
            (pl.len().over("key") > 1)
            & (nowhere.any().over("key") | (bare.any() & numbered.any()).over("key"))
        )

    def _relevant(
        self, pairs: pl.DataFrame, own: Sequence[int], asked: pl.Series | None
    ) -> pl.DataFrame:
        """The parties that groups know already, those connected with them, and of those asked for
        the ones that are connected with anybody."""
        import polars as pl

        above: dict[int, int] = {}

        def top(node: int) -> int:
            while (higher := above.get(node, node)) != node:
                above[node] = node = above.get(higher, higher)
            return node

        for one, other in pairs.iter_rows():
            first, second = top(one), top(other)
            if first != second:
                above[max(first, second)] = min(first, second)
        connected = set(above).union(above.values())
        wanted = {top(node) for node in own}
        if asked is not None:
            wanted.update(top(node) for node in connected.intersection(asked))
        nodes = {node for node in connected if top(node) in wanted}.union(own)
        return pl.DataFrame({"node": pl.Series(sorted(nodes), dtype=self._nodes["node"].dtype)})

    def _own_nodes(self, groups: Groups) -> list[int]:
        import polars as pl

        known = {party.identity for party, _ in groups.sightings}
        own = pl.DataFrame(sorted(known), schema=dict.fromkeys(_IDENTITY, pl.String), orient="row")
        return self._nodes.join(own, on=_IDENTITY, how="semi")["node"].to_list()

    def _tell_parties(self, groups: Groups, mine: pl.DataFrame) -> None:
        import polars as pl

        seen = self._sightings.join(mine, on="node", how="semi")
        seen = seen.filter(pl.col("day") == pl.col("day").min().over("node"))
        best = (
            seen.sort("shown", "role", "registered").group_by("node", maintain_order=True).first()
        )
        told = best.join(self._nodes, on="node").select(
            "role", "shown", *_IDENTITY, "registered", "day"
        )
        for role, shown, name, country, number, registered, day in told.iter_rows():
            attributes = (
                (Attribute("registration", f"{country}|{number}", registered),) if number else ()
            )
            groups.see(
                day,
                PartySeen(role, shown, name, country, number, attributes=attributes),
                times=0,
            )

    def _known_by_node(self, groups: Groups, mine: pl.DataFrame) -> pl.DataFrame:
        """The numbers by which the groups know parties."""
        import polars as pl

        told = self._nodes.join(mine, on="node", how="semi").select("node", *_IDENTITY)
        known = [groups.numbers["party", *identity] for _, *identity in told.iter_rows()]
        return told.select("node", known=pl.Series(known, dtype=pl.Int64))


def _pairs(members: pl.DataFrame, by: str) -> pl.DataFrame:
    """Each member with the first of those that have the same."""
    import polars as pl

    found = members.select("node", first=pl.col("node").min().over(by))
    return found.filter(pl.col("node") != pl.col("first"))
