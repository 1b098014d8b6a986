"""Digests of orders: what their lines state, free of the order of rows and columns.

The digest of a line is BLAKE2b with 16 bytes over its cells that are understood as fields and are
not empty: for each, in the order of their paths, ``path=length:text`` with the length of the text
in bytes of UTF-8. The digest of an order is the same over the digests of its lines, sorted. Names
of files and columns, columns that are not used, and where rows stand are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING

from redflags.model.kind import LONGEST_TEXT

if TYPE_CHECKING:
    import polars as pl

BYTES = 16


def line_digest(paths: Sequence[str], texts: Sequence[str]) -> bytes:
    """The digest of one line from the texts of its fields."""
    parts = []
    for path, text in sorted(zip(paths, texts, strict=True)):
        if text != "":
            data = text.encode("utf-8", "surrogatepass")
            parts.append(f"{path}={len(data)}:".encode() + data)
    return blake2b(b"".join(parts), digest_size=BYTES).digest()


class OrderDigests:
    """The digests of the orders of a run. Beyond ``most`` lines it keeps none: a run that nobody
    asked for digests of has them only where they are few."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lines: list[tuple[str, bytes]] | None = []
        self._batches: list[pl.DataFrame] = []

    @property
    def is_kept(self) -> bool:
        """Whether there are digests: not if there were too many."""
        return self._lines is not None

    def add(self, number: str | None, paths: Sequence[str], texts: Sequence[str]) -> None:
        """Add one line of the order of this number; None: it has none."""
        if self._lines is None:
            return
        if self._most is not None and len(self._lines) >= self._most:
            self._lines = None
            return
        self._lines.append(("" if number is None else str(number), line_digest(paths, texts)))

    def add_batch(self, cells: pl.DataFrame, numbered: pl.DataFrame) -> None:
        """Add lines from the columns of text by field; ``numbered`` has the same lines with the
        numbers of their orders."""
        import polars as pl

        if self._lines is None or cells.is_empty():
            return
        column = [
            pl.when(pl.col(path) != "")
            .then(
                pl.concat_str(
                    pl.lit(f"{path}="),
                    pl.col(path).str.len_bytes().cast(pl.String),
                    pl.lit(":"),
                    pl.col(path),
                )
            )
            .otherwise(pl.lit(""))
            for path in sorted(cells.columns)
        ]
        texts = cells.select(pl.concat_str(column).alias("text"))["text"]
        digests = [blake2b(text.encode(), digest_size=BYTES).digest() for text in texts]
        numbers = pl.Series("number", [""] * len(texts), dtype=pl.String)
        if "order_id" in numbered.columns:
            own = numbered["order_id"].str.strip_chars()
            numbers = own.zip_with(own.str.len_chars() <= LONGEST_TEXT, numbers)
        self._batches.append(
            pl.DataFrame(
                {"number": numbers, "digest": pl.Series(digests, dtype=pl.Binary)},
            )
        )

    def mark(self) -> int:
        """How many batches there are, for :meth:`cut`."""
        return len(self._batches)

    def cut(self, mark: int) -> None:
        """Forget the batches that were added since."""
        del self._batches[mark:]

    def of_orders(self) -> Iterator[tuple[str, str]]:
        """The number and the digest of each order, sorted; an order without a number has the empty
        text for one, and each of its lines is an order."""
        for number, lines in groupby(self._sorted(), key=lambda line: line[0]):
            digests = [digest for _, digest in lines]
            if number == "":
                yield from (("", _together([one])) for one in digests)
            else:
                yield number, _together(digests)

    def _sorted(self) -> Iterator[tuple[str, bytes]]:
        if not self._batches:
            yield from sorted(self._lines or ())
            return
        import polars as pl

        yield from pl.concat(self._batches).sort("number", "digest").iter_rows()


def _together(lines: Sequence[bytes]) -> str:
    return blake2b(b"".join(sorted(lines)), digest_size=BYTES).hexdigest()
