"""What was made to take all memory or time, or a way out of an archive, gives a clear error in little of both.

All of them are read in one process, whose memory is measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dragoman.errors

from .bombs import BOMBS, LONG
from .bombs_of_documents import BODY

MOST_MEMORY = 256  # MB, as reliability.md has it
MOST_SECONDS = 15.0  # for one of them, on a busy machine; most take a hundredth
HARMLESS = {"addresses.eml", "header.eml", "folded header.eml", "parameters.eml", "forwarded.eml"} | {
    "parts within the limit.eml"
}
"""Letters whose headers or parts are absurd, but whose text can be read all the same."""

assert BODY  # the module puts its bombs beside the others


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of each, by its name."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in BOMBS.items():
        (folder / name).write_bytes(make())
    run = [sys.executable, "-m", "tests.documents.bombs", str(folder)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(run, capture_output=True, text=True, cwd=root, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {result["name"]: result for result in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", [*BOMBS, *LONG])
def test_a_bomb_is_a_clear_error(told: dict[str, dict[str, Any]], name: str) -> None:
    result = told[name]
    assert result["peak"] < MOST_MEMORY
    assert result["seconds"] < MOST_SECONDS
    if name in HARMLESS:
        assert (result["reports"], result["failures"]) == (1, [])
        return
    assert result["reports"] == 0
    assert result["failures"]
    for named, kind, what, cure in result["failures"]:
        assert name in named
        assert what.startswith(named)
        assert issubclass(getattr(dragoman.errors, kind), dragoman.errors.ReportError)
        assert kind != "ReportError"  # that would be a fault of ours
        assert cure


def test_there_are_many_of_every_kind() -> None:
    endings = [Path(name).suffix for name in (*BOMBS, *LONG)]
    for ending in (".gz", ".zst", ".zip", ".docx", ".pdf", ".eml", ".mbox", ".csv", ".parquet"):
        assert endings.count(ending) >= 3, ending


def test_nothing_got_out_of_an_archive(told: dict[str, dict[str, Any]]) -> None:
    slips = [result for name, result in told.items() if name.startswith(("slip", "S_IF", "linked"))]
    assert len(slips) == 12
    assert {failure[1] for result in slips for failure in result["failures"]} == {"UnsafeArchive"}


def test_a_word_document_that_declares_its_own_type_is_unsafe_xml(told: dict[str, dict[str, Any]]) -> None:
    for name in ("entity.docx", "remote.docx"):
        assert [failure[1] for failure in told[name]["failures"]] == ["UnsafeXml"]
