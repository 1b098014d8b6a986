"""Progress on a terminal, none elsewhere; and what an interrupted check leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

ROWS = 16_000
LINE = "O-{},aluminium paste,6000,kg,mobile phone shop,Example Telecom Ltd {},TR,2015-05-05\n"
COMMAND = [sys.executable, "-m", "redflags", "check"]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is large enough to be read in columns, and takes a while to explain."""
    path = tmp_path_factory.mktemp("progress") / "orders.csv"
    header = "order_id,product,quantity,unit,buyer_business,buyer_name,buyer_country,date,notes\n"
    with path.open("w", encoding="utf-8") as file:
        file.write(header)
        for number in range(ROWS):
            line = LINE if number % 4 == 0 else LINE.replace("aluminium paste", "office chair")
            file.write(line.format(number, number).rstrip("\n") + "," + "x" * 200 + "\n")
    return path


def on_terminal(command: list[str], interrupt_at: bytes | None = None) -> tuple[int, bytes]:
    """Exit code and screen of a command on a pseudo-terminal, interrupted when a text appears."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        screen += part
        if interrupt_at is not None and interrupt_at in screen:
            process.send_signal(signal.SIGINT)
            interrupt_at = None
    os.close(ours)
    return process.wait(), screen


def test_a_terminal_shows_how_far_a_check_has_come(orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "alerts.jsonl"
    code, screen = on_terminal([*COMMAND, str(orders), "-o", str(output)])
    assert code == 1
    assert b"Reading" in screen
    assert b"Explaining" in screen
    assert output.read_text(encoding="utf-8").count("\n") == ROWS // 4


def test_an_interrupted_check_leaves_no_file(orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "alerts.jsonl"
    code, _ = on_terminal([*COMMAND, str(orders), "-o", str(output)], interrupt_at=b"Explaining")
    assert code == 130
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_shows_nothing_but_the_outcome(orders: Path, tmp_path: Path) -> None:
    output = tmp_path / "alerts.jsonl"
    ran = subprocess.run(
        [*COMMAND, str(orders), "-o", str(output)], capture_output=True, check=False
    )
    assert ran.stdout == b""
    assert ran.stderr.count(b"\n") == 1
