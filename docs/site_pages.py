"""What the documentation site adds to the pages: the shipped rules in the navigation, and Markdown
as code hosts read it, so that one text serves both.

MkDocs calls the functions whose names begin with ``on_``; ``mkdocs.yml`` names this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RULES = "The shipped rules"
"""The title in ``mkdocs.yml`` under which the pages of the rules are put."""

SECTIONS = {
    "Learn it": "tutorial",
    "Do something": "how-to",
    "Understand it": "explanation",
    "Look it up": "reference",
}
"""The other titles, with the folder of their pages."""


def anchor(heading: str, separator: str = "-") -> str:
    """The anchor of a heading, as code hosts make it, so that a link works there and here."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def on_config(config: Any) -> Any:
    """Put a page for each rule, pack by pack, under the shipped rules, and at the end of their
    section those pages to which ``mkdocs.yml`` gives no place."""
    config["mdx_configs"].setdefault("toc", {})["slugify"] = anchor
    docs = Path(config["docs_dir"])
    for title, folder in SECTIONS.items():
        section = _section(config["nav"], title)
        named = set(_pages(section))
        pages = sorted(path.relative_to(docs).as_posix() for path in (docs / folder).glob("*.md"))
        section += [page for page in pages if page not in named]
    section = _section(config["nav"], RULES)
    rules = docs / "reference" / "rules"
    for pack in sorted(path for path in rules.iterdir() if path.is_dir()):
        pages = sorted(path.relative_to(config["docs_dir"]) for path in pack.glob("*.md"))
        section.append({pack.name: [path.as_posix() for path in pages]})
    return config


def _pages(nav: Any) -> Iterator[str]:
    """The pages that a part of the navigation names."""
    for entry in nav:
        if isinstance(entry, str):
            yield entry
        else:
            for inner in entry.values():
                yield from [inner] if isinstance(inner, str) else _pages(inner)


def _section(nav: Any, wanted: str) -> list[Any]:
    """The list of pages under a title."""
    waiting = [nav]
    while waiting:
        for entry in waiting.pop():
            for title, inner in entry.items() if isinstance(entry, dict) else ():
                if title == wanted:
                    found: list[Any] = inner
                    return found
                if isinstance(inner, list):
                    waiting.append(inner)
    raise ValueError(f"mkdocs.yml has no section {wanted!r}")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The text without the notes before its heading, which would hide it, and with lists indented
    by four, as this Markdown wants them, where two are written."""
    lines = []
    is_fenced = is_begun = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            is_fenced = not is_fenced
        is_begun = is_begun or line.startswith("# ")
        if not is_begun and re.fullmatch(r"<!--.*-->", line):
            continue
        if not is_fenced:
            spaces = len(line) - len(line.lstrip(" "))
            line = " " * spaces + line
        lines.append(line)
    return "\n".join(lines)
