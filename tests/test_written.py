"""The reports written for training: every mark stands on exact words, and nothing of them is copied."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from training import written
from training.agreement import SECOND

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = sorted(written.FOLDER.glob("*.yaml"))

REPORT = """
id: x001
published: 2024-03-07
text: |
  "We left," he said. "We will not return," he said.

  The minister denied the army had bombed the town.
entities:
  he: {name: he, type: person}
  army: {name: the army, type: military}
attributions:
  - {source: 'return," <he>', cue: 'return," he <said>', content: '"We will not return,"', entity: he}
  - {source: The minister, cue: denied, content: the army ... the town}
events:
  - {trigger: bombed, type: ASSAULT aerial, actors: {the army: army}, status: not_occurred}
"""


def spans_of(row: dict[str, Any]) -> list[list[int]]:
    """Every span of a report's marks."""
    spans = [span for a in row["attributions"] for part in ("source", "cue", "content") for span in a[part]]
    spans += [a["addressee"] for a in row["attributions"] if a["addressee"]]
    for event in row["events"]:
        spans += [event["trigger"], *(event[part] for part in ("place", "time") if event[part])]
        spans += [participant["span"] for role in ("actors", "recipients") for participant in event[role]]
    return spans


def _row(tmp_path: Path, text: str) -> dict[str, Any]:
    path = tmp_path / "x001.yaml"
    path.write_text(text, encoding="utf-8")
    return written.load(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_loads_with_exact_words(path: Path) -> None:
    row = written.load(path)
    for start, end in [*spans_of(row), *row["sentences"]]:
        words = row["text"][start:end]
        assert words and words == words.strip() and "\n" not in words
        assert not re.search(r"\w\w", row["text"][max(start - 1, 0) : start + 1]), f"{words!r} starts in a word"
        assert not re.search(r"\w\w", row["text"][end - 1 : end + 1]), f"{words!r} ends in a word"
    assert 100 <= len(row["text"].split()) <= 500


def test_no_id_and_no_text_twice() -> None:
    rows = written.rows()
    assert len(rows) == len(FILES) > 0
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)


def test_the_second_reader_marked_the_same_texts() -> None:
    second = written.rows(SECOND)
    assert len(second) == 15
    for row in second:
        assert row["text"] == written.load(written.FOLDER / f"{row['id']}.yaml")["text"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="shared/data is not here")
def test_nothing_is_copied_from_the_shared_data() -> None:
    ours = {line for row in written.rows() for line in row["text"].split("\n") if len(line) > 60}
    for path in SHARED.glob("*/*.jsonl"):
        with path.open(encoding="utf-8") as file:
            for record in file:
                text = json.loads(record).get("text")
                assert not isinstance(text, str) or ours.isdisjoint(text.split("\n")), path


def test_marks_of_a_small_report(tmp_path: Path) -> None:
    row = _row(tmp_path, REPORT)
    quoted, denied = row["attributions"]
    (event,) = row["events"]
    assert (quoted["mode"], quoted["sentence"]) == ("direct", 1)
    assert quoted["source"] == [[row["text"].rindex("he said"), row["text"].rindex(" said")]]
    assert (denied["mode"], denied["kind"], event["attribution"], event["sentence"]) == (
        "indirect",
        "named",
        "A2",
        2,
    )
    assert row["text"][slice(*event["actors"][0]["span"])] == "the army"


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("trigger: bombed", "trigger: shelled", "'shelled' stands 0 times"),
        ("trigger: bombed", "trigger: said", "'said' stands 2 times"),
        ("ASSAULT aerial", "ASSAULT arrest", "mode of ASSAULT 'arrest' is none of"),
        ("status: not_occurred", "status: denied", "status 'denied' is none of"),
        ("{the army: army}", "{the army: navy}", "no entity 'navy'"),
        ("status: not_occurred", "attribution: A1", "is in attribution A2, not in A1"),
        ("status: not_occurred", "date: 2024-03-06", "has no words in `time`"),
        ("status: not_occurred", "tense: past", "unknown field 'tense'"),
    ],
)
def test_a_fault_is_told_with_file_mark_and_words(tmp_path: Path, good: str, bad: str, fault: str) -> None:
    assert good in REPORT
    with pytest.raises(written.WrittenError) as error:
        _row(tmp_path, REPORT.replace(good, bad))
    assert "x001.yaml" in str(error.value) and fault in str(error.value)
