"""What people checked goes out as training data and comes back as examples that teach that, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.ledger.acts import Change
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from dragoman.show.deciding import complete, reading_state
from dragoman.show.exports import export
from tests.builders import denial
from tests.show.readings import crisis, lock
from tests.test_written import spans_of
from training.corpora import Example, corpus

LOCK, PORT = lock(), denial()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        for reading in (*crisis(), PORT):
            opened.add(reading)
        yield opened


def decide(ledger: Ledger, reading: Reading, **marks: str) -> None:
    """Accepts marks, or drops those of which it is said."""
    fields = {"right": (("accepted", "yes"),), "none": (("dropped", "yes"),)}
    changes = [Change(reading.report.id, mark, fields[said]) for mark, said in marks.items()]
    ledger.change(changes, "accept", "", "Mara")


def rows(ledger: Ledger, **asked: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(ledger, Filter(**asked), "gold")]


def examples(ledger: Ledger, tmp_path: Path) -> list[Example]:
    """What training makes of it."""
    path = tmp_path / "gold.jsonl"
    path.write_text(b"".join(export(ledger, Filter(), "gold")).decode(), encoding="utf-8")
    return corpus(f"gold:{path}")


def test_only_what_somebody_vouched_for_goes_out(ledger: Ledger) -> None:
    assert rows(ledger) == []
    ledger.correct(f"{PORT.report.id}:E2", "certainty", "possible", "", "Ada")  # one field is not the mark
    assert rows(ledger) == []
    decide(ledger, LOCK, E4="right", E5="none", A3="right", A4="none")
    (row,) = rows(ledger)
    assert row["id"] == LOCK.report.id and row["text"] == LOCK.report.text and not row["whole"]
    assert [event["id"] for event in row["events"]] == ["E4"] and row["checked_by"] == ["Mara"]
    assert row["events"][0]["attribution"] == "A3"
    words = [LOCK.report.text[start:end] for start, end in spans_of(row)]
    assert {"wounded", "four deckhands", "Two harbour pilots who watched the boarding"} <= set(words)
    assert [LOCK.words(tuple(mark["trigger"])) for mark in row["rejected"] if mark["kind"] == "event"] == ["detained"]
    assert len(row["rejected"]) == 2
    assert rows(ledger, outlet="Nobody") == []
    ledger.undo("Mara")
    assert rows(ledger) == []


def test_a_report_is_whole_only_when_somebody_says_so_of_every_mark_it_has(ledger: Ledger) -> None:
    report = PORT.report.id
    ids = [event.id for event in PORT.events] + [said.id for said in PORT.attributions]
    decide(ledger, PORT, **dict.fromkeys(ids, "right"))
    assert [row["whole"] for row in rows(ledger)] == [False]
    complete(ledger, report, {"seen": reading_state(ledger, report)}, "Mara")
    (row,) = rows(ledger)
    assert row["whole"]
    assert len(row["events"]) == len(PORT.events) and len(row["attributions"]) == len(PORT.attributions)
    more = replace(PORT.events[0], id="E9", trigger=(0, 12))
    ledger.add(replace(PORT, events=(*PORT.events, more), made_by=MadeBy("9", "later", "0" * 64)))
    (row,) = rows(ledger)
    assert not row["whole"] and "E9" not in [event["id"] for event in row["events"]]


def test_training_reads_what_was_exported(ledger: Ledger, tmp_path: Path) -> None:
    decide(ledger, LOCK, E4="right", E5="none", A3="right", A4="none")
    report = PORT.report.id
    ledger.change([Change(report, "E1", (("type", "ASSAULT"), ("mode", None)))], "change", "", "Ada")
    complete(ledger, report, {"seen": reading_state(ledger, report)}, "Mara")
    by_text = {example.text: example for example in examples(ledger, tmp_path)}
    part, whole = by_text[LOCK.report.text], by_text[PORT.report.text]

    assert part.tasks == {"cue_roles", "kind", "codes", "roles"}  # neither where there is no trigger, nor chains
    (trigger,) = part.triggers
    assert LOCK.words(trigger.span) == "wounded"
    assert trigger.codes == {"type": "ASSAULT", "mode": "none", "status": "occurred", "certainty": "certain"}
    assert [LOCK.words(span) for span in trigger.roles["recipient"]] == ["four deckhands"]
    known = {(head, LOCK.words(span), is_one) for head, span, is_one in part.known}
    assert known == {
        ("trigger", "wounded", True), ("trigger", "detained", False), ("cue", "said", True), ("cue", "put", False)
    }  # fmt: skip

    assert {"trigger", "cue", "content", "setting"} <= whole.tasks and not {"chain", "entity"} & whole.tasks
    assert whole.triggers[0].codes["type"] == "ASSAULT"
    assert whole.mentions == [] and whole.known == []


def test_unmarked_words_of_a_partly_checked_report_teach_nothing(ledger: Ledger, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs PyTorch, which only training does")
    from dragoman.model.bundle import packaged
    from dragoman.model.tokens import Tokenizing
    from training.batches import UNKNOWN, prepare

    decide(ledger, LOCK, E4="right", E5="none")
    (example,) = examples(ledger, tmp_path)
    prepared = prepare(example, Tokenizing(packaged() / "tokenizer.json"))
    labels = {word: int(label) for word, label in enumerate(prepared.tags["trigger"]) if label != UNKNOWN}
    first, _ = prepared.tokens.words_of(example.triggers[0].span)
    (refused,) = [span for head, span, is_one in example.known if not is_one]
    assert labels == {first: 1, prepared.tokens.words_of(refused)[0]: 0}
    assert {int(label) for label in prepared.tags["names"]} == {UNKNOWN}
    assert len(prepared.anchors["roles"]) == 1
