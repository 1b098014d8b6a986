"""A browser of the system for the tests of pages, where one is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """Why there is no browser here."""


def program() -> str:
    """The browser's program. Raises :class:`NoBrowserError`."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found is not None:
            return found
    raise NoBrowserError("Chromium is not installed here")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser. Raises :class:`NoBrowserError`."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowserError("playwright, which drives the browser, is not installed") from None
    path = program()
    # Chromium refuses to sandbox what runs as root.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox"] if is_root else []
            )
        except Error as error:
            raise NoBrowserError(f"{path} does not start here: {str(error)[:300]}") from None
        try:
            yield opened
        finally:
            opened.close()


class Watched:
    """A page with what went wrong in it and what it asked for."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda told: (
                self.problems.append(told.text) if told.type in ("error", "warning") else None
            ),
        )
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.address = path.resolve().as_uri()
        self.page.goto(self.address)

    def check(self) -> None:
        """Nothing went wrong, and nothing but the page itself was asked for."""
        assert self.problems == []
        assert {one.split("#")[0] for one in self.requests} == {self.address}


@contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = 1280, theme: str = "light", script: bool = True
) -> Iterator[Watched]:
    """A file in the browser, at a width and in a colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        java_script_enabled=script,
    )
    try:
        yield Watched(context, path)
    finally:
        context.close()
