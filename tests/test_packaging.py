"""The wheel, installed in an empty environment, is the whole tool."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = (
    "order_id,date,buyer_business,product,quantity,unit\n"
    "1,2015-07-01,cep telefonu mağazası,alüminyum pasta,6,t\n"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = "from hatchling.build import build_wheel; import sys; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=ROOT, check=True)
    [built] = folder.glob("redflags-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with nothing but the wheel; its dependencies are lent, after it, from the
    environment of the tests, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel], check=True
    )
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(
    environment: Path, *arguments: str, given: str = "", cwd: Path
) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [environment / "bin" / arguments[0], *arguments[1:]],
        input=given, cwd=cwd, env=variables, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


def test_the_wheel_holds_the_packs_the_data_and_the_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "redflags/rules/profiles.yaml" in names
    assert "redflags/writers/html/assets/style.css" in names
    assert "redflags/rules/car-2020/pack.yaml" in names
    assert "redflags/reference/data/family_scale.csv" in names
    assert "redflags/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "docs", "benchmarks"))]


def test_every_pack_of_the_source_tree_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "rules").rglob("*.yaml"):
        assert f"redflags/rules/{path.relative_to(ROOT / 'rules').as_posix()}" in names


def test_the_installed_command_checks_orders(environment: Path, tmp_path: Path) -> None:
    found = run(environment, "redflags", "check", "-", given=ORDER, cwd=tmp_path)
    assert found.returncode == 1, found.stderr
    assert "critical 85.0" in found.stdout


def test_the_installed_package_is_the_one_that_runs(environment: Path, tmp_path: Path) -> None:
    program = "import redflags; print(redflags.__file__); print(len(redflags.load_rules().rules))"
    found = run(environment, "python", "-c", program, cwd=tmp_path)
    place, rules = found.stdout.split()
    assert Path(place).is_relative_to(environment)
    assert int(rules) >= 20


def test_importing_the_package_loads_nothing_heavy(environment: Path, tmp_path: Path) -> None:
    program = (
        "import sys, redflags; "
        "print([name for name in ('polars', 'pydantic', 'yaml', 'typer', 'rich') "
        "if name in sys.modules])"
    )
    assert run(environment, "python", "-c", program, cwd=tmp_path).stdout.strip() == "[]"


def test_a_check_of_a_small_file_loads_no_columns(environment: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from redflags import Screener; "
        f"found = Screener().check_files([{str(ROOT / 'examples' / 'orders.csv')!r}]); "
        "print(len(found.cases) > 0, 'polars' in sys.modules)"
    )
    assert run(environment, "python", "-c", program, cwd=tmp_path).stdout.strip() == "True False"
