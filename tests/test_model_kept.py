"""Values that are kept as JSON come back as they were given, on disk or where there is none."""

from __future__ import annotations

import errno
import io
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.model import kept
from redflags.model.kept import KeptJson

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
)


class FullDisk(io.BytesIO):
    """A file that takes so many bytes and then, as a full disk does, a part or an error."""

    def __init__(self, room: int, *, raises: bool) -> None:
        super().__init__()
        self.room = room
        self.raises = raises

    def write(self, text: Any) -> int:
        free = max(0, self.room - self.tell())
        if len(text) <= free:
            return super().write(text)
        if self.raises:
            raise OSError(errno.ENOSPC, "no space left on device")
        return super().write(bytes(text)[:free])


def no_disk(**options: object) -> io.BytesIO:
    raise FileNotFoundError(errno.ENOENT, "no usable temporary directory")


def disk_of(room: int, *, raises: bool) -> Callable[..., io.BytesIO]:
    return lambda **options: FullDisk(room, raises=raises)


@given(
    st.lists(VALUES, max_size=30),
    st.integers(0, 200),
    st.none() | st.builds(disk_of, st.integers(0, 600), raises=st.booleans()) | st.just(no_disk),
    st.data(),
)
def test_every_value_comes_back_as_it_was_given(
    values: list[Any], most: int, disk: Callable[..., io.BytesIO] | None, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "MOST_IN_MEMORY", most)
        if disk is not None:
            patch.setattr(tempfile, "TemporaryFile", disk)
        held = KeptJson()
        for number, value in enumerate(values):
            assert held.add(value) == number
            asked = data.draw(st.integers(0, number))  # reading between changes nothing
            assert held.plain(asked) == values[asked]
        if values:
            changed = data.draw(st.integers(0, len(values) - 1))
            values[changed] = [values[changed]]
            held.put(changed, values[changed])
        assert [held.plain(number) for number in range(len(held))] == values


def test_what_is_more_than_memory_is_given_for_is_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[io.BytesIO] = []

    def disk(**options: object) -> io.BytesIO:
        opened.append(io.BytesIO())
        return opened[-1]

    monkeypatch.setattr(kept, "MOST_IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "TemporaryFile", disk)
    held = KeptJson()
    for _ in range(9):
        held.add("x" * 9)
    assert not opened
    for _ in range(9):
        held.add("x" * 9)
    (file,) = opened
    assert file.getvalue() == b'"xxxxxxxxx"' * 18
