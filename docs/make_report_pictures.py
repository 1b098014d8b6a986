"""Makes the pictures of the report and of a case file in docs/images, with a real browser.

    python docs/make_report_pictures.py

Without Chromium, or without playwright, it says so and leaves the pictures as they are.
"""

from __future__ import annotations

import datetime
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
IMAGES = HERE / "images"
TUTORIAL = HERE / "tutorial" / "from-an-export-to-case-files.md"
DAY = datetime.date(2026, 11, 30)

sys.path.insert(0, str(ROOT))

from tests.browser import NoBrowserError, browser, opened  # noqa: E402

from redflags import Screener  # noqa: E402
from redflags.cases import case_file  # noqa: E402
from redflags.model.notation import Notation  # noqa: E402
from redflags.writers import open_output, write_report  # noqa: E402
from redflags.writers.case_file import write_case_file  # noqa: E402


def export() -> str:
    """The export that the tutorial begins with."""
    found = re.search(
        r"<!-- file: auftraege.csv -->\n```csv\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL
    )
    if found is None:
        raise ValueError(f"{TUTORIAL} has no export")
    return found[1]


def make(folder: Path, chromium: Any) -> None:
    """Write the pages into a folder and take their pictures."""
    screener = Screener(as_of=DAY)
    os.chdir(ROOT)  # the pictures show the names of the files
    pages = {"example": screener.check_files(["examples/orders.csv"])}
    os.chdir(folder)
    Path("auftraege.csv").write_text(export(), encoding="utf-8")
    pages["tutorial"] = screener.check_files(["auftraege.csv"], notation=Notation(decimal=","))
    for name, report in pages.items():
        with open_output(folder / f"{name}.html") as stream:
            write_report(report, "html", stream)
    file = case_file(pages["tutorial"], order_id="4500017", keep_years=10)
    with open_output(folder / "case.html") as stream:
        write_case_file(file, "html", stream)
    for theme in ("light", "dark"):
        for name, width in (("desktop", 1280), ("phone", 390)):
            with opened(chromium, folder / "example.html", width=width, theme=theme) as watched:
                watched.page.screenshot(path=IMAGES / f"report-{name}-{theme}.png")
    with opened(chromium, folder / "example.html", theme="dark") as watched:
        page = watched.page
        page.locator("#list .opener", has_text="X-1021").click()
        page.wait_for_selector(".waterfall")
        page.locator("tr.row.open").evaluate("row => row.scrollIntoView({behavior: 'instant'})")
        page.screenshot(path=IMAGES / "report-alert-dark.png")
    with opened(chromium, folder / "tutorial.html") as watched:
        page = watched.page
        page.locator("details.case > summary").first.click()
        page.locator("details.case").first.screenshot(path=IMAGES / "report-case-light.png")
    with opened(chromium, folder / "case.html", width=820) as watched:
        page = watched.page
        page.emulate_media(media="print")
        questions = page.locator("section", has=page.locator("ol.questions"))
        questions.evaluate("part => part.scrollIntoView({behavior: 'instant'})")
        page.screenshot(path=IMAGES / "case-file.png")
    os.chdir(ROOT)  # the folder is about to go


def main() -> int:
    """Take the pictures."""
    try:
        with tempfile.TemporaryDirectory() as folder, browser() as chromium:
            make(Path(folder), chromium)
    except NoBrowserError as error:
        print(f"the pictures of the report stay as they are: {error}")
        return 0
    print("written: the pictures of the report")
    return 0


if __name__ == "__main__":
    sys.exit(main())
