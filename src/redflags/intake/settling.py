"""One input in batches, and the notation that its columns settle, with as little reading as that
needs."""

from __future__ import annotations

from collections.abc import Callable

from redflags.intake.batches import OrderBatch, order_batches
from redflags.intake.continuation import continued
from redflags.intake.headers import HeaderMap
from redflags.intake.notation import NotationScan, in_sheet
from redflags.intake.records import settlements
from redflags.intake.texts import field_texts
from redflags.model.notation import Notation, Notations
from redflags.readers import TextBatches
from redflags.readers.closing import Closing


class InputReading(Closing):
    """One input, read in the notation of its whole columns.

    Nothing is looked for until a cell is met that can be read in two ways. Where that is in the
    first batch, which is nearly always so, the input is read on in the notation that this batch
    settles, and each further batch is heard: only if one says something else is the input opened
    anew, and read in the notation of the whole. Where such a cell comes later all is read anew.
    Either way what comes out is read in the notation of the whole.
    """

    def __init__(
        self, open_input: Callable[[], tuple[TextBatches, HeaderMap]], stated: Notation
    ) -> None:
        """``open_input`` opens the input from its start; ``stated`` is the user's setting. Errors
        are those of opening it."""
        self._open = open_input
        self._scan: NotationScan | None = None
        self._is_whole = False
        self._batches = self._continued = 0
        self.source, self.header = open_input()
        self._stated = stated = in_sheet(self.source, stated)
        self.notation: Notation | Notations = stated
        self.is_settled = False
        """Whether it was asked what the columns settle."""

    @property
    def settled(self) -> tuple[str, ...]:
        """What the columns say about their notation, and which rows continue others; complete
        with the last batch."""
        said = () if self._scan is None else settlements(self._scan, self.header)
        return (*said, *continued(self._continued))

    def still_holds(self, batch: OrderBatch) -> bool:
        """Hear the next batch. If it says something else than those before, the input is opened
        anew, to be read from its start in the notation of the whole, and the answer is no."""
        self._batches += 1
        self._continued += batch.continued
        if self._scan is None or self._is_whole:
            return True
        self._hear(self._scan, batch)
        if self._scan.notations() == self.notation:
            return True
        self._settle_by_all()
        self._open_again()
        return False

    def settle(self, batch: OrderBatch) -> bool:
        """Settle the notation, as ``batch``, which was the last to come, has a cell that is open.
        If the answer is no the input was opened anew, to be read from its start."""
        self.is_settled = True
        if self._batches == 1:
            self._scan = self._new_scan(self.header)
            self._hear(self._scan, batch)
            self.notation = self._scan.notations()
            return True
        self._settle_by_all()
        if isinstance(self.notation, Notations) and not self.notation.fields:
            return True
        self._open_again()
        return False

    def _new_scan(self, header: HeaderMap) -> NotationScan:
        return NotationScan([one.path for one in field_texts(header)], self._stated)

    @staticmethod
    def _hear(scan: NotationScan, batch: OrderBatch) -> None:
        scan.add_batch(batch.read.select(scan.fields), batch.read_rows)

    def _settle_by_all(self) -> None:
        """Read the columns of numbers and dates for what they say of their notation."""
        source, header = self._open()
        with source:
            scan = self._new_scan(header)
            for batch in order_batches(source, header, scan.fields):
                self._hear(scan, batch)
        self._scan, self._is_whole = scan, True
        self.notation = scan.notations()

    def open_again(self) -> tuple[TextBatches, HeaderMap]:
        """The input from its start, beside what is read of it now; the caller closes it."""
        return self._open()

    def _open_again(self) -> None:
        self.source.close()
        self.source, self.header = self._open()
        self._batches = self._continued = 0

    def close(self) -> None:
        """Close the table beneath."""
        self.source.close()
