"""How far a check has come, shown on standard error where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, float], None]
"""Told what is being done and which share of it is done, from 0 to 1."""


@contextmanager
def progress_on_terminal() -> Iterator[Report | None]:
    """A function to report progress to; None where standard error is no terminal.

    Each step has a bar and an estimate of the time left, made from its own pace. The bars are
    gone when the block ends, so that only results stay on the screen.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskID,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    steps: dict[str, TaskID] = {}
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=4,
    ) as shown:

        def report(step: str, share: float) -> None:
            if step not in steps:
                for earlier in steps.values():
                    shown.update(earlier, completed=1.0)
                steps[step] = shown.add_task(step, total=1.0)
            shown.update(steps[step], completed=min(max(share, 0.0), 1.0))

        yield report
