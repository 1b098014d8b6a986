"""Groups of parties on each day, against rules applied anew to what is known on that day."""

from __future__ import annotations

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
        if "payer" in by and "payer" in one and one["payer"].identity[:2] != one["buyer"].identity[:2]:
            key = one["payer"].identity[:2]
            buyers, themselves = payers.setdefault(key, (set(), set()))
            buyers.add(one["buyer"].identity)
            themselves.add(one["payer"].identity)
    values = [(kind, sharers, sharers) for (kind, key), sharers in sharing.items() if (kind, key) not in taken]
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
            asked = [(groups.of(number, role), party) for number, named in known for role, party in named.items()]
            for (one, first), (other, second) in combinations(asked, 2):
                assert one is not None and other is not None
                together = any({first.identity, second.identity} <= group for group in expected)
                assert (one.on(today) == other.on(today)) is together
