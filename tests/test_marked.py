"""Real reports that we marked: every mark stands on whole words of the text that was marked, and no text is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.codes import codes
from tests.test_written import spans_of
from training import marked

SETS = sorted(path.stem for path in marked.FOLDER.glob("*.jsonl"))
TEXT = "Dateline \n\n\n The army bombed the town.\t It denied it.\n\nMore."

REPORT = """
id: w001
published: 2024-03-07
text: |
  The army bombed the
  town. It denied it.
entities:
  army: {name: The army, type: military}
attributions: []
events:
  - {trigger: bombed, type: ASSAULT aerial, actors: {The army: army}, recipients: {the town: }}
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of data with one file of two texts, and a prepared YAML file on the second."""
    (tmp_path / "wikinews").mkdir()
    rows = [{"text": "Another."}, {"text": TEXT}]
    (tmp_path / "wikinews" / "reports.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "w001.yaml").write_text(REPORT)
    monkeypatch.setattr(marked, "DATA", tmp_path)
    monkeypatch.setattr(marked, "FOLDER", tmp_path / "marked")
    marked.texts.cache_clear()
    yield tmp_path
    marked.texts.cache_clear()


def test_marks_move_to_the_text_as_it_stands_in_the_data(data: Path) -> None:
    row = marked.make(data / "w001.yaml")
    start, end = row["stretch"]
    (event,) = row["events"]
    assert TEXT[start:end] == "The army bombed the town.\t It denied it."
    assert TEXT[start:end][slice(*event["trigger"])] == "bombed"
    assert [TEXT[start:end][slice(*p["span"])] for p in event["actors"] + event["recipients"]] == [
        "The army",
        "the town",
    ]
    assert "army bombed" not in json.dumps(row)


def test_a_text_that_has_changed_is_refused(data: Path) -> None:
    row = marked.make(data / "w001.yaml")
    marked.FOLDER.mkdir()
    (marked.FOLDER / "wikinews.jsonl").write_text(json.dumps(row) + "\n")
    assert marked.rows("wikinews")[0]["text"].startswith("The army")
    path = data / "wikinews" / "reports.jsonl"
    path.write_text(path.read_text().replace("bombed", "shelled"))
    marked.texts.cache_clear()
    with pytest.raises(ValueError, match=r"w001: wikinews/reports\.jsonl has another text on line 2"):
        marked.rows("wikinews")


def test_a_text_that_is_not_there_is_told(data: Path) -> None:
    path = data / "w001.yaml"
    path.write_text(REPORT.replace("the\n  town", "a town").replace("{the town: }", "{}"))
    with pytest.raises(ValueError, match="no such text: 'The army bombed a town"):
        marked.make(path)


@pytest.mark.skipif(not marked.DATA.is_dir(), reason=f"the texts are not at {marked.DATA}")
@pytest.mark.parametrize("name", SETS)
def test_every_mark_stands_on_whole_words(name: str) -> None:
    vocabulary = codes()
    assert all("text" not in row for row in marked.bare_rows(marked.FOLDER / f"{name}.jsonl"))
    for row in marked.rows(name):
        text = row["text"]
        for start, end in spans_of(row):
            words = text[start:end]
            assert words and words == words.strip(), row["id"]
            assert not re.search(r"\w\w", text[max(start - 1, 0) : start + 1]), f"{row['id']}: {words!r}"
            assert not re.search(r"\w\w", text[end - 1 : end + 1]), f"{row['id']}: {words!r}"
        for event in row["events"]:
            kind = vocabulary.event_types[event["type"]]
            assert event["mode"] is None or event["mode"] in kind.modes
            assert event["status"] in vocabulary.statuses and event["certainty"] in vocabulary.certainties


def test_new_marks_join_those_that_are_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marked.FOLDER.mkdir()
    kept = marked.FOLDER / "wikinews.jsonl"
    kept.write_text(json.dumps({"id": "w000", "file": "wikinews/reports.jsonl", "events": []}) + "\n")
    (data / "w002.yaml").write_text(
        REPORT.replace("w001", "w002").split("attributions:")[0] + "attributions:\nevents:\n"
    )
    monkeypatch.setattr("sys.argv", ["marked", str(data)])
    assert marked.main() == 1, "a file that nobody has marked is left out, and told"
    assert [row["id"] for row in marked.bare_rows(kept)] == ["w000", "w001"]
