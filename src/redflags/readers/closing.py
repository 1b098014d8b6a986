"""What every open source has in common: leaving its context closes it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """A source that is closed when its context is left."""

    counts_days: bool = False
    """Whether a date may stand as a number, the number of days since 1900."""

    @abstractmethod
    def close(self) -> None:
        """Let go of whatever is open. Standard input stays open."""

    def __enter__(self) -> Self:
        """The source itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the source."""
        self.close()
