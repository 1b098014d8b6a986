"""Rules out of folders, wheels and git revisions, and what is refused."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from redflags.errors import ConfigurationError, RuleBookError
from redflags.rulebook import load_rules
from redflags.rulebook.packs import shipped_rules
from redflags.rulebook.yaml_text import LARGEST_FILE
from redflags.workshop import rule_files, rules_in_git
from redflags.workshop.rule_sources import SideOfDiff, two_sides

PACK = "id: ours\ntitle: Ours\nversion: 1.0.0\n"
RULES = """\
rules:
  - id: cash
    title: The order is paid for in cash
    severity: low
    fact: payment
    when: {payment.method: cash}
"""
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one pack in ``rules/ours``."""
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "rules" / "ours"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK)
    (pack / "cash.yaml").write_text(RULES)
    return tmp_path


def wheel(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A wheel of these files, with a pack file where there are rules of ours."""
    files = {"rules/ours/pack.yaml": PACK, **files} if "rules/ours/cash.yaml" in files else files
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def git(*arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Example", "-c", "user.email=example@example.com", *arguments],
        check=True,
        capture_output=True,
    )


def rules_of(side: SideOfDiff) -> list[str]:
    return [rule.name for rule in side.book.rules]


def one(source: str) -> SideOfDiff:
    return two_sides(source, source)[0]


@pytest.mark.parametrize(
    "source", ["rules", "rules/", "rules/ours", "./rules/ours/", "rules/ours/cash.yaml"]
)
def test_folders_packs_and_files(folder: Path, source: str) -> None:
    side = one(source)
    assert rules_of(side) == ["ours/cash"]
    assert side.compared == {"ours"}
    assert side.book.rules[0].place.file.removeprefix("./") == "rules/ours/cash.yaml"


def test_a_file_that_is_no_pack(folder: Path) -> None:
    (folder / "alone.yaml").write_text(RULES)
    assert rules_of(one("alone.yaml")) == ["alone/cash"]


@pytest.mark.parametrize("top", ["", "redflags/", "ours_rules-1.0.0/src/ours/"])
def test_a_wheel(folder: Path, top: str) -> None:
    files = {
        f"{top}rules/ours/pack.yaml": PACK,
        f"{top}rules/ours/cash.yaml": RULES,
        f"{top}rules/profiles.yaml": "all: {title: All, packs: all}\n",
        f"{top}rules/ours/deep/er.yaml": "not: [a rule",
        f"{top}data/other.yaml": "not: [a rule",
        "ours-1.0.0.dist-info/METADATA": "Name: ours",
    }
    wheel(folder / "ours.whl", files)
    side = one("ours.whl")
    assert rules_of(side) == ["ours/cash"]
    assert side.book.rules[0].place.file == f"ours.whl:{top}rules/ours/cash.yaml"


def test_nothing_is_left_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    wheel(folder / "ours.whl", {"rules/ours/cash.yaml": RULES})
    assert rules_of(one("ours.whl")) == ["ours/cash"]
    wheel(folder / "bad.whl", {"rules/ours/cash.yaml": "rules: [{id: x}]"})
    with pytest.raises(RuleBookError):
        one("bad.whl")
    assert list((folder / "temporary").iterdir()) == []


def test_the_packs_of_this_version() -> None:
    side = one("shipped")
    assert side.book.sha256 == load_rules(profile=None).sha256
    assert one(str(shipped_rules())).book.sha256 == side.book.sha256


def test_a_member_that_leads_out_of_the_wheel_is_passed_over(folder: Path) -> None:
    wheel(
        folder / "ours.whl",
        {"rules/ours/cash.yaml": RULES, "../../evil.yaml": RULES, "/rules/evil.yaml": RULES,
         "rules/../../evil.yaml": RULES, "rules/ours\\..\\evil.yaml": RULES},
    )  # fmt: skip
    assert rules_of(one("ours.whl")) == ["ours/cash"]
    assert not list(folder.rglob("evil.yaml"))


def test_a_bomb_is_refused_before_it_is_unpacked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(folder / "one.whl", {"rules/ours/cash.yaml": b" " * 200_000_000})
    with pytest.raises(RuleBookError) as refused:
        one("one.whl")
    assert str(LARGEST_FILE) in refused.value.diagnostics[0].message
    many = {f"rules/p{number}/a.yaml": RULES for number in range(rule_files.MOST_FILES + 1)}
    wheel(folder / "many.whl", many)
    with pytest.raises(ConfigurationError, match="at most"):
        one("many.whl")
    monkeypatch.setattr(rule_files, "MOST_BYTES", 100)
    wheel(folder / "large.whl", {"rules/ours/cash.yaml": RULES})
    with pytest.raises(ConfigurationError, match="at most"):
        one("large.whl")


def test_a_member_that_is_longer_than_it_says_is_found_damaged(folder: Path) -> None:
    data = wheel(folder / "ours.whl", {"rules/ours/cash.yaml": RULES}).read_bytes()
    size = len(RULES).to_bytes(4, "little")
    (folder / "ours.whl").write_bytes(data.replace(size, (5).to_bytes(4, "little")))
    with pytest.raises((ConfigurationError, RuleBookError)):
        one("ours.whl")


def damaged(kind: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("rules/ours/cash.yaml", RULES)
    data = stream.getvalue()
    return {
        "empty": b"",
        "text": b"not a wheel",
        "cut": data[: len(data) // 2],
        "only an end": data[-22:],
        "turned bytes": data.replace(b"payment", b"PAYMENT"),
        "encrypted": data.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"),
        "odd method": data.replace(b"PK\x01\x02\x14\x03\x14\0\0\0\0\0",
                                   b"PK\x01\x02\x14\x03\x14\0\0\0\x63\0"),
        "large index": data[:-10] + (200_000_000).to_bytes(4, "little") + data[-6:],
        "of four gigabytes": data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:],
    }[kind]  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    ["empty", "text", "cut", "only an end", "turned bytes", "encrypted", "odd method",
     "large index", "of four gigabytes"],
)  # fmt: skip
def test_a_damaged_wheel_is_refused_with_the_reason(folder: Path, kind: str) -> None:
    (folder / "bad.whl").write_bytes(damaged(kind))
    with pytest.raises(ConfigurationError, match=r"bad\.whl"):
        one("bad.whl")


def test_a_wheel_without_rules_or_with_several_folders_of_them(folder: Path) -> None:
    wheel(folder / "none.whl", {"a/b.py": "", "a/data.yaml": "x: y"})
    with pytest.raises(ConfigurationError, match="holds no rules"):
        one("none.whl")
    wheel(folder / "two.whl", {"a/rules/p/x.yaml": RULES, "b/rules/p/x.yaml": RULES})
    with pytest.raises(ConfigurationError, match="a/rules, b/rules"):
        one("two.whl")


@pytest.mark.parametrize("name", ["", "no-such", "-x", "--upload-pack=x", "a.whl", "x\0y", "x\ny"])
def test_a_source_that_is_nothing(folder: Path, name: str) -> None:
    with pytest.raises(ConfigurationError):
        two_sides("rules", name)


@pytest.fixture
def repository(folder: Path) -> Path:
    """The folder as a repository with two revisions, ``v1`` and ``v2``."""
    git("init", "--quiet", ".")
    os.symlink("/etc/passwd", folder / "rules" / "ours" / "link.yaml")
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    git("tag", "v1")
    (folder / "rules" / "ours" / "cash.yaml").write_text(RULES.replace("id: cash", "id: in-cash"))
    git("commit", "--quiet", "-am", "two")
    git("tag", "v2")
    shutil.rmtree(folder / "rules")
    return folder


@needs_git
@pytest.mark.parametrize(
    ("source", "rule", "file"),
    [
        ("v1", "ours/cash", "v1:rules/ours/cash.yaml"),
        ("v2", "ours/in-cash", "v2:rules/ours/cash.yaml"),
        ("HEAD~1", "ours/cash", "HEAD~1:rules/ours/cash.yaml"),
        ("v1:rules", "ours/cash", "v1:rules/ours/cash.yaml"),
        ("v1:rules/ours/", "ours/cash", "v1:rules/ours/cash.yaml"),
        ("v1:./rules/ours", "ours/cash", "v1:rules/ours/cash.yaml"),
        ("v1:rules/ours/cash.yaml", "ours/cash", "v1:rules/ours/cash.yaml"),
    ],
)
def test_git_revisions(repository: Path, source: str, rule: str, file: str) -> None:
    side = one(source)
    assert rules_of(side) == [rule]
    assert side.book.rules[0].place.file == file


@needs_git
def test_a_path_counts_from_the_current_folder_only_with_a_dot(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "inner").mkdir()
    monkeypatch.chdir(repository / "inner")
    assert rules_of(one("v1:rules")) == ["ours/cash"]
    assert rules_of(one("v1:../rules")) == ["ours/cash"]
    with pytest.raises(ConfigurationError, match="no rule files under"):
        one("v1:./rules")
    with pytest.raises(ConfigurationError, match="out of the repository"):
        one("v1:../../rules")


@needs_git
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("v3", "no such revision"),
        ("v1:nowhere", "no rule files under 'nowhere'"),
        ("v1:", "several|holds no rules|no rule files|no .*yaml"),
        ("--help", "no folder"),
        ("v1^{blob}", "no such revision"),
    ],
)
def test_a_revision_that_cannot_be_used(repository: Path, source: str, message: str) -> None:
    with pytest.raises((ConfigurationError, RuleBookError), match=message):
        one(source)


def test_without_a_repository_or_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    if shutil.which("git") is not None:
        with pytest.raises(ConfigurationError, match="in no git repository"):
            one("v1")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ConfigurationError, match="git is not installed"):
        one("v1")


@needs_git
def test_git_that_hangs_is_left_alone(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_in_git, "PATIENCE", 0)
    with pytest.raises(ConfigurationError, match="git failed"):
        one("v1")


def test_shipped_packs_stand_beside_where_they_are_referred_to(folder: Path) -> None:
    assert one("rules").compared == {pack.id for pack in one("rules").book.packs}
    needs = RULES.replace("payment.method: cash", "buyer.business: {in_list: car-2020/cash-trades}")
    lists = [name for name, one_list in load_rules().lists.items() if one_list.kind == "business"]
    (folder / "needs.yaml").write_text(needs.replace("car-2020/cash-trades", lists[0]))
    side = one("needs.yaml")
    assert side.compared == {"needs"}
    assert len(side.book.packs) > 1
    with pytest.raises(RuleBookError):
        two_sides("needs.yaml", "needs.yaml", with_shipped=False)
    alone, both = (two_sides("rules", "rules", with_shipped=it)[0] for it in (False, True))
    assert (len(alone.book.packs), alone.compared) == (1, both.compared)
    assert len(both.book.packs) > 1


def test_a_shipped_pack_that_only_one_side_has_stands_beside_neither(folder: Path) -> None:
    old, new = two_sides("rules", str(shipped_rules()), with_shipped=True)
    assert {pack.id for pack in old.book.packs} == {"ours"}
    assert "ours" not in {pack.id for pack in new.book.packs}
