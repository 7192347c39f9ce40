"""The sample reports: one crisis, five outlets, ten days, and every case that their README promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.documents.load import load
from dragoman.pipeline import Reader
from dragoman.records import Report
from tests.test_cli import run

SAMPLE = Path(__file__).parents[1] / "src/dragoman/data/sample"
FILES = sorted(SAMPLE.glob("*.txt"))
# A row of the table of cases: | case | `file` | words |
CASE = re.compile(r"\| (?P<case>[^|]+) \| `(?P<file>[^`]+)` \| (?P<words>.+) \|")
CASES = CASE.findall((SAMPLE / "README.md").read_text(encoding="utf-8"))


def read(path: Path) -> Report:
    [report] = load([path], settings=Settings())
    assert isinstance(report, Report), report
    return report


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {path.name: read(path) for path in FILES}


def sentences(report: Report) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?\"]) +|\n+", report.text) if part]


def test_enough_reports_in_order_of_time(reports: dict[str, Report]) -> None:
    assert len(reports) >= 14
    assert [int(name[:2]) for name in reports] == list(range(1, len(reports) + 1))
    days = [report.published or "" for report in reports.values()]
    assert days == sorted(days)


def test_every_header_is_read_and_none_of_it_left_in_the_text(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        assert report.title and report.outlet and report.published and report.url, name
        assert report.language == "en", name
        assert report.title not in report.text or "correction" in name, name


def test_five_outlets_over_ten_days(reports: dict[str, Report]) -> None:
    outlets = Counter(report.outlet for report in reports.values())
    assert len(outlets) == 5
    assert min(outlets.values()) >= 2
    days = [date.fromisoformat(report.published or "") for report in reports.values()]
    assert max(days) - min(days) == timedelta(days=9)


def test_each_is_as_long_as_a_news_report(reports: dict[str, Report]) -> None:
    lengths = {name: len(report.text.split()) for name, report in reports.items()}
    assert {name: words for name, words in lengths.items() if not 180 <= words <= 700} == {}


def test_no_two_are_one_report(reports: dict[str, Report]) -> None:
    assert len({report.id for report in reports.values()}) == len(reports)


def test_the_wire_story_is_copied_whole_by_one_outlet_and_trimmed_by_another(
    reports: dict[str, Report],
) -> None:
    wire, copy, trimmed = (reports[name] for name in list(reports)[:3])
    assert len({wire.outlet, copy.outlet, trimmed.outlet}) == 3
    assert copy.text == wire.text
    assert trimmed.title != wire.title
    assert len(trimmed.text) < 0.6 * len(wire.text)
    # The dateline was put before another sentence, so the first one is not the wire's.
    kept = [sentence in wire.text for sentence in sentences(trimmed)]
    assert sum(kept) >= len(kept) - 1


def test_no_other_pair_shares_a_sentence(reports: dict[str, Report]) -> None:
    seen: Counter[str] = Counter()
    for report in list(reports.values())[3:]:
        seen.update({sentence for sentence in sentences(report) if len(sentence.split()) > 6})
    assert [sentence for sentence, times in seen.items() if times > 1] == []


def test_the_lead_of_each_wire_story_names_the_weekday_of_its_date(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        if report.outlet == "Norda":
            published = date.fromisoformat(report.published or "")
            lead = report.text.split("\n")[0]
            assert f"March {published.day} (Norda)" in lead, name
            assert f"on {published:%A}" in lead, name


def test_the_table_has_a_row_for_every_report_case() -> None:
    assert len(CASES) >= 30
    assert len({case for case, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("case", "file", "words"), CASES, ids=[case for case, _, _ in CASES])
def test_the_promised_case_is_there(case: str, file: str, words: str, reports: dict[str, Report]) -> None:
    assert words in reports[file].text, case


# --- what the commands show of it ------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger that `dragoman demo` makes, by the real model."""
    folder = tmp_path_factory.mktemp("demo")
    done = run("demo", "--no-serve", "--folder", folder, reader=Reader)
    assert done.exit_code == 0, done.stderr
    return Path(done.stdout.strip())


def lines(ledger: Path, *command: str) -> list[str]:
    """What a command writes."""
    done = run(*command, "--ledger", ledger)
    assert done.exit_code == 0, done.stderr
    return list(done.stdout.splitlines())


def shown(ledger: Path, *command: str) -> str:
    """The same, as one line."""
    return " ".join(" ".join(lines(ledger, *command)).split())


def test_happenings_show_the_denial_the_toll_dispute_and_the_copies(ledger: Path) -> None:
    shelling = json.loads(lines(ledger, "happenings", "--format", "json", "--limit", "1")[0])
    disputed = {dispute["kind"]: dispute for dispute in shelling["contradictions"]}
    assert {"denied", "perpetrator", "toll"} <= disputed.keys()
    tolls = {claim["words"] for side in ("one", "other") for claim in disputed["toll"][side]}
    assert {"at least 14", "Six"} <= tolls
    assert len(shelling["reports"]) > shelling["independent"] > 1
    text = shown(ledger, "happenings", "--limit", "1")
    for words in ("denied: ", "toll: ", "one report copies the other", "4 disputed"):
        assert words in text
    assert "denied: " in shown(ledger, "show", shelling["told"][0]["event"])


def test_copies_and_show_tell_what_was_taken_from_the_wire(ledger: Path) -> None:
    (tree, *_) = [json.loads(line) for line in lines(ledger, "copies", "--format", "json")]
    assert tree["original"]["outlet"] == "Norda"
    taken = {copy["report"]["outlet"]: copy["report"]["id"] for copy in tree["copies"] if copy["kind"] == "copy"}
    assert {"Radio Lisk", "The Castrel Courier"} <= taken.keys()
    assert "This report is a copy of Norda" in shown(ledger, "show", taken["Radio Lisk"])


def test_state_shows_the_embargo_until_it_is_superseded(ledger: Path) -> None:
    before = shown(ledger, "state", "Littoral Union", "--as-of", "2031-03-08")
    after = shown(ledger, "state", "Littoral Union", "--as-of", "2031-03-12")
    embargo = "to impose an arms embargo on Velmar for ninety days"
    assert embargo in before and embargo not in after
    assert "superseded on 12 March 2031: lifted" in shown(
        ledger, "state", "Littoral Union", "--as-of", "2031-03-12", "--all"
    )
