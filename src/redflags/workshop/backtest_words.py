"""What a back-test says, in sentences and tables that every output shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redflags.values.text import shown
from redflags.weights import BANDS
from redflags.workshop.backtest import ENOUGH, Backtest, Caught, Counts
from redflags.workshop.labels import ORDER_COLUMN
from redflags.workshop.shares import CONFIDENCE, Share, precision_in_trade
from redflags.writers.page import counted, listed

RATES = (100, 1_000, 10_000)
"""How rare orders of concern may be in trade: one in so many."""

SHOWN_SCORES = (0, 10, 20, 25, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100)
"""The scores of a line that tables show; JSON and the plot have all from 0 to 100."""

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts with what it is called and what is to be known about it."""

    title: str
    remark: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def percent(value: float) -> str:
    """A share of 0 to 1 as whole per cents; small ones with more digits."""
    hundred = 100 * value
    if 0 < hundred < 1 or 99 < hundred < 100:
        return f"{hundred:.2g}" if hundred < 1 else f"{hundred:.1f}"
    return f"{hundred:.0f}"


def with_interval(share: Share) -> str:
    """A share with its interval: ``92 % (65–99)``; of nothing a dash."""
    if share.value is None:
        return "–"
    low, high = share.interval
    return f"{percent(share.value)} % ({percent(low)}–{percent(high)})"


def title(found: Backtest) -> str:
    """What was tried on what."""
    return f"Back-test on {counted(found.whole.all, 'order')} of {listed(found.files, 4, 'files')}"


def basis(found: Backtest) -> Iterator[str]:
    """What the figures rest on."""
    whole = found.whole
    yield (
        f"{counted(whole.concern + whole.honest, 'order')} with a label ({found.labels}): "
        f"{whole.concern:,} of concern, {whole.honest:,} honest"
    )
    if whole.unlabelled:
        yield (
            f"{counted(whole.unlabelled, 'order')} without a label: in the alert load, and "
            "never taken for honest"
        )
    if found.undecided:
        yield f"{counted(found.undecided, 'label')} without a word, or with one for not known"
    if found.absent:
        names = listed([shown(one) for one in found.absent], MOST_NAMED)
        yield (
            f"{counted(len(found.absent), 'labelled order')} not in the data ({ORDER_COLUMN} "
            f"{names}): in no figure"
        )


def cautions(found: Backtest) -> Iterator[str]:
    """What the figures do not say."""
    caught = found.at_line[found.line]
    yield (
        f"In brackets stands the {100 * CONFIDENCE:.0f} % interval (Wilson): where the share may "
        "lie if these orders were drawn at random from all such orders"
    )
    if not found.whole.concern or not found.whole.honest:
        missing = "of concern" if not found.whole.concern else "honest"
        yield f"No order labelled {missing} is in the data: precision and recall say nothing"
    if found.is_enough:
        if found.proposal is None:
            yield "On these orders no other line catches as many of concern with fewer honest ones"
        else:
            yield _proposed(found)
    else:
        yield (
            f"Too few labels to propose another line: at the line {found.line} the interval of "
            f"recall is {_points(caught.recall)} wide, that of false alarms "
            f"{_points(caught.false_alarms)}; it takes {ENOUGH} labelled orders of each class "
            "and intervals of at most 20 points"
        )
    yield (
        "Precision among labelled orders is not precision in trade: where orders of concern were "
        "gathered they are far more frequent than in a day's orders"
    )


def _points(share: Share) -> str:
    return f"{100 * share.width:.0f} points"


def _proposed(found: Backtest) -> str:
    assert found.proposal is not None
    now, then = found.at_line[found.line].flagged, found.proposal.caught.flagged
    return (
        f"A line at a score of {found.proposal.score} would catch {then.concern:,} orders of "
        f"concern ({now.concern:,} at {found.line}) and flag {then.honest:,} honest ones instead "
        f"of {now.honest:,}; it was found on these orders, so try it on others first"
    )


def tables(found: Backtest) -> Iterator[Table]:
    """The tables of a back-test."""
    yield _by_band(found)
    yield _in_trade(found)
    yield _by_rule(found)
    yield _by_score(found)


_HEADS = ("Caught", "False alarms", "Precision", "Load")
_MEANT = (
    "Caught: orders of concern, and their share of all such (recall). False alarms: honest orders, "
    "and their share of all such. Precision: of the labelled orders flagged, those of concern. "
    "Load: all orders flagged, labelled or not"
)


def _figures(caught: Caught) -> tuple[str, ...]:
    return (
        f"{caught.flagged.concern:,}: {with_interval(caught.recall)}",
        f"{caught.flagged.honest:,}: {with_interval(caught.false_alarms)}",
        with_interval(caught.precision),
        f"{caught.flagged.all:,}: {_load(caught)}",
    )


def _load(caught: Caught) -> str:
    value = caught.load.value
    return "–" if value is None else f"{percent(value)} %"


def _by_band(found: Backtest) -> Table:
    rows = []
    for band, _ in reversed(BANDS):
        label = f"{band} or above" if band != "critical" else band
        rows.append((label, *_figures(found.at_line[band]), _three(found.in_band[band])))
    return Table(
        "By band",
        f"{_MEANT}. In the band: orders in the band itself, of concern / honest / without a label",
        ("Line", *_HEADS, "In the band"),
        tuple(rows),
    )


def _three(counts: Counts) -> str:
    return f"{counts.concern:,} / {counts.honest:,} / {counts.unlabelled:,}"


def _in_trade(found: Backtest) -> Table:
    caught = found.at_line[found.line]
    rows = []
    for rate in RATES:
        low, high = precision_in_trade(caught.recall, caught.false_alarms, rate)
        rows.append((f"1 in {rate:,}", f"{percent(low)} to {percent(high)} %"))
    return Table(
        "Precision in trade",
        f"At the line {found.line}, if so many orders were of concern and the others like the "
        "honest ones here",
        ("Orders of concern", "Precision"),
        tuple(rows),
    )


def _by_rule(found: Backtest) -> Table:
    rows = [
        (
            f"{one.rule} ({one.grade})",
            *_figures(one.caught)[:-1],
            f"{one.caught.flagged.all:,}",
            _three(one.alone),
            _three(one.needed),
        )
        for one in found.rules
    ]
    return Table(
        "By rule",
        "Alone: orders that no other rule flags. Needed: orders that without the rule would be "
        f"below {found.line}. Both: of concern / honest / without a label",
        ("Rule", *_HEADS, "Alone", "Needed"),
        tuple(rows),
    )


def _by_score(found: Backtest) -> Table:
    bounds = {least: band for band, least in BANDS}
    rows = []
    for score in SHOWN_SCORES:
        name = f" ({bounds[score]})" if score in bounds else ""
        rows.append((f"{score}{name}", *_figures(found.at_score[score])))
    return Table(
        "By score of the line",
        "What a line at another score would catch; a stop is above every line",
        ("Line at", *_HEADS),
        tuple(rows),
    )


def silent(found: Backtest) -> str:
    """The rules that flagged no order."""
    if not found.silent:
        return ""
    return f"{counted(len(found.silent), 'rule')} flagged no order: nothing is said of them"


def summary(found: Backtest) -> str:
    """One line on a back-test."""
    caught = found.at_line[found.line]
    return (
        f"at {found.line}: recall {with_interval(caught.recall)}, precision "
        f"{with_interval(caught.precision)}, alert load {caught.flagged.all:,} of "
        f"{counted(found.whole.all, 'order')}"
    )


def columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
