"""HTML from Python values: every text is escaped, as there is no other way to put it in."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from importlib import resources

from redflags.values.text import display

_VOID = frozenset({"br", "hr", "input", "meta"})
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")


class Markup(str):
    """Text that is HTML already; any other text is escaped."""

    __slots__ = ()


Child = str | Iterable["Child"] | None
"""What an element may hold: text (escaped), markup, several of them, or nothing."""


def clean(text: str) -> str:
    """A text from outside, fit to be looked at: nothing that steers the reading direction, no
    control characters, no half characters."""
    return display(text).encode("utf-8", "replace").decode("utf-8")


def _inner(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return html.escape(clean(child))
    return "".join(map(_inner, child))


def element(tag: str, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element. An underscore at the end of an attribute's name goes, others become hyphens;
    an attribute that is None or False is left out, one that is True has no value.

    Raises ``ValueError`` for a name that is none: names never come from outside.
    """
    parts = [tag]
    for name, value in attributes.items():
        told = name.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(told) or told.startswith("on"):
            raise ValueError(f"no attribute is called {told!r}")
        if value is None or value is False:
            continue
        if isinstance(value, float):
            value = f"{value:.1f}"
        parts.append(told if value is True else f'{told}="{html.escape(clean(str(value)))}"')
    if not _NAME.fullmatch(tag):
        raise ValueError(f"no element is called {tag!r}")
    start = f"<{' '.join(parts)}>"
    if tag in _VOID:
        return Markup(start)
    return Markup(f"{start}{_inner(children)}</{tag}>")


def bdi(text: str) -> Markup:
    """A text from outside within a sentence: whatever its direction, it turns nothing around."""
    return element("bdi", text)


def framed(text: str) -> Markup:
    """Names from outside that stand in words of this page, such as the parties of an order: read
    from the left, even if the first name is one that is read from the right."""
    return element("bdi", text, dir="ltr")


def asset(name: str) -> str:
    """A style sheet or script of this package, as text."""
    folder = resources.files("redflags.writers.html") / "assets"
    return (folder / name).read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """The digest by which a content security policy knows a script or a style."""
    found = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{found}'"


def page(
    title: str, body: Child, *, style: str, script: str = "", data: Iterable[str] = ()
) -> Iterable[str]:
    """A whole page, in pieces. ``data`` are data blocks (:func:`data_block`), which come last.

    Its policy lets nothing be loaded and no script run but its own, whatever the page holds.
    """
    scripts = digest_of(script) if script else "'none'"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {digest_of(style)}",
            f"script-src {scripts}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    yield '<!DOCTYPE html>\n<html lang="en">\n'
    yield element(
        "head",
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Markup(f"<style>{style}</style>"),
    )
    yield "\n"
    yield from ("<body>\n", _inner(body), "\n")
    yield from data
    if script:
        yield f"<script>{script}</script>\n"
    yield "</body>\n</html>\n"


def data_block(name: str, text: str, kind: str = "application/json") -> str:
    """A block of data that the page's script reads. JSON may hold ``<`` in texts only, where an
    escape says the same."""
    if kind == "application/json":
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="{kind}" id="data-{html.escape(name)}">{text}</script>\n'
