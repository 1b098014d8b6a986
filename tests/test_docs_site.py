"""The documentation site: every page is there, every link leads somewhere, and it works from disk
without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser import NoBrowserError, browser, opened

pytest.importorskip("mkdocs")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
NOT_FETCHED = {"a", "area", "form"}
"""The elements whose addresses are followed only by a person who clicks."""


class Found(HTMLParser):
    """The anchors of a page, and the addresses that it names, with the element that names each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.addresses: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name in ("id", "name"):
                self.anchors.add(value)
            elif name in ("href", "src", "action", "poster", "data"):
                self.addresses.append((tag, value))
            elif name == "srcset":
                self.addresses += [(tag, one.split()[0]) for one in value.split(",")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Found]:
    return {path: Found(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    try:
        with browser() as found:
            yield found
    except NoBrowserError as error:
        pytest.skip(str(error))


def goal(page: Path, address: str) -> tuple[Path, str] | None:
    """The file and anchor that an address inside the site names."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
        return None
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    return (file / "index.html" if file.is_dir() else file), unquote(parts.fragment)


def test_every_page_of_the_documentation_is_in_the_site(site: Path) -> None:
    written = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    built = {path.relative_to(site).with_suffix(".md") for path in site.rglob("*.html")}
    assert built - {Path("404.md")} == written
    assert not list(site.rglob("*.py"))


def test_every_page_is_reached_from_the_first_one(site: Path, pages: dict[Path, Found]) -> None:
    reached = {site / "index.html"}
    waiting = list(reached)
    while waiting:
        page = waiting.pop()
        for _, address in pages[page].addresses:
            found = goal(page, address)
            if found is not None and found[0] in pages and found[0] not in reached:
                reached.add(found[0])
                waiting.append(found[0])
    assert set(pages) - reached == {site / "404.html"}


def test_every_link_and_anchor_leads_somewhere(site: Path, pages: dict[Path, Found]) -> None:
    dead = []
    for page, found in pages.items():
        if page.name == "404.html":  # its addresses are those of a server's root
            continue
        for _, address in found.addresses:
            wanted = goal(page, address)
            if wanted is None:
                continue
            file, name = wanted
            is_known = file.is_file() and file.is_relative_to(site)
            if not is_known or (name and file in pages and name not in pages[file].anchors):
                dead.append(f"{page.relative_to(site)}: {address}")
    assert dead == []


def test_lists_are_lists_and_every_page_has_the_title_of_its_heading(
    site: Path, pages: dict[Path, Found]
) -> None:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<p>[^<]*\n- ", text), f"{page.name}: a list without a line before it"
        source = (ROOT / "docs" / page.relative_to(site)).with_suffix(".md")
        if source.is_file() and page.name != "index.html":
            heading = re.search(r"^# (.*)$", source.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading is not None
            title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
            assert title is not None
            assert unescape(title[1]).startswith(heading[1].replace("`", "")), page.name


def test_no_page_fetches_anything_from_a_network(site: Path, pages: dict[Path, Found]) -> None:
    fetched = [
        f"{page.relative_to(site)}: {tag} {address}"
        for page, found in pages.items()
        for tag, address in found.addresses
        if tag not in NOT_FETCHED and urlsplit(address).scheme not in ("", "data")
    ]
    assert fetched == []
    for path in site.rglob("*.css"):
        named = re.findall(r"url\(\s*[\"']?(\w+:|//)", path.read_text(encoding="utf-8"))
        assert set(named) <= {"data:"}, path.name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_site_is_searched_from_disk(chromium: Browser, site: Path, theme: str) -> None:
    with opened(chromium, site / "index.html", theme=theme) as watched:
        page = watched.page
        page.locator("input[name=query]").press_sequentially("turbojet")
        page.wait_for_selector(".md-search-result__item a")
        first = page.locator(".md-search-result__item a").first
        assert (first.get_attribute("href") or "").startswith("file:")
        assert watched.problems == []
        assert all(one.startswith(("file:", "data:", "blob:", "about:")) for one in
                   watched.requests)  # fmt: skip


def test_every_picture_is_shown(chromium: Browser, site: Path, pages: dict[Path, Found]) -> None:
    pictured = [
        path for path, found in pages.items()
        if any(tag == "img" and "images/" in one for tag, one in found.addresses)
        and path.name != "404.html"
    ]  # fmt: skip
    assert pictured
    for path in pictured:
        with opened(chromium, path) as watched:
            sizes = watched.page.eval_on_selector_all(
                "article img", "all => all.map(one => one.complete && one.naturalWidth)"
            )
            assert sizes
            assert all(sizes), path.name
