"""The MCP server: what it answers, that nothing in a report steers it, and that nothing is written.

Asked by the protocol's own client: over streams in memory, and once over real standard input and output.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import CallToolResult

from dragoman.compare import keeping
from dragoman.compare.of_ledger import happenings
from dragoman.compare.overruling import overrule
from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Reading
from dragoman.show.mcp.marking import LONGEST, MOST, UNTRUSTED, Answer, as_text, harmless
from dragoman.show.mcp.server import INSTRUCTIONS, NOTICE, server
from tests.builders import ReadingBuilder, make_report
from tests.show.injections import HARMLESS, OTHER, PAYLOADS

Call = tuple[str, dict[str, Any]]


def telling(words: str, nth: int) -> Reading:
    """A report with the words in every place that a report, or what is made of it, can fill.

    The first tells an attack, the second denies it and gives another toll; both tell a threat.
    """
    told = f"rebels {'' if nth == 1 else 'never '}stormed Orvane on Tuesday, felling {30 + nth}"
    text = f"{words}\n\nIt averred that {told}. It vowed to shut the port.\n\n{words}\n\n{words}"
    address = "https://x.example/" + re.sub(r'[\s<>"]', "", words)
    report = make_report(text, title=words, outlet=f"{words} {nth}", published=f"2031-03-0{5 + nth}", url=address)
    capture = Capture(
        address, "2031-03-07T10:00:00+00:00", hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), 9
    )
    make = ReadingBuilder(replace(report, capture=capture))
    who = make.entity(words, "person", mentions=[(words, 1)], country=words, role=words, of=words, known_as=[words])
    where = make.entity(words, "place", mentions=["Orvane"])
    said = make.attribution(
        source=[(words, 1)],
        cue=["averred"],
        content=[told],
        addressee=(words, 3),
        entity=who,
    )
    make.event(
        "stormed",
        "ASSAULT",
        mode=words,
        actors=["rebels"],
        recipients=[((words, 1), who)],
        place="Orvane",
        place_entity=where,
        time="on Tuesday",
        start="2031-03-04",
        end="2031-03-04",
        date_precision="day",
        status="occurred" if nth == 1 else "not_occurred",
        condition=(words, 3),
        counts=[("killed", 30 + nth, "exact", f"felling {30 + nth}")],
        attribution=said,
    )
    make.event("vowed", "THREATEN", actors=[((words, 2), who)], recipients=[((words, 3), who)])
    return make.build()


def fill(place: Path, words: str, other: str) -> list[str]:
    """A ledger of both tellings, each with words of its own, and what people decided; the ids of the attacks."""
    with Ledger.open(place) as ledger:
        ids = []
        for nth, own in enumerate((words, other), start=1):
            reading = telling(own, nth)
            assert ledger.add(reading)
            ids.append(f"{reading.report.id[:12]}:E1")
        ledger.judge(ids[0], ids[1], "same", reason=words, decided_by=other)
        ledger.correct(ids[0], "certainty", "probable", reason=other, decided_by=words)
        overrule(ledger, ids[0], "2", reason=words, decided_by=other)
    return ids


def questions(ids: Sequence[str]) -> list[Call]:
    return [
        ("search_events", {}),
        ("search_events", {"actor": "zqx", "type": "THREATEN", "limit": 1}),
        *((tool, {"id": id}) for tool in ("get_event", "get_evidence", "compare_claims") for id in ids),
        ("state", {"actor": "zqx", "as_of": "2031-03-20", "ended": True}),
    ]


def ask(ledger: Ledger, calls: Sequence[Call]) -> list[CallToolResult]:
    async def asked() -> list[CallToolResult]:
        async with Client(server(ledger), mode="legacy") as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return anyio.run(asked)


def shape(value: Any) -> Any:
    """What is left of an answer without the words, ids and numbers in it.

    Who counts as the same source depends on names, and so how many chains there are, and why: of these the keys.
    """
    if isinstance(value, dict):
        free = value.keys() & {"chains", "reasons"}
        told = {key: sorted({name for one in value[key] for name in one}) for key in free}
        kept = {key: shape(one) for key, one in value.items() if key not in free}
        return "quoted" if set(value) == {UNTRUSTED} else {**kept, **told}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an answer with the key that it stands under; keys stand under none."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield "", name
            yield from texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, key)
    elif isinstance(value, str):
        yield key, value


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()}


TOUCHED: list[str] = []
"""What was opened, reached or run while `watching` is on."""
WATCHED = ("open", "socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "sqlite3.connect")
PYTHON = (sys.prefix, sys.base_prefix)
watching = False


def _audit(event: str, arguments: Any) -> None:
    """Notes what is not for looking up an installed package, such as its version."""
    if not watching or event in ("os.listdir", "os.scandir"):
        return
    if event in WATCHED or event.startswith(("os.", "shutil.", "tempfile.", "urllib.", "ctypes.")):
        if event == "open" and str(arguments[0]).startswith(PYTHON) and arguments[1] in ("r", "rb"):
            return
        TOUCHED.append(f"{event} {arguments[:1]}")


sys.addaudithook(_audit)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("empty") / "ledger.sqlite"
    Ledger.open(place).close()
    return place


@pytest.fixture(scope="module")
def plain(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    place = Path(shutil.copy(empty, tmp_path_factory.mktemp("plain")))
    return place, fill(place, HARMLESS, HARMLESS)


@pytest.fixture(scope="module")
def shapes(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The shapes of the answers to harmless reports."""
    place = Path(shutil.copy(empty, tmp_path_factory.mktemp("harmless")))
    ids = fill(place, HARMLESS, OTHER)
    with Ledger.open_to_read(place) as ledger:
        return [shape(result.structured_content) for result in ask(ledger, questions(ids))]


# --- what it answers ------------------------------------------------------------------------------


def test_what_it_says_of_itself(plain: tuple[Path, list[str]]) -> None:
    async def asked(ledger: Ledger) -> None:
        async with Client(server(ledger), mode="legacy") as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"search_events", "get_event", "get_evidence", "compare_claims", "state"}
            for tool in tools.values():
                hints = tool.annotations
                assert hints and hints.read_only_hint and hints.idempotent_hint
                assert hints.destructive_hint is hints.open_world_hint is False
                assert NOTICE in (tool.description or "") and tool.input_schema["additionalProperties"] is False
            assert client.instructions == INSTRUCTIONS and UNTRUSTED in INSTRUCTIONS
            offered = client.server_capabilities
            assert offered.resources is None and offered.prompts is None

    with Ledger.open_to_read(plain[0]) as ledger:
        anyio.run(asked, ledger)


def test_a_retracted_report_is_told_wherever_it_is_quoted(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(shutil.copy(empty, tmp_path / "ledger.sqlite"))
    attack, denial = fill(place, HARMLESS, HARMLESS)
    with Ledger.open(place) as ledger:
        happenings(ledger)
        ledger.retract(attack.partition(":")[0], "2031-03-09", HARMLESS)
    monkeypatch.setattr(keeping, "AT_ONCE", 0)  # as in a ledger that is too large to be compared for an answer
    with Ledger.open_to_read(place) as ledger:
        calls = [(tool, {"id": id}) for id in (attack, denial) for tool in ("get_event", "get_evidence")]
        *told, compared = [one.structured_content for one in ask(ledger, [*calls, ("compare_claims", {"id": denial})])]
    why = {"day": "2031-03-09", "reason": {UNTRUSTED: HARMLESS}}
    assert [one["retracted"] for one in told] == [why, why, None, None]
    (retracted,) = compared["retracted"]
    assert retracted["report"].startswith(attack.partition(":")[0]) and retracted["reason"] == {UNTRUSTED: HARMLESS}
    assert compared["not_compared"] == 1 and len(compared["told"]) == 2


def test_the_answers(plain: tuple[Path, list[str]]) -> None:
    place, (attack, denial) = plain
    with Ledger.open_to_read(place) as ledger:
        calls: list[Call] = [
            ("search_events", {"status": "not_occurred"}),
            ("get_event", {"id": attack}),
            ("get_evidence", {"id": attack}),
            ("compare_claims", {"id": denial}),
            ("state", {"actor": "Ilse", "as_of": "2031-03-09"}),
            ("state", {"actor": "Ilse", "as_of": "2031-03-01"}),
        ]
        results = ask(ledger, calls)
        found, one, evidence, compared, held, before = (result.structured_content for result in results)
    assert not any(result.is_error for result in results)
    (row,) = found["events"]
    assert (row["id"], row["status"], row["start"]) == (denial, "not_occurred", "2031-03-04")
    assert row["voice"] == {UNTRUSTED: HARMLESS} and row["mode"] is None  # the report's words are no code
    assert one["event"]["certainty"] == "probable" and one["corrections"][0]["now"] == {UNTRUSTED: "probable"}
    assert one["attributions"][0]["cue"] == [{UNTRUSTED: "averred"}] and one["retracted"] is None
    text = telling(HARMLESS, 1).report.text
    assert evidence["text_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    start, end = evidence["sentence"]["span"]
    assert evidence["sentence"]["words"] == {UNTRUSTED: text[start:end]} and "stormed" in text[start:end]
    assert compared["report_count"] == 2 and {one["event"] for one in compared["told"]} == {attack, denial}
    assert "denied" in {one["kind"] for one in compared["disputes"]} and compared["chains"]
    assert compared["claim"]["grade"] == "2" and compared["claim"]["overruled"]["reason"] == {UNTRUSTED: HARMLESS}
    assert [one["kind"] for one in held["held"]] == ["threat"] and before["held"] == []


def test_pages(plain: tuple[Path, list[str]]) -> None:
    with Ledger.open_to_read(plain[0]) as ledger:
        every = ask(ledger, [("search_events", {})])[0].structured_content["events"]
        walked: list[Any] = []
        cursor = None
        while cursor is not None or not walked:
            (page,) = ask(ledger, [("search_events", {"limit": 1, **({"cursor": cursor} if cursor else {})})])
            walked += page.structured_content["events"]
            cursor = page.structured_content["next_cursor"]
        assert walked == every and len(every) == 4
        (wrong,) = ask(ledger, [("search_events", {"type": "ASSAULT", "cursor": "AAAA"})])
        assert wrong.is_error


# --- words of reports -----------------------------------------------------------------------------


def test_there_are_many_injections() -> None:
    assert len(set(PAYLOADS)) >= 60 and all("zqx" in payload for payload in (HARMLESS, *PAYLOADS))


PAIRS = list(zip_longest(PAYLOADS[::2], PAYLOADS[1::2], fillvalue=HARMLESS))


@pytest.mark.parametrize(("payload", "other"), PAIRS, ids=range(len(PAIRS)))
def test_words_change_nothing(payload: str, other: str, empty: Path, tmp_path: Path, shapes: list[Any]) -> None:
    """Two at a time, one in each report: making a ledger takes longer than asking it."""
    global watching
    place = Path(shutil.copy(empty, tmp_path))
    calls = questions(fill(place, payload, other))
    before = everything(tmp_path)
    with Ledger.open_to_read(place) as ledger:
        TOUCHED.clear()
        watching = True
        try:
            results = ask(ledger, calls)
        finally:
            watching = False
    assert [one for one in TOUCHED if one != f"sqlite3.connect ({str(place)!r},)"] == []
    assert everything(tmp_path) == before
    for result, expected in zip(results, shapes, strict=True):
        assert not result.is_error and shape(result.structured_content) == expected
        check_words(result)


def check_words(result: CallToolResult) -> None:
    """That words of reports stand where they must, and are harmless there."""
    for key, text in texts(result.structured_content):
        if key == UNTRUSTED:
            assert len(text) <= LONGEST
            assert not {unicodedata.category(c) for c in text if c != "\n"} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        else:
            assert "zqx" not in text and (key != "notice" or text == NOTICE)
    (block,) = result.content
    assert block.type == "text" and json.loads(block.text) == result.structured_content
    for active in ("<", ">", "`", "![", "](", "://", "\n", "\x1b"):
        assert active not in block.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,zqx", "ftp://x.example/"])
def test_only_addresses_of_the_web(url: str) -> None:
    assert Answer().marked({"url": url, "address": url}) == {"url": None, "address": None}


def test_what_is_ours_is_checked() -> None:
    told = {"type": "obey", "id": "obey", "start": "obey", "sha256": "obey", "next_cursor": "a b", "recorded_at": "no"}
    assert Answer().marked(told) == dict.fromkeys(told)
    assert Answer().marked({"type": "ASSAULT", "title": "ASSAULT"}) == {
        "type": "ASSAULT",
        "title": {UNTRUSTED: "ASSAULT"},
    }
    with pytest.raises(TypeError):
        Answer().marked({"x": b"bytes"})


def test_answers_are_bounded() -> None:
    answer = Answer()
    told = answer.marked({"short": ["a"] * (MOST + 7), "long": ["b" * LONGEST * 2] * MOST})
    assert len(told["short"]) == MOST and len(told["long"]) < MOST
    assert answer.left_out == 7 + MOST - len(told["long"])
    assert len(as_text(told)) < 100_000 and told["long"][0][UNTRUSTED].endswith(" …")
    assert harmless("a\tb\r\nc\x00d") == "a b \nc\ufffdd"


# --- wrong questions ------------------------------------------------------------------------------

WRONG: tuple[Call, ...] = (
    ("get_event", {}),
    ("get_event", {"id": None}),
    ("get_event", {"id": 7}),
    ("get_event", {"id": ["1f0c9a77b3e2:E1"]}),
    ("get_event", {"id": {"$ne": ""}}),
    ("get_event", {"id": ""}),
    ("get_event", {"id": "../../etc/passwd"}),
    ("get_event", {"id": "file:///etc/passwd:E1"}),
    ("get_event", {"id": "1f0c9a77b3e2:E1\x00"}),
    ("get_event", {"id": "%' OR 1=1 --:E1"}),
    ("get_event", {"id": "ffffffffffff:E1"}),
    ("get_event", {"id": "a" * 1_000_000}),
    ("get_event", {"id": "1f0c9a77b3e2:E1", "as_of": "yesterday"}),
    ("get_event", {"id": "1f0c9a77b3e2:E1", "jsonrpc": "2.0", "method": "tools/call"}),
    ("get_evidence", {"id": "x:y:z"}),
    ("compare_claims", {"id": ":E1"}),
    ("search_events", {"limit": 0}),
    ("search_events", {"limit": -1}),
    ("search_events", {"limit": 10**30}),
    ("search_events", {"limit": "many"}),
    ("search_events", {"limit": 1e308}),
    ("search_events", {"cursor": "A" * 10_000_000}),
    ("search_events", {"cursor": "' OR 1=1 --"}),
    ("search_events", {"cursor": "\ud800"}),
    ("search_events", {"type": "ASSAULT' --"}),
    ("search_events", {"status": "occurred OR 1=1"}),
    ("search_events", {"source_kind": "zqx"}),
    ("search_events", {"since": "2031-13-77"}),
    ("search_events", {"recorded": "'; DROP TABLE readings"}),
    ("search_events", {"report": "../ledger"}),
    ("search_events", {"actor": "a" * 2_000}),
    ("search_events", {"entity": "1f0c9a77b3e2:N1"}),
    ("search_events", {"_meta": {"zqx": 1}, "__class__": "x"}),
    ("search_events", {"notice": "obey zqx"}),
    ("state", {"actor": ""}),
    ("state", {"actor": "nobody of that name"}),
    ("state", {"actor": "Ilse", "as_of": "31 March"}),
    ("state", {"actor": "Ilse", "ended": "perhaps"}),
    ("state", {"actor": ["Ilse"]}),
)
EMPTY: tuple[Call, ...] = tuple(
    ("search_events", {name: value})
    for name in ("actor", "recipient", "place", "source", "text", "outlet")
    for value in ("'; DROP TABLE events; --", "\" OR \"1\"=\"1", "%", "NEAR(a b)", "nosuch*", "\x00nosuch")
)  # fmt: skip


async def ask_for_no_tool(ledger: Ledger) -> None:
    async with Client(server(ledger), mode="legacy") as client:
        with pytest.raises(MCPError, match="no such tool: take one of search_events"):
            await client.call_tool("delete_everything zqx", {})


def test_wrong_questions_are_told(plain: tuple[Path, list[str]]) -> None:
    place, ids = plain
    before = everything(place.parent)
    with Ledger.open_to_read(place) as ledger:
        results = ask(ledger, WRONG)
        for call, result in zip(WRONG, results, strict=True):
            assert result.is_error, call
            told = result.structured_content
            assert set(told) == {"notice", "error"} and shape(told["error"]) == {
                "kind": "str",
                "what": "quoted",
                "cure": "str",
            }
            assert told["error"]["kind"] in ("WrongArguments", "UsageError", "NotFound"), told
            check_words(result)
        for call, result in zip(EMPTY, ask(ledger, EMPTY), strict=True):
            assert not result.is_error, (call, result.structured_content)
            assert result.structured_content["events"] == [], call
        assert not ask(ledger, [("get_event", {"id": ids[0]})])[0].is_error
        anyio.run(ask_for_no_tool, ledger)
    assert everything(place.parent) == before


def test_a_fault_ends_nothing(
    plain: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("secret zqx")

    place, ids = plain
    with Ledger.open_to_read(place) as ledger:
        monkeypatch.setattr(Ledger, "event", broken)
        (result,) = ask(ledger, [("get_event", {"id": ids[0]})])
    assert result.is_error and result.structured_content["error"]["kind"] == "Fault"
    assert "secret" not in str(result) and "secret zqx" in capsys.readouterr().err


# --- the command ----------------------------------------------------------------------------------


def test_over_standard_input_and_output(plain: tuple[Path, list[str]]) -> None:
    place, ids = plain
    before = everything(place.parent)
    command = [sys.executable, "-m", "dragoman", "mcp", "--ledger", str(place)]

    async def asked() -> tuple[list[Any], str]:
        parameters = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
        async with Client(parameters, read_timeout_seconds=60) as client:
            told = [(await client.call_tool(*call)).structured_content for call in questions(ids)]
            return told, client.server_info.name if client.server_info else ""

    told, name = anyio.run(asked)
    with Ledger.open_to_read(place) as ledger:
        assert told == [result.structured_content for result in ask(ledger, questions(ids))]
    assert name == "dragoman" and everything(place.parent) == before


def test_an_interrupt_ends_it(plain: tuple[Path, list[str]]) -> None:
    command = [sys.executable, "-m", "dragoman", "mcp", "--ledger", str(plain[0])]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdin and running.stdout
    running.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
    running.stdin.flush()
    assert b'"id":1' in running.stdout.readline()
    running.send_signal(signal.SIGINT)  # with standard input still open
    assert running.wait(10) == -signal.SIGINT
    running.stdin.close()
    running.stdout.close()


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from dragoman.cli import main

    monkeypatch.delitem(sys.modules, "dragoman.show.mcp.server")
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    monkeypatch.setattr(sys, "argv", ["dragoman", "mcp"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1 and 'pip install "dragoman[mcp]"' in capsys.readouterr().err
