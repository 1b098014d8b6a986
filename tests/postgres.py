"""A PostgreSQL server of its own for the tests, where its programs are installed."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = "/usr/lib/postgresql/*/bin"


class NoServerError(Exception):
    """Why there is no server here."""


def programs() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``. Raises :class:`NoServerError`."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    folders = [one for one in sorted(glob.glob(PLACES)) if os.path.exists(f"{one}/initdb")]
    if not folders:
        raise NoServerError("PostgreSQL is not installed here")
    return Path(folders[-1])


def _account() -> str | None:
    """Who the server runs as: it refuses to run as root. None for whoever runs the tests."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # there is none on Windows

    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoServerError("PostgreSQL does not run as root, and there is no other account")


@contextmanager
def server() -> Iterator[str]:
    """The URL of a new server on a socket in a temporary folder, with a password, which it does
    not check. Raises :class:`NoServerError`."""
    folder = programs()
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    home.chmod(0o755)
    if account is not None:
        shutil.chown(home, account)
    data = home / "data"

    def run(program: str, *arguments: str) -> None:
        finished = subprocess.run(
            [str(folder / program), "-D", str(data), *arguments],
            user=account,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
        if finished.returncode:
            raise NoServerError(f"{program} fails here: {finished.stderr.decode()[-300:]}")

    try:
        run("initdb", "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "-N")
        options = f"-c listen_addresses='' -k {home} -c fsync=off"
        run("pg_ctl", "-o", options, "-l", str(home / "log"), "-w", "start")
        try:
            yield f"postgresql://tester:geheim@/postgres?host={home}"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
