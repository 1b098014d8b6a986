"""Where a line would move precision, recall and alert load: the plot of a back-test, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from redflags.weights import BANDS
from redflags.workshop.backtest import SCORES, Backtest, Caught
from redflags.workshop.shares import Share
from redflags.writers.html.elements import Child, Markup, element

STYLE = """
.bt text { font: 12px system-ui, sans-serif; fill: var(--ink, #1d2126); }
.bt .quiet-text { fill: var(--quiet, #565d66); }
.bt .grid { stroke: var(--line, #d5d8dc); }
.bt .bound { stroke: var(--quiet, #565d66); stroke-dasharray: 1 4; }
.bt .chosen { stroke: var(--ink, #1d2126); stroke-width: 2; }
.bt polyline { fill: none; stroke-width: 2.5; }
.bt polygon { opacity: .16; }
.bt .recall { stroke: var(--accent, #14508c); }
.bt polygon.recall { fill: var(--accent, #14508c); stroke: none; }
.bt .precision { stroke: var(--high, #b3470a); stroke-dasharray: 8 4; }
.bt polygon.precision { fill: var(--high, #b3470a); stroke: none; }
.bt .load { stroke: var(--quiet, #565d66); stroke-dasharray: 2 3; }
"""
"""The style of the plot: the colours of the page around it, or plain ones without a page."""

_LEFT, _TOP, _WIDE, _TALL = 52, 34, 560, 260

_CURVES: tuple[tuple[str, str, Callable[[Caught], Share], bool], ...] = (
    ("recall", "recall: of the orders of concern, those at the line or above",
     lambda it: it.recall, True),
    ("precision", "precision: of the labelled orders there, those of concern",
     lambda it: it.precision, True),
    ("load", "alert load: of all orders, those at the line or above", lambda it: it.load, False),
)  # fmt: skip


def plot(found: Backtest) -> Markup:
    """The plot. Bands around the curves are the intervals; dotted lines are the bounds of bands."""
    shapes: list[Child] = [element("title", _told(found))]
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        shapes.append(element("line", class_="grid", x1=_LEFT, x2=_LEFT + _WIDE, y1=y, y2=y))
        shapes.append(
            element("text", f"{percent} %", class_="quiet-text", x=_LEFT - 8, y=y, dy="4",
                    text_anchor="end")
        )  # fmt: skip
    for score in range(0, 101, 10):
        shapes.append(
            element("text", str(score), class_="quiet-text", x=_x(score), y=_TOP + _TALL + 18,
                    text_anchor="middle")
        )  # fmt: skip
    for band, least in BANDS:
        chosen = band == found.line
        shapes.append(
            element("line", class_="chosen" if chosen else "bound", x1=_x(least), x2=_x(least),
                    y1=str(_TOP - 6), y2=str(_TOP + _TALL))
        )  # fmt: skip
        label = f"{band} (the line)" if chosen else band
        shapes.append(element("text", label, x=_x(least), y=_TOP - 12, dx="2"))
    for name, _, share, has_interval in _CURVES:
        shares = [share(one) for one in found.at_score]
        for start, end in _pieces(shares):
            if has_interval:
                shapes.append(element("polygon", class_=name, points=_around(shares, start, end)))
            points = " ".join(
                f"{_x(score)},{_y(shares[score].value or 0.0)}" for score in range(start, end)
            )
            shapes.append(element("polyline", class_=name, points=points))
    below = _TOP + _TALL
    shapes.append(
        element("text", "score of the line", x=_x(50), y=below + 38, text_anchor="middle")
    )
    for number, (name, meaning, _, _) in enumerate(_CURVES):
        base = below + 62 + 20 * number
        dash = f"{_LEFT},{base - 4} {_LEFT + 36},{base - 4}"
        shapes.append(element("polyline", class_=name, points=dash))
        shapes.append(element("text", meaning, x=_LEFT + 44, y=base))
    return element(
        "svg",
        shapes,
        class_="bt",
        viewBox=f"0 0 {_LEFT + _WIDE + 36} {below + 112}",
        role="img",
        xmlns="http://www.w3.org/2000/svg",
    )


def picture(found: Backtest) -> str:
    """The plot as a file of its own."""
    drawn = plot(found)
    head, end, rest = drawn.partition(">")
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{head}{end}<style>{STYLE}</style>{ground}{rest}\n"


def _told(found: Backtest) -> str:
    return (
        "Precision, recall and alert load for a line at each score, with intervals: "
        f"{found.whole.concern} orders of concern and {found.whole.honest} honest ones have labels"
    )


def _x(score: float) -> str:
    return f"{_LEFT + _WIDE * score / 100:.1f}"


def _y(share: float) -> str:
    return f"{_TOP + _TALL * (1 - share):.1f}"


def _pieces(shares: Sequence[Share]) -> list[tuple[int, int]]:
    """The runs of scores at which there is a share."""
    found: list[tuple[int, int]] = []
    for score in SCORES:
        if shares[score].of:
            if found and found[-1][1] == score:
                found[-1] = (found[-1][0], score + 1)
            else:
                found.append((score, score + 1))
    return found


def _around(shares: Sequence[Share], start: int, end: int) -> str:
    there = [f"{_x(score)},{_y(shares[score].interval[1])}" for score in range(start, end)]
    back = [f"{_x(score)},{_y(shares[score].interval[0])}" for score in reversed(range(start, end))]
    return " ".join([*there, *back])
