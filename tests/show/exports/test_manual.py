"""The manual's page on outputs: every format is in it, and its commands and programs work as they are printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.show.exports import FORMATS
from tests.command import WordReader
from tests.show.exports.harbour import harbour, told

PAGE = (Path(__file__).parents[3] / "docs" / "outputs.md").read_text(encoding="utf-8")
SECTIONS = ("POLECAT", "ACLED", "GDELT", "Parquet")


def blocks(section: str, language: str) -> list[str]:
    """The code in a section."""
    _, _, rest = PAGE.partition(f"\n## {section}\n")
    return re.findall(rf"^```{language}\n(.*?)^```", rest.split("\n## ")[0], re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("section", SECTIONS)
def test_commands_and_programs_work_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str) -> None:
    monkeypatch.chdir(tmp_path)
    with told(tmp_path, harbour()):
        monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "ledger.sqlite"))
    commands = "".join(blocks(section, "sh")).splitlines()
    assert commands
    for command in commands:
        name, *asked = shlex.split(command)
        done = CliRunner().invoke(app, asked, obj=WordReader)
        assert (name, done.exit_code, done.stdout) == ("dragoman", 0, ""), done.stderr
        assert Path(asked[asked.index("--out") + 1]).stat().st_size > 0
    for program in blocks(section, "python"):
        given: dict[str, Any] = {}
        exec(program, given)
        assert len(given["events"] if section == "GDELT" else given["readings"]) > 0


def test_every_format_is_in_the_manual() -> None:
    for name in FORMATS:
        assert re.search(rf"^\| (\[?)`{name}`|--format {name}\b", PAGE, re.MULTILINE), name
