"""What parties of orders without a flag do to cases: the same in columns as row by row."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redflags.across.identity import PartySeen, email_key, phone_keys, site_keys
from redflags.across.similar import perhaps_same
from redflags.cases.blocks import BLOCKS, block_of
from redflags.cases.census import Census
from redflags.cases.others import _IDENTITY, OthersMet
from redflags.model.fields import field_table
from redflags.model.record import record_of_texts
from tests.test_across_groups import seen
from tests.test_cases_book import book, checked, members, numbered, without_places

BOTH = book(
    """
rules:
  - id: acid
    title: Nitric acid is ordered
    severity: medium
    fact: precursor
    when: {product.family: {in: [nitric-acid]}}
  - id: together
    title: Half a tonne for one consignee within a month
    severity: high
    fact: network
    across:
      same: [consignee]
      within: 30 days
      where: {product.family: {in: [aluminium-paste]}}
      having: {sum(quantity): {at_least: 500 kg}}
"""
)


def order(number: str, product: str, buyer: str, **cells: str) -> dict[str, str]:
    given = {"order_id": number, "date": "2023-05-01", "product": product, "quantity": "20 kg"}
    return {**given, "buyer_name": buyer, "buyer_country": "GB", "buyer_city": "Hull", **cells}


ONE_PHONE = {"buyer_phone": "+44 1482 555 101"}
ONE_MAIL = {"buyer_email": "Desk@north.example"}
BETWEEN = [
    pytest.param([order("Q", "aluminium paste", "Two", **ONE_PHONE, **ONE_MAIL)], id="one firm"),
    pytest.param(
        [
            order("Q", "aluminium paste", "Two", buyer_address="1 Quay Street", **ONE_PHONE),
            order("R", "aluminium paste", "Three", buyer_address="1 Quay St.", **ONE_MAIL),
        ],
        id="two firms at one address",
    ),
    pytest.param(
        [
            order("Q", "aluminium paste", "Two", buyer_registration="HRB 48213", **ONE_PHONE),
            order("R", "aluminium paste", "Three", buyer_registration="HRB-48213", **ONE_MAIL),
        ],
        id="two names of one number",
    ),
    pytest.param(
        [
            order("Q", "aluminium paste", "Two", consignee_name="Six", consignee_country="GB"),
            order("R", "aluminium paste", "Two Ltd", **ONE_PHONE),
            order("S", "aluminium paste", "TWO", buyer_website="www.north.example"),
        ],
        id="one firm in several orders",
    ),
]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
@pytest.mark.parametrize("between", BETWEEN)
def test_alerts_are_linked_through_parties_of_orders_without_a_flag(
    between: list[dict[str, str]], engine: str
) -> None:
    rows = [
        order("A", "nitric acid", "One", buyer_phone="0044 1482 555101"),
        order("B", "nitric acid", "Four", buyer_email="desk@north.example"),
    ]
    assert members(checked(rows, rules=BOTH, engine=engine)) == []
    assert members(checked([*rows, *between], rules=BOTH, engine=engine)) == [{"A", "B"}]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_what_a_seller_or_a_forwarder_has_links_nobody_though_the_number_is_a_firm_s_too(
    engine: str,
) -> None:
    number = {"buyer_registration": "HRB 48213"}
    rows = [
        order("A", "nitric acid", "One", **number, seller_name="Own", seller_registration="48213"),
        order("B", "nitric acid", "Two", **number),
        order("C", "nitric acid", "Three", **ONE_PHONE),
        order("D", "nitric acid", "Four", **ONE_PHONE),
        order("Q", "aluminium paste", "Five", buyer_business="freight forwarder", **ONE_PHONE),
    ]
    assert members(checked(rows[:4], rules=BOTH, engine=engine)) == [{"A", "B"}, {"C", "D"}]
    assert members(checked(rows, rules=BOTH, engine=engine)) == [{"A", "B"}]


FIRMS = ["Alpha Ltd", "ALPHA LIMITED", "Alpha Traders", "Alfa Traders", "Beta GmbH", "", "stock"]
DETAILS = {
    "registration": ["", "", "HRB 48213", "48213", "n/a"],
    "phone": ["", "+44 1482 555101", "01482 555101", "Tel. +44 1482 555102 / 01482 555101"],
    "email": ["", "a@north.example", "A+b@north.example", "B <b@SOUTH.example>", "x@gmail.com"],
    "website": ["", "www.north.example", "https://shop.south.example/x", "none"],
    "address": ["", "1 Quay Street", "Quay St. 1", "2 Quay Street, Hull"],
    "business": ["", "bakery", "freight forwarder"],
}
PARTY = st.fixed_dictionaries(
    {
        "name": st.sampled_from(FIRMS),
        "country": st.sampled_from(["GB", "GB", "DE", ""]),
        "city": st.sampled_from(["Hull", ""]),
        **{part: st.sampled_from(texts) for part, texts in DETAILS.items()},
    }
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["nitric acid", "aluminium paste", "aluminium paste", "soap"]),
        PARTY,
        st.sampled_from(["consignee", "end_user", "payer", "forwarder", "seller"]),
        PARTY,
    ),
    min_size=2,
    max_size=14,
)


@settings(max_examples=30)
@given(LINES)
def test_parties_of_orders_without_a_flag_do_the_same_in_columns_as_row_by_row(
    lines: Sequence[tuple[str, dict[str, str], str, dict[str, str]]],
) -> None:
    rows = numbered(
        [
            {
                "date": "2023-05-01",
                "product": product,
                **{f"buyer_{part}": text for part, text in buyer.items()},
                **{f"{role}_{part}": text for part, text in other.items()},
            }
            for product, buyer, role, other in lines
        ]
    )
    expected = without_places(checked(rows, rules=BOTH).cases)
    assert without_places(checked(rows, rules=BOTH, engine="columnar").cases) == expected


LETTERS = st.text("aB0159 +-.()/@,:;ü", max_size=24)
PHONES = st.one_of(
    LETTERS,
    st.from_regex(r"(\+|00)?[0-9 ().-]{7,20}( ?/ ?[0-9]{7,9}| ext\.? [0-9]{2})?", fullmatch=True),
)
MAILS = st.one_of(
    LETTERS,
    st.from_regex(r"[a-cA-C+.]{1,4}@([a-cA-C-]{1,3}\.){1,3}(com|tr|example)", fullmatch=True),
)
SITES = st.one_of(
    LETTERS,
    st.from_regex(r"(https?://)?(www\.)?([a-cA-C-]{1,3}\.){1,3}(com|tr|example)[/:?#]?[a-c]*",
                  fullmatch=True),
)  # fmt: skip


def value(part: str, text: str) -> str:
    found = field_table()[f"buyer.{part}"].kind.parse(text).value
    return "" if found is None else str(found)


def block(kind: str, **texts: str) -> str | None:
    told: str | None = pl.DataFrame({part: [text] for part, text in texts.items()}).select(
        BLOCKS[kind]().alias("block")
    )["block"][0]
    return told


@given(PHONES, st.sampled_from(["DE", "GB", "RU", "IT", ""]))
@example("+49 (0)40 5550101", "DE")
@example("8 (495) 555-01-01", "RU")
@example("0000012..", "DE")
def test_every_telephone_number_of_a_text_is_of_the_block_of_the_text(
    text: str, country: str
) -> None:
    own = block("phone", phone=text)
    for key in phone_keys(value("phone", text), country):
        assert own in (None, block_of("phone", key))


@given(MAILS)
@example("Desk+orders@North.example")
def test_the_mail_address_of_a_text_is_of_the_block_of_the_text(text: str) -> None:
    own = block("email", email=text)
    key = email_key(value("email", text))
    assert not key or own in (None, block_of("email", key))


@given(SITES, MAILS)
@example("https://Shop.North.example/x", "")
@example("www.firm.com.tr", "a@mail.firm.com.tr")
@example("", "a@mail.firm.com.tr")
def test_every_site_of_two_texts_is_of_their_block(site: str, mail: str) -> None:
    own = block("website", website=site, email=mail)
    for key, _ in site_keys(value("website", site), value("email", mail)):
        assert own in (None, block_of("website", key))


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("phone", {"phone": "+44 1482 555101"}),
        ("email", {"email": "desk@north.example"}),
        ("website", {"website": "www.north.example", "email": ""}),
        ("website", {"website": "", "email": "desk@north.example"}),
    ],
)
def test_a_plain_text_has_a_block(kind: str, texts: dict[str, str]) -> None:
    assert block(kind, **texts)


@given(
    st.lists(
        st.builds(
            seen,
            st.just("buyer"),
            st.sampled_from(["Delta Trading", "Delta Tradinq", "Trading Delta", "Gamma", "Gamna"]),
            country=st.sampled_from(["TR", "TR", "DE", ""]),
            registration=st.sampled_from(["", "", "10001", "20002"]),
        ),
        max_size=12,
    ),
    st.data(),
)
def test_pairs_about_some_parties_are_those_of_all_pairs_that_have_one_of_them(
    parties: list[PartySeen], data: st.DataObject
) -> None:
    known = {one.identity: one for one in parties}
    every = perhaps_same(known, known.__getitem__)
    about = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
    assert perhaps_same(known, known.__getitem__, about) == [
        pair for pair in every if {pair.one.identity, pair.other.identity} & about
    ]


@given(
    st.lists(
        st.builds(
            seen,
            st.just("buyer"),
            st.text("abcdé ", min_size=2, max_size=4).map("Northern Coating Works {}".format),
            country=st.sampled_from(["TR", "TR", "TR", "DE", ""]),
            registration=st.sampled_from(["", "", "", "10001", "20002"]),
        ),
        min_size=30,
        max_size=120,
        unique_by=lambda one: one.identity,
    ),
    st.data(),
)
def test_among_those_near_the_ones_asked_for_the_same_pairs_are_found(
    parties: list[PartySeen], data: st.DataObject
) -> None:
    known = {one.identity: one for one in parties}
    several = sorted(known)
    about = data.draw(st.sets(st.sampled_from(several), max_size=4))
    beside = set(several[:: data.draw(st.integers(2, 9))])
    rows = [(*one, "buyer", known[one].shown) for one in several if one not in beside]
    columns = [*_IDENTITY, "role", "shown"]
    others = OthersMet(pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row"))
    near = dict(others.near(about, beside))
    assert {one for one in about if one not in beside} <= near.keys()
    assert perhaps_same({*beside, *near}, known.__getitem__, about) == perhaps_same(
        known, known.__getitem__, about
    )


CENSUS_LINES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "buyer.name": st.sampled_from(["One Ltd", "ONE LIMITED", "Two", "", "Three GmbH"]),
            "buyer.registration": st.sampled_from(["", "10001", "20002"]),
            "payer.name": st.sampled_from(["Payer", "payer", "Bank", ""]),
            "payer.phone": st.sampled_from(["", "+44 1482 555101"]),
            "end_user.registration": st.sampled_from(["", "10001"]),
            "end_user.phone": st.sampled_from(["", "+44 1482 555101", "0044 1482 555102"]),
        },
    ),
    max_size=20,
)


@given(CENSUS_LINES, st.integers(0, 20), st.integers(0, 2))
def test_a_census_of_batches_counts_as_one_of_lines(
    lines: list[dict[str, str]], cut: int, most: int
) -> None:
    by_line, by_batch = Census(), Census()
    for line in lines:
        by_line.note(record_of_texts(line.items()))
    for batch in (lines[:cut], lines[cut:], lines[cut:]):  # a batch may be noted twice
        columns = sorted({path for line in batch for path in line})
        frame = pl.DataFrame(
            {path: [line.get(path) for line in batch] for path in columns},
            schema=dict.fromkeys(columns, pl.String),
        )
        by_batch.note_batch(frame)
    names = {("Payer", 1), ("payer", 1), ("Bank", 2), ("Bank", 3), ("Nobody", 4)}
    assert by_batch.served("payer", names, most) == by_line.served("payer", names, most)
    wanted = {"+441482555101", "+441482555102"}
    assert by_batch.sharing("phone", wanted) == by_line.sharing("phone", wanted)
