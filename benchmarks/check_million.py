"""A whole check of many invented orders beside the bare reading of the same file, in one run.

    python benchmarks/check_million.py [--rows N] [--flagged PER_CENT] [--runs N] [--all-rows N]

Bare reading is ``polars.scan_csv`` of every column as text with a streaming count of nulls. The
check writes JSON Lines, once with every shipped pack and once with the pack ``car-2020`` alone, in
which no rule looks across orders. With ``--all-rows`` a file of so many rows of which none is
flagged is compared with one of which every row is. All are fresh processes; seconds are medians,
memory is the largest peak.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import made_orders

BARE = (
    "import sys, polars; "
    "polars.scan_csv(sys.argv[1], infer_schema=False).null_count().collect(engine='streaming')"
)


PACKS = Path(__file__).parent.parent / "rules"
ALONE = ["--only-rules", "--rules", str(PACKS / "car-2020")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--flagged", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--all-rows", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare_with_reading(Path(folder), given.rows, given.flagged, given.runs)
        if given.all_rows:
            compare_none_with_all(Path(folder), given.all_rows, given.runs)


def compare_with_reading(folder: Path, rows: int, flagged: float, runs: int) -> None:
    """A check beside the bare reading of its file."""
    orders, output = folder / "orders.csv", folder / "alerts.jsonl"
    made_orders.write(orders, rows, flagged)
    megabytes = orders.stat().st_size / 1e6
    print(f"{rows:,} orders of {len(made_orders.COLUMNS)} columns, {megabytes:,.0f} MB, "
          f"{flagged:g} % stories; median of {runs}")  # fmt: skip
    check = [sys.executable, "-m", "redflags", "check", str(orders), "-o", str(output)]
    print(f"{'':<32}{'seconds':>10}{'of bare':>10}{'CPU s':>10}{'peak MB':>10}{'assessed':>10}")
    floor = tell("bare reading", [sys.executable, "-c", BARE, str(orders)], runs)
    tell("redflags check, all packs", check, runs, floor, output)
    tell("redflags check, car-2020 alone", check + ALONE, runs, floor, output)
    orders.unlink()


def compare_none_with_all(folder: Path, rows: int, runs: int) -> None:
    """A check of rows of which every one is flagged beside one of as many that are not."""
    orders, output = folder / "orders.csv", folder / "alerts.jsonl"
    check = [sys.executable, "-m", "redflags", "check", str(orders), "-o", str(output)]
    floors: dict[str, float] = {}
    print(f"{rows:,} orders{'':<17}{'seconds':>15}{'of none':>10}"
          f"{'CPU s':>10}{'peak MB':>10}{'assessed':>10}")  # fmt: skip
    for share, title in ((0.0, "none flagged"), (100.0, "every row flagged")):
        made_orders.write(orders, rows, share)
        for packs, own in (("all packs", []), ("car-2020 alone", ALONE)):
            name = f"{title}, {packs}"
            floors[packs] = tell(name, check + own, runs, floors.get(packs), output)


def tell(
    title: str,
    command: list[str],
    runs: int,
    floor: float | None = None,
    output: Path | None = None,
) -> float:
    """Run a command some times and print what it took; the seconds with which those of others are
    compared: those of ``floor``, or its own."""
    found = [measured(command) for _ in range(runs)]
    seconds = statistics.median(one for one, _, _ in found)
    cpu = statistics.median(one for _, one, _ in found)
    peak = max(one for _, _, one in found)
    floor = seconds if floor is None else floor
    assessed = ""
    if output is not None:
        with output.open(encoding="utf-8") as lines:
            assessed = f"{sum(1 for _ in lines):>10,}"
    print(f"{title:<32}{seconds:>10.2f}{seconds / floor:>10.1f}{cpu:>10.2f}{peak:>10.0f}{assessed}")
    return floor


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of a process; exit 1 is a check that found
    something."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.stderr.read() if process.stderr is not None else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or b"Traceback" in told:
        raise SystemExit(told.decode(errors="replace"))
    seconds = time.perf_counter() - before
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
