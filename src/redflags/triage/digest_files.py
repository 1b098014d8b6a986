"""Files of digests: one line of JSON for each order, sorted, so that the order of rows is no part
of them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

import orjson

from redflags.errors import ConfigurationError
from redflags.intake.digests import OrderDigests
from redflags.model.results import Digests

FORM = "redflags order digests 1"
"""The first line of the file names its form."""

LARGEST = 2_000_000_000
"""Bytes of a file of digests."""


def write_digests(digests: OrderDigests, stream: TextIO, name: str) -> Digests:
    """Write the digest of every order, and say what was written for the record of the run."""
    hashed = hashlib.sha256()
    count = 0

    def put(what: Any) -> None:
        line = json.dumps(what, ensure_ascii=True) + "\n"
        hashed.update(line.encode("ascii"))
        stream.write(line)

    put({"form": FORM})
    for number, digest in digests.of_orders():
        put({"order": number, "digest": digest} if number else {"digest": digest})
        count += 1
    return Digests(orders=count, file=name, sha256=hashed.hexdigest())


def read_digests(path: Path) -> tuple[Counter[tuple[str, str]], str]:
    """The digests of a file as pairs of order number and digest, and the file's own SHA-256.

    Raises :class:`ConfigurationError` for a file that cannot be read or is none of digests.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(f"the digests {str(path)!r} cannot be read: {reason}") from error
    lines = data.splitlines()
    try:
        if len(data) > LARGEST or not lines or orjson.loads(lines[0]).get("form") != FORM:
            raise ValueError("its first line does not say so")
        found = Counter(_pair(json.loads(line)) for line in lines[1:])
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ConfigurationError(
            f"{str(path)!r} is no file of order digests: {str(error)[:80]}"
        ) from error
    return found, hashlib.sha256(data).hexdigest()


def _pair(plain: Mapping[str, Any]) -> tuple[str, str]:
    return str(plain.get("order", "")), str(plain["digest"])


def pairs_of(digests: Digests) -> Counter[tuple[str, str]] | None:
    """The digests that stand in a record itself; None if none do."""
    if digests.of_orders is None:
        return None
    found: Iterable[tuple[str, str]] = digests.of_orders.items()
    return Counter([*found, *(("", one) for one in digests.unnumbered)])
