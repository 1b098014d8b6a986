"""What is remembered between orders changes nothing that is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from redflags import Screener, load_rules
from redflags.explain import outcomes
from redflags.model.results import Assessment

ROOT = Path(__file__).parent.parent
FILES = [
    str(ROOT / "examples" / "orders.csv"),
    str(ROOT / "examples" / "networks" / "six-lines.csv"),
    str(ROOT / "examples" / "networks" / "one-payer.csv"),
]


def assessments(screener: Screener, path: str) -> dict[str, Assessment]:
    return {one.order_id: one for one in screener.check_files([path]).assessments}


def said(one: Assessment) -> list[tuple[str, str, int]]:
    return [(flag.fingerprint, flag.sentence, flag.share) for flag in one.flags]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_what_was_told_of_other_orders_changes_nothing(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = load_rules()
    fresh = {path: assessments(Screener(book, engine=engine), path) for path in FILES}  # type: ignore[arg-type]
    assert sum(map(len, fresh.values())) > 20
    used = Screener(book, engine=engine)  # type: ignore[arg-type]
    for path in reversed(FILES):
        assert assessments(used, path) == fresh[path]
    # The same lines the other way round: others are the first of their kind.
    header, *lines = Path(FILES[0]).read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    again = assessments(Screener(book, engine=engine), str(turned))  # type: ignore[arg-type]
    alone = [one for one in fresh[FILES[0]].values() if len(one.lines) == 1]
    assert len(alone) > 15
    for one in alone:
        other = again[one.order_id]
        assert said(other) == said(one)
        assert (other.bits, other.incomplete) == (one.bits, one.incomplete)
    monkeypatch.setattr(outcomes, "MOST_OUTCOMES", 3)
    forgetful = Screener(book, engine=engine)  # type: ignore[arg-type]
    for path in FILES:
        assert assessments(forgetful, path) == fresh[path]
