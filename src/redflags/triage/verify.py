"""Repeating a run: the same files, rules and settings say the same, or it is named what differs."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redflags.errors import ConfigurationError
from redflags.intake import Mapping as ColumnMapping
from redflags.intake.digests import OrderDigests
from redflags.model.comparisons import Difference, Verification
from redflags.model.notation import Notation
from redflags.model.results import Digests, FileUsed, PackUsed, Run
from redflags.policy import Policy
from redflags.readers import Selection
from redflags.rulebook import RuleBook
from redflags.run_record import SHIPPED
from redflags.screener import Engine, Screener
from redflags.triage.digest_files import pairs_of, read_digests
from redflags.triage.earlier import EarlierOrder, EarlierReport, orders_now

Pairs = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Again:
    """What a repetition needs beside the files: rules, mapping, digests, the inputs of earlier
    orders and exchange rates as they stand now."""

    rules: RuleBook
    mapping: ColumnMapping | None = None
    digests: str | None = None
    history: Sequence[str] = ()
    rates: str | None = None


def verify(earlier: EarlierReport, paths: Sequence[str], again: Again) -> Verification:
    """Repeat a run on files with its recorded settings, and compare.

    Rows in another order, files of another name and other processes make no difference. Raises the
    errors of reading files, and :class:`ConfigurationError` for digests that cannot be read.
    """
    run = earlier.run
    settings = run.settings
    screener = Screener(
        again.rules,
        policy=Policy(settings.policy),
        as_of=_day(run.as_of),
        lists_as_of=_day(run.lists_as_of),
        engine=_engine(settings.engine),
        rates=again.rates or settings.rates,
    )
    digests = OrderDigests()
    report = screener.check_files(
        paths,
        encoding=settings.encoding,
        delimiter=settings.delimiter,
        mapping=again.mapping,
        notation=Notation(decimal=settings.decimal, day_first=settings.day_first),
        selection=Selection(
            format=settings.input_format,
            sheet=settings.sheet,
            table=settings.table,
            query=settings.query,
            header_row=settings.header_row,
        ),
        history=again.history,
        show_all=settings.show_all,
        fail_on=settings.fail_on,
        min_score=settings.min_score,
        digests=digests,
    )
    notes: list[str] = []
    differences = [*_rules(run, report.run), *_beside(run, report.run)]
    differences += _rates(run.rates, report.run.rates, notes)
    differences += _history(run, report.run, notes)
    if run.version != report.run.version:
        notes.append(f"the run was made by version {run.version}, this is {report.run.version}")
    differences += _inputs(earlier, report.run, digests, again.digests, notes)
    counts = report.summary.model_dump()
    for name in ("read", "assessed", "set_aside", "orders"):
        if name in earlier.counts and earlier.counts[name] != counts[name]:
            said = f"{earlier.counts[name]} then, {counts[name]} now"
            differences.append(_difference("count", name.replace("_", " "), said))
    differences += _results(earlier.orders, orders_now(report.assessments.json()))
    return Verification(
        path=earlier.path,
        same=not differences,
        orders=counts["orders"],
        differences=tuple(differences),
        notes=tuple(notes),
    )


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"the run has a day that is none: {str(text)[:40]!r}") from error


def _engine(name: str) -> Engine:
    """The engine of the run; one that need not be installed here is left to the program, as all
    say the same."""
    return "columnar" if name == "columnar" else "judge" if name == "judge" else "auto"


def _difference(what: str, name: str, detail: str) -> Difference:
    return Difference.model_validate({"what": what, "name": name, "detail": detail})


def _rules(before: Run, after: Run) -> Iterator[Difference]:
    """What the rules say otherwise: the rules, lists and entries, and the rest."""
    if before.rules_sha256 == after.rules_sha256:
        return
    packs, now = {one.id: one for one in before.packs}, {one.id: one for one in after.packs}
    for name in sorted(packs.keys() | now.keys()):
        if name not in now:
            yield _difference("pack", name, "is not there now")
        elif name not in packs:
            yield _difference("pack", name, "was not there then")
        elif packs[name].sha256 != now[name].sha256:
            yield from _pack(packs[name], now[name])


def _pack(before: PackUsed, after: PackUsed) -> Iterator[Difference]:
    found = list(_parts(before, after))
    yield from found
    if not found:
        detail = f"says something else than then (sha256 {after.sha256[:12]}…)"
        yield _difference("pack", after.id, detail)


def _parts(before: PackUsed, after: PackUsed) -> Iterator[Difference]:
    for rule, how in _changed(before.rule_hashes, after.rule_hashes):
        yield _difference("rule", f"{after.id}/{rule}", how)
    lists, now = {one.name: one for one in before.lists}, {one.name: one for one in after.lists}
    hashes = {name: one.sha256 for name, one in lists.items()}
    for name, how in _changed(hashes, {name: one.sha256 for name, one in now.items()}):
        entries: list[tuple[str, str]] = []
        if name in lists and name in now:
            entries = list(_changed(lists[name].entries, now[name].entries))
        for entry, change in entries[:MOST_ENTRIES]:
            yield _difference("list", name, f"the entry {entry} {change}")
        if len(entries) > MOST_ENTRIES:
            more = len(entries) - MOST_ENTRIES
            yield _difference("list", name, f"and {more} more entries differ")
        if not entries:
            yield _difference("list", name, how)
    for part, how in _changed(before.other_hashes, after.other_hashes):
        yield _difference("pack", after.id, f"{part} {how}")


MOST_ENTRIES = 20
"""Entries of one list that are named."""


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield name, "is not there now"
        elif name not in before:
            yield name, "was not there then"
        elif before[name] != after[name]:
            yield name, "says something else than then"


def _beside(before: Run, after: Run) -> Iterator[Difference]:
    """Overlays, mapping and answers."""
    yield from _overlays(before, after)
    for what, then, now in (
        ("mapping", before.mapping, after.mapping),
        ("answers", before.answers, after.answers),
    ):
        if then is not None and now is None:
            yield _difference(what, then.path, "was used then and is not given now")
        elif then is None and now is not None:
            yield _difference(what, now.path, "was not used then")
        elif then is not None and now is not None and then.sha256 != now.sha256:
            yield _difference(what, now.path, "says something else than then")


def _overlays(before: Run, after: Run) -> Iterator[Difference]:
    """Overlays by their names, wherever their files are now."""
    then, now = ({one.id: one.sha256 for one in run.overlays} for run in (before, after))
    for name, how in _changed(then, now):
        yield _difference("overlay", name, how)


def _rates(then: FileUsed | None, now: FileUsed | None, notes: list[str]) -> Iterator[Difference]:
    """Exchange rates that say something else. Those of the program grow with every version, so that
    they are others is a note: what comes of it stands among the results."""
    if then is None or (now is not None and then.sha256 == now.sha256):
        return
    if now is None:
        yield _difference("rates", then.path, "were used then, and there are none now")
    elif then.path == now.path == SHIPPED:
        notes.append("the exchange rates that come with the program are not those of then")
    else:
        yield _difference("rates", now.path, "say something else than then")


def _history(before: Run, after: Run, notes: list[str]) -> Iterator[Difference]:
    """The earlier orders: which of them state something else, where there are digests."""
    if Counter(one.sha256 for one in before.history) == Counter(
        one.sha256 for one in after.history
    ):
        return
    then, now = before.history_digests, after.history_digests
    if then is None or now is None or not after.history:
        yield from _history_files(before, after)
    elif then.sha256 == now.sha256:
        notes.append(
            "the history is not the same byte for byte, but every earlier order states the same"
        )
    elif then.of_orders is None or now.of_orders is None:
        name = ", ".join(one.path for one in after.history)
        yield _difference("history", name, "the earlier orders do not state what they did")
    else:
        found = list(_orders(pairs_of(then) or Counter(), pairs_of(now) or Counter()))
        for one in found[:MOST_ENTRIES]:
            yield _difference("history", one.name, f"an earlier order, {one.detail}")
        if len(found) > MOST_ENTRIES:
            more = len(found) - MOST_ENTRIES
            yield _difference("history", f"{more} more", "earlier orders differ")


def _history_files(before: Run, after: Run) -> Iterator[Difference]:
    then_read = Counter(one.sha256 for one in before.history)
    for one in after.history:
        if then_read[one.sha256] > 0:
            then_read[one.sha256] -= 1
        else:
            yield _difference("history", one.path, "is not what it was byte for byte")
    missing = len(before.history) - len(after.history)
    if missing > 0:
        noun = "input" if missing == 1 else "inputs"
        yield _difference("history", f"{missing} {noun} of then", "not given now")


def _inputs(
    earlier: EarlierReport,
    after: Run,
    digests: OrderDigests,
    file: str | None,
    notes: list[str],
) -> Iterator[Difference]:
    """Orders whose cells are not what they were; what only looks different is a note."""
    before = earlier.run
    has_same_bytes = Counter(one.sha256 for one in before.inputs) == Counter(
        one.sha256 for one in after.inputs
    )
    recorded = before.digests
    found = _recorded(recorded, earlier.path, file, notes)
    if isinstance(found, Difference):
        yield found
        return
    if has_same_bytes and found is None:
        return
    if found is None:
        names = ", ".join(one.path for one in after.inputs)
        yield _difference(
            "input",
            names,
            "is not what it was byte for byte; with digests (--digests) of the run the orders "
            "that differ could be named",
        )
        return
    now = Counter(digests.of_orders())
    if now != found:
        yield from _orders(found, now)
    elif not has_same_bytes:
        notes.append(
            "the input is not the same byte for byte (rows in another order, another layout, "
            "columns that are not used, or rows set aside), but every order states the same"
        )


def _recorded(
    recorded: Digests | None, report: str, file: str | None, notes: list[str]
) -> Pairs | Difference | None:
    """The digests of the run; None if there are none."""
    if recorded is None or (recorded.file is None and file is None):
        return None if recorded is None else pairs_of(recorded)
    path = _digest_file(recorded.file or "", report, file)
    if path is None:
        notes.append(f"the digests of the run, {recorded.file}, are not here: give --digests")
        return None
    found, sha256 = read_digests(path)
    if recorded.sha256 is not None and sha256 != recorded.sha256:
        return _difference("digests", str(path), "is not the file that the run wrote")
    return found


def _digest_file(recorded: str, report: str, given: str | None) -> Path | None:
    """Where the digests are: where it is said, where the run wrote them, or beside the report."""
    if given is not None:
        return Path(given)
    for path in (Path(recorded), Path(report).parent / Path(recorded).name):
        if path.is_file():
            return path
    return None


def _orders(before: Pairs, now: Pairs) -> Iterator[Difference]:
    then, after = dict(before), dict(now)
    numbers_then = {number: digest for number, digest in then if number}
    numbers_now = {number: digest for number, digest in after if number}
    for number, how in _changed(numbers_then, numbers_now):
        said = "states something else than then" if how.startswith("says") else how
        yield _difference("order", number, said)
    lost, come = before - now, now - before
    for pairs, said in ((lost, "not there now"), (come, "not there then")):
        count = sum(number for (order, _), number in pairs.items() if not order)
        if count:
            name = f"{count} without a number"
            yield _difference("order", name, f"{'is' if count == 1 else 'are'} {said}")


def _results(before: Iterable[EarlierOrder], after: Iterable[EarlierOrder]) -> list[Difference]:
    """Orders of which the rules say something else."""
    then = {one.order_id: one for one in before if one.has_number}
    found = []
    lost = Counter(one.says for one in before if not one.has_number)
    come: Counter[tuple[object, ...]] = Counter()
    for one in after:
        if not one.has_number:
            come[one.says] += 1
            continue
        other = then.pop(one.order_id, None)
        if other is None:
            detail = f"{_grade(one)}, was not listed then"
            found.append(_difference("result", one.order_id, detail))
        elif other.says != one.says:
            found.append(_difference("result", one.order_id, _compared(other, one)))
    for gone in then.values():
        detail = f"was {_grade(gone)}, is not listed now"
        found.append(_difference("result", gone.order_id, detail))
    unlike = sum((lost - come).values()), sum((come - lost).values())
    if any(unlike):
        name = f"{max(unlike)} without a number"
        found.append(_difference("result", name, "have another result than then"))
    return found


def _compared(before: EarlierOrder, after: EarlierOrder) -> str:
    if (before.bits, before.band, before.stop) != (after.bits, after.band, after.stop):
        return f"was {_grade(before)}, is {_grade(after)}"
    if before.action != after.action:
        return f"the action was {', '.join(before.action)}, is {', '.join(after.action)}"
    if before.flags != after.flags:
        rules = sorted(
            rule
            for rule in before.flags.keys() | after.flags.keys()
            if before.flags.get(rule) != after.flags.get(rule)
        )
        return f"{_grade(after)} as then, on other facts: {', '.join(rules[:5])}"
    return f"{_grade(after)} as then, but other facts are missing"


def _grade(order: EarlierOrder) -> str:
    return f"{'stop, ' if order.stop else ''}{order.band} {order.score:.1f}"
