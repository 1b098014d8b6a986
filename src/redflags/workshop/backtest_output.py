"""What came of a back-test, as text, JSON, Markdown, a page, or the plot alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, TextIO

from redflags.errors import ConfigurationError
from redflags.values.text import display
from redflags.workshop import backtest_words as words
from redflags.workshop.backtest import SCORES, Backtest, Caught, Counts
from redflags.workshop.backtest_plot import STYLE, picture, plot
from redflags.workshop.shares import CONFIDENCE, Share, precision_in_trade
from redflags.writers.harmless import markdown_text
from redflags.writers.html.elements import Child, asset, bdi, element, page
from redflags.writers.json_text import json_text
from redflags.writers.page import Page, sentence

FORMATS = ("table", "json", "markdown", "html", "svg")
"""The formats of a back-test; ``md`` is short for markdown."""

_SUFFIXES = {
    ".txt": "table", ".json": "json", ".md": "markdown", ".html": "html", ".htm": "html",
    ".svg": "svg",
}  # fmt: skip


def format_of(name: str | None, output: str | None) -> str:
    """The format that is asked for, by its name or else by the suffix of a file.

    Raises :class:`ConfigurationError` for one that does not exist.
    """
    if name is None and output is not None:
        suffix = PurePath(output).suffix.lower()
        if suffix not in _SUFFIXES:
            raise ConfigurationError(
                f"no format follows from {output[:200]!r}; name one with -f: {', '.join(FORMATS)}"
            )
        return _SUFFIXES[suffix]
    name = "markdown" if name == "md" else name or "table"
    if name not in FORMATS:
        raise ConfigurationError(
            f"there is no format {name[:40]!r}; there are {', '.join(FORMATS)}"
        )
    return name


def write_backtest(found: Backtest, name: str, stream: TextIO) -> None:
    """Write a back-test in one of :data:`FORMATS`."""
    if name == "json":
        stream.write(json_text(_plain(found)) + "\n")
    elif name == "markdown":
        stream.writelines(line + "\n" for line in _markdown(found))
    elif name == "html":
        for piece in page(words.title(found), _body(found), style=asset("style.css") + STYLE):
            stream.write(piece)
    elif name == "svg":
        stream.write(picture(found))
    else:
        _table(found, stream)


def _table(found: Backtest, stream: TextIO) -> None:
    text = Page(stream)
    text.heading(words.title(found))
    for line in words.basis(found):
        text.paragraph(sentence(line))
    for table in words.tables(found):
        text.blank()
        text.heading(table.title)
        text.paragraph(sentence(table.remark), style="quiet")
        _rows(text, table)
    if words.silent(found):
        text.paragraph(sentence(words.silent(found)), style="quiet")
    text.blank()
    text.heading("What this does not say")
    for line in words.cautions(found):
        text.paragraph(sentence(line))


def _rows(text: Page, table: words.Table) -> None:
    """A table in columns; where it is too wide the first cell has a line of its own, and in a
    narrow terminal each cell has."""
    rows = [table.heads, *table.rows]
    widths = words.columns(rows)
    if sum(widths) + 2 * len(widths) - 2 <= text.width:
        for row in rows:
            text.paragraph(_line(row, widths))
    elif sum(widths[1:]) + 2 * len(widths) <= text.width:
        for row in rows:
            text.paragraph(row[0])
            text.paragraph(_line(row[1:], widths[1:]), indent=4)
    else:
        for row in table.rows:
            text.paragraph(row[0])
            for head, cell in zip(table.heads[1:], row[1:], strict=True):
                text.labelled(head, cell, indent=4, label_width=14)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _markdown(found: Backtest) -> Iterator[str]:
    yield f"# {markdown_text(words.title(found))}"
    yield ""
    for line in words.basis(found):
        yield f"- {markdown_text(sentence(line))}"
    for table in words.tables(found):
        yield ""
        yield f"## {table.title}"
        yield ""
        yield markdown_text(sentence(table.remark))
        yield ""
        yield "| " + " | ".join(table.heads) + " |"
        yield "| " + " | ".join("---" for _ in table.heads) + " |"
        for row in table.rows:
            yield "| " + " | ".join(markdown_text(cell) for cell in row) + " |"
    if words.silent(found):
        yield ""
        yield sentence(words.silent(found))
    yield ""
    yield "## What this does not say"
    yield ""
    for line in words.cautions(found):
        yield f"- {markdown_text(sentence(line))}"


def _body(found: Backtest) -> Child:
    tables = [
        element(
            "section",
            element("h2", table.title),
            element("p", sentence(table.remark), class_="quiet"),
            element(
                "div",
                _html_table(table),
                class_="scroller",
                tabindex=0,
                role="group",
                aria_label=table.title,
            ),
        )
        for table in words.tables(found)
    ]
    return [
        element(
            "header",
            element("h1", words.title(found)),
            element("ul", [element("li", bdi(sentence(line))) for line in words.basis(found)]),
            element(
                "div",
                element("ul", [element("li", sentence(line)) for line in words.cautions(found)]),
                class_="note",
                role="note",
            ),
        ),
        element(
            "main",
            element(
                "figure",
                element("figcaption", "Where a line would move precision, recall and alert load"),
                element("div", plot(found), class_="scroller", tabindex=0, role="group",
                        aria_label="Precision, recall and alert load by line, picture"),
                class_="card",
            ),
            tables,
            element("p", sentence(words.silent(found)), class_="quiet"),
        ),
    ]  # fmt: skip


def _html_table(table: words.Table) -> Child:
    return element(
        "table",
        element("thead", element("tr", [element("th", one, scope="col") for one in table.heads])),
        element(
            "tbody",
            [
                element(
                    "tr",
                    element("th", bdi(row[0]), scope="row"),
                    [element("td", one) for one in row[1:]],
                )
                for row in table.rows
            ],
        ),
    )


def _plain(found: Backtest) -> dict[str, Any]:
    caught = found.at_line[found.line]
    return {
        "files": list(found.files),
        "labels": found.labels,
        "confidence": CONFIDENCE,
        "orders": _counts(found.whole),
        "undecided": found.undecided,
        "not_in_data": [display(one) for one in found.absent],
        "line": found.line,
        "at_line": {band: _caught(one) for band, one in found.at_line.items()},
        "in_band": {
            band: _counts(one) | {"precision": _share(one.precision)}
            for band, one in found.in_band.items()
        },
        "precision_in_trade": [
            {"one_in": rate, "interval": _ends(precision_in_trade(caught.recall,
                                                                  caught.false_alarms, rate))}
            for rate in words.RATES
        ],
        "rules": [
            {
                "rule": one.rule,
                "title": one.title,
                "grade": one.grade,
                **_caught(one.caught),
                "alone": _counts(one.alone),
                "needed": _counts(one.needed),
            }
            for one in found.rules
        ],
        "silent": list(found.silent),
        "at_score": [
            {"score": score, **_caught(found.at_score[score])} for score in SCORES
        ],
        "is_enough": found.is_enough,
        "proposal": None
        if found.proposal is None
        else {"score": found.proposal.score, **_caught(found.proposal.caught)},
        "cautions": list(words.cautions(found)),
    }  # fmt: skip


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "concern": counts.concern,
        "honest": counts.honest,
        "unlabelled": counts.unlabelled,
        "all": counts.all,
    }


def _caught(caught: Caught) -> dict[str, Any]:
    return {
        "flagged": _counts(caught.flagged),
        "recall": _share(caught.recall),
        "false_alarms": _share(caught.false_alarms),
        "precision": _share(caught.precision),
        "load": _share(caught.load),
    }


def _share(share: Share) -> dict[str, Any]:
    value = share.value
    return {
        "count": share.count,
        "of": share.of,
        "value": None if value is None else round(value, 6),
        "interval": _ends(share.interval),
    }


def _ends(interval: tuple[float, float]) -> list[float]:
    return [round(end, 6) for end in interval]
