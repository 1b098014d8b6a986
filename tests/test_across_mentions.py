"""Parties of quiet lines, told in columns: what matters is there, and nothing comes out otherwise
than if every line had been noted one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.across.edges import MOST_SHARING
from redflags.across.groups import Groups
from redflags.across.identity import LINKS, PARTY_PATHS, parties_of
from redflags.across.mentions import DAY, Mentions
from redflags.model.record import record_of_texts

Line = tuple[int | None, Mapping[str, str]]
"""A day, and texts by path."""

PARTS: Mapping[str, Sequence[str]] = {
    "name": ("Delta Trading Ltd", "DELTA TRADING LIMITED", "Epsilon", "Zeta GmbH", "Eta", "n/a"),
    "registration": ("", "", "", "10001", "TR 10001", "20002", "n/a"),
    "country": ("TR", "Turkey", "DE", ""),
    "city": ("", "Mersin"),
    "address": ("", "", "1 Centre Road, Mersin", "Centre Rd. 1", "n/a"),
    "phone": ("", "", "+90 212 555 01 00", "0212 555 01 00", "212 555 01 00; +49 40 1234567", "x"),
    "email": ("", "", "a@firm.example", "A@firm.example", "a+x@firm.example", "b@gmail.com"),
    "website": ("", "", "https://www.firm.example/tr", "other.example"),
    "directors": ("", "", "Anna Example", "Anna Example; Bob Sample"),
}
ROLES = ("buyer", "consignee", "end_user", "payer", "forwarder", "notify_party")


@st.composite
def lines(draw: st.DrawFn) -> Line:
    texts = {}
    for role in draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True)):
        for part, choices in PARTS.items():
            text = draw(st.sampled_from(choices))
            if role == "end_user" and part == "name" and draw(st.booleans()):
                text = "stock"
            texts[f"{role}.{part}"] = text
    return draw(st.one_of(st.none(), st.integers(1, 6))), texts


def told_in_columns(groups: Groups, quiet: Sequence[Line]) -> None:
    mentioned(groups, quiet).kin(groups).tell(groups)


def mentioned(groups: Groups, quiet: Sequence[Line]) -> Mentions:
    mentions = Mentions(groups.kinds)
    for role, paths in PARTY_PATHS.items():
        rows = [
            {**{path.partition(".")[2]: texts.get(path, "") for path in paths}, DAY: day}
            for day, texts in quiet
            if any(texts.get(path) for path in paths[:2])
        ]
        if rows:
            schema = {**dict.fromkeys(PARTS, pl.String), DAY: pl.Int64}
            mentions.add(role, pl.DataFrame(rows, schema=schema))
    paid = [
        {
            **{part: texts.get(f"payer.{part}", "") for part in PARTS},
            **{f"buyer.{part}": texts.get(f"buyer.{part}", "") for part in PARTS},
            DAY: day,
        }
        for day, texts in quiet
        if any(path.startswith("payer.") for path in texts)
        and any(path.startswith("buyer.") for path in texts)
    ]
    if paid:
        schema = {**dict.fromkeys(paid[0], pl.String), DAY: pl.Int64}
        mentions.add_payments(pl.DataFrame(paid, schema=schema))
    return mentions


def seen(line: Line) -> dict[str, object]:
    return dict(parties_of(record_of_texts(line[1].items())))


@pytest.mark.parametrize("by", [(), ("phone",), ("payer", "email"), LINKS], ids="-".join)
@settings(max_examples=60)
@given(
    sheet=st.lists(lines(), min_size=1, max_size=4),
    quiet=st.lists(lines(), max_size=8),
    most=st.integers(1, 3),
)
def test_groups_are_those_of_all_lines_noted_one_by_one(
    by: tuple[str, ...], sheet: list[Line], quiet: list[Line], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for kind in MOST_SHARING:
            patch.setitem(MOST_SHARING, kind, most)  # type: ignore[arg-type]
        expected, found = Groups(frozenset(by)), Groups(frozenset(by))
        for groups in (expected, found):
            for number, line in enumerate(sheet):
                groups.add(line[0], number, parties_of(record_of_texts(line[1].items())))
        told_in_columns(found, [*sheet, *quiet])  # as in a run, where all lines stand by
        for day, texts in quiet:
            expected.note(day, parties_of(record_of_texts(texts.items())))
        expected.settle()
        found.settle()
        for today in (1, 3, 6, None):
            asked = [
                (number, role)
                for number, line in enumerate(sheet)
                if line[0] is None or today is None or line[0] <= today
                for role in seen(line)
            ]
            for (one, first), (other, second) in combinations(asked, 2):
                pair = [
                    (groups.of(one, first), groups.of(other, second))
                    for groups in (expected, found)
                ]
                alike = [a.on(today) == b.on(today) for a, b in pair if a is not None and b]
                assert alike[0] == alike[1]
            for number, role in asked:
                named = []
                for groups in (expected, found):
                    node = groups.nodes(role)[number]
                    parties, links = groups.connected(node, today)
                    identities = [groups.parties[one].identity for one in parties]  # type: ignore[union-attr]
                    named.append((identities, [(link.kind, link.written) for link in links]))
                assert named[0] == named[1]


@pytest.mark.parametrize("by", [(), ("phone",), ("payer", "email"), LINKS], ids="-".join)
@settings(max_examples=60)
@given(
    laid=st.lists(lines(), min_size=1, max_size=4),
    history=st.lists(lines(), max_size=2),
    quiet=st.lists(lines(), max_size=8),
)
def test_lines_laid_out_in_columns_have_the_groups_of_lines_noted_one_by_one(
    by: tuple[str, ...], laid: list[Line], history: list[Line], quiet: list[Line]
) -> None:
    expected, found = Groups(frozenset(by)), Groups(frozenset(by))
    sheet = [*laid, *history]
    for number, line in enumerate(sheet):
        expected.add(line[0], number, parties_of(record_of_texts(line[1].items())))
    for day, texts in quiet:
        expected.note(day, parties_of(record_of_texts(texts.items())))
    expected.settle()

    found.leave_room(len(laid))
    for number, line in enumerate(history):
        found.add(line[0], number, parties_of(record_of_texts(line[1].items())))
    kin = mentioned(found, [*laid, *quiet]).kin(found)
    columns = {}
    for role in ROLES:
        parts = ("name", "registration", "country")
        rows = [{part: texts.get(f"{role}.{part}", "") for part in parts} for _, texts in laid]
        numbers = kin.numbers_of(role, pl.DataFrame(rows))
        columns[role] = numbers.extend_constant(None, len(history))
    told = kin.tell(found, pl.concat(list(columns.values())).drop_nulls().unique())
    found.settle()
    found.place(columns, told, kin.count)

    for today in (1, 3, 6, None):
        asked = [
            (number, role)
            for number, line in enumerate(sheet)
            if line[0] is None or today is None or line[0] <= today
            for role in seen(line)
        ]
        nodes = [
            [groups.nodes(role)[number] for number, role in asked] for groups in (expected, found)
        ]
        for place, (one, other) in enumerate(zip(*nodes, strict=True)):
            labels = [
                [groups.label(node, today) for node in own[: place + 1]]
                for groups, own in ((expected, nodes[0]), (found, nodes[1]))
            ]
            alike = [[label == own[-1] for label in own] for own in labels]
            assert alike[0] == alike[1]
            named = [expected.connected(one, today), found.connected(other, today)]
            assert len(named[0][0]) == len(named[1][0])
            links = [[(link.kind, link.written) for link in own] for _, own in named]
            assert links[0] == links[1]


def test_of_very_many_parties_only_those_with_something_in_common_are_told() -> None:
    groups = Groups(frozenset({"phone"}))
    mine = {"buyer.name": "Delta Trading Ltd", "buyer.country": "TR"}
    groups.add(5, "A-1", parties_of(record_of_texts(mine.items())))
    quiet: list[Line] = [
        (1, {**mine, "buyer.phone": "+90 212 555 01 00"}),
        (2, {"buyer.name": "Epsilon", "buyer.country": "TR", "buyer.phone": "0212 555 01 00"}),
        (3, {"buyer.name": "Zeta GmbH", "buyer.country": "DE", "buyer.phone": "+49 40 1234567"}),
        (3, {"buyer.name": "Eta", "buyer.country": "DE", "buyer.phone": "+49 40 1234567"}),
    ]
    told_in_columns(groups, quiet)
    groups.settle()
    assert {party.name for party in groups.mentions()} == {"delta trading", "epsilon"}
    assert groups.label(0, 5) == groups.label(1, 5)
