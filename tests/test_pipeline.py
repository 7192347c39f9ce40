"""Whole readings with the packaged model: every mark on whole words, every reference to something there."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

import dragoman
from dragoman.codes import codes
from dragoman.config import Settings
from dragoman.documents.load import Failure, load
from dragoman.errors import EmptyReport, ModelError, OtherLanguage
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Reader, check_model
from dragoman.records import Reading, Report, Span
from dragoman.show.server import samples

WIKINEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "wikinews" / "reports.jsonl"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Settings(threads=1))


@pytest.fixture(scope="module")
def crisis(reader: Reader) -> list[Reading]:
    """The readings of the sample reports."""
    reports = list(load([samples()], settings=Settings()))
    return [reader.read(report) for report in reports if isinstance(report, Report)]


def spans_of(reading: Reading) -> list[Span]:
    spans = [span for entity in reading.entities for span in entity.mentions]
    for a in reading.attributions:
        spans += [*a.source, *a.cue, *a.content, *([a.addressee] if a.addressee else [])]
    for e in reading.events:
        spans += [e.trigger, *(p.span for p in (*e.actors, *e.recipients)), *(c.span for c in e.counts)]
        spans += [span for span in (e.place, e.time, e.condition) if span]
    return spans


def check(reading: Reading) -> None:
    """What holds of every reading, whatever the model makes of the text."""
    text = reading.report.text
    for start, end in spans_of(reading):
        words = text[start:end]
        assert 0 <= start < end <= len(text) and words == words.strip() and words, (start, end, words)
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), f"{words!r} starts inside a word"
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), f"{words!r} ends inside a word"
    entities = {entity.id for entity in reading.entities}
    attributions = {attribution.id: attribution for attribution in reading.attributions}
    assert len(entities) == len(reading.entities) and len(attributions) == len(reading.attributions)
    for a in reading.attributions:
        assert a.content and a.kind in codes().source_kinds and a.stance in codes().stances
        assert a.mode in codes().attribution_modes and (a.entity is None or a.entity in entities)
        around, seen = a.inside, {a.id}
        while around is not None:
            assert around not in seen
            seen.add(around)
            around = attributions[around].inside
    for e in reading.events:
        assert e.type in codes().event_types and (e.mode is None or e.mode in codes().event_types[e.type].modes)
        assert e.status in codes().statuses and e.certainty in codes().certainties
        assert e.attribution is None or any(
            s <= e.trigger[0] and e.trigger[1] <= t for s, t in attributions[e.attribution].content
        )
        assert {p.entity for p in (*e.actors, *e.recipients)} <= entities | {None}
        assert e.date_precision is None or e.date_precision in codes().date_precisions
    assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))).to_dict() == reading.to_dict()


def test_what_holds_of_every_reading(crisis: list[Reading]) -> None:
    assert len(crisis) >= 14
    for reading in crisis:
        check(reading)
        assert reading.events and reading.attributions and reading.entities


def test_the_same_text_gives_the_same_reading(reader: Reader, crisis: list[Reading]) -> None:
    again = reader.read(crisis[5].report)
    assert again == crisis[5]


def test_the_sample_crisis_has_its_hard_cases(crisis: list[Reading]) -> None:
    kinds = {a.kind for reading in crisis for a in reading.attributions}
    assert {"named", "unnamed", "document"} <= kinds
    assert {"asserts", "denies"} <= {a.stance for reading in crisis for a in reading.attributions}
    statuses = {e.status for reading in crisis for e in reading.events}
    assert {"occurred", "planned", "not_occurred", "hypothetical"} <= statuses
    assert {"majority", "unanimous"} <= {e.rule for reading in crisis for e in reading.events}
    assert any(e.condition for reading in crisis for e in reading.events)
    assert {c.low for reading in crisis for e in reading.events for c in e.counts} >= {6, 14}


def test_a_copied_story_reads_alike_under_both_outlets(crisis: list[Reading]) -> None:
    wire, copy = crisis[:2]
    assert wire.report.id != copy.report.id and wire.report.text == copy.report.text
    assert wire.events == copy.events


@pytest.mark.parametrize(
    "text",
    [
        "Word.",
        "?!",
        "a" * 3000 + " " + "b" * 3000,
        "“" * 500,
        "\n".join(["The army left."] * 400),
        "The army 🪖 left “Dorvane” — مرحبا — and e\u0301tat said so.",
        "He said " * 700,
        "THE ARMY LEFT DORVANE ON MONDAY, THE MINISTRY SAID.",
    ],
    ids=["one word", "signs", "long words", "quotation marks", "lines", "scripts", "cues", "capitals"],
)
def test_odd_texts_are_read(reader: Reader, text: str) -> None:
    check(reader.read(Report(id="x", text=text, published="2031-03-07")))


def test_words_at_a_seam_are_marked_once(reader: Reader) -> None:
    sentence = "Colonel Aroun said the army had seized the port of Varn on Monday. "
    reading = reader.read(Report(id="x", text=(sentence * 60).strip(), published="2031-03-07"))
    check(reading)
    triggers = [e.trigger for e in reading.events]
    assert len(triggers) == len(set(triggers))
    assert all(a[1] <= b[0] for a, b in pairwise(triggers))
    assert 55 <= len(triggers) <= 65 and 55 <= len(reading.attributions) <= 65


def test_dates_count_from_the_day_of_publication_or_not_at_all() -> None:
    text = "Police arrested two journalists in Castrel on Monday, the union said."
    dated = dragoman.read(text, published="2031-03-07")
    assert [e.start for e in dated.events] == ["2031-03-03"]
    undated = dragoman.read(text)
    assert [(e.start, e.date_precision) for e in undated.events] == [(None, "unresolved")]


def test_the_package_reads_texts_and_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Outlet: Norda\nPublished: 2031-03-07\n\nThe army shelled Dorvane on Monday, a doctor said.\n")
    [reading] = dragoman.read_many([path])
    assert reading.report.outlet == "Norda" and reading.made_by.model
    assert reading.attributions[0].kind == "unnamed"
    with dragoman.open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.add(reading) and not ledger.add(reading)


def test_read_many_tells_of_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("The army shelled Dorvane on Monday, a doctor said that evening.")
    with pytest.raises(EmptyReport):
        list(dragoman.read_many([tmp_path]))
    errors: list[dragoman.DragomanError] = []
    assert len(list(dragoman.read_many([tmp_path], on_error=errors.append))) == 1
    assert [type(error) for error in errors] == [EmptyReport]


def test_another_language_is_refused_unless_forced() -> None:
    text = "Les soldats ont pris la ville lundi et les habitants ont fui vers le nord du pays avec leurs enfants."
    with pytest.raises(OtherLanguage):
        dragoman.read(text)
    check(dragoman.read(text, force=True))


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Reader(Settings(model=str(tmp_path)))
    assert check_model(Settings()).model


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, dragoman; print(sorted({'torch', 'onnxruntime', 'sqlalchemy', 'fastapi'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    assert len(dragoman.__all__) == 8 and all(hasattr(dragoman, name) for name in dragoman.__all__)


@pytest.mark.skipif(not WIKINEWS.exists(), reason=f"the real reports are not at {WIKINEWS}")
def test_real_reports_go_into_a_ledger(reader: Reader, tmp_path: Path) -> None:
    lines = WIKINEWS.read_text(encoding="utf-8").splitlines()[::14]
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for report in load([path], settings=Settings()):
            assert not isinstance(report, Failure), report
            reading = reader.read(report)
            check(reading)
            assert ledger.add(reading)
            assert ledger.reading(report.id).to_dict() == reading.to_dict()
        assert len(lines) >= 20


def test_everything_works_with_the_network_switched_off(tmp_path: Path) -> None:
    """Every command in a process in which no socket connects and no name resolves."""
    code = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
from dragoman.cli import main
sys.argv[0] = "dragoman"
main()
"""
    ledger, report = str(tmp_path / "ledger.sqlite"), str(sorted(samples().glob("*.txt"))[0])
    for arguments in (
        ["read", report],
        ["add", report, "--ledger", ledger],
        ["list", "events", "--ledger", ledger],
        ["export", "--ledger", ledger],
        ["doctor", "--ledger", ledger],
    ):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
