"""The table of the engines as a picture: bars on a logarithmic scale, drawn as plain SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT, TOP, STEP, THICK = 760, 200, 90, 56, 30, 18
OWN, OTHER = "#14507a", "#b3b3ad"

_STYLE = (
    'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" '
    'font-size="13" fill="#282828"'
)


def draw(path: Path, bars: Sequence[tuple[str, float, bool]], subtitle: str) -> None:
    """Write the picture: of each bar its title, orders a second, and whether it is our own."""
    ranked = sorted(bars, key=lambda bar: -bar[1])
    low = math.floor(math.log10(min(rate for _, rate, _ in ranked)))
    high = math.ceil(math.log10(max(rate for _, rate, _ in ranked)))
    bottom = TOP + STEP * len(ranked)
    scale = (WIDTH - LEFT - RIGHT) / max(1, high - low)

    def across(rate: float) -> float:
        return LEFT + scale * (math.log10(rate) - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 34}" {_STYLE}>',
        f"<title>Orders a second by engine: {escape(subtitle)}</title>",
        '<rect width="100%" height="100%" rx="8" fill="#fbfbf9"/>',
        '<text x="16" y="26" font-size="15" font-weight="600">Orders a second</text>',
        f'<text x="16" y="44" fill="#6a6a64">{escape(subtitle)}; logarithmic scale</text>',
    ]
    for power in range(low, high + 1):
        x = across(10**power)
        parts.append(
            f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#dededa"/>'
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#6a6a64">'
            f"{10**power:,}</text>"
        )
    for place, (title, rate, is_own) in enumerate(ranked):
        y = TOP + STEP * place + (STEP - THICK) / 2
        end, weight = across(rate), ' font-weight="600"' if is_own else ""
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 13.5:.1f}" text-anchor="end"{weight}>'
            f"{escape(title)}</text>"
            f'<rect x="{LEFT}" y="{y:.1f}" width="{max(1.0, end - LEFT):.1f}" height="{THICK}" '
            f'rx="2" fill="{OWN if is_own else OTHER}"/>'
            f'<text x="{end + 6:.1f}" y="{y + 13.5:.1f}"{weight}>{_short(rate)}</text>'
        )
    parts.append("</svg>\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")


def _short(rate: float) -> str:
    """A rate for a reader: two digits that mean something."""
    if rate >= 1e6:
        return f"{rate / 1e6:.1f} million"
    return f"{float(f'{rate:.2g}'):,.0f}"
