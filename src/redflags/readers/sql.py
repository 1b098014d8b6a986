"""A table or a query of a database as rows of text, by URL; nothing is ever written to it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from redflags.errors import ConfigurationError, InputError
from redflags.readers.closing import Closing
from redflags.readers.csv_rows import LONGEST_CELL, Refused, Row
from redflags.readers.own_text import OwnTexts
from redflags.readers.typed_text import typed_text, untextual

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, CursorResult, Engine, Executable, Select

_ROWS_AT_ONCE: Final = 2_000
_SECRET = re.compile(r"pass|secret|token|key|pwd", re.IGNORECASE)
_SCHEME: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class SqlSource(Closing):
    """The rows of one table or one query as a table of text.

    Rows and lines count from 1. A table with a primary key is read in its order; else rows come
    in the order in which the database gives them, which may be another one next time. Values are
    written as :func:`~redflags.readers.typed_text.typed_text` says; NULL is empty. ``sha256`` is
    that of the texts as they were read: of the header and each row, every cell followed by U+001F
    and every row by U+001E, in UTF-8. The ``name`` of the source never shows a password.
    """

    delimiter = ""

    def __init__(
        self,
        url: str,
        *,
        table: str | None = None,
        query: str | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Connect, and start reading. ``?table=`` in the URL stands for ``table``; without a
        table or query it is the only table, else the one with most known names of columns.

        Raises :class:`InputError` if the database cannot be read or no table can be chosen, and
        :class:`ConfigurationError` for an impossible URL or query, and where a package is missing.
        """
        self.row_count = 0
        self.sha256 = ""
        self.notes: tuple[str, ...] = ()
        self._used: frozenset[int] | None = None
        self._is_known = is_known or (lambda name: False)
        parsed, named = _parsed(url)
        if query is None:
            table = named if table is None else table
        elif named is not None:
            raise ConfigurationError("give a table or a query, not both")
        self.name = _shown(parsed, table)
        self._secrets = [text for text in (parsed.password, *_secret_values(parsed)) if text]
        self.encoding = parsed.get_backend_name()
        self._engine = self._created(parsed)
        self._connection: Connection | None = None
        self._result: CursorResult[Any] | None = None
        try:
            self._connection = self._connected()
            if query is not None:
                from sqlalchemy import text

                self._result = self._executed(text(_single_query(query).replace(":", r"\:")))
            else:
                self._result = self._executed(self._all_of(table))
            self.header = tuple(str(name).strip() for name in self._result.keys())  # noqa: SIM118
            self._refuse_twice()
        except BaseException:
            self.close()
            raise

    def _created(self, url: URL) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool

        try:
            if url.get_backend_name() == "sqlite":
                path = self._sqlite_file(url)
                return create_engine(
                    url.set(query={}), creator=lambda: _opened_sqlite(path), poolclass=NullPool
                )
            return create_engine(url, poolclass=NullPool)
        except NoSuchModuleError as error:
            raise ConfigurationError(
                f"{self.name}: there is no such kind of database; sqlite:// and postgresql:// are"
            ) from error
        except ImportError as error:
            raise ConfigurationError(
                f"{self.name}: the driver for this database is missing ({error.name}); "
                "pip install 'redflags[sql]' has those for SQLite and PostgreSQL"
            ) from error
        except (ArgumentError, TypeError, ValueError) as error:
            raise ConfigurationError(f"{self.name}: {self._clean(error)}") from error

    def _sqlite_file(self, url: URL) -> Path:
        if not url.database or url.database == ":memory:":
            raise ConfigurationError("name the file of the database: sqlite:///folder/orders.db")
        path = Path(url.database)
        if not path.is_file():
            raise InputError(self.name, "there is no such file", remedy="check the path")
        return path

    def _connected(self) -> Connection:
        with self._errors():
            connection = self._engine.connect()
            if self._engine.driver == "psycopg":
                _keep_odd_dates(connection)
            options: dict[str, Any] = {"stream_results": True, "yield_per": _ROWS_AT_ONCE}
            if self.encoding == "postgresql":
                options["postgresql_readonly"] = True
            return connection.execution_options(**options)

    def _executed(self, statement: Executable) -> CursorResult[Any]:
        assert self._connection is not None
        with self._errors():
            result = self._connection.execute(statement)
            if not result.returns_rows:
                raise InputError(self.name, "the query gives no rows", remedy="use a SELECT")
            return result

    def _all_of(self, wanted: str | None) -> Executable:
        """All rows of the table of this name, perhaps with its schema, or of the likeliest one."""
        from sqlalchemy import column, inspect, literal_column, select
        from sqlalchemy import table as named_table

        assert self._connection is not None
        with self._errors():
            inspector = inspect(self._connection)
            names = [*inspector.get_table_names(), *inspector.get_view_names()]
            schema = None
            if wanted is None:
                wanted = self._likeliest(
                    {name: [one["name"] for one in inspector.get_columns(name)] for name in names}
                )
            elif wanted not in names:
                schema, dot, bare = wanted.partition(".")
                inside = inspector.get_schema_names() if dot else []
                if schema not in inside or bare not in (
                    inspector.get_table_names(schema) + inspector.get_view_names(schema)
                ):
                    raise InputError(
                        self.name,
                        f"there is no table {wanted[:60]!r}",
                        remedy=f"name one of its tables: {_listed(names)}"
                        if names
                        else "the database has none",
                    )
                wanted = bare
            key = inspector.get_pk_constraint(wanted, schema)["constrained_columns"]
        rows: Select[Any] = select(literal_column("*")).select_from(
            named_table(wanted, schema=schema)
        )
        return rows.order_by(*map(column, key))

    def _likeliest(self, tables: Mapping[str, Sequence[str]]) -> str:
        """The only table, else the one with most known names. Raises :class:`InputError`."""
        if not tables:
            raise InputError(
                self.name, "the database has no table", remedy="check its URL, or name a query"
            )
        merits = {name: sum(map(self._is_known, columns)) for name, columns in tables.items()}
        best = [name for name, merit in merits.items() if merit == max(merits.values())]
        if len(best) > 1:
            raise InputError(
                self.name,
                f"several tables could hold the orders: {_listed(best)}",
                remedy="name one with --table",
            )
        if len(tables) > 1:
            self.notes += (f"read the table {best[0][:60]!r}, one of {len(tables)}",)
        return best[0]

    def _refuse_twice(self) -> None:
        seen: set[str] = set()
        for name in self.header:
            if name and name.lower() in seen:
                raise InputError(
                    self.name,
                    f"the column {name[:80]!r} is there twice",
                    remedy="give one of them another name: SELECT a.id AS other",
                )
            seen.add(name.lower())

    def require(self, columns: Sequence[int]) -> None:
        """Note which columns are used: in the others, what is no text is left out."""
        self._used = frozenset(columns)

    def rows(self) -> Iterator[Row | Refused]:
        """Every row in the order of the database; those that are all empty are passed over.

        Raises :class:`InputError` if the database breaks off.
        """
        digest = hashlib.sha256()
        digest.update(_bytes(self.header))
        texts = OwnTexts()
        place = 0
        assert self._result is not None
        with self._errors():
            for values in self._result:
                place += 1
                cells, reason = _cells(values, self._used)
                digest.update(_bytes(cells))
                if not reason and not any(map(str.strip, cells)):
                    continue
                self.row_count += 1
                if reason:
                    yield Refused(place, place, reason, texts.keep_cells(cells))
                else:
                    yield Row(place, place, cells)
        self.sha256 = digest.hexdigest()
        self.close()

    def _errors(self) -> _Translated:
        return _Translated(self)

    def _clean(self, error: Exception) -> str:
        """What a driver says, in one line and without a secret of the URL."""
        text = " ".join(str(getattr(error, "orig", None) or error).split())
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text[:300]

    def close(self) -> None:
        """Let go of the connection."""
        if self._result is not None:
            self._result.close()
            self._result = None
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


class _Translated:
    """Makes an :class:`InputError` of what the database or its driver raises."""

    def __init__(self, source: SqlSource) -> None:
        self._source = source

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, SQLAlchemyError | sqlite3.Error):
            raise InputError(
                self._source.name,
                f"the database cannot be read: {self._source._clean(error)}",
                remedy="check the URL, the table and the query",
            ) from error


def _parsed(url: str) -> tuple[URL, str | None]:
    """The URL with the driver that is used, and the table that it names."""
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError as error:
        raise ConfigurationError(
            "reading a database needs the package SQLAlchemy; install it: "
            "pip install 'redflags[sql]'"
        ) from error
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "the URL of the database cannot be read; it is such as "
            "sqlite:///orders.db?table=orders or postgresql://user@host/database"
        ) from error
    table = parsed.query.get("table")
    if isinstance(table, tuple):
        raise ConfigurationError("the URL names several tables")
    parsed = parsed.difference_update_query(["table"])
    return parsed.set(drivername=_SCHEME.get(parsed.drivername, parsed.drivername)), table


def _shown(url: URL, table: str | None) -> str:
    """The URL without a secret, as a user would write it, with the table."""
    shown = url.set(
        drivername=url.get_backend_name(),
        query={key: value for key, value in url.query.items() if not _SECRET.search(key)},
    )
    if table is not None:
        shown = shown.update_query_dict({"table": table})
    return shown.render_as_string(hide_password=True)


def _secret_values(url: URL) -> list[str]:
    found = []
    for key, value in url.query.items():
        if _SECRET.search(key):
            found += [value] if isinstance(value, str) else list(value)
    return found


def _opened_sqlite(path: Path) -> sqlite3.Connection:
    """The database in a file, read only, for one thread after another; its own views and triggers
    are not trusted, and a text that is not UTF-8 is no error but a row set aside."""
    connection = sqlite3.connect(
        f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=10, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    return connection


def _keep_odd_dates(connection: Connection) -> None:
    """Have the driver give a date that Python does not know, such as ``infinity``, as it is
    written instead of breaking off."""
    from psycopg import DataError
    from psycopg.types import datetime as psycopg_datetime

    driver: Any = connection.connection.driver_connection
    for name, usual in (
        ("date", psycopg_datetime.DateLoader),
        ("timestamp", psycopg_datetime.TimestampLoader),
        ("timestamptz", psycopg_datetime.TimestamptzLoader),
        ("interval", psycopg_datetime.IntervalLoader),
    ):

        class Lenient(usual):  # type: ignore[valid-type, misc]
            """The usual loader, or the text."""

            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except DataError:
                    return bytes(data).decode()

        driver.adapters.register_loader(name, Lenient)


_SPACE_OR_COMMENT = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)+", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


def _single_query(query: str) -> str:
    """A query as it stands. Raises :class:`ConfigurationError` for anything that is not one
    SELECT, WITH or VALUES."""
    bare = _SPACE_OR_COMMENT.match(query)
    first = re.match(r"[A-Za-z]+", query[bare.end() if bare else 0 :].lstrip("( \t\r\n"))
    if first is None or first.group().lower() not in ("select", "with", "values"):
        raise ConfigurationError("a query is one SELECT, or WITH … SELECT; nothing else is run")
    outside = _QUOTED.sub("", query).rstrip().removesuffix(";")
    if ";" in outside and "$" not in outside:
        raise ConfigurationError("a query is one statement, without a semicolon between two")
    return query.rstrip().removesuffix(";")


def _cells(values: Sequence[Any], used: frozenset[int] | None) -> tuple[tuple[str, ...], str]:
    """The texts of a row, and why it cannot be used, or empty. In a column that is not among
    those ``used`` what is no text is left out; None uses all."""
    cells = []
    reason = ""
    for position, value in enumerate(values):
        try:
            text = value if type(value) is str else typed_text(value)
            why = untextual(text)
        except ValueError:
            text, why = "", "bytes or a group of values, which are no text,"
        if len(text) > LONGEST_CELL:
            why = f"more than {LONGEST_CELL} characters"
        if why:
            text = ""
            if used is None or position in used:
                reason = reason or f"{why} in cell {position + 1}"
        cells.append(text)
    return tuple(cells), reason


def _bytes(cells: Sequence[str]) -> bytes:
    return ("\x1f".join((*cells, "")) + "\x1e").encode()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:10])
    return shown + (", …" if len(names) > 10 else "")
