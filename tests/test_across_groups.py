"""Groups of parties on each day, against rules applied anew to what is known on that day."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.across.groups import MOST_SHARING, PROVIDERS, Groups, clusters
from redflags.across.identity import LINKS, PartySeen, party_seen

Line = tuple[int | None, Mapping[str, PartySeen]]


def seen(role: str = "buyer", name: str = "", **texts: str) -> PartySeen:
    found = party_seen(role, name, **texts)
    assert found is not None
    return found


NAMES = ("Delta Trading Ltd", "Epsilon", "Zeta GmbH", "Eta")


def parties(role: str) -> st.SearchStrategy[PartySeen]:
    return st.builds(
        lambda name, country, registration, phone, directors: seen(
            role, name, country=country, registration=registration, phone=phone, directors=directors
        ),
        st.sampled_from(NAMES),
        st.sampled_from(("TR", "DE", "")),
        st.sampled_from(("", "", "", "10001", "20002")),
        st.sampled_from(("", "", "+90 212 555 01 00", "+90 212 555 01 11")),
        st.sampled_from(("", "", "", "Anna Example", "Anna Example; Bob Sample")),
    )


def lines(most: int = 10) -> st.SearchStrategy[list[Line]]:
    roles = ("buyer", "consignee", "payer", "forwarder")
    return st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(1, 6)),
            st.fixed_dictionaries({"buyer": parties("buyer")}).flatmap(
                lambda one: st.fixed_dictionaries(
                    {}, optional={role: parties(role) for role in roles[1:]}
                ).map(lambda more: {**one, **more})
            ),
        ),
        min_size=1,
        max_size=most,
    )


def grouped(known: Sequence[Mapping[str, PartySeen]], by: Iterable[str]) -> list[set[object]]:
    """The groups of everything known, by the rules as they are written down."""
    mentions = {party.identity for one in known for party in one.values()}
    names = {name for name, _, _ in mentions}
    edges: list[tuple[object, object]] = []
    for one, other in combinations(sorted(mentions), 2):
        if one[2] and one[2] == other[2]:
            countries = {c for _, c, number in mentions if number == one[2] and c}
            if one[1] == other[1] or ("" in (one[1], other[1]) and len(countries) == 1):
                edges.append((one, other))
    for name in names:
        of_name = [one for one in mentions if one[0] == name]
        countries = {country for _, country, _ in of_name if country}
        pools = [[one for one in of_name if one[1] == country] for country in {*countries, ""}]
        if len(countries) == 1:
            pools = [of_name]
        for pool in pools:
            numbers = {number for _, _, number in pool if number}
            bare = [one for one in pool if not one[2]]
            edges += [(bare[0], one) for one in bare[1:]]
            edges += [(a, b) for a, b in combinations(pool, 2) if a[2] and a[2] == b[2]]
            if bare and len(numbers) == 1:
                edges += [(bare[0], one) for one in pool if one[2]]
    by = set(by)
    sharing: dict[tuple[str, str], set[object]] = {}
    taken: set[tuple[str, str]] = set()
    for one in known:
        for role, party in one.items():
            for attribute in party.attributes:
                key = (attribute.kind, attribute.key)
                if attribute.kind not in by or attribute.kind == "registration":
                    continue
                if role in PROVIDERS:
                    taken.add(key)
                else:
                    sharing.setdefault(key, set()).add(party.identity)
    payers: dict[tuple[str, str], tuple[set[object], set[object]]] = {}
    for one in known:
        if (
            "payer" in by
            and "payer" in one
            and one["payer"].identity[:2] != one["buyer"].identity[:2]
        ):
            key = one["payer"].identity[:2]
            buyers, themselves = payers.setdefault(key, (set(), set()))
            buyers.add(one["buyer"].identity)
            themselves.add(one["payer"].identity)
    values = [
        (kind, sharers, sharers)
        for (kind, key), sharers in sharing.items()
        if (kind, key) not in taken
    ]
    values += [("payer", buyers, buyers | selves) for buyers, selves in payers.values()]
    for kind, counted, joined in values:
        if len({one[0] for one in counted}) <= MOST_SHARING[kind]:
            edges += [(min(joined), one) for one in joined]
    groups = [{one} for one in mentions]
    for one, other in edges:
        first = next(group for group in groups if one in group)
        second = next(group for group in groups if other in group)
        if first is not second:
            groups.remove(second)
            first |= second
    return groups


@pytest.mark.parametrize("by", [(), ("phone",), ("phone", "director"), LINKS], ids="-".join)
@given(given_lines=lines(), most=st.integers(1, 3))
def test_groups_of_each_day_are_those_of_what_is_known_on_that_day(
    by: tuple[str, ...], given_lines: list[Line], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for kind in MOST_SHARING:
            patch.setitem(MOST_SHARING, kind, most)  # type: ignore[arg-type]
        groups = Groups(frozenset(by))
        for number, (day, named) in enumerate(given_lines):
            assert groups.add(day, number, named) == number
        groups.settle()
        for today in (1, 2, 3, 4, 5, 6, None):
            known = [
                (number, named)
                for number, (day, named) in enumerate(given_lines)
                if day is None or today is None or day <= today
            ]
            expected = grouped([named for _, named in known], by)
            asked = [
                (groups.of(number, role), party)
                for number, named in known
                for role, party in named.items()
            ]
            for (one, first), (other, second) in combinations(asked, 2):
                assert one is not None
                assert other is not None
                together = any({first.identity, second.identity} <= group for group in expected)
                assert (one.on(today) == other.on(today)) is together


def firm(number: int, **texts: str) -> PartySeen:
    return seen("buyer", f"Firm {number:03d} Ltd", country="TR", **texts)


def labels(groups: Groups, day: int | None) -> list[int]:
    return [groups.label(node, day) for node in groups.nodes("buyer")]


def test_an_address_links_until_a_ninth_firm_uses_it() -> None:
    groups = Groups(frozenset({"address"}))
    for day in range(1, 11):
        party = firm(day, city="Mersin", address="Liman Cad. No:5")
        groups.add(day, f"O-{day}", {"buyer": party})
    groups.settle()
    assert len(set(labels(groups, 8)[:8])) == 1
    assert len(set(labels(groups, 9))) == len(set(labels(groups, None))) == 10
    (hub,) = groups.hubs()
    assert (hub.kind, hub.written, hub.parties) == ("address", "Liman Cad. No:5", 10)
    assert hub.why == "more than 8 firms share it"


def test_firms_of_one_name_count_once_for_a_hub() -> None:
    parties_of_one = [firm(1, registration=f"1000{n}", phone="0212 555 01 00") for n in range(20)]
    found = clusters([*parties_of_one, firm(2, phone="0212 555 01 00")], ["phone"])
    assert [len(one.members) for one in found] == [21]


def test_what_a_forwarder_has_links_nobody() -> None:
    groups = Groups(frozenset({"phone"}))
    number = "0212 555 01 00"
    groups.add(1, "O-1", {"buyer": firm(1, phone=number)})
    groups.add(2, "O-2", {"buyer": firm(2, phone=number)})
    groups.add(
        5,
        "O-3",
        {"buyer": firm(3), "forwarder": seen("forwarder", "Carrier", phone=number, country="TR")},
    )
    groups.settle()
    assert len(set(labels(groups, 4)[:2])) == 1
    assert len(set(labels(groups, 5))) == 3


def test_two_buyers_with_one_payer_are_linked_and_their_payer_with_them() -> None:
    groups = Groups(frozenset({"payer"}))
    payer = seen("payer", "Pays Ltd", country="AE")
    for number in (1, 2):
        groups.add(number, f"O-{number}", {"buyer": firm(number), "payer": payer})
    groups.add(
        3, "O-3", {"buyer": firm(3), "payer": seen("payer", "FIRM 003 LIMITED", country="TR")}
    )
    groups.settle()
    first, second, third = labels(groups, None)
    assert first == second != third
    assert groups.label(groups.nodes("payer")[0]) == first
    _, links = groups.connected(groups.nodes("buyer")[0])
    assert {(link.kind, link.written) for link in links} == {("payer", "Pays Ltd")}


def test_a_name_with_two_numbers_is_nobodys() -> None:
    groups = Groups()
    plain = seen("buyer", "Delta Ltd", country="TR")
    groups.add(1, "O-1", {"buyer": plain})
    groups.add(
        2, "O-2", {"buyer": seen("buyer", "Delta Limited", country="TR", registration="10001")}
    )
    groups.add(3, "O-3", {"buyer": seen("buyer", "DELTA", country="TR", registration="20002")})
    groups.settle()
    assert labels(groups, 2)[0] == labels(groups, 2)[1]
    assert len(set(labels(groups, 3))) == 3


def test_links_of_a_group_are_a_tree_and_at_most_fifty() -> None:
    chain = [
        firm(n, phone=f"0212 555 {n // 2:04d}", email=f"a{(n + 1) // 2}@example-{(n + 1) // 2}.com")
        for n in range(200)
    ]
    (found,) = clusters(chain, ["phone", "email"])
    assert len(found.members) == 200
    assert len(found.links) <= 50


@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_group(
    given_lines: list[Line], shuffler: random.Random
) -> None:
    shuffled = list(range(len(given_lines)))
    shuffler.shuffle(shuffled)
    one, other = Groups(frozenset(LINKS)), Groups(frozenset(LINKS))
    for number, (day, named) in enumerate(given_lines):
        one.add(day, number, named)
    for number in shuffled:
        other.add(given_lines[number][0], number, given_lines[number][1])
    one.settle()
    other.settle()
    places = {number: place for place, number in enumerate(shuffled)}
    for today in (2, 4, None):
        known = [
            number
            for number, (day, _) in enumerate(given_lines)
            if day is None or today is None or day <= today
        ]
        first = [labels(one, today)[number] for number in known]
        second = [labels(other, today)[places[number]] for number in known]
        assert len(set(zip(first, second, strict=True))) == len(set(first)) == len(set(second))


def test_long_chains_and_crowded_values_cost_no_square() -> None:
    groups = Groups(frozenset({"phone", "address", "director"}))
    pick = random.Random(5)
    for number in range(6_000):
        party = firm(
            number,
            city="Mersin",
            address="Liman Cad. No:5" if number % 2 else f"Liman Cad. No:{number}",
            phone=f"0212 555 {pick.randrange(1_500):04d}",
            directors=f"Anna Example{number // 3}; Bob Sample{number // 2}",
        )
        groups.add(pick.randrange(2_000), number, {"buyer": party})
    began = time.process_time()
    groups.settle()
    assert time.process_time() - began < 10
    moved = sum(len(list(groups.moves(node))) for node in groups.nodes("buyer"))
    assert moved < 6_000 * 13
