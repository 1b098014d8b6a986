"""The page of a run with an overlay, in a real browser: an alert says what was changed here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from redflags import Screener
from redflags.rulebook import parse_rules
from redflags.writers import open_output, write_report
from tests.browser import NoBrowserError, browser, opened
from tests.test_cli_overlays import HOUSE, ORDERS, RULES

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    try:
        with browser() as found:
            yield found
    except NoBrowserError as error:
        pytest.skip(str(error))


def test_an_alert_that_an_overlay_shaped_says_so(chromium: Browser, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(ORDERS, encoding="utf-8")
    book = parse_rules(RULES, overlays={"house.yaml": HOUSE})
    path = tmp_path / "report.html"
    with open_output(str(path)) as stream:
        write_report(Screener(book).check_files([str(orders)]), "html", stream)
    with opened(chromium, path) as watched:
        page = watched.page
        page.locator("#list .opener").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".waterfall")
        told = page.inner_text("tr.detail")
        assert "by the overlay house: condition rules/much quantity.at_least is 250 kg" in told
        assert "Our drums are <large>." in told
        assert "Local changes: house, Ours (house.yaml): 4 local changes" in page.inner_text("body")
        watched.check()
