"""Rule engines side by side: the same rules on the same orders, in one go.

    python benchmarks/engines.py [--orders N] [--lines N] [--runs N] [--only NAME,...] [--plot FILE]

The rules stand in ``engines.yaml``, the orders are made from a fixed seed (``engine_work.py``) and
every engine holds them in memory as it likes them best: texts understood, amounts as whole numbers,
dates apart. Measured is the time from there to the numbers of the orders by rule: the second pass
over the data, so that whatever an engine remembers is remembered. Each engine runs in a process of
its own; seconds are medians over the runs, memory is the largest peak. Engines that take one order
at a time judge the first ``--lines`` orders, the others all ``--orders``.

Remembered is what a text means to the rules, never what came out for an order: the columnar engine
here keeps for each text which rules it leaves possible, as the row engines keep compiled rules;
DuckDB and pandas have no such memory and look at each distinct text again, once for each pass where
their line says so. What is left out of "rules alone" for all engines of columns is the reading of
amounts and the numbering of texts.

CPU time counts all cores, and tells more than the clock where other work goes on.

That they all found the same is shown by a hash of the sorted pairs of order and rule. The exit code
is 1 if any differs. What it costs this project to understand the texts stands in a table below.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import engine_peers
import engine_plot
import engine_work
from engine_work import Hits


@dataclass(frozen=True)
class Entry:
    """One engine: its line in the table, the package it needs, how it is run."""

    title: str
    package: str
    run: Callable[[Path, int], dict[str, Any]]
    by_line: bool
    is_own: bool = False


def own_columnar(data: Path, lines: int) -> dict[str, Any]:
    """This project's columnar engine, in batches as a file is read."""
    from engine_own import Columnar

    engine = Columnar(data)
    found = measured(engine.judge, cold=engine.understand_and_judge)
    before = time.perf_counter()
    engine.understand_and_judge()
    return {**found, "warm": time.perf_counter() - before}


def own_judge(data: Path, lines: int) -> dict[str, Any]:
    from engine_own import Lines

    engine = Lines(data, lines, durable=False)
    return measured(engine.judge, cold=engine.understand_and_judge)


def own_durable(data: Path, lines: int) -> dict[str, Any]:
    from engine_own import Lines

    engine = Lines(data, lines, durable=True)
    return measured(engine.judge, cold=engine.understand_and_judge)


def measured(judge: Callable[[], Hits], cold: Callable[[], Hits] | None = None) -> dict[str, Any]:
    """Seconds of the first pass that understands the texts, if any, and of a later one."""
    found: dict[str, Any] = {}
    if cold is not None:
        before = time.perf_counter()
        hits = cold()
        found["cold"] = time.perf_counter() - before
        found["cold hits"] = fingerprint(hits, None)[1]
    judge()
    passes, busy = [], []
    for _ in range(3):
        before, work = time.perf_counter(), time.process_time()
        hits = judge()
        passes.append(time.perf_counter() - before)
        busy.append(time.process_time() - work)
    found.update(seconds=statistics.median(passes), cpu=statistics.median(busy), hits=hits)
    return found


def by_rows(make: Callable[[Any], Any]) -> Callable[[Path, int], dict[str, Any]]:
    """An engine that takes one order at a time."""

    def run(data: Path, lines: int) -> dict[str, Any]:
        import polars as pl

        rules = engine_work.rules_as_tree(engine_work.rule_book())
        orders = pl.read_parquet(data / "typed.parquet", n_rows=lines).to_dicts()
        made = make(rules)
        numbers = [order["number"] for order in orders]
        if isinstance(made, tuple):
            judge, prepare = made
            orders = [prepare(order) for order in orders]
        else:
            judge = made
        for order in orders[:500]:
            judge(order)
        hits: dict[str, list[int]] = {}
        before, work = time.perf_counter(), time.process_time()
        for number, order in zip(numbers, orders, strict=True):
            for rule in judge(order):
                hits.setdefault(rule, []).append(number)
        seconds, busy = time.perf_counter() - before, time.process_time() - work
        return {"seconds": seconds, "cpu": busy, "hits": hits}

    return run


def by_columns(
    make: Callable[[Any, Path, bool], Callable[[], Hits]], coded: bool
) -> Callable[[Path, int], dict[str, Any]]:
    """An engine that takes all orders at once."""

    def run(data: Path, lines: int) -> dict[str, Any]:
        rules = engine_work.rules_as_tree(engine_work.rule_book())
        return measured(make(rules, data, coded))

    return run


ENGINES: dict[str, Entry] = {
    "columnar": Entry("redflags, columnar", "redflags", own_columnar, False, True),
    "judge": Entry("redflags, judge", "redflags", own_judge, True, True),
    "durable": Entry("redflags, durable", "durable", own_durable, True, True),
    "pandas-coded": Entry(
        "pandas, categories", "pandas", by_columns(engine_peers.pandas, True), False
    ),
    "duckdb-coded": Entry(
        "DuckDB, each text once", "duckdb", by_columns(engine_peers.duckdb, True), False
    ),
    "duckdb": Entry("DuckDB", "duckdb", by_columns(engine_peers.duckdb, False), False),
    "pandas": Entry("pandas", "pandas", by_columns(engine_peers.pandas, False), False),
    "closures": Entry("plain Python closures", "redflags", by_rows(engine_peers.closures), True),
    "durable-rules": Entry("durable-rules", "durable", by_rows(engine_peers.durable_rules), True),
    "zen": Entry("Zen", "zen", by_rows(engine_peers.zen), True),
    "rule-engine": Entry("rule-engine", "rule_engine", by_rows(engine_peers.rule_engine), True),
}


def main() -> int:
    given = options().parse_args()
    if given.child:
        child(ENGINES[given.child], given.data, given.lines)
        return 0
    chosen = given.only.split(",") if given.only else list(ENGINES)
    unknown = [name for name in chosen if name not in ENGINES]
    if unknown:
        print(f"no such engine: {', '.join(unknown)}; there are {', '.join(ENGINES)}")
        return 2
    present = [name for name in chosen if importlib.util.find_spec(ENGINES[name].package)]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        texts, typed = engine_work.make_orders(given.orders)
        texts.write_parquet(data / "texts.parquet")
        typed.write_parquet(data / "typed.parquet")
        typed.write_csv(data / "typed.csv")
        lines = min(given.lines, given.orders)
        rounds = [
            {name: in_a_process(name, data, lines) for name in present} for _ in range(given.runs)
        ]
    found = {name: [one[name] for one in rounds] for name in present}
    return report(found, [name for name in chosen if name not in present], given, lines)


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="names of engines, parted by commas")
    parser.add_argument("--plot", type=Path, help="where to draw the table, as SVG")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    return parser


def in_a_process(name: str, data: Path, lines: int) -> dict[str, Any]:
    """What one engine found in a fresh process."""
    command = [sys.executable, __file__, "--child", name, "--data", str(data),
               "--lines", str(lines)]  # fmt: skip
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if process.returncode:
        raise SystemExit(f"{name} ended with status {process.returncode}")
    answer: dict[str, Any] = json.loads(process.stdout)
    return answer


def child(entry: Entry, data: Path, lines: int) -> None:
    found = entry.run(data, lines)
    found["peak"] = peak_megabytes()
    hits = found.pop("hits")
    found["first"] = fingerprint(hits, lines)
    found["all"] = fingerprint(hits, None)
    print(json.dumps(found))


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():  # what the system counts for a process begins with that of its parent
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def fingerprint(hits: Hits, below: int | None) -> tuple[int, str]:
    """How many pairs of order and rule there are among the first orders, and their hash."""
    pairs = sorted(
        (number, rule)
        for rule, numbers in hits.items()
        for number in numbers
        if below is None or number < below
    )
    written = "".join(f"{number} {rule}\n" for number, rule in pairs)
    return len(pairs), hashlib.md5(written.encode(), usedforsecurity=False).hexdigest()[:12]


def report(
    found: dict[str, list[dict[str, Any]]],
    missing: list[str],
    given: argparse.Namespace,
    lines: int,
) -> int:
    """Print the tables; 1 if two engines found different things."""
    rates = {name: rate(name, runs, "seconds", given.orders, lines) for name, runs in found.items()}
    print(f"{len(engine_work.rule_book().rules)} rules, {given.orders:,} orders "
          f"({lines:,} for engines that take one at a time), median of {given.runs}\n")  # fmt: skip
    print(f"{'rules alone':<26}{'orders a second':>16}{'columnar is':>14}"
          f"{'CPU µs each':>13}{'peak MB':>9}"
          "  pairs found, hash")  # fmt: skip
    first: dict[str, set[str]] = {"first": set(), "all": set()}
    for name in sorted(rates, key=lambda one: -rates[one]):
        entry, runs = ENGINES[name], found[name]
        ratio = f"{rates['columnar'] / rates[name]:,.1f} times" if "columnar" in rates else ""
        which = "first" if entry.by_line else "all"
        pairs, digest = runs[0][which]
        first["first"].update(one["first"][1] for one in runs)
        first[which].update(one[which][1] for one in runs)
        print(f"{entry.title:<26}{rates[name]:>16,.0f}{ratio:>14}"
              f"{1e6 / rate(name, runs, 'cpu', given.orders, lines):>13,.2f}"
              f"{max(one['peak'] for one in runs):>9,.0f}  {pairs:,} {digest}")  # fmt: skip
    for name in missing:
        print(f"{ENGINES[name].title:<26}left out: {ENGINES[name].package} is not installed")
    if lines == given.orders:
        first["all"] |= first["first"]
    own = [name for name in found if "cold" in found[name][0]]
    if own:
        print(f"\n{'orders a second':<26}{'rules alone':>16}{'texts seen':>14}{'texts new':>14}")
    for name in own:
        new = rate(name, found[name], "cold", given.orders, lines)
        seen = ""
        if "warm" in found[name][0]:
            seen = f"{rate(name, found[name], 'warm', given.orders, lines):,.0f}"
        print(f"{ENGINES[name].title:<26}{rates[name]:>16,.0f}{seen:>14}{new:>14,.0f}")
        first["first" if ENGINES[name].by_line else "all"].update(
            one["cold hits"] for one in found[name]
        )
    same = all(len(digests) <= 1 for digests in first.values())
    print(f"\nall engines found the same on the first {lines:,} orders and on all: "
          f"{'yes' if same else 'NO'}")  # fmt: skip
    if given.plot is not None:
        bars = [(ENGINES[name].title, rates[name], ENGINES[name].is_own) for name in rates]
        engine_plot.draw(given.plot, bars, f"{given.orders:,} orders, 30 rules")
    return 0 if same else 1


def rate(name: str, runs: list[dict[str, Any]], part: str, orders: int, lines: int) -> float:
    """Orders a second, by the median run."""
    seconds = statistics.median(one[part] for one in runs)
    return float((lines if ENGINES[name].by_line else orders) / seconds)


if __name__ == "__main__":
    sys.exit(main())
