"""Makes docs/images/check.svg: the first alert of a real check, as a terminal shows them.

    python docs/make_picture.py

The picture asks for nothing from outside: no fonts, no addresses, no scripts.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).resolve().parent
ORDERS = "examples/orders.csv"
WIDTH = 100

_FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>redflags check examples/orders.csv</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
 font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect fill="#fbfbf9" width="100%" height="100%" rx="8"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

_THEME = TerminalTheme(
    (251, 251, 249),
    (40, 40, 40),
    [(40, 40, 40), (176, 24, 24), (20, 110, 50), (150, 95, 0), (20, 70, 160), (120, 40, 130),
     (0, 105, 120), (245, 245, 245)],
)  # fmt: skip


class _Terminal(io.StringIO):
    """A text stream that says it is a terminal, so that the colours come with the text."""

    def isatty(self) -> bool:
        return True


def coloured_output() -> str:
    """What ``redflags check examples/orders.csv`` shows in a terminal, with its colours."""
    from redflags import Screener
    from redflags.writers import write_report

    before = dict(os.environ)
    os.environ.update(TERM="xterm-256color", COLORTERM="", COLUMNS=str(WIDTH), LINES="50")
    os.environ.pop("NO_COLOR", None)
    try:
        terminal = _Terminal()
        write_report(Screener().check_files([ORDERS]), "table", terminal)
        return terminal.getvalue()
    finally:
        os.environ.clear()
        os.environ.update(before)


def picture() -> str:
    """The picture as SVG."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    console.print(Text("$ redflags check " + ORDERS, style="bold"))
    for line in coloured_output().splitlines():
        text = Text.from_ansi(line)
        if text.plain.startswith("2."):  # the first alert is enough for a picture
            break
        console.print(text, no_wrap=True, crop=False, highlight=False)
    return console.export_svg(
        title="", theme=_THEME, code_format=_FRAME, unique_id="check", font_aspect_ratio=0.61
    )


def main() -> int:
    """Write the picture."""
    os.chdir(HERE.parent)
    path = HERE / "images" / "check.svg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(picture(), encoding="utf-8")
    print(f"written: {path.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
