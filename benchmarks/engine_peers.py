"""Other rule engines on the same rules: one small emitter each, from the tree to what it runs.

Row engines become a function from an order (a dict of typed values) to the ids of the rules that
hold; column engines a function without arguments to the numbers of the orders by rule. Whatever an
engine can have made ready beforehand, it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine_work import Compare, Hits, Leaf, Many, Mentions, Node, Not, OneOf, Same, without_not

Order = dict[str, Any]
RowEngine = Callable[[Order], list[str]]
ColumnEngine = Callable[[], Hits]


class Words:
    """How a language of expressions writes each node."""

    words: Mapping[str, str] = {"and": "and", "or": "or"}

    def write(self, node: Node) -> str:
        if isinstance(node, Many):
            return "(" + f" {self.words[node.word]} ".join(map(self.write, node.parts)) + ")"
        if isinstance(node, Not):
            return self.negation(self.write(node.part))
        return self.leaf(node)

    def negation(self, written: str) -> str:
        return f"(not {written})"

    def leaf(self, node: Leaf) -> str:
        raise NotImplementedError


def pattern_of(phrases: Sequence[str]) -> str:
    """One pattern for some phrases. The texts of the comparison have no word that goes on where a
    phrase ends."""
    return "|".join(re.escape(phrase).replace("\\ ", " ") for phrase in phrases)


def closures(rules: Mapping[str, Node]) -> RowEngine:
    """Plain Python: one function written out for all rules, compiled once."""
    names: dict[str, Any] = {}

    class Python(Words):
        def leaf(self, node: Leaf) -> str:
            name = f"k{len(names)}"
            if isinstance(node, OneOf):
                names[name] = frozenset(node.values)
                return f"(o[{node.column!r}] in {name})"
            if isinstance(node, Mentions):
                names[name] = re.compile(pattern_of(node.phrases)).search
                return f"({name}(o[{node.column!r}]) is not None)"
            if isinstance(node, Same):
                return f"(o[{node.column!r}] == o[{node.other!r}])"
            return f"(o[{node.column!r}] {node.sign} {node.bound})"

    lines = ["def judge(o):", " found = []"]
    for name, node in rules.items():
        lines.append(f" if {Python().write(node)}: found.append({name!r})")
    exec("\n".join([*lines, " return found"]), names)
    made: RowEngine = names["judge"]
    return made


def rule_engine(rules: Mapping[str, Node]) -> RowEngine:
    """The package rule-engine: one rule object each."""
    import rule_engine as package

    columns = _columns(rules)
    context = package.Context(
        type_resolver=package.type_resolver_from_dict(
            {
                name: package.DataType.FLOAT if is_number else package.DataType.STRING
                for name, is_number in columns.items()
            }
        )
    )

    class Expression(Words):
        def leaf(self, node: Leaf) -> str:
            if isinstance(node, OneOf):
                return f"({node.column} in {json.dumps(node.values)})"
            if isinstance(node, Mentions):
                return f"({node.column} =~~ {json.dumps(pattern_of(node.phrases))})"
            if isinstance(node, Same):
                return f"({node.column} == {node.other})"
            return f"({node.column} {node.sign} {node.bound})"

    made = [
        (name, package.Rule(Expression().write(node), context=context).matches)
        for name, node in rules.items()
    ]
    return lambda order: [name for name, matches in made if matches(order)]


def zen(rules: Mapping[str, Node]) -> RowEngine:
    """Zen: all rules as one list of expressions, compiled once. Phrases are a list and ``some``:
    its patterns are compiled anew at every call, which is a hundred times slower."""
    import zen as package

    class Expression(Words):
        def negation(self, written: str) -> str:
            return f"(not ({written}))"

        def leaf(self, node: Leaf) -> str:
            if isinstance(node, OneOf):
                return f"({node.column} in {json.dumps(node.values)})"
            if isinstance(node, Mentions):
                return f"some({json.dumps(node.phrases)}, contains({node.column}, #))"
            if isinstance(node, Same):
                return f"({node.column} == {node.other})"
            return f"({node.column} {node.sign} {node.bound})"

    names = list(rules)
    expressions = [Expression().write(node) for node in rules.values()]
    made = package.compile_expression("[" + ", ".join(expressions) + "]")

    def judge(order: Order) -> list[str]:
        return [name for name, holds in zip(names, made.evaluate(order), strict=True) if holds]

    return judge


def durable_rules(rules: Mapping[str, Node]) -> tuple[RowEngine, Callable[[Order], Order]]:
    """durable-rules, fed one order at a time: asserted and taken back, so that every rule fires.

    Its own patterns refuse this many phrases, and it has no comparison of two fields of one fact
    that may be negated; both go in as yes and no, worked out before (the second function).
    """
    from durable.engine import Host, MessageNotHandledException

    outside: dict[Leaf, str] = {}
    fired: list[str] = []

    def pattern(node: Node) -> dict[str, Any]:
        if isinstance(node, Many):
            return {"$" + node.word: [pattern(part) for part in node.parts]}
        negated = isinstance(node, Not)
        leaf: Any = node.part if isinstance(node, Not) else node
        if isinstance(leaf, Mentions | Same):
            name = outside.setdefault(leaf, f"out{len(outside)}")
            return {name: not negated}
        if isinstance(leaf, OneOf) and negated:
            return {"$and": [{"$neq": {leaf.column: value}} for value in leaf.values]}
        if isinstance(leaf, OneOf):
            return {"$or": [{leaf.column: value} for value in leaf.values]}
        word = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}[leaf.sign]
        return {word: {leaf.column: leaf.bound}}

    def run(name: str) -> Callable[[Any], None]:
        return lambda _: fired.append(name)

    definitions = {
        name: {"all": [{"m": pattern(without_not(node))}], "run": run(name)}
        for name, node in rules.items()
    }

    class Quiet(Host):  # type: ignore[misc]
        """Without the threads that wake up for timers, which no rule here has."""

        def _run(self) -> None:
            pass

    host = Quiet()
    host.set_rulesets({"orders": definitions})
    tests = [(name, closures({name: leaf})) for leaf, name in outside.items()]

    def prepare(order: Order) -> Order:
        fact = {key: value for key, value in order.items() if key not in ("number", "product")}
        fact["id"] = order["number"]
        for name, test in tests:
            fact[name] = bool(test(order))
        return fact

    def judge(fact: Order) -> list[str]:
        fired.clear()
        try:
            host.assert_fact("orders", fact)
            host.retract_fact("orders", fact)
        except MessageNotHandledException:
            pass  # no rule matched
        return sorted(set(fired))

    return judge, prepare


def pandas(rules: Mapping[str, Node], data: Path, coded: bool) -> ColumnEngine:
    """pandas: one vector of yes and no for each rule. ``coded``: texts as categories, whose texts
    are looked at once each; otherwise as pandas reads them."""
    import operator
    from functools import reduce

    import pandas as package

    frame = package.read_csv(data / "typed.csv", keep_default_na=False)
    numbers = frame["number"].to_numpy()
    if coded:
        for column in frame.columns:
            if frame[column].dtype.kind not in "if":
                frame[column] = frame[column].astype("category")
        # Two columns can be compared only where they have the same categories.
        for pair in (("buyer_country", "consignee_country", "payer_country"),
                     ("buyer_name", "payer_name")):  # fmt: skip
            every = sorted(set().union(*(frame[column].cat.categories for column in pair)))
            for column in pair:
                frame[column] = frame[column].cat.set_categories(every)
    signs = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}

    def vector(node: Node) -> Any:
        if isinstance(node, Many):
            join = operator.and_ if node.word == "and" else operator.or_
            return reduce(join, map(vector, node.parts))
        if isinstance(node, Not):
            return ~vector(node.part)
        column = frame[node.column]
        if isinstance(node, OneOf):
            return column.isin(node.values)
        if isinstance(node, Mentions):
            return column.str.contains(pattern_of(node.phrases), regex=True).astype(bool)
        if isinstance(node, Same):
            return column == frame[node.other]
        return signs[node.sign](column, node.bound)

    def judge() -> Hits:
        return {
            name: numbers[vector(node).to_numpy(dtype=bool)].tolist()
            for name, node in rules.items()
        }

    return judge


def duckdb(rules: Mapping[str, Node], data: Path, coded: bool) -> ColumnEngine:
    """DuckDB: a table in memory, one query with a column of yes and no for each rule. ``coded``:
    each product text is looked at once, in a table of its own that the orders are joined to."""
    import duckdb as package

    connection = package.connect(config={"threads": 2})
    connection.execute(
        f"create table orders as select * from read_parquet('{data / 'typed.parquet'}')"
    )
    texts: dict[tuple[str, ...], str] = {}

    class Sql(Words):
        def leaf(self, node: Leaf) -> str:
            if isinstance(node, OneOf):
                return f"({node.column} in ({', '.join(map(_quoted, node.values))}))"
            if isinstance(node, Mentions):
                test = f"regexp_matches({node.column}, {_quoted(pattern_of(node.phrases))})"
                if not coded:
                    return test
                name = f"text{len(texts)}"
                return texts.setdefault(node.phrases, name)
            if isinstance(node, Same):
                return f"({node.column} = {node.other})"
            return f"({node.column} {node.sign} {node.bound})"

    written = {name: Sql().write(node) for name, node in rules.items()}
    holds = ", ".join(
        f"case when {test} then {_quoted(name)} end" for name, test in written.items()
    )
    source = "orders"
    if coded:
        columns = ", ".join(
            f"regexp_matches(product, {_quoted(pattern_of(phrases))}) as {name}"
            for phrases, name in texts.items()
        )
        source = (
            f"orders join (select product, {columns} from "
            "(select distinct product from orders)) using (product)"
        )
    flagged = " or ".join(written.values())
    query = (
        "select number, unnest(list_filter(found, lambda one: one is not null)) as rule from "
        f"(select number, [{holds}] as found from {source} where {flagged})"
    )

    def judge() -> Hits:
        found = connection.execute(query).fetchnumpy()
        hits: dict[str, list[int]] = {}
        for number, rule in zip(found["number"].tolist(), found["rule"].tolist(), strict=True):
            hits.setdefault(rule, []).append(number)
        return hits

    return judge


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _columns(rules: Mapping[str, Node]) -> dict[str, bool]:
    """The columns that the rules read, and whether each is a number."""
    found: dict[str, bool] = {}

    def visit(node: Node) -> None:
        if isinstance(node, Many):
            for part in node.parts:
                visit(part)
        elif isinstance(node, Not):
            visit(node.part)
        else:
            found[node.column] = isinstance(node, Compare)
            if isinstance(node, Same):
                found[node.other] = False

    for node in rules.values():
        visit(node)
    return found
