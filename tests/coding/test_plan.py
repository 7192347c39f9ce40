"""A folder of coded reports is the same whoever codes it, however often it is broken off."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Timer

import duckdb
import fsspec
import psutil
import pytest

from dragoman.coding import cluster, inputs, work
from dragoman.coding.deaths import MOST_DEATHS
from dragoman.coding.output import MANIFEST, found
from dragoman.coding.storage import Location, bytes_between
from dragoman.config import Settings
from dragoman.errors import CodingError, ModelError, WorkerError
from dragoman.records import Capture, Reading, Report
from tests.coding.corpora import code, contents, failures, lines, parquet, rows, small, titles
from tests.command import WordReader
from tests.soak import SOAK

RAY = importlib.util.find_spec("ray") is not None


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few reports are several partitions."""
    small(monkeypatch)


def test_all_is_coded_and_what_fails_is_told(tmp_path: Path) -> None:
    corpus = lines(tmp_path / "a.jsonl", [*rows(40), {"text": "Fault. The army seized it.", "title": "Fault"}])
    with corpus.open("a") as file:
        file.write("{broken\n")
    tally = code(tmp_path / "out", corpus)
    assert (tally.readings, tally.failures, tally.errors) == (40, 2, [])
    assert titles(tmp_path / "out") == [f"Report {n}" for n in range(40)]
    fault, broken = failures(tmp_path / "out")
    assert fault["name"] == "“Fault”" and "ValueError: no such thing" in fault["error"] and "report it" in fault["cure"]
    assert "(from byte" in broken["name"] and "it is not JSON" in broken["error"]
    left = {path.name for path in (tmp_path / "out").iterdir() if path.suffix != ".parquet"}
    assert left == {MANIFEST, "_failures"}


def test_lines_and_rows_in_several_processes_give_the_same_bytes(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines(corpus / "a.jsonl", rows(30))
    parquet(corpus / "b.parquet", rows(50), 25)
    code(tmp_path / "one", corpus)
    code(tmp_path / "two", corpus / "b.parquet", corpus / "a.jsonl", corpus, jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") and len(contents(tmp_path / "one")) > 5


def test_partitions_that_are_there_are_not_coded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, out = lines(tmp_path / "a.jsonl", rows(60)), tmp_path / "out"
    code(out, corpus)
    whole = contents(out)
    gone = sorted(out.glob("part-*"))[1:3]
    for path in gone:
        path.unlink()
    tally = code(out, corpus)
    assert tally.partitions == 2 and contents(out) == whole
    assert code(out, corpus).partitions == 0
    more = lines(tmp_path / "b.jsonl", rows(3))
    assert code(out, corpus, more).partitions == 1
    assert len(json.loads((out / MANIFEST).read_text())["partitions"]) == len(whole) + 1


def test_a_folder_of_another_job_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, out = lines(tmp_path / "a.jsonl", rows(10)), tmp_path / "out"
    code(out, corpus)
    before = contents(out)
    with pytest.raises(CodingError, match="with another outlet, published"):
        code(out, corpus, outlet="Oru Daily", published="2031-03-04")
    with pytest.raises(CodingError, match="of other inputs"):
        code(out, lines(tmp_path / "b.jsonl", rows(3)))
    monkeypatch.setattr("tests.coding.corpora.MADE_BY", replace(_made_by(out), model_sha256="f" * 64))
    with pytest.raises(CodingError, match=r"was made by version 0\.1\.0 with hand 00000000, and this is"):
        code(out, corpus)
    assert contents(out) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(CodingError, match="holds something else"):
        code(tmp_path / "mine", corpus)
    (out / MANIFEST).write_text('{"format": 99}')
    with pytest.raises(CodingError, match="cannot read"):
        code(out, corpus)


def test_a_file_that_was_changed_since_is_refused_whatever_its_size(tmp_path: Path) -> None:
    corpus, out = lines(tmp_path / "a.jsonl", rows(30)), tmp_path / "out"
    code(out, corpus)
    sorted(out.glob("part-*"))[0].unlink()
    before = contents(out)
    size, when = corpus.stat().st_size, corpus.stat().st_mtime
    corpus.write_text(corpus.read_text().replace("army", "navy"))
    assert corpus.stat().st_size == size
    os.utime(corpus, (when + 1, when + 1))
    with pytest.raises(CodingError, match=r"a\.jsonl was changed since .*out was made of it"):
        code(out, corpus)
    lines(corpus, rows(31))
    with pytest.raises(CodingError, match=r"a\.jsonl was changed since"):
        code(out, corpus)
    assert contents(out) == before


def test_what_was_coded_is_no_input(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines(corpus / "a.jsonl", rows(4))
    assert code(corpus / "coded", corpus).readings == 4
    assert code(corpus / "coded", corpus).partitions == 0
    assert len(found(str(corpus / "coded"))[0].partitions) == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="its names are all text")
def test_a_name_of_a_file_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines(corpus / "a.jsonl", rows(2))
    odd = lines(Path(os.fsdecode(os.fsencode(corpus) + b"/caf\xe9.jsonl")), rows(3))
    odd.write_text(odd.read_text() + "{broken\n")
    tally = code(tmp_path / "out", corpus)
    assert (tally.readings, tally.failures) == (5, 1)
    (broken,) = failures(tmp_path / "out")
    assert "caf?.jsonl" in broken["name"]
    assert code(tmp_path / "out", corpus).partitions == 0


def _made_by(out: Path):  # type: ignore[no-untyped-def]
    return found(str(out))[0].made_by


def test_it_reads_from_and_writes_to_a_store(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe({"/corpus/a.jsonl": lines(tmp_path / "a.jsonl", rows(30)).read_bytes(), "/corpus/.b.jsonl": b"x"})
    try:
        tally = code("memory://coded", "memory://corpus")
        assert tally.readings == 30 and not tally.failures
        titles = sorted(reading.report.title or "" for reading in found("memory://coded")[1])
        assert titles == sorted(f"Report {n}" for n in range(30))
        assert code("memory://coded", "memory://corpus").partitions == 0
        assert {name for name in Location("memory:///coded").names() if not name.startswith("part-")} <= {
            MANIFEST,
            "_deaths",
        }
    finally:
        store.rm("/corpus", recursive=True)
        store.rm("/coded", recursive=True)


def test_what_a_report_was_taken_from_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = (("content-type", "text/html"),)
    capture = Capture(
        "https://news.example/1", "2031-03-04T05:06:07Z", "0" * 64, 5, "text/html", 200, headers, b"bytes"
    )
    whole = inputs.reports

    def captured(*given):  # type: ignore[no-untyped-def]
        for n, item in enumerate(whole(*given)):
            yield replace(item, capture=capture) if n % 2 and isinstance(item, Report) else item

    monkeypatch.setattr(work, "reports", captured)
    code(tmp_path / "out", lines(tmp_path / "a.jsonl", rows(4)))
    read = {reading.report.title: reading.report.capture for reading in found(str(tmp_path / "out"))[1]}
    kept = replace(capture, content=None)
    assert read == {"Report 0": None, "Report 1": kept, "Report 2": None, "Report 3": kept}


def test_a_store_that_fails_leaves_the_partition_for_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, out = lines(tmp_path / "a.jsonl", rows(60)), tmp_path / "out"

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 4_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with monkeypatch.context() as patch:
        patch.setattr(inputs, "bytes_between", lambda file, *part: bytes_between(Failing(file.read()), *part))
        tally = code(out, corpus)
    assert tally.partitions and tally.errors and not tally.failures
    assert "a.jsonl cannot be read or written (Input/output error)" in str(tally.errors[0])
    assert code(out, corpus).readings + tally.readings == 60
    code(tmp_path / "whole", corpus)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_hits_every_report_ends_the_job(tmp_path: Path, jobs: int) -> None:
    corpus = lines(tmp_path / "a.jsonl", [*rows(30), {"text": "Nomodel. The army seized it."}, *rows(30)])
    with pytest.raises(ModelError, match="the model is gone"):
        code(tmp_path / "out", corpus, jobs=jobs)


def test_coded_files_are_read_by_other_programs(tmp_path: Path) -> None:
    code(tmp_path / "out", lines(tmp_path / "a.jsonl", rows(30)))
    asked = f"SELECT e.type, count(*) FROM (SELECT unnest(events) e FROM '{tmp_path}/out/part-*.parquet') GROUP BY 1"
    ((type, count),) = duckdb.execute(asked).fetchall()
    assert type == "ASSAULT" and count >= 30


def test_a_damaged_file_of_readings_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code(out, lines(tmp_path / "a.jsonl", rows(4)))
    (path,) = out.glob("part-*")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CodingError, match="is damaged"):
        list(found(str(out))[1])
    with pytest.raises(CodingError, match="no coded reports"):
        found(str(tmp_path / "nothing"))


# --- killed ---------------------------------------------------------------------------------------


def disturbed(tmp_path: Path, engine: str) -> tuple[int, set[str]]:
    """Codes a corpus undisturbed, and with processes that are killed; how many were, and what they listened at."""
    count = 1_000 if SOAK else 300
    corpus, graves = lines(tmp_path / "a.jsonl", rows(count)), tmp_path / "graves"
    graves.mkdir()
    code(tmp_path / "whole", corpus)
    tally = code(tmp_path / "out", corpus, engine=engine, jobs=2, reader=partial(Mortal, graves, os.getpid()))
    assert not tally.errors and not tally.failures
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert titles(tmp_path / "out") == [f"Report {n}" for n in range(count)]
    dug = [grave.read_text().split() for grave in graves.iterdir()]
    return len(dug), set(chain.from_iterable(dug))


class Mortal(WordReader):
    """Dies over every hundredth report, the first time that it is read, and soon after its neighbours."""

    def __init__(self, graves: Path, whose: int, settings: Settings) -> None:
        super().__init__(settings)
        self.graves, self.whose = graves, whose

    def read(self, report: Report) -> Reading:
        number = int((report.title or "x -1").split()[1])
        grave = self.graves / str(number)
        if number % 100 in (20, 50) and not grave.exists():
            grave.write_text(" ".join(listening(psutil.Process(self.whose))))
            if number % 100 == 20:
                os.kill(os.getpid(), signal.SIGKILL)
            Timer(number / 50_000, os.kill, (os.getpid(), signal.SIGKILL)).start()  # also while it writes
        return super().read(report)


def listening(whose: psutil.Process) -> set[str]:
    """The addresses at which the processes below one can be reached."""
    found = set[str]()
    for process in whose.children(recursive=True):
        with suppress(psutil.Error):
            found |= {one.laddr.ip for one in process.net_connections() if one.status == psutil.CONN_LISTEN}
    return found


def test_processes_that_are_killed_change_nothing(tmp_path: Path) -> None:
    assert disturbed(tmp_path, "local")[0] == (20 if SOAK else 6)


def test_a_report_that_kills_its_process_fails_and_the_rest_is_coded(tmp_path: Path) -> None:
    deadly = [{"text": f"Deadly {n}. The army seized it.", "title": f"Deadly {n}"} for n in range(2)]
    corpus = lines(tmp_path / "a.jsonl", [*rows(5), deadly[0], *rows(3), deadly[1], *rows(20)])
    tally = code(tmp_path / "out", corpus, jobs=2)
    assert (tally.readings, tally.failures) == (28, 2)
    assert sorted(row["error"] for row in failures(tmp_path / "out")) == [
        f"“Deadly {n}”: {MOST_DEATHS} processes that read it were killed" for n in range(2)
    ]


def test_processes_that_cannot_begin_end_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.coding.corpora.WordReader", Dying)
    with pytest.raises(WorkerError, match=r"end before they can begin \(the last ended \(exit code 7\)\)"):
        code(tmp_path / "out", lines(tmp_path / "a.jsonl", rows(40)), jobs=2)


class Dying:
    """A reader whose making ends the process."""

    def __init__(self, settings: object) -> None:
        os._exit(7)


# --- Ray ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not RAY, reason='Ray is not installed: pip install "dragoman[cluster]"')
@pytest.mark.filterwarnings("ignore")
def test_on_ray_with_actors_killed_the_same_bytes_and_nobody_else_can_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    killed, open_to = disturbed(tmp_path, "ray")
    assert killed == (20 if SOAK else 6)
    assert open_to and open_to <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_without_ray_its_engine_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(WorkerError, match="Ray is not installed") as raised:
        code(tmp_path / "out", lines(tmp_path / "a.jsonl", rows(4)), engine="ray")
    assert 'pip install "dragoman[cluster]"' in raised.value.cure
