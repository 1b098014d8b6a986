"""`redflags columns` shows what is taken for what, and writes it down as a mapping."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.cli.main import main
from redflags.errors import InputError
from redflags.intake import HeaderMap, map_headers, open_orders, read_mapping
from redflags.intake.survey import ROWS, survey
from redflags.model.fields import columns
from redflags.model.notation import AS_WRITTEN
from redflags.model.survey import ColumnSurvey, FileSurvey
from redflags.reference.tables import read_rows
from redflags.writers.mapping_file import quoted, write_mapping
from tests.commands import redflags

SAP = (
    "Auftraggeber;Name 1;Land;Material;Bezeichnung;Auftragsmenge;VME;Nettowert;Währg;Gebiet\n"
    "0000100234;Örnek Telefon;TR;100-200;Aluminiumpaste;6000;KG;22.000,00;USD;Süd\n"
    "0000100235;Muster GmbH;Deutschland;100-201;Kugellager;6.000;ST;1.200,00;EUR;\n"
    "0000100236;Beispiel AG;Atlantis;100-202;Kugellager;;ST;900,50;EUR;West\n"
)


def surveyed(folder: Path, text: str, most: int | None = ROWS) -> FileSurvey:
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    source, header = open_orders(path)
    with source:
        return survey(source, header, AS_WRITTEN, most)


def test_each_column_has_its_field_samples_and_counts(tmp_path: Path) -> None:
    found = {column.header: column for column in surveyed(tmp_path, SAP).columns}
    assert found["Name 1"].field == "buyer.name"
    assert found["Name 1"].samples == ("Örnek Telefon", "Muster GmbH", "Beispiel AG")
    assert (found["Land"].given, found["Land"].understood) == (3, 2)
    assert [one.written for one in found["Land"].not_understood] == ["Atlantis"]
    assert (found["Auftragsmenge"].given, found["Auftragsmenge"].understood) == (2, 1)
    assert (found["Gebiet"].field, found["Gebiet"].given, found["Gebiet"].understood) == (
        None, 2, None,
    )  # fmt: skip
    assert found["Auftraggeber"].field is None
    assert "numbers or codes" in found["Auftraggeber"].reason


def test_only_the_first_rows_are_looked_at_unless_all_are_wanted(tmp_path: Path) -> None:
    text = "product,quantity\n" + "paste,1 kg\n" * 7
    some = surveyed(tmp_path, text, 5)
    assert (some.rows, some.complete, some.columns[0].given) == (5, False, 5)
    every = surveyed(tmp_path, text, None)
    assert (every.rows, every.complete, every.columns[0].given) == (7, True, 7)
    exact = surveyed(tmp_path, text, 7)
    assert (exact.rows, exact.complete) == (7, True)


def test_rows_that_cannot_be_split_are_counted(tmp_path: Path) -> None:
    found = surveyed(tmp_path, "product,quantity\npaste\npaste,1 kg\n")
    assert (found.rows, found.set_aside, found.columns[0].given) == (2, 1, 1)


def test_the_command_shows_fields_candidates_and_counts() -> None:
    given = redflags("columns", "o.csv", files={"o.csv": SAP})
    assert (given.code, given.stderr) == (0, "")
    for part in (
        "buyer_name: 3 stated, all understood",
        "buyer_country: 3 stated, 2 understood",
        "German for a party's country",
        "6.000 can be 6 or 6000",
        "Örnek Telefon · Muster GmbH",
    ):
        assert part in given.stdout, part
    open_name = redflags("columns", "o.csv", files={"o.csv": "Land;Ware\nDE;paste\n"})
    assert "undecided: buyer_country" in open_name.stdout


def test_a_file_of_which_no_column_is_known_is_shown_all_the_same(
    tmp_path: Path, capsys: Any
) -> None:
    orders = tmp_path / "o.csv"
    orders.write_text("Name;Gebiet\nMuster;Süd\n", encoding="utf-8")
    mapping = tmp_path / "m.toml"
    assert main(["columns", str(orders), "--write-mapping", str(mapping)]) == 0
    shown = capsys.readouterr().out
    assert "undecided: buyer_name" in shown
    assert '# buyer_name = "Name"' in mapping.read_text(encoding="utf-8")
    assert main(["check", str(orders)]) == 3
    assert "'Name' could be buyer.name" in capsys.readouterr().err
    text = mapping.read_text(encoding="utf-8").replace("# buyer_name", "buyer_name")
    mapping.write_text(text, encoding="utf-8")
    assert main(["check", str(orders), "-m", str(mapping)]) == 0


def test_the_command_reads_standard_input_and_several_files() -> None:
    given = redflags("columns", "-", "o.csv", given=SAP, files={"o.csv": "product\npaste\n"})
    assert given.code == 0
    assert "stdin: 3 rows" in given.stdout
    assert "o.csv: 1 row" in given.stdout


def told(*arguments: str, files: dict[str, str | bytes]) -> dict[str, Any]:
    given = redflags(*arguments, "-f", "json", files=files)
    assert given.code == 0, given.stderr
    told: dict[str, Any] = json.loads(given.stdout)
    return told


def test_the_columns_as_json() -> None:
    found = told("columns", "o.csv", files={"o.csv": SAP})["files"][0]
    assert found["path"] == "o.csv"
    assert [column["column"] for column in found["columns"]] == [
        None, "buyer_name", "buyer_country", None, "product", "quantity", "unit", "value",
        "currency", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("columns", "none.csv"), 3, "there is no such file"),
        (("columns", "o.csv", "-f", "xml"), 2, "there is no format 'xml'; there are table, json"),
        (("columns", "o.csv", "-m", "none.toml"), 2, "none.toml cannot be read"),
        (("columns", "o.csv", "--write-mapping", "o.csv"), 2, "'o.csv' is there already"),
        (("columns", "o.csv", "o.csv", "--write-mapping", "m.toml"), 2, "is for one file"),
        (("columns", "empty.csv"), 3, "the file is empty"),
        (("columns",), 2, "Missing argument"),
    ],
)
def test_mistakes_have_the_usual_exit_codes(
    arguments: tuple[str, ...], code: int, message: str
) -> None:
    given = redflags(*arguments, files={"o.csv": SAP, "empty.csv": ""})
    assert given.code == code
    assert message in " ".join(given.stderr.split())
    assert "Traceback" not in given.stderr


def test_a_written_mapping_gives_the_same_check(tmp_path: Path, capsys: Any) -> None:
    orders = tmp_path / "o.csv"
    orders.write_text(
        "Kunde;Kundenland;Ware;Gewicht (kg);Datum (TT.MM.JJJJ);Branche;Auftrag;Ort;Empfänger\n"
        "Muster;TR;aluminium paste;6000;01.02.2015;mobile phone shop;A-1;Bonn;Beispiel\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "m.toml"
    assert main(["columns", str(orders), "--write-mapping", str(mapping)]) == 0
    capsys.readouterr()
    assert main(["check", str(orders), "-f", "csv", "--as-of", "2026-01-01"]) in (0, 1)
    plain = capsys.readouterr().out
    code = main(["check", str(orders), "-f", "csv", "--as-of", "2026-01-01", "-m", str(mapping)])
    assert code in (0, 1)
    assert capsys.readouterr().out == plain


def survey_of(found: HeaderMap) -> FileSurvey:
    """What the command would say of a file with this header and no rows."""
    return FileSurvey(
        path="o.csv",
        encoding="utf-8",
        delimiter=";",
        rows=0,
        complete=True,
        columns=tuple(
            ColumnSurvey(
                position=position + 1,
                header=name,
                field=path,
                column=None if path is None else path.replace(".", "_"),
                candidates=found.candidates[position],
                undecided=position in found.undecided,
                reason=found.reasons[position],
                given=0,
                understood=0,
                unit=found.settings[path].unit if path in found.settings else "",
                dates=(
                    found.settings[path].date.text  # type: ignore[union-attr]
                    if path in found.settings and found.settings[path].date
                    else ""
                ),
            )
            for position, (name, path) in enumerate(zip(found.names, found.fields, strict=True))
        ),
    )


HEADERS = sorted({row[0] for row in read_rows("header_names")} | set(columns()))
EXTRA = ["Gewicht (kg)", "Net value EUR", "Datum (TT.MM.JJJJ)", "", "#2", 'a"b\\c', "\x7f", "Land"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.sampled_from(HEADERS), st.sampled_from(EXTRA), st.text(max_size=10)),
        min_size=1,
        max_size=15,
    )
)
def test_a_written_mapping_takes_the_same_columns_for_the_same_fields(
    tmp_path: Path, header: list[str]
) -> None:
    header = [name.strip() for name in header]  # as readers hand them on
    try:
        found = map_headers(header)
    except InputError:
        return
    stream = io.StringIO()
    write_mapping(survey_of(found), stream)
    path = tmp_path / "m.toml"
    path.write_text(stream.getvalue(), encoding="utf-8")
    again = map_headers(header, mapping=read_mapping(path))
    assert again.fields == found.fields
    assert again.unused == found.unused
    for field in found.present:
        before, after = found.settings.get(field), again.settings.get(field)
        assert (before.unit if before else "") == (after.unit if after else "")
        assert (before.date if before else None) == (after.date if after else None)
    assert again.ambiguous == {}


@given(st.text(max_size=40))
def test_a_quoted_text_is_read_back_by_toml(text: str) -> None:
    import tomllib

    clean = text.encode("utf-8", "replace").decode("utf-8")
    assert tomllib.loads(f"a = {quoted(clean)}") == {"a": clean}
