"""A case file as a page to print, as Markdown or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TextIO

from redflags.errors import ConfigurationError
from redflags.model.case_file import CaseFile
from redflags.model.results import Assessment, ConditionEvidence, Flag
from redflags.writers.formats import check_named_once
from redflags.writers.harmless import markdown_text
from redflags.writers.json_text import json_text
from redflags.writers.local_changes import change_lines, changed_text, overlay_text
from redflags.writers.page import counted, listed, sentence, where

FORMATS = ("html", "md", "json")
"""The formats of a case file."""

DOES_NOT_SAY = (
    "This file states what rules said of orders on the day above. A score orders by urgency; it is "
    "no probability. A place says nothing about the people who live there. It accuses nobody, and "
    "it releases nothing: whoever decides says so below, with reasons."
)

KEPT_LONGER = "longer where the goods leave in a later year"
"""Duties to keep records count from the export; that is not known yet when orders are checked."""

DECISION = "What was decided, by whom, on which day, on which grounds"

_SUFFIXES = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".json": "json"}


def case_file_format(name: str | None, output: str | None) -> str:
    """The format to write: the one named, else by the suffix of the output file, else Markdown.

    Raises :class:`ConfigurationError` if there is no such format, or the suffix stands for none.
    """
    if name is not None:
        if name not in FORMATS:
            raise ConfigurationError(
                f"there is no format {name[:40]!r} of a case file; there are {', '.join(FORMATS)}"
            )
        return name
    if output is None or output == "-":
        return "md"
    suffix = PurePath(output).suffix.lower()
    if suffix not in _SUFFIXES:
        raise ConfigurationError(
            f"the output file {output[:200]!r} does not tell the format; name it with --format, or "
            f"use one of the suffixes {', '.join(_SUFFIXES)}"
        )
    return _SUFFIXES[suffix]


def case_file_formats(name: str | None, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Each output with its format; a format alone is for standard output, and of several outputs
    it is that of those whose suffix does not tell.

    Raises :class:`ConfigurationError` as :func:`case_file_format`, or if a file is named twice.
    """
    if not outputs:
        return [] if name is None else [("-", case_file_format(name, None))]
    if len(outputs) == 1:
        return [(outputs[0], case_file_format(name, outputs[0]))]
    check_named_once(outputs)
    return [
        (one, case_file_format(None if PurePath(one).suffix.lower() in _SUFFIXES else name, one))
        for one in outputs
    ]


def write_case_file(file: CaseFile, name: str, stream: TextIO) -> None:
    """Write a case file in one of :data:`FORMATS`."""
    if name == "json":
        stream.write(json_text(file) + "\n")
    elif name == "html":
        from redflags.writers.html.case_page import write_case_page

        write_case_page(file, stream)
    else:
        for line in _markdown(file):
            stream.write(line + "\n")


def urgency(order: Assessment) -> str:
    """How urgent an order is, in words."""
    return f"{'stop' if order.stop else order.band}, score {order.score:.1f} of 100"


def _markdown(file: CaseFile) -> Iterator[str]:
    yield f"# Case file: {file.about} {markdown_text(file.id)}"
    yield ""
    yield f"- checked as of: {file.as_of or 'no day'}"
    years = f"{file.keep_years} years from the end of the year of the check, {KEPT_LONGER}"
    yield (
        f"- keep at least until: {file.keep_until} ({years})"
        if file.keep_until
        else ("- keep at least until: not known")
    )
    for order in file.orders:
        yield (
            f"- order {markdown_text(order.order_id)}: {urgency(order)}; action "
            f"{', '.join(order.action) or 'none'}"
        )
    yield ""
    yield DOES_NOT_SAY
    if file.case is not None:
        yield from _markdown_case(file)
    for order in file.orders:
        yield from _markdown_order(order)
    yield from _markdown_questions(file)
    yield ""
    yield f"## {DECISION}"
    yield ""
    yield "____________________________________________________________"
    yield ""
    yield "Name: ______________________  Day: ______________  Signature: ______________________"
    yield from _markdown_run(file)


def _markdown_case(file: CaseFile) -> Iterator[str]:
    case = file.case
    assert case is not None
    yield ""
    yield "## The case" if file.about == "case" else "## The case that it belongs to"
    yield ""
    yield f"Case `{case.case_id}`, {'stop' if case.stop else case.band}, score {case.score:.1f}."
    yield ""
    for party in case.parties:
        roles = ", ".join(role.replace("_", " ") for role in party.roles)
        yield (
            f"- {markdown_text(party.name or 'name not stated')} "
            f"({markdown_text(party.country or 'country not stated')}): {roles}, in "
            f"{party.orders} of {len(case.orders)} orders"
        )
    yield ""
    for link in case.links:
        yield f"- {markdown_text(sentence(link.sentence))}"
    yield ""
    yield "| Date | Order | Urgency | Parties | Goods |"
    yield "| --- | --- | --- | --- | --- |"
    for one in case.timeline:
        cells = (
            one.date or "not known",
            markdown_text(one.order_id),
            f"{'stop' if one.stop else one.band} {one.score:.1f}",
            markdown_text(one.parties),
            markdown_text(one.goods),
        )
        yield f"| {' | '.join(cells)} |"


def _markdown_order(order: Assessment) -> Iterator[str]:
    yield ""
    yield f"## Order {markdown_text(order.order_id)}"
    yield ""
    yield f"- parties: {markdown_text(order.parties or 'not stated')}"
    yield f"- goods: {markdown_text(order.goods or 'not stated')}"
    if order.date:
        yield f"- date: {order.date}"
    if where(order.lines):
        yield f"- where: {markdown_text(where(order.lines, most=50))}"
    for flag in order.flags:
        yield ""
        yield f"### {markdown_text(sentence(flag.title))}"
        yield ""
        yield from _markdown_flag(flag)
    yield from _markdown_what_if(order)
    if order.incomplete:
        yield ""
        yield "### Could not be judged"
        yield ""
        for one in order.incomplete:
            why = markdown_text("; ".join(one.because))
            yield f"- {markdown_text(sentence(one.title))} {why}"


def _markdown_what_if(order: Assessment) -> Iterator[str]:
    """What would change the assessment, where it was worked out."""
    found = order.what_if
    if found is None:
        return
    for head, told in (
        (f"What would bring it below {found.line}", found.counterfactuals),
        ("Missing facts worth asking for", found.worth_asking),
    ):
        if told:
            yield ""
            yield f"### {head}"
            yield ""
            for one in told:
                yield f"- {markdown_text(sentence(one.sentence))}"


def _markdown_flag(flag: Flag) -> Iterator[str]:
    grade = "stop" if flag.kind == "stop" else f"{flag.severity}, adds {flag.share / 1000:.3f} bits"
    yield f"{grade}; rule {markdown_text(flag.rule)}. {markdown_text(' '.join(flag.why.split()))}"
    yield ""
    for condition in flag.conditions:
        yield f"- {markdown_text(condition_text(condition))}"
    if not flag.conditions:
        yield f"- {markdown_text(sentence(flag.sentence))}"
    window = flag.model_dump().get("window")
    if window:
        for one in window["sentences"]:
            yield f"- {markdown_text(sentence(one))}"
        orders = markdown_text(listed(window["orders"], 50))
        yield f"- over {counted(window['count'], 'order')}: {orders}"
    for lowered in flag.lowered:
        yield f"- counts less: {markdown_text(sentence(lowered.because))}"
    for change in flag.shaped_by:
        yield f"- {markdown_text(changed_text(change, flag.rule))}"


def condition_text(condition: ConditionEvidence) -> str:
    """A condition in one line: what it says, as written, how understood, and where."""
    marks = {"true": "holds", "false": "does not hold", "unknown": "unknown"}
    told = [f"{marks[condition.verdict]}: {sentence(condition.sentence)}"]
    if condition.written:
        told.append(f"Written “{condition.written}”.")
    if condition.how:
        told.append(sentence(condition.how))
    if condition.assumed and condition.assumed not in condition.sentence:
        told.append(f"Assumed: {sentence(condition.assumed)}")
    place = where([condition.place])
    if place or condition.column:
        told.append(f"({', '.join(one for one in (place, condition.column) if one)})")
    return " ".join(told)


def _markdown_questions(file: CaseFile) -> Iterator[str]:
    if not file.questions:
        return
    yield ""
    yield "## Questions"
    yield ""
    yield "Asking the customer can tip him off; ask the others first."
    for number, one in enumerate(file.questions, start=1):
        several = len(file.orders) > 1
        orders = f" (orders {markdown_text(listed(one.orders, 6))})" if several else ""
        yield ""
        yield f"{number}. Ask {markdown_text(one.of)}: {markdown_text(one.text)}{orders}"
        yield ""
        yield f"    Answer: {markdown_text(one.answer) or '_' * 50}"
        yield ""
        yield (
            f"    By: {markdown_text(one.by) or '_' * 18}  On: {markdown_text(one.on) or '_' * 12}"
            f"  Document: {markdown_text(one.document) or '_' * 18}"
        )


def _markdown_run(file: CaseFile) -> Iterator[str]:
    run = file.run
    yield ""
    yield "## Sources"
    yield ""
    for one in file.sources:
        told = one.title or one.document
        year = f" ({one.year})" if one.year and one.year not in told else ""
        flags = f", flags {', '.join(one.flags)}" if one.flags else ""
        yield f"- {markdown_text(told + year + flags)}"
    yield ""
    yield "## What this rests on"
    yield ""
    yield f"- redflags {run.version}, rule book `{run.rules_sha256}`"
    for pack in run.packs:
        yield f"- pack {markdown_text(pack.id)} {markdown_text(pack.version)}: `{pack.sha256}`"
    for overlay in run.overlays:
        yield f"- overlay {markdown_text(overlay_text(overlay))}: `{overlay.sha256}`"
        for line in change_lines(overlay):
            yield f"  - {markdown_text(line)}"
    for read in run.inputs:
        yield f"- file {markdown_text(read.path)}: `{read.sha256}`"
    for read in run.history:
        yield f"- earlier orders {markdown_text(read.path)}: `{read.sha256}`"
    for label, used in (
        ("mapping", run.mapping),
        ("answers", run.answers),
        ("exchange rates", run.rates),
    ):
        if used is not None:
            yield f"- {label} {markdown_text(used.path)}: `{used.sha256}`"
