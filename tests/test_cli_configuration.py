"""Settings: flags before variables before the file; what is unknown is an error."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from redflags.configuration import Configuration, load_configuration
from redflags.errors import ConfigurationError


def load(
    folder: Path,
    flags: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    config: str | None = None,
) -> Configuration:
    return load_configuration(
        flags or {}, config=config, environment=environment or {}, folder=folder
    )


WHOLE = """
rules = ["site", "more.yaml"]
only_rules = true
profile = "chemicals"
format = "json"
output = "report.json"
fail_on = "high"
min_score = 12.5
as_of = 2026-01-31
lists_as_of = "2025-01-01"
encoding = "cp1254"
delimiter = ";"

[policy]
stop = ["hold", "escalate"]
low = ["note"]

[numbers]
decimal = ","

[dates]
day_first = true
"""


def test_with_nothing_set_the_defaults_count(tmp_path: Path) -> None:
    assert load(tmp_path) == Configuration()


def test_the_file_sets_everything(tmp_path: Path) -> None:
    (tmp_path / "redflags.toml").write_text(WHOLE)
    found = load(tmp_path)
    assert found.rules == (str(tmp_path / "site"), str(tmp_path / "more.yaml"))
    assert found.only_rules is True
    assert found.output == (str(tmp_path / "report.json"),)
    assert (found.profile, found.format, found.fail_on) == ("chemicals", "json", "high")
    assert found.min_score == 12.5
    assert found.as_of == datetime.date(2026, 1, 31)
    assert found.lists_as_of == datetime.date(2025, 1, 1)
    assert (found.encoding, found.delimiter) == ("cp1254", ";")
    assert found.policy == {"stop": ("hold", "escalate"), "low": ("note",)}
    assert (found.decimal, found.day_first) == (",", True)


def test_flags_outdo_variables_and_these_the_file(tmp_path: Path) -> None:
    (tmp_path / "redflags.toml").write_text('fail_on = "low"\nprofile = "a"\nencoding = "x"\n')
    found = load(
        tmp_path,
        {"fail_on": "critical", "profile": None},
        {"REDFLAGS_FAIL_ON": "high", "REDFLAGS_PROFILE": "b", "HOME": "/"},
    )
    assert (found.fail_on, found.profile, found.encoding) == ("critical", "b", "x")


def test_a_variable_can_set_what_stands_in_a_table(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        environment={
            "REDFLAGS_NUMBERS_DECIMAL": ".",
            "REDFLAGS_DATES_DAY_FIRST": "no",
            "REDFLAGS_POLICY_HIGH": "hold, ask",
            "REDFLAGS_RULES": "a:b",
            "REDFLAGS_MIN_SCORE": "",
        },
    )
    assert (found.decimal, found.day_first) == (".", False)
    assert found.policy == {"high": ("hold", "ask")}
    assert found.rules == ("a", "b")


def test_pyproject_is_read_where_there_is_no_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.redflags]\nfail_on = "low"\n')
    assert load(tmp_path).fail_on == "low"
    (tmp_path / "redflags.toml").write_text('fail_on = "high"\n')
    assert load(tmp_path).fail_on == "high"
    config = str(tmp_path / "pyproject.toml")
    assert load(tmp_path, config=config).fail_on == "low"


def test_somebody_elses_broken_pyproject_is_no_concern(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[broken")
    assert load(tmp_path) == Configuration()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fail_om = 'low'", "no setting 'fail_om'; did you mean fail_on"),
        ("[policy]\nsevere = ['ask']", "no setting 'policy.severe'"),
        ("policy = 'hold'", r"written as \[policy\]"),
        ("[numbers]\ndecimal = ';'", 'is "." or ","'),
        ("[policy]\nlow = ['shout']", "note, ask, hold, escalate"),
        ("[policy]\nlow = [['ask']]", "note, ask, hold, escalate"),
        ("fail_on = 'none'", "low, medium, high, critical"),
        ("fail_on = ['low']", "low, medium, high, critical"),
        ("min_score = 'much'", "0 to 100"),
        ("min_score = true", "0 to 100"),
        ("min_score = nan", "0 to 100"),
        ("as_of = '31.01.2026'", "a date such as"),
        ("as_of = 20260131", "a date such as"),
        ("as_of = 2026-01-31T00:00:00", "a date such as"),
        ("rules = 5", "a list of paths"),
        ("only_rules = 'perhaps'", "true or false"),
        ("profile = 7", "is a text"),
        ("broken", "cannot be read"),
        ("a = " + "[" * 5000, "cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "redflags.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=message) as error:
        load(tmp_path)
    assert "redflags.toml" in str(error.value)


def test_an_unknown_variable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean REDFLAGS_FAIL_ON"):
        load(tmp_path, environment={"REDFLAGS_FAIL_OM": "low"})


def test_a_file_of_settings_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path, config=str(tmp_path / "missing.toml"))


def test_several_outputs_stand_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "redflags.toml").write_text('output = ["a.html", "b.xlsx", "-"]\nkeep_years = 10\n')
    found = load(tmp_path)
    assert found.output == (str(tmp_path / "a.html"), str(tmp_path / "b.xlsx"), "-")
    assert found.keep_years == 10


@pytest.mark.parametrize("years", ["-1", "5.5", '"ten"', "true", "100"])
def test_the_years_to_keep_a_case_file_are_a_number(tmp_path: Path, years: str) -> None:
    (tmp_path / "redflags.toml").write_text(f"keep_years = {years}\n")
    with pytest.raises(ConfigurationError, match="keep_years is a number of years"):
        load(tmp_path)
