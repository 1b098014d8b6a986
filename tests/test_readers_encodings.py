"""Encodings are told by the words of a text, stated in a note, and never guessed in silence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from redflags.errors import InputError
from redflags.readers import Refused, Row, TableSource, open_batches, open_table

KNOWN = {"order_id", "product", "sipariş no", "ürün", "länge", "товар"}.__contains__

TEXTS = {
    "cp1254": ["Kırmızı boya", "Çelik boru, dikişsiz", "Örnek Dış Ticaret Ltd. Şti.", "İzmir"],
    "cp1252": ["Größe 12, für Käufer", "Société Exemple", "Peña e Hijos", "20 °C – 5 µm"],
    "cp1251": ["Пример Торговля", "алюминиевая паста", "Новосибирск"],
    "cp1256": ["شركة المثال للتجارة", "معجون الألمنيوم", "بغداد"],
    "cp1250": ["Przykład Spółka z o.o.", "żółta farba do drewna", "Łódź"],
    "cp1253": ["Παράδειγμα ΕΠΕ", "πάστα αλουμινίου", "Θεσσαλονίκη"],
    "cp1255": ["דוגמה בעמ", "משחת אלומיניום", "חיפה"],
    "gb18030": ["示例贸易有限公司", "铝膏 5 公斤", "广州市"],
    "big5": ["範例貿易有限公司", "鋁膏", "高雄市"],
    "cp932": ["株式会社サンプル", "アルミペースト", "横浜市"],
    "cp949": ["예시 무역 주식회사", "알루미늄 페이스트", "부산광역시"],
    "koi8-u": ["Пример Торговля", "алюминиевая паста", "Новосибирск"],
    "cp866": ["Пример Торговля", "алюминиевая паста", "Новосибирск"],
    "cp850": ["Größe 12, für Käufer", "Übermaß", "Straße nach Köln"],
    "cp857": ["Kırmızı boya", "Çelik boru, dikişsiz", "Örnek Dış Ticaret Ltd. Şti.", "İzmir"],
}


def both(path: Path, **options: str) -> tuple[TableSource, list[Row | Refused]]:
    """What both paths read, after a check that it is the same."""
    with open_table(path, is_known=KNOWN, **options) as source:  # type: ignore[arg-type]
        found = list(source.rows())
    table = open_batches(path, is_known=KNOWN, **options)  # type: ignore[arg-type]
    rows: list[Row | Refused] = []
    for batch in table.batches(range(len(table.header))):
        cells = batch.frame.iter_rows()
        rows += [Row(*one) for one in zip(batch.rows, batch.lines, cells, strict=True)]
        rows += batch.refused
    assert sorted(rows, key=lambda one: one.row) == found
    assert (table.encoding, table.notes, table.row_count, table.sha256) == (
        source.encoding,
        source.notes,
        len(found),
        source.sha256,
    )
    return source, found


def table_of(products: list[str]) -> str:
    return "order_id;product\r\n" + "".join(
        f"O-{number};{product}\r\n" for number, product in enumerate(products)
    )


def write(folder: Path, content: bytes) -> Path:
    path = folder / "orders.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("times", [1, 50])
def test_an_encoding_is_found_and_stated(tmp_path: Path, encoding: str, times: int) -> None:
    products = TEXTS[encoding] * times
    source, found = both(write(tmp_path, table_of(products).encode(encoding)))
    assert [one.cells[1] for one in found if isinstance(one, Row)] == products
    assert source.encoding == encoding
    assert f"read as {encoding}" in source.notes[0]


@pytest.mark.parametrize("encoding", ["cp1254", "cp1252", "cp1251", "gb18030", "cp932"])
def test_an_encoding_is_found_however_late_it_shows(tmp_path: Path, encoding: str) -> None:
    products = ["paint"] * 20_000 + TEXTS[encoding]
    source, found = both(write(tmp_path, table_of(products).encode(encoding)))
    assert [one.cells[1] for one in found if isinstance(one, Row)] == products
    assert source.encoding == encoding


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["cp1254", "cp1251", "gb18030"])
def test_utf_16_is_found_with_and_without_mark(
    tmp_path: Path, encoding: str, language: str, mark: bool
) -> None:
    text = "\ufeff" * mark + table_of(TEXTS[language] * 20)
    source, found = both(write(tmp_path, text.encode(encoding)))
    assert source.header == ("order_id", "product")
    assert [one.cells[1] for one in found if isinstance(one, Row)] == TEXTS[language] * 20
    assert any("without a byte order mark" in note for note in source.notes) is not mark


def test_utf_16_that_breaks_off_within_a_character_loses_one_row(tmp_path: Path) -> None:
    content = "\ufefforder_id;product\nO-1;paste\nO-2;paint".encode("utf-16-le")[:-1]
    _, found = both(write(tmp_path, content))
    assert found[0] == Row(2, 2, ("O-1", "paste"))
    assert isinstance(found[1], Refused)
    assert len(found) == 2


def test_names_of_columns_speak_for_an_encoding(tmp_path: Path) -> None:
    content = "sipariş no;ürün\n1;boya\n2;tutkal\n".encode("cp1254")
    source, _ = both(write(tmp_path, content))
    assert source.header == ("sipariş no", "ürün")
    assert source.encoding == "cp1254"


@pytest.mark.parametrize("odd", [b"\xff", b"\xf0", b"\x80", b"M\xfcller", b"\xc3"])
def test_one_bad_byte_does_not_turn_a_utf_8_file(tmp_path: Path, odd: bytes) -> None:
    lines = table_of(["Kırmızı boya"] * 40).encode().splitlines(keepends=True)
    lines[20] = b"O-x;" + odd + b"\r\n"
    source, found = both(write(tmp_path, b"".join(lines)))
    assert source.encoding == "utf-8"
    assert source.notes == ()
    assert [one.row for one in found if isinstance(one, Refused)] == [21]
    assert len(found) == 40


@pytest.mark.parametrize("odd", [b"\xff", b"ma\xf0aza", b"M\xfcller"])
def test_one_odd_line_among_thousands_is_set_aside(tmp_path: Path, odd: bytes) -> None:
    lines = table_of(["paint"] * 20_000).encode().splitlines(keepends=True)
    lines[15_000] = b"O-x;" + odd + b"\r\n"
    source, found = both(write(tmp_path, b"".join(lines)))
    assert source.encoding == "utf-8"
    assert [one.row for one in found if isinstance(one, Refused)] == [15_001]


def test_a_lone_letter_says_nothing_of_an_encoding(tmp_path: Path) -> None:
    source, found = both(write(tmp_path, b"order_id;product\nO-1;\xff\nO-2;paint\n"))
    assert source.encoding == "utf-8"
    refused = found[0]
    assert isinstance(refused, Refused)
    assert "--encoding" in refused.reason


def test_a_text_that_could_be_several_things_is_an_input_error(tmp_path: Path) -> None:
    # Each of these words is as good in Czech (cp1250) as in French and Danish (cp1252).
    content = b"order_id;product\n1;p\xe8re\n2;Br\xf8e\n3;m\xe8ze\n4;T\xf8e\xe8\n"
    with pytest.raises(InputError, match=r"no UTF-8; by its words .* it could be cp125.*cp125"):
        both(write(tmp_path, content))


def test_a_stated_encoding_is_never_questioned(tmp_path: Path) -> None:
    content = table_of(TEXTS["cp1254"]).encode("cp1254")
    source, found = both(write(tmp_path, content), encoding="cp1252")
    assert (source.encoding, source.notes) == ("cp1252", ())
    assert found[0] == Row(2, 2, ("O-0", "Kýrmýzý boya"))


def test_standard_input_is_judged_by_what_lies_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    products = ["paint"] * 9_000 + TEXTS["cp1254"]
    content = table_of(products).encode("cp1254")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    source = open_table("-", is_known=KNOWN)
    assert [one.cells[1] for one in source.rows() if isinstance(one, Row)] == products
    assert source.encoding == "cp1254"


def test_escape_sequences_tell_iso_2022_jp(tmp_path: Path) -> None:
    source, found = both(write(tmp_path, table_of(TEXTS["cp932"]).encode("iso2022_jp")))
    assert [one.cells[1] for one in found if isinstance(one, Row)] == TEXTS["cp932"]
    assert source.encoding == "iso2022_jp"
