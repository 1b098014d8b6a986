"""Plots of a report, drawn as SVG: bars, columns by month, and where goods flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redflags.writers.html.elements import Child, Markup, bdi, element

MOST_BARS = 12
MOST_MONTHS = 36
_MOST_YEARS = 60
MOST_PLACES = 8
OTHERS = "others"
NOT_KNOWN = "–"
"""The value by which the list is asked for alerts of which something is not known."""

BANDS = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, how long it is, and the filter of the list that it sets."""

    label: str
    count: int
    filter: str = ""
    value: str = ""
    fill: str = "accent"


def bars(
    title: str, remark: str, found: Sequence[Bar], *, most: int = MOST_BARS, wide: bool = False
) -> Markup:
    """A bar chart as a list; a bar that sets a filter is a button."""
    longest = max((one.count for one in found), default=0) or 1
    # A line that says “and 1 more” takes the room of the one.
    most = len(found) if len(found) == most + 1 else most
    items = []
    for one in found[:most]:
        told = [
            element("span", bdi(one.label)),
            element(
                "svg",
                element("rect", class_="fill-soft", width=100, height=10),
                element(
                    "rect",
                    class_=f"fill-{one.fill}",
                    width=f"{100 * one.count / longest:.2f}",
                    height=10,
                ),
                viewBox="0 0 100 10",
                preserveAspectRatio="none",
                aria_hidden="true",
            ),
            element("b", f"{one.count:,}"),
        ]
        if one.filter:
            inner = element(
                "button",
                told,
                class_="bar",
                type="button",
                data_filter=one.filter,
                data_value=one.value,
                title="Show these in the list",
            )
        else:
            inner = element("div", told, class_="bar")
        items.append(element("li", inner))
    more = len(found) - most
    return element(
        "figure",
        _caption(title, remark),
        element("ul", items, class_="bars") if items else element("p", "None."),
        element("p", f"and {more:,} more", class_="quiet") if more > 0 else None,
        class_="card wide" if wide else "card",
    )


def _caption(title: str, remark: str) -> Markup:
    return element("figcaption", title, element("small", remark) if remark else None)


def by_month(days: Iterable[tuple[str, str]]) -> Markup:
    """Alerts by month of the order as stacked columns. ``days`` are day (ISO, or empty) and band
    of each alert. Where the first and the last are many months apart the columns are years, so
    that every month or year between them has its place."""
    given = [(day, band) for day, band in days]
    dated = [(day[:7], band) for day, band in given if day]
    unit = "month"
    if len(_every([month for month, _ in dated])) > MOST_MONTHS:
        dated, unit = [(month[:4], band) for month, band in dated], "year"
    counts: dict[str, Counter[str]] = {}
    for month, band in dated:
        counts.setdefault(month, Counter())[band] += 1
    months = _every(sorted(counts))
    months = months if len(months) <= _MOST_YEARS else sorted(counts)
    undated = len(given) - len(dated)
    remark = f"by {unit} of the order" + (f"; {undated:,} without a date" if undated else "")
    if not months:
        return element(
            "figure", _caption("Alerts in time", remark), element("p", "None."), class_="card"
        )
    most = max(sum(one.values()) for one in counts.values())
    step = max(15, min(90, 590 // len(months)))
    width, base = 40 + step * len(months), 170
    shapes: list[Child] = []
    for value in _ticks(most):
        y = f"{base - 140 * value / most:.1f}"
        shapes += [
            element("line", class_="axis", x1=32, x2=width, y1=y, y2=y),
            element("text", f"{value:,}", x=28, y=y, text_anchor="end", dy="4", class_="faint"),
        ]
    every = max(1, -(-58 // step))
    for number, month in enumerate(months):
        x, top = 36 + number * step, float(base)
        for band in reversed(BANDS):
            count = counts[month][band] if month in counts else 0
            if count:
                height = 140 * count / most
                top -= height
                shapes.append(
                    element(
                        "rect",
                        class_=f"fill-{band}",
                        x=x,
                        y=f"{top:.1f}",
                        width=step - 4,
                        height=f"{height:.1f}",
                    )
                )
        if number % every == 0:
            shapes.append(element("text", month, x=x, y=base + 16, class_="faint"))
    picture = element(
        "svg",
        element("title", f"Alerts by {unit}, as in the table below"),
        shapes,
        viewBox=f"0 0 {max(width, 640)} {base + 24}",
        role="img",
    )
    rows = [
        [month, *(f"{counts[month][band]:,}" for band in BANDS)]
        for month in months
        if month in counts
    ]
    legend = element(
        "ul",
        [
            element(
                "li",
                element(
                    "svg",
                    element("rect", class_=f"fill-{band}", width=10, height=10),
                    viewBox="0 0 10 10",
                    aria_hidden="true",
                ),
                band,
            )
            for band in BANDS
        ],
        class_="legend",
    )
    return element(
        "figure",
        _caption("Alerts in time", remark),
        element(
            "div",
            picture,
            class_="scroller",
            tabindex=0,
            role="group",
            aria_label="Alerts in time, picture",
        ),
        legend,
        numbers([unit, *BANDS], rows),
        class_="card",
    )


def _every(days: Sequence[str]) -> list[str]:
    """All months from the first to the last, or all years where only years are given."""
    if not days:
        return []
    first, last = min(days), max(days)
    if len(first) == 4:
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    start, end = (int(one[:4]) * 12 + int(one[5:7]) - 1 for one in (first, last))
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(start, end + 1)]


def _ticks(most: int) -> list[int]:
    """At most five whole numbers from 0 up to ``most``, evenly spaced."""
    step = 1
    while most / step > 4:
        step = step * 5 if str(step)[0] == "2" else step * 2
        step = 10 ** len(str(step - 1)) if str(step)[0] == "4" else step
    return list(range(0, most + 1, step))


def numbers(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """The numbers of a picture as a table, folded away."""
    return element(
        "details",
        element("summary", "The numbers as a table"),
        element(
            "table",
            element("thead", element("tr", [element("th", one, scope="col") for one in heads])),
            element(
                "tbody",
                [
                    element(
                        "tr",
                        element("th", bdi(first), scope="row"),
                        [element("td", one) for one in rest],
                    )
                    for first, *rest in rows
                ],
            ),
        ),
    )


def flows(routes: Iterable[tuple[str, ...]], heads: Sequence[str]) -> Markup | None:
    """Where the goods of the alerts come from and go to: columns of places with ribbons between.
    ``routes`` has a name for each column; None where nothing is known of any."""
    counted = Counter(routes)
    if not counted or all(set(route) == {NOT_KNOWN} for route in counted):
        return None
    kept = [
        {name for name, _ in _totals(counted, column).most_common(MOST_PLACES)}
        for column in range(len(heads))
    ]
    merged: Counter[tuple[str, ...]] = Counter()
    for route, count in counted.items():
        told = [one if one in kept[column] else OTHERS for column, one in enumerate(route)]
        merged[tuple(told)] += count
    height, gap, left, right = 260, 10, 20, 620
    total = sum(merged.values())
    spans: list[dict[str, list[float]]] = []
    shapes: list[Child] = []
    labels: list[Child] = []
    named: list[list[tuple[float, str]]] = []
    widest = max(len(_totals(merged, column)) for column in range(len(heads)))
    scale = (height - gap * (widest - 1)) / total
    for column, head in enumerate(heads):
        x = left + (right - left) * column / (len(heads) - 1)
        end = column == len(heads) - 1
        y = 30.0
        places: dict[str, list[float]] = {}
        named.append([])
        for name, count in sorted(_totals(merged, column).items(), key=_by_count):
            tall = max(2.0, count * scale)
            places[name] = [y, y]
            shapes.append(
                element(
                    "rect", class_="node", x=f"{x - 5:.1f}", y=f"{y:.1f}", width=10,
                    height=f"{tall:.1f}",
                )
            )  # fmt: skip
            label = f"{'not known' if name == NOT_KNOWN else name} {count:,}"
            named[-1].append((y + tall / 2 + 4, label))
            y += tall + gap
        spans.append(places)
        labels.append(
            element(
                "text", head, x=f"{x + (5 if end else -5):.1f}", y=16, class_="faint",
                text_anchor="end" if end else "start",
            )
        )  # fmt: skip
    labels += _labels(named, left, right)
    for column in range(len(heads) - 1):
        pairs: Counter[tuple[str, str]] = Counter()
        for route, count in merged.items():
            pairs[route[column], route[column + 1]] += count
        here = {name: place[0] for name, place in spans[column].items()}
        there = {name: place[0] for name, place in spans[column + 1].items()}
        x1 = left + (right - left) * column / (len(heads) - 1) + 5
        x2 = left + (right - left) * (column + 1) / (len(heads) - 1) - 5
        ordered = sorted(pairs.items(), key=lambda one: (here[one[0][0]], there[one[0][1]]))
        for (source, target), count in ordered:
            tall = count * scale
            y1, y2 = here[source], there[target]
            here[source] += tall
            there[target] += tall
            middle = (x1 + x2) / 2
            shapes.append(
                element(
                    "path",
                    class_="ribbon",
                    d=f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} "
                    f"{y2:.1f}V{y2 + tall:.1f}C{middle:.1f} {y2 + tall:.1f} {middle:.1f} "
                    f"{y1 + tall:.1f} {x1:.1f} {y1 + tall:.1f}Z",
                )
            )
    picture = element(
        "svg",
        element("title", "Where the goods of the alerts go, as in the table below"),
        shapes,
        labels,
        viewBox=f"0 0 640 {height + 50 + gap}",
        role="img",
    )
    rows = [
        [*("not known" if one == NOT_KNOWN else one for one in route), f"{count:,}"]
        for route, count in sorted(merged.items(), key=lambda one: (-one[1], one[0]))
    ]
    return element(
        "figure",
        _caption(
            "Where the goods go",
            "countries as the orders state them; a place says nothing about the people there",
        ),
        element(
            "div",
            picture,
            class_="scroller",
            tabindex=0,
            role="group",
            aria_label="Where the goods go, picture",
        ),
        numbers([*heads, "alerts"], rows),
        class_="card",
    )


_LETTERS = 40
"""Letters that have room in a row between two columns of a picture of flows."""


def _labels(told: Sequence[Sequence[tuple[float, str]]], left: int, right: int) -> Iterator[Markup]:
    """The names of the places of each column, at their heights. Those of the last column end where
    it stands, so beside them the names of the column before it have half the room."""
    for column, found in enumerate(told):
        x = left + (right - left) * column / (len(told) - 1)
        end = column == len(told) - 1
        beside = told[column - 1] if end else told[column + 1] if column == len(told) - 2 else ()
        for y, label in found:
            other = max((len(one) for at, one in beside if abs(at - y) < 14), default=0)
            room = max(_LETTERS // 2, _LETTERS - other)
            shown = label
            if len(label) > room:
                name, _, count = label.rpartition(" ")
                shown = f"{name[: room - len(count) - 2].rstrip()}… {count}"
            yield element(
                "text",
                element("title", label) if shown != label else None,
                shown,
                x=f"{x - 10 if end else x + 10:.1f}",
                y=f"{y:.1f}",
                text_anchor="end" if end else "start",
            )


def _totals(routes: Mapping[tuple[str, ...], int], column: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for route, count in routes.items():
        found[route[column]] += count
    return found


def _by_count(one: tuple[str, int]) -> tuple[bool, bool, int, str]:
    name, count = one
    return (name == NOT_KNOWN, name == OTHERS, -count, name)
