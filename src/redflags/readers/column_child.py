"""Reading a file of typed columns to its end, as a program of its own, to see whether that ends it.

The package that reads such files ends its process where a damaged one says that a value is longer
than any memory. So this program goes first. It is started by its path and imports nothing of this
project but one module beside it. It says ``ready`` before it opens the file and ``ended`` behind
it. What is an error only, the caller meets again and can say in which column.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from contextlib import suppress
from typing import Any

READY, ENDED = "ready", "ended"


def read_to_end(path: str, kind: str, batch_rows: int) -> None:
    """Read every column that can be read as text, as the caller will: all of them at once or,
    where one of them is an error, each of them."""
    with suppress(BaseException):  # what Rust code gives up with is no Exception
        functions = _column_texts()
        table = functions.scanned(path, kind)
        schema = table.collect_schema()
        texts = [functions.as_text(name, kind, is_needed=False) for name, kind in schema.items()]
        texts = [
            text.fill_null("").alias(f"c{place}")
            for place, text in enumerate(texts)
            if text is not None
        ]
        with suppress(BaseException):
            functions.height_of(table)
            _read(functions, table, texts, batch_rows)
            return
        for text in texts:
            with suppress(BaseException):
                _read(functions, table, [text], batch_rows)


def _read(functions: Any, table: Any, texts: list[Any], batch_rows: int) -> None:
    import polars

    for frame in functions.frames_of(table, texts, batch_rows):
        # Every byte of every text is looked at: what a file says of its length may be wrong.
        frame.select(polars.col(polars.String).str.len_chars().max())


def _column_texts() -> Any:
    """The functions of the module beside this one, loaded without the package around it."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "column_texts.py")
    spec = importlib.util.spec_from_file_location("_column_texts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _spare_the_caller() -> None:
    """Leave no image of the memory behind and, where memory runs out, be what is ended for it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as stream:
        stream.write("1000")


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the file that the arguments name: the path to import from, the file, its kind, and how
    many rows to read at once."""
    sys.path[:] = json.loads(sys.argv[1])
    import polars  # noqa: F401 - a fault of its own is none of the file

    _spare_the_caller()
    _say(READY)
    read_to_end(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    _say(ENDED)


if __name__ == "__main__":
    main()
