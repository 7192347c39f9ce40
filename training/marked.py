"""Real reports that we marked ourselves: `marked/*.jsonl` holds the marks, `../shared/data` the texts.

Texts of others are not ours to copy, so a row names its text (file, line, checksum, stretch) and holds offsets
and codes alone. `python -m training.marked FOLDER` makes the rows of YAML files in the form of `written/`, whose
texts are the texts of `../shared/data` but for white space.

Invariant: a row whose text is missing or has changed is never used; offsets lie inside the stretch.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from training import written

FOLDER = Path(__file__).with_name("marked")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
# The first letter of a YAML file's id -> the file that holds its text, on the line of the id's number, from 0.
FILES = {
    "w": "wikinews/reports.jsonl",
    "t": "temporal/train.jsonl",
    "p": "polnear/train.jsonl",
    "v": "wikievents/train.jsonl",
}
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The rows of marked/NAME.jsonl with their texts: entities, attributions and events as in sourced_events.

    Raises ValueError, naming the row, when the text in ../shared/data is not the one that was marked.
    """
    return [_with_text(row) for row in bare_rows(FOLDER / f"{name}.jsonl")]


def bare_rows(path: Path) -> list[Row]:
    """The rows of a file as they are kept, without texts; none where there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _with_text(row: Row) -> Row:
    known = texts(row["file"])
    whole = known[row["line"]] if row["line"] < len(known) else ""
    if _checksum(whole) != row["sha256"]:
        raise ValueError(f"{row['id']}: {row['file']} has another text on line {row['line'] + 1} than was marked")
    start, end = row["stretch"]
    return row | {"text": whole[start:end]}


@cache
def texts(file: str) -> list[str]:
    """The texts of a file, by line."""
    with (DATA / file).open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- making them ----------------------------------------------------------------------------------


def make(path: Path) -> Row:
    """The row of one YAML file. Raises ValueError when nobody has marked it, or its text is not that of the data."""
    prepared = yaml.safe_load(path.read_text(encoding="utf-8"))
    if prepared.get("attributions") is None or prepared.get("events") is None:
        raise ValueError(f"{path.name}: not marked yet; give [] where a report has no attributions or no events")
    marked = written.load(path)
    file, line = FILES[marked["id"][0]], int(marked["id"][1:])
    whole = texts(file)[line]
    start, place = _alignment(marked["text"], whole)
    end = start + place[len(marked["text"])]
    for key in ("text", "title", "outlet", "published", "sentences"):
        del marked[key]
    for mark in marked["attributions"] + marked["events"]:
        del mark["sentence"]
    entities = [{"e": e["e"], "type": e["type"]} for e in marked.pop("entities")]
    head = {"id": marked.pop("id"), "file": file, "line": line, "sha256": _checksum(whole), "stretch": [start, end]}
    moved: Row = _moved(marked, place)
    return head | {"entities": entities} | moved


def _alignment(text: str, whole: str) -> tuple[int, list[int]]:
    """Where `text` begins in `whole`, whatever its white space, and how far from there each of its characters is."""
    solid = [at for at, character in enumerate(whole) if not character.isspace()]
    wanted = "".join(text.split())
    begin = "".join(whole.split()).find(wanted)
    if begin < 0:
        raise ValueError(f"no such text: {text[:60]!r}")
    start, place, read = solid[begin], [], 0
    for character in text:
        place.append(solid[begin + read] - start)
        read += not character.isspace()
    # The end of the text stands just behind its last character; ends of marks are set the same way in `_moved`.
    return start, [*place, solid[begin + read - 1] + 1 - start]


def _moved(value: Any, place: list[int]) -> Any:
    """Marks with every span [start, end] moved."""
    if isinstance(value, dict):
        return {key: _moved(each, place) for key, each in value.items()}
    if isinstance(value, list):
        if len(value) == 2 and all(type(each) is int for each in value):
            return [place[value[0]], place[value[1] - 1] + 1]
        return [_moved(each, place) for each in value]
    return value


def main() -> int:
    """The command: adds the files of a folder to the rows that are there; 1 when a file had to be left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the YAML files lie")
    folder = parser.parse_args().folder
    made: dict[str, dict[str, Row]] = {file: {} for file in FILES.values()}
    faults = 0
    for path in sorted(folder.glob("*.yaml")):
        try:
            row = make(path)
            made[row["file"]][row["id"]] = row
        except (written.WrittenError, KeyError, ValueError) as error:
            faults += 1
            print(f"left out: {error}")
    FOLDER.mkdir(exist_ok=True)
    for file, new in made.items():
        path = FOLDER / f"{file.split('/')[0]}.jsonl"
        rows = {row["id"]: row for row in bare_rows(path)} | new
        if rows:
            lines = (json.dumps(rows[id], separators=(",", ":")) + "\n" for id in sorted(rows))
            path.write_text("".join(lines), encoding="utf-8")
            print(f"{file}: {len(rows)} reports, {sum(len(row['events']) for row in rows.values())} events")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
