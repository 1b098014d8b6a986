"""A record: the values of one order line by dotted path, derived ones worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping

from redflags.model.derived import DERIVATIONS
from redflags.values.understood import ABSENT, Understood


class Record(dict[str, Understood]):
    """The values of one line. A missing path is derived if it can be, otherwise it is
    :data:`~redflags.values.understood.ABSENT`; the answer is kept."""

    __slots__ = ("file", "line", "row")

    def __init__(
        self,
        values: Mapping[str, Understood],
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(values)
        self.file = file
        self.row = row
        self.line = line

    def __missing__(self, path: str) -> Understood:
        derivation = DERIVATIONS.get(path)
        found = ABSENT if derivation is None else derivation.derive(self)
        self[path] = found
        return found
