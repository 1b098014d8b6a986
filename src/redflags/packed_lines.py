"""Lines of text columns, kept small: packed batch by batch, and unpacked where they are looked at.

A column of texts takes sixteen bytes a line before any text, and most lines say the same things; a
packed line of an order takes about a fifteenth of one in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PART = "\0part"
OWN = "\0own"
"""Columns of keys by which texts are found: the number of the batch, and the place in it."""


@dataclass(slots=True)
class PackedLines:
    """Batches of lines, each of them as a frame of keys, which is at hand, and one of texts, which
    is packed: Arrow's file format with Zstandard, in memory."""

    _keys: list[pl.DataFrame] = field(default_factory=list)
    _texts: list[bytes] = field(default_factory=list)
    _unpacked: dict[int, pl.DataFrame] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many batches there are."""
        return len(self._keys)

    def add(self, keys: pl.DataFrame, texts: pl.DataFrame) -> None:
        """Add a batch: of each line its keys and its texts. All keys have the same columns."""
        self._add_packed(keys, _packed(texts))

    def cut(self, count: int) -> None:
        """Forget all batches but the first ones."""
        del self._keys[count:], self._texts[count:]
        self._unpacked.clear()

    def keys(self) -> pl.DataFrame:
        """Those of all lines, as they were added, with :data:`PART` and :data:`OWN`."""
        import polars as pl

        return pl.concat(
            [
                keys.with_row_index(OWN).with_columns(pl.lit(part, dtype=pl.UInt32).alias(PART))
                for part, keys in enumerate(self._keys)
            ]
        )

    def texts(self, part: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Those of one batch; only some columns, as far as it has them."""
        frame = _unpack(self._texts[part])
        return frame if columns is None else frame[[one for one in columns if one in frame.columns]]

    def texts_at(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Those of some lines, in the order of these keys. The batches they are of stay unpacked
        until others are asked for."""
        import polars as pl

        asked = keys[PART].unique(maintain_order=True).to_list()
        self._unpacked = {
            part: self._unpacked[part] if part in self._unpacked else self.texts(part)
            for part in asked
        }
        found, where = [], []
        for part in asked:
            places = (keys[PART] == part).arg_true()
            found.append(self._unpacked[part][keys[OWN].gather(places)])
            where.append(places)
        # A column that one file has and another has not is null there.
        texts: pl.DataFrame = pl.concat(found, how="diagonal")[pl.concat(where).arg_sort()]
        return texts

    def chosen(self, keys: pl.DataFrame) -> PackedLines:
        """The lines of these keys alone, batch by batch."""
        found = PackedLines()
        for some in keys.sort(PART, OWN).partition_by(PART, maintain_order=True):
            part, own = some[PART][0], some[OWN]
            is_whole = some.height == self._keys[part].height
            found._add_packed(
                some.drop(PART, OWN),
                self._texts[part] if is_whole else _packed(self.texts(part)[own]),
            )
        return found

    def _add_packed(self, keys: pl.DataFrame, texts: bytes) -> None:
        self._keys.append(keys)
        self._texts.append(texts)


def _packed(frame: pl.DataFrame) -> bytes:
    into = BytesIO()
    frame.write_ipc(into, compression="zstd")
    return into.getvalue()


def _unpack(packed: bytes) -> pl.DataFrame:
    import polars as pl

    return pl.read_ipc(packed)
