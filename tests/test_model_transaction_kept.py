"""A transaction that is written down is read as the same one; an odd mapping says what is amiss."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from redflags import Screener, Transaction
from redflags.model.fields import columns

VALUES = (
    st.text(max_size=30) | st.sampled_from(["", "n/a", "6 t", "TR; AE", "2015-07-01"]) | st.none()
)
ORDERS = st.dictionaries(st.sampled_from(sorted(columns())), VALUES, max_size=8)


@settings(max_examples=150, deadline=None)
@given(ORDERS)
def test_what_is_dumped_is_read_as_the_same_transaction(order: dict[str, Any]) -> None:
    made = Transaction.model_validate(order)
    for again in (
        Transaction.model_validate(made.model_dump()),
        Transaction.model_validate_json(made.model_dump_json()),
        pickle.loads(pickle.dumps(made)),
        copy.deepcopy(made),
    ):
        assert again == made
        assert again.model_dump_json() == made.model_dump_json()


def test_a_field_that_is_not_given_is_not_written_and_a_blank_one_is() -> None:
    made = Transaction.model_validate({"buyer": {"name": "Example Ltd", "city": ""}, "licence": ""})
    assert made.model_dump() == {
        "buyer": {"name": "Example Ltd", "city": ""},
        "licence": {"status": ""},
    }


@pytest.mark.parametrize("group", ["buyer", "consignee", "payment", "observations"])
def test_a_group_of_fields_that_is_none_is_not_given(group: str) -> None:
    assert Transaction.model_validate({group: None, "product": "urea"}) == (
        Transaction.model_validate({"product": "urea"})
    )


@pytest.mark.parametrize("value", ["Example Ltd", 5, ["Example Ltd"]])
def test_a_group_of_fields_that_is_no_mapping_says_how_to_give_it(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"'buyer' has fields of its own.*'buyer_name'"):
        Transaction.model_validate({"buyer": value})


ORDER = {"order_id": "1", "buyer": {"business": "mobile phone shop"}, "product": "aluminium paste"}


@pytest.mark.parametrize("odd", [None, 5, ORDER, "ORD-1", [ORDER], [None]], ids=repr)
def test_what_is_no_transaction_is_named_with_the_way_to_make_one(odd: Any) -> None:
    with pytest.raises(TypeError, match="an order is a Transaction or a sequence of them, not "):
        Screener().check(odd)
    kind = type(odd[0] if isinstance(odd, list) else odd).__name__
    with pytest.raises(TypeError, match=f"not {kind}; Transaction.model_validate makes one"):
        Screener().check(odd)


def test_a_screener_that_is_pickled_says_the_same_by_the_same_settings() -> None:
    screener = Screener(engine="judge")
    again = pickle.loads(pickle.dumps(screener))
    order = Transaction.model_validate({**ORDER, "quantity": "6 t"})
    assert again.check(order) == screener.check(order)
    assert again.check(order).band == "critical"
    assert (again.engine, again.policy.actions) == (screener.engine, screener.policy.actions)
    assert again.rules.sha256 == screener.rules.sha256
