"""One order explained: the evidence step by step, the questions, and the rules that came close."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TextIO

from rich.text import Text

from redflags.model.results import (
    Assessment,
    ConditionEvidence,
    Flag,
    Incomplete,
    LinePlace,
    WindowEvidence,
    WorthAsking,
)
from redflags.weights import bits_of_weight
from redflags.writers.gaps import lifted_band, named, request
from redflags.writers.local_changes import change_text, shaped_text
from redflags.writers.page import STYLES, Page, listed, safe, sentence, where

MOST_ORDERS = 12
"""Orders of a window that are named."""

MOST_LINKS = 8
"""Links between the buyers of a window that are told."""

_BY = {"email": "e-mail address", "phone": "telephone number", "website": "web site"}

MARKS = {"true": "holds", "false": "does not", "unknown": "unknown"}


class CloseRule(Protocol):
    """A rule that came out false although most of it holds."""

    @property
    def rule(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def held(self) -> Sequence[ConditionEvidence]: ...
    @property
    def missing(self) -> Sequence[ConditionEvidence]: ...


def write_explanation(
    assessment: Assessment,
    close: Sequence[CloseRule],
    stream: TextIO,
    *,
    width: int | None = None,
) -> None:
    """Write one order with all its evidence, for a person at a terminal or a text file."""
    page = Page(stream, width=width)
    _order(assessment, page)
    ranked = sorted(assessment.flags, key=lambda flag: (flag.kind != "stop", -flag.share))
    if ranked:
        _waterfall(ranked, assessment, page)
        for number, flag in enumerate(ranked, start=1):
            _flag(number, flag, assessment, page)
        _questions(ranked, page)
    else:
        page.blank()
        page.paragraph("No rule matched what the order states. That says nothing beyond it.")
    _what_if(assessment, page)
    _incompletes(assessment, page)
    _close(close, page)
    page.blank()
    page.paragraph("A score orders by urgency; it is no probability.", style="quiet")


def _order(assessment: Assessment, page: Page) -> None:
    page.heading(f"Order {assessment.order_id}")
    actions = ", ".join(assessment.action).upper() or "none"
    page.labelled("action", actions, style="bold")
    grade = "stop; " if assessment.stop else ""
    grade += f"{assessment.band}, score {assessment.score:.1f} of 100"
    style = "stop" if assessment.stop else assessment.band
    page.labelled("band", grade, style=style if assessment.flags else "")
    page.labelled("parties", assessment.parties or "not stated")
    page.labelled("goods", assessment.goods or "not stated")
    if where(assessment.lines):
        page.labelled("where", where(assessment.lines, most=20))
    if shaped_text(assessment):
        page.labelled("overlay", shaped_text(assessment))


def _waterfall(flags: Sequence[Flag], assessment: Assessment, page: Page) -> None:
    """How the evidence of each flag adds up to the score, in bits."""
    page.blank()
    page.heading("How the score comes about (bits of evidence)")
    total = 0
    idle = [flag for flag in flags if flag.kind != "stop" and not flag.share and not flag.lowered]
    if len(idle) < 2:
        idle = []
    folded = {id(flag) for flag in idle}
    for flag in flags:
        if id(flag) in folded:
            continue
        if flag.kind == "stop":
            page.labelled("stop", f"{sentence(flag.title)} Not scored: it comes first.")
            continue
        total += flag.share
        page.labelled(
            f"{_signed(flag.share)}", f"{sentence(flag.title)}{_steps(flag)}", label_style="bold"
        )
    if idle:
        page.labelled("+0.000", _idle(idle), label_style="bold")
    page.labelled(
        f"= {_bits(assessment.bits)}",
        f"score 100 · (1 − 2^−{_bits(assessment.bits)}) = {assessment.score:.1f}, band "
        f"{assessment.band}",
        label_style="bold",
    )
    if total != assessment.bits:
        page.paragraph(f"The shares add up to {_bits(total)}.", style="quiet")


def _idle(flags: Sequence[Flag]) -> str:
    """How many flags add nothing, and beside which facts they stand."""
    facts = Counter(flag.fact or "no fact" for flag in flags)
    told = ", ".join(f"{fact} {count}" for fact, count in facts.items())
    lows = any(flag.severity == "low" for flag in flags)
    capped = ", and low ones together no more than one medium" if lows else ""
    return (
        f"{len(flags)} more flags add nothing: of each fact only the strongest flag counts{capped} "
        f"({told})."
    )


def _steps(flag: Flag) -> str:
    """What a flag began with and lost on the way to its share."""
    lowered = sum(one.by for one in flag.lowered)
    began = weight_bits(flag)
    steps = [f"{_bits(began)} as {flag.severity or 'a sign'}"] if began is not None else []
    steps += [f"{_signed(-one.by)} {one.because.rstrip('.')}" for one in flag.lowered]
    lost = 0 if began is None else began - lowered - flag.share
    if lost > 0:
        reason = (
            f"another flag speaks of the same fact, {flag.fact}"
            if flag.share == 0 or flag.severity != "low"
            else "low signs count together for no more than one medium, and each only beyond "
            "other signs of its fact"
        )
        steps.append(f"{_signed(-lost)} {reason}")
    return f" ({'; '.join(steps)})" if len(steps) > 1 else f" ({flag.severity})"


def weight_bits(flag: Flag) -> int | None:
    """The bits of a flag's weight before anything was taken from them."""
    return None if flag.weight is None else bits_of_weight(flag.weight)


def _flag(number: int, flag: Flag, assessment: Assessment, page: Page) -> None:
    page.blank()
    label = "STOP" if flag.kind == "stop" else flag.severity or "sign"
    page.spread(
        [
            (f"{number}. {flag.title}", "bold"),
            (label, STYLES.get(label.lower(), "")),
            (flag.rule, "quiet"),
        ]
    )
    if flag.why:
        page.labelled("why", " ".join(flag.why.split()), indent=3, label_style="quiet")
    if len(assessment.lines) > 1 and flag.lines:
        page.labelled("lines", where(flag.lines, most=20), indent=3, label_style="quiet")
    for condition in _telling(flag.conditions):
        _condition(condition, len({line.file for line in assessment.lines}) > 1, page)
    if flag.window is not None:
        _window(flag.window, page)
    for change in flag.shaped_by:
        page.labelled("changed", change_text(change, flag.rule), indent=3, label_style="bold")
    for source in flag.source:
        page.labelled(
            "source",
            citation(source.title or source.document, source.year, source.flags),
            indent=3,
            style="quiet",
            label_style="quiet",
        )


def _window(window: WindowEvidence, page: Page) -> None:
    """The orders over which the rule came out true, what they come to and how they are linked."""
    for number, told in enumerate(window.sentences):
        page.labelled("" if number else "window", safe(sentence(told)), indent=3)
    orders = listed(window.orders[::-1], MOST_ORDERS) if window.orders else "without numbers"
    if window.count > 1:
        page.labelled("orders", safe(f"{orders}, the latest first"), indent=3)
    for number, link in enumerate(window.links[:MOST_LINKS]):
        told = f"{link.one} and {link.other} share the {_BY.get(link.by, link.by)} {link.written}"
        page.labelled("" if number else "linked", safe(sentence(told)), indent=3)
    if len(window.links) > MOST_LINKS:
        page.labelled("", f"and {len(window.links) - MOST_LINKS} more links", indent=3)


def _telling(conditions: Sequence[ConditionEvidence]) -> list[ConditionEvidence]:
    """The conditions, less those that say that a field is stated where another tells its value."""
    told = {one.field for one in conditions if one.operator != "known"}
    return [one for one in conditions if one.operator != "known" or one.field not in told]


def citation(title: str, year: str, flags: Sequence[str]) -> str:
    """A document with its year, unless the title has it, and the documented flags."""
    told = f"{title} ({year})" if year and year not in title else title
    return told + (f", flags {', '.join(flags)}" if flags else "")


def _condition(condition: ConditionEvidence, name_file: bool, page: Page) -> None:
    told = Text(safe(sentence(condition.sentence)))
    remark = _reading(condition, name_file)
    if remark:
        told.append(" " + safe(remark), style="dim")
    page.labelled(MARKS[condition.verdict], told, indent=3)


def _reading(condition: ConditionEvidence, name_file: bool) -> str:
    """The value as written, where it stands, and how it was understood."""
    if condition.written is None:
        return ""
    written = textwrap.shorten(condition.written, 80, placeholder=" …")
    place = _place(condition.place, name_file)
    column = f"column {condition.column}" if condition.column else ""
    told = [", ".join(part for part in (place, column) if part)]
    if written and written != condition.understood:
        told.append(f"written “{written}”")
    if condition.how:
        told.append(condition.how)
    if condition.assumed and condition.assumed not in condition.sentence:
        told.append(f"assumed: {condition.assumed}")
    return f"[{'; '.join(part for part in told if part)}]"


def _place(place: LinePlace, name_file: bool) -> str:
    """The row, with the line of the text where line breaks in cells make it another number."""
    if place.row is None:
        return ""
    row = where([place]) if name_file else f"row {place.row}"
    return f"{row} (line {place.line})" if place.line not in (None, place.row) else row


def _questions(flags: Sequence[Flag], page: Page) -> None:
    asked: dict[str, list[str]] = {}
    for flag in flags:
        for ask in flag.ask:
            if ask.text not in asked.setdefault(ask.of, []):
                asked[ask.of].append(ask.text)
    if not asked:
        return
    page.blank()
    page.heading("Questions to ask before the goods leave")
    # Asking inside the house comes first: asking a customer can tip him off.
    for of in sorted(asked, key=lambda of: (of == "customer", of)):
        for number, text in enumerate(asked[of]):
            page.labelled("" if number else of, text, label_style="bold")
    if "customer" in asked:
        page.paragraph("Asking the customer can tip him off; ask the others first.", style="quiet")


def _what_if(assessment: Assessment, page: Page) -> None:
    """What would bring the order below the line, and which missing fact would settle most."""
    found = assessment.what_if
    if found is None:
        return
    if found.counterfactuals:
        page.blank()
        page.heading(f"What would bring it below {found.line}, if it were shown to be so")
        labels = {True: "check", False: "cannot change"}
        told = ""
        for one in found.counterfactuals:
            label = labels[one.can_be_checked]
            text = sentence(one.sentence.removesuffix(" (cannot change)"))
            page.labelled("" if label == told else label, text, label_style="bold", label_width=15)
            told = label
        page.paragraph(
            "Judged again with these facts. Papers and people must show them: to write them into "
            "the order shows nothing.",
            style="quiet",
        )
    elif not found.is_complete:
        page.blank()
        page.paragraph("What would bring it below the line was not worked out in full.")
    if found.worth_asking:
        page.blank()
        page.heading("Missing facts that could settle most (bits of evidence)")
        for fact in found.worth_asking:
            page.labelled(_either_way(fact), _asked(fact), label_width=16, label_style="bold")


def _either_way(fact: WorthAsking) -> str:
    if fact.could_stop:
        return "could stop it"
    told = [f"+{_bits(fact.could_add)}"] if fact.could_add else []
    told += [f"−{_bits(fact.could_remove)}"] if fact.could_remove else []
    return " ".join(told) or "could flag it"


def _asked(fact: WorthAsking) -> str:
    columns = "; ".join(
        f"{column}, not in the file" if path in fact.not_in_input else column
        for path, column in zip(fact.fields, fact.columns, strict=True)
    )
    labels = "; ".join(named(path)[0] for path in fact.fields)
    noun = "column" if len(fact.columns) == 1 else "columns"
    return f"{sentence(labels).removesuffix('.')} ({noun} {columns})."


def _incompletes(assessment: Assessment, page: Page) -> None:
    if not assessment.incomplete:
        return
    ranked = sorted(
        assessment.incomplete, key=lambda one: (not one.would_lift, -one.would_add, one.rule)
    )
    page.blank()
    page.heading("Could not be judged")
    for one in ranked:
        page.labelled(
            _would(one, assessment),
            f"{sentence(one.title)} {sentence(request(one))}",
            label_width=16,
        )


def _would(one: Incomplete, assessment: Assessment) -> str:
    return f"to {lifted_band(assessment, one)}" if one.would_lift else "same band"


def _close(close: Sequence[CloseRule], page: Page) -> None:
    if not close:
        return
    page.blank()
    page.heading("Rules that came close")
    for number, rule in enumerate(close):
        if number:
            page.blank()
        page.spread([(rule.title, "bold"), (rule.severity or "stop", ""), (rule.rule, "quiet")])
        for condition in rule.missing:
            page.labelled("does not", sentence(condition.sentence), indent=3, label_style="bold")
        for condition in rule.held:
            page.labelled("holds", sentence(condition.sentence), indent=3, style="quiet")


def _bits(thousandths: int) -> str:
    return f"{thousandths / 1000:.3f}"


def _signed(thousandths: int) -> str:
    return f"{'+' if thousandths >= 0 else '−'}{abs(thousandths) / 1000:.3f}"
