"""Which questions about an order are worth asking: each answer is tried, and its evidence weighed.

For every observation that nobody has answered, the rules that read it are judged as if it were
answered yes; what they would then add to the order is what the question is worth. An order without
a flag and without goods that any rule knows is asked nothing: a question costs somebody's time, and
forty of them would be answered by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from redflags import reference
from redflags.engine.judge import Judge, Verdicts
from redflags.engine.reads import read_by, tests_of
from redflags.explain.evidence import needs_of, wanting
from redflags.explain.outcomes import bits_left
from redflags.files import Opening, lines_of_order
from redflags.model.fields import field_table
from redflags.model.questions import Answered, MissingFacts, Question, Questionnaire
from redflags.model.record import Record
from redflags.model.results import Ask, Assessment, Band
from redflags.model.validity import expire
from redflags.reference import Observation
from redflags.rulebook.tree import Rule, RuleBook
from redflags.scoring import Sign, band_of, weigh
from redflags.screener import Screener
from redflags.values.understood import Understood
from redflags.weights import BAND_NAMES

MOST_QUESTIONS = 10
"""Questions that are listed unless more are asked for."""

MOST_LINES = 100
"""Lines of an order on which the answers are tried: those that a rule speaks of come first."""

MOST_MISSING = 3
"""Groups of missing fields that are listed."""


def questionnaire_of_file(
    screener: Screener,
    path: str | Sequence[str],
    order_id: str,
    opening: Opening | None = None,
    *,
    most: int | None = MOST_QUESTIONS,
) -> Questionnaire:
    """The questionnaire for one order of a file, or of several; ``most`` None lists every
    question.

    Raises :class:`OrderNotFoundError` if it is in none of them, and the errors of reading one.
    """
    paths = [path] if isinstance(path, str) else path
    lines = lines_of_order(paths, order_id, Opening() if opening is None else opening)
    return questionnaire(screener, lines, order_id, most=most)


def questionnaire(
    screener: Screener,
    lines: Sequence[Record],
    order_id: str,
    *,
    most: int | None = MOST_QUESTIONS,
) -> Questionnaire:
    """The questionnaire for an order from the records of its lines; ``most`` None lists all."""
    for record in lines:
        expire(record, screener.as_of)
    assessment = screener.explain_records(lines, order_id).assessment
    weighing = _Weighing(
        Judge(screener.rules, screener.lists_as_of, screener.rates), lines, assessment
    )
    ranked: list[Question] = []
    if most is None or assessment.flags or weighing.has_listed_goods:
        ranked = _ranked(weighing.questions(), keep_all=most is None)
    shown = ranked if most is None else ranked[: max(0, most)]
    return Questionnaire(
        order_id=order_id,
        parties=assessment.parties,
        goods=assessment.goods,
        band=assessment.band,
        score=assessment.score,
        questions=tuple(shown),
        left_out=len(ranked) - len(shown),
        answered=tuple(_answered(lines)),
        missing=_missing(assessment),
        asks=_asks(assessment),
    )


def _ranked(found: Iterable[Question], *, keep_all: bool) -> list[Question]:
    """The most evidence first, and what acts by itself before what needs other facts too; of like
    evidence the first of each theme before the second, and whoever is asked without tipping off
    the customer before the customer."""
    table = reference.observations()
    kept = [one for one in found if keep_all or one.would_add or one.would_lower]
    kept.sort(key=lambda one: (bool(one.needs), -one.would_add, -one.would_lower))
    rank: dict[str, int] = {}
    place: dict[str, tuple[bool, int, int, bool]] = {}
    for one in kept:
        theme = table[one.observation].theme
        rank[theme] = rank.get(theme, 0) + 1
        place[one.observation] = (
            bool(one.needs), -one.would_add, rank[theme], one.of == "customer",
        )  # fmt: skip
    return sorted(kept, key=lambda one: place[one.observation])


@dataclass(slots=True)
class _Tried:
    bits: int = 0
    band: str = "none"
    needs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class _Weighing:
    """One order, with what its rules say now and what they would say after an answer."""

    def __init__(self, judge: Judge, lines: Sequence[Record], assessment: Assessment) -> None:
        self._judge = judge
        self._assessment = assessment
        self._readers, self._lowering = _readers(judge.book)
        # What a rule across orders says does not follow from an answer about this order alone.
        verdicts = [(record, _alone(judge.verdicts(record))) for record in lines]
        self.has_listed_goods = any(record["product.family"].value for record in lines)
        ordered = sorted(verdicts, key=lambda one: not one[1])
        self._lines = [record for record, _ in ordered[:MOST_LINES]]
        self._raised = {rule.name for _, one in verdicts for rule in one.true}
        self._signs: dict[str, Sign] = {}
        for record, one in verdicts:
            for rule in one.true:
                self._keep(self._signs, rule, record)
        self._bits = weigh(self._signs.values()).bits

    def _keep(self, signs: dict[str, Sign], rule: Rule, record: Record) -> None:
        if rule.is_stop:
            return
        bits = bits_left(rule, record, self._judge)
        if rule.name not in signs or bits > signs[rule.name].bits:
            signs[rule.name] = Sign(rule.name, rule.fact or "", rule.severity or "", bits)

    def questions(self) -> Iterable[Question]:
        """Every observation without an answer, with what the answer could change."""
        for one in reference.observations().values():
            path = f"observations.{one.id}"
            if any(record[path].value is not None for record in self._lines):
                continue
            yes = self._after(path, "yes")
            yield self._question(one, yes, self._lowered(path))

    def _question(self, one: Observation, yes: _Tried, lowered: int) -> Question:
        now = self._assessment.band
        return Question(
            observation=one.id,
            question=one.question,
            of=one.of,
            note=one.note,
            flags=one.flags,
            would_add=yes.bits,
            band=cast("Band", yes.band),
            would_lift=BAND_NAMES.index(yes.band) > BAND_NAMES.index(now),
            would_lower=lowered,
            needs=yes.needs,
            rules=yes.rules,
        )

    def _after(self, path: str, answer: str) -> _Tried:
        """What the rules that read an observation would add, if it were answered."""
        signs, could = dict(self._signs), dict(self._signs)
        rules: list[str] = []
        needs: tuple[str, ...] = ()
        stop = certain = False
        for record in self._lines:
            tried = _with(record, path, answer)
            for rule in self._readers.get(path, ()):
                verdict = self._judge.verdict(rule.when, tried)
                if verdict is False or rule.name in self._raised:
                    continue
                rules.append(rule.name)
                self._keep(could, rule, tried)
                if verdict is None:
                    tests = wanting(rule.when, tried, self._judge)
                    fields = [need.field for need in needs_of(tests, tried, self._judge)]
                    needs = needs or tuple(field_table()[field].column for field in fields)
                    continue
                certain = True
                stop = stop or rule.is_stop
                self._keep(signs, rule, tried)
        bits = weigh(signs.values()).bits
        if certain:
            needs = ()
        elif rules:
            bits = weigh(could.values()).bits
        stop = stop or self._assessment.stop
        return _Tried(
            bits=bits - self._bits,
            band=band_of(bits, flagged=bool(rules or self._raised), stop=stop),
            needs=needs,
            rules=tuple(dict.fromkeys(rules)),
        )

    def _lowered(self, path: str) -> int:
        """What a no could take off the flags that are raised."""
        if path not in self._lowering or not self._signs:
            return 0
        signs: dict[str, Sign] = {}
        for record in self._lines:
            tried = _with(record, path, "no")
            for rule in _alone(self._judge.verdicts(tried)).true:
                self._keep(signs, rule, tried)
        return max(0, self._bits - weigh(signs.values()).bits)


def _alone(verdicts: Verdicts) -> Verdicts:
    """The verdicts without those of rules that look across orders."""
    return replace(
        verdicts,
        true=tuple(rule for rule in verdicts.true if rule.across is None),
        unknown=tuple(rule for rule in verdicts.unknown if rule.across is None),
    )


def _with(record: Record, path: str, answer: str) -> Record:
    """The record with one answer more; what is derived is derived anew."""
    values = {given: record[given] for given in list(record) if record.states(given)}
    values[path] = Understood(written=answer, value=answer)
    return Record(values, record.file, record.row, record.line, record.blanks)


def _readers(book: RuleBook) -> tuple[Mapping[str, list[Rule]], frozenset[str]]:
    """The rules whose condition reads each observation, and the observations that lower a flag."""
    readers: dict[str, list[Rule]] = {}
    for rule in book.rules:
        if rule.across is not None:
            continue
        for path in {path for test in tests_of(rule.when) for path in read_by(test)}:
            if path.startswith("observations."):
                readers.setdefault(path, []).append(rule)
    lowerings = [one.when for rule in book.rules for one in rule.lowers]
    lowerings += [one.when for one in book.mitigations]
    lowering = {path for when in lowerings for test in tests_of(when) for path in read_by(test)}
    return readers, frozenset(path for path in lowering if path.startswith("observations."))


def _answered(lines: Sequence[Record]) -> Iterable[Answered]:
    for one in reference.observations().values():
        for record in lines:
            found = record[f"observations.{one.id}"]
            if found.value is not None:
                yield Answered(
                    observation=one.id,
                    question=one.question,
                    answer=found.value,
                    told=found.how,
                )
                break


def _missing(assessment: Assessment) -> tuple[MissingFacts, ...]:
    """The fields that could lift the band, those of observations left out: they are asked."""
    table = field_table()
    found: dict[tuple[str, ...], MissingFacts] = {}
    for one in assessment.incomplete:
        if not one.would_lift or any(need.startswith("observations.") for need in one.needs):
            continue
        if not all(need in table for need in one.needs):
            continue  # other orders would settle it, and nobody is asked for those here
        columns = tuple(table[need].column for need in one.needs)
        found.setdefault(
            columns,
            MissingFacts(
                columns=columns, because=one.because, title=one.title, would_add=one.would_add
            ),
        )
    return tuple(found.values())[:MOST_MISSING]


def _asks(assessment: Assessment) -> tuple[Ask, ...]:
    asks = {(one.of, one.text): one for flag in assessment.flags for one in flag.ask}
    return tuple(sorted(asks.values(), key=lambda one: one.of == "customer"))
