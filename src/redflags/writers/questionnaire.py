"""A questionnaire as Markdown, as a page to print, as CSV or JSON to fill in and give back."""

from __future__ import annotations

import csv
import html
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TextIO

from redflags.errors import ConfigurationError
from redflags.model.questions import Question, Questionnaire
from redflags.values.text import display
from redflags.writers.harmless import markdown_text, spreadsheet_cell
from redflags.writers.page import counted

COLUMNS = ("order_id", "observation", "question", "of", "would_add", "band", "answer", "by", "on")
"""The columns of the CSV. ``answer``, ``by`` and ``on`` are empty and to be filled in."""

TIPPING_OFF = (
    "Ask the others first: asking the customer can tip him off. An answer may be yes, no or "
    "unknown."
)
NOTHING = (
    "No question would change what the rules say of this order: no rule speaks of it, and its "
    "goods are of no listed family."
)
SETTLED = "No question that is still open would change what the rules say of this order."


def questionnaire_format(name: str | None, output: str | None) -> str:
    """The format to write: the one named, else by the suffix of the output file, else Markdown.

    Raises :class:`ConfigurationError` if there is no such format, or the suffix stands for none.
    """
    if name is not None:
        if name not in FORMATS:
            raise ConfigurationError(
                f"there is no format {name[:40]!r} of a questionnaire; there are "
                f"{', '.join(FORMATS)}"
            )
        return name
    if output is None or output == "-":
        return "md"
    suffix = PurePath(output).suffix.lower().lstrip(".").replace("htm", "html").replace("ll", "l")
    if suffix == "markdown":
        suffix = "md"
    if suffix not in FORMATS:
        raise ConfigurationError(
            f"the output file {output[:200]!r} does not tell the format; name it with --format, or "
            f"use one of the suffixes .md, .html, .csv, .json"
        )
    return suffix


def write_questionnaire(found: Questionnaire, name: str, stream: TextIO) -> None:
    """Write a questionnaire in one of :data:`FORMATS`."""
    FORMATS[name](found, stream)


def _head(found: Questionnaire) -> list[tuple[str, str]]:
    return [
        ("parties", found.parties),
        ("goods", found.goods),
        ("band today", f"{found.band}, score {found.score:.1f} of 100"),
    ]


def _worth(one: Question) -> str:
    """What the answer could change, in one sentence."""
    told = []
    if one.would_add:
        effect = f"lifts the order to {one.band}" if one.would_lift else f"leaves it at {one.band}"
        told.append(f"a yes adds {one.would_add / 1000:.3f} bits and {effect}")
        if one.needs:
            told[-1] += f", if the order also states {', '.join(one.needs)}"
    if one.would_lower:
        told.append(f"a no takes {one.would_lower / 1000:.3f} bits off")
    return "; ".join(told) or "changes nothing today"


def _empty(found: Questionnaire) -> str:
    return SETTLED if found.band != "none" or found.answered else NOTHING


def _markdown(found: Questionnaire, stream: TextIO) -> None:
    lines = [f"# Questions about order {markdown_text(found.order_id)}", ""]
    lines += [f"- {label}: {markdown_text(text)}" for label, text in _head(found)]
    lines += ["", TIPPING_OFF, ""] if found.questions else ["", _empty(found), ""]
    for number, one in enumerate(found.questions, start=1):
        lines += [f"## {number}. {markdown_text(one.question)}", ""]
        lines.append(f"- ask: {one.of}")
        lines.append(f"- worth: {markdown_text(_worth(one))}")
        if one.note:
            lines.append(f"- bear in mind: {markdown_text(one.note)}")
        lines += [f"- red flags: {', '.join(one.flags)}; observation `{one.observation}`", ""]
        lines += ["Answer: [ ] yes  [ ] no  [ ] unknown  By: ____________  On: __________", ""]
    if found.left_out:
        lines += [
            f"{counted(found.left_out, 'further question')} could add something: `--all`.",
            "",
        ]
    for title, rows in _lists(found):
        lines += [f"## {title}", "", *(f"- {markdown_text(row)}" for row in rows), ""]
    stream.write("\n".join(lines).rstrip("\n") + "\n")


def _lists(found: Questionnaire) -> list[tuple[str, list[str]]]:
    """The parts that follow the questions, each with its title and rows."""
    parts = [
        ("Questions of the flags", [f"{one.of}: {one.text}" for one in found.asks]),
        (
            "Not stated in the order",
            [
                f"{', '.join(one.columns)}: would settle “{one.title}”"
                + (f" ({'; '.join(one.because)})" if one.because else "")
                for one in found.missing
            ],
        ),
        (
            "Answered already",
            [
                f"{one.question} {one.answer}" + (f" ({one.told})" if one.told else "")
                for one in found.answered
            ],
        ),
    ]
    return [(title, rows) for title, rows in parts if rows]


_STYLE = """
body { font: 11pt/1.45 Georgia, serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #111; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: 1.6em 0 .3em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .4rem 0; }
dt { color: #555; } dd { margin: 0; }
section.question { break-inside: avoid; border-top: 1px solid #999; }
p.answer { margin: .5rem 0 1rem; white-space: pre-wrap; }
.box { display: inline-block; width: .8em; height: .8em; border: 1px solid #111; }
.line { display: inline-block; min-width: 9rem; border-bottom: 1px solid #111; }
@page { margin: 18mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""

_ANSWER = (
    '<p class="answer"><span class="box"></span> yes &#160; <span class="box"></span> no &#160; '
    '<span class="box"></span> unknown &#160; by <span class="line">&#160;</span> &#160; '
    'on <span class="line">&#160;</span></p>'
)


def _html(found: Questionnaire, stream: TextIO) -> None:
    title = f"Questions about order {_safe(found.order_id)}"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        _pairs(_head(found)),
        f"<p>{_safe(TIPPING_OFF if found.questions else _empty(found))}</p>",
    ]
    for number, one in enumerate(found.questions, start=1):
        rows = [("ask", one.of), ("worth", _worth(one))]
        if one.note:
            rows.append(("bear in mind", one.note))
        rows.append(("red flags", f"{', '.join(one.flags)}; observation {one.observation}"))
        parts += [
            f'<section class="question"><h2>{number}. {_safe(one.question)}</h2>',
            _pairs(rows),
            _ANSWER,
            "</section>",
        ]
    if found.left_out:
        parts.append(f"<p>{counted(found.left_out, 'further question')} could add something.</p>")
    for heading, texts in _lists(found):
        parts.append(f"<h2>{_safe(heading)}</h2><ul>")
        parts += [f"<li>{_safe(text)}</li>" for text in texts]
        parts.append("</ul>")
    parts.append("</body></html>")
    stream.write("\n".join(parts) + "\n")


def _pairs(rows: list[tuple[str, str]]) -> str:
    inner = "".join(f"<dt>{_safe(label)}</dt><dd>{_safe(text)}</dd>" for label, text in rows)
    return f"<dl>{inner}</dl>"


def _safe(text: str) -> str:
    return html.escape(display(text).encode("utf-8", "replace").decode("utf-8"))


def _csv(found: Questionnaire, stream: TextIO) -> None:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found.questions:
        row = (
            found.order_id, one.observation, one.question, one.of, str(one.would_add), one.band,
            one.answer, one.by, one.on,
        )  # fmt: skip
        writer.writerow([spreadsheet_cell(cell) for cell in row])


def _json(found: Questionnaire, stream: TextIO) -> None:
    stream.write(found.model_dump_json(indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Questionnaire, TextIO], None]] = {
    "md": _markdown,
    "html": _html,
    "csv": _csv,
    "json": _json,
}
"""Every format of a questionnaire with what writes it."""
