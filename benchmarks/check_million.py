"""A whole check of many invented orders beside the bare reading of the same file, in one run.

    python benchmarks/check_million.py [--rows N] [--flagged PER_CENT] [--runs N]

Bare reading is ``polars.scan_csv`` of every column as text with a streaming count of nulls. The
check writes JSON Lines. Both are fresh processes; seconds are medians, memory is the largest peak.
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--flagged", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        orders, output = Path(folder) / "orders.csv", Path(folder) / "alerts.jsonl"
        made_orders.write(orders, given.rows, given.flagged)
        size = orders.stat().st_size / 1e6
        print(f"{given.rows:,} orders of {len(made_orders.COLUMNS)} columns, {size:,.0f} MB, "
              f"{given.flagged:g} % stories; median of {given.runs}")  # fmt: skip
        check = [sys.executable, "-m", "redflags", "check", str(orders), "-o", str(output)]
        bare = [measured([sys.executable, "-c", BARE, str(orders)]) for _ in range(given.runs)]
        full = [measured(check) for _ in range(given.runs)]
        print(f"{'':<24}{'seconds':>10}{'of bare':>10}{'peak MB':>10}")
        floor = statistics.median(seconds for seconds, _ in bare)
        for title, found in (("bare reading", bare), ("redflags check", full)):
            seconds = statistics.median(one for one, _ in found)
            peak = max(one for _, one in found)
            print(f"{title:<24}{seconds:>10.2f}{seconds / floor:>10.1f}{peak:>10.0f}")
        lines = sum(1 for _ in output.open(encoding="utf-8"))
        print(f"assessments written: {lines:,}")


def measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of a process; exit 1 is a check that found something."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.stderr.read() if process.stderr is not None else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or b"Traceback" in told:
        raise SystemExit(told.decode(errors="replace"))
    return time.perf_counter() - before, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
