"""Settings of the test run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import postgres

# What is written to no terminal has its own width, whatever the one that the tests are run in.
for _name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
    os.environ.pop(_name, None)

# As ``redflags.cli.main.run`` does, for the same reason.
gc.set_threshold(200_000, 50, 1000)

# No test depends on the clock. Where many runs have to give the same answer the examples are the
# same ones each time; elsewhere each run looks at new ones.
settings.register_profile("new examples", deadline=None)
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.load_profile("same examples" if os.environ.get("CI") else "new examples")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def sound_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of typed columns are not first read by another process: for tests that write hundreds
    of them and damage none."""
    monkeypatch.setattr("redflags.readers.column_files.refuse_deadly", lambda *_: None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of the tests' own; the tests that need one are left out without it."""
    try:
        running = postgres.server()
        url = running.__enter__()
    except postgres.NoServerError as error:
        pytest.skip(str(error))
    try:
        yield url
    finally:
        running.__exit__(None, None, None)
