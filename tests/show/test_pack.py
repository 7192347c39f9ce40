"""Evidence packs: whole, the same bytes again, checked by hand and by command, and not by what is hostile."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.config import Settings
from dragoman.errors import NotAPack, UnreadableFile
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from dragoman.show.exports import export, pack_page
from dragoman.show.exports.bag import BASE
from dragoman.show.exports.growing import GrowingZip
from dragoman.show.output import save
from dragoman.show.verifying import Verified, opened, verify
from tests.builders import ReadingBuilder, make_report
from tests.show.hostile import PAYLOADS, hostile
from tests.show.html import Parsed
from tests.show.linked import PAGE, denial, identified, linked_ledger, odd

Files = dict[str, bytes]
ORIGINAL = sha256(PAGE).hexdigest()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return linked_ledger(tmp_path_factory.mktemp("pack") / "ledger.sqlite")


def made(place: Path, kind: str | None = None, **asked: str) -> bytes:
    with Ledger.open(place) as ledger:
        return b"".join(export(ledger, Filter(**asked), "pack", kind))


@pytest.fixture(scope="module")
def content(place: Path) -> bytes:
    return made(place)


@pytest.fixture
def pack(content: bytes, tmp_path: Path) -> Path:
    save([content], tmp_path / "crisis.zip")
    return tmp_path / "crisis.zip"


def files_of(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.removeprefix(f"{BASE}/"): archive.read(name) for name in archive.namelist()}


def lines_of(files: Files, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"data/{name}.jsonl"].splitlines()]


# --- what is in it --------------------------------------------------------------------------------


def test_a_pack_holds_claims_words_sources_texts_and_originals(content: bytes) -> None:
    files = files_of(content)
    claims = {claim["id"]: claim for claim in lines_of(files, "claims")}
    id = denial().report.id
    claim = claims[f"{id[:12]}:E1"]
    assert claim["quotes"] == [
        {"words": "seized", "span": [claim["quotes"][0]["span"][0], claim["quotes"][0]["span"][1]]}
    ]
    assert claim["sentence"]["words"].startswith("KESTREL BAY — Marshal Ilan Dov said on Monday")
    assert (claim["type"], claim["mode"], claim["status"]) == ("COERCE", "seize", "planned")
    ((voice),) = claim["voices"]
    assert (voice["name"], voice["kind"], voice["stance"]) == ("Ilan Dov", "named", "asserts")
    assert [quote["words"] for quote in voice["source_quotes"]] == ["Marshal Ilan Dov"]
    ((change),) = claim["corrections"]
    assert [change[name] for name in ("field", "was", "now", "reason", "decided_by")] == [
        *("status", "occurred", "planned", "they only will", "Mara")
    ]
    assert change["recorded_at"]
    sources = {source["id"]: source for source in lines_of(files, "sources")}
    assert claim["id"] in sources[voice["source"]]["claims"]
    reports = {report["id"]: report for report in lines_of(files, "reports")}
    assert [one["id"] for one in reports[id]["dropped"]] == [f"{id[:12]}:E4"]
    assert files[f"data/reports/{odd().report.id}.txt"].decode() == odd().report.text
    (kept,), (not_kept,) = (reports[report]["captures"] for report in (odd().report.id, id))
    assert (kept["original"], kept["captured_at"]) == (f"originals/{ORIGINAL}", "2031-03-06T05:06:07Z")
    assert (not_kept["original"], not_kept["address"]) == (None, "gate <b>.pdf")
    assert files[f"data/originals/{ORIGINAL}"] == PAGE
    assert json.loads(files["data/model.json"])["readings_made_by"] == [
        {"version": "0.1.0", "model": "hand", "model_sha256": "0" * 64}
    ]


def test_the_same_ledger_and_question_give_the_same_bytes(place: Path, content: bytes) -> None:
    assert made(place) == content
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {1980}


def test_a_pack_can_be_of_what_matches_alone(place: Path, tmp_path: Path) -> None:
    files = files_of(made(place, "events", status="planned"))
    claims = lines_of(files, "claims")
    assert claims and {claim["status"] for claim in claims} == {"planned"}
    assert {claim["report"] for claim in claims} == {report["id"] for report in lines_of(files, "reports")}
    nothing = tmp_path / "nothing.zip"
    save([made(place, "events", text="nowhere-at-all")], nothing)
    found = verify(nothing)
    assert (found.sound, found.reports, found.claims) == (True, 0, 0)


def test_it_can_be_checked_by_hand(pack: Path, tmp_path: Path) -> None:
    """By the commands that its README gives."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    base = tmp_path / BASE
    assert [path.name for path in tmp_path.iterdir() if path != pack] == [BASE]
    readme = (base / "README.txt").read_text()
    (hashes,) = re.findall(r"^  (sha256sum .*)$", readme, re.M)
    assert shutil.which("sha256sum")
    subprocess.run([*hashes.split(), "--quiet", "--strict"], cwd=base, check=True)
    claims = [json.loads(line) for line in (base / "data/claims.jsonl").read_text(encoding="utf-8").splitlines()]
    claim = next(claim for claim in claims if claim["id"] == f"{odd().report.id[:12]}:A1")
    (program,) = re.findall(r'python3 -c "(.*)" \\', readme)
    first, second = claim["quotes"][0]["span"]
    asked = ["python3", "-c", program, f"data/reports/{claim['report']}.txt", str(first), str(second)]
    told = subprocess.run(asked, cwd=base, check=True, capture_output=True, text=True, encoding="utf-8")
    assert told.stdout == claim["quotes"][0]["words"] + "\n"


def test_it_is_a_bag(pack: Path, tmp_path: Path) -> None:
    bagit = pytest.importorskip("bagit")
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    bag = bagit.Bag(str(tmp_path / BASE))
    bag.validate()
    assert bag.info["Bag-Software-Agent"].startswith("Dragoman ")


# --- the page in it -------------------------------------------------------------------------------


def test_the_page_shows_claims_in_their_words_and_runs_nothing(content: bytes) -> None:
    files = files_of(content)
    pages = [name for name in files if name.endswith(".html")]
    quotes = []
    for name in pages:
        found = Parsed(files[name].decode())
        assert not [e for e in found.elements if e.tag in ("script", "iframe", "img", "link", "form", "object")]
        assert not [k for e in found.elements for k in e.attributes if k.startswith("on") or k == "style"]
        quotes += [e.text for e in found.elements if e.tag == "blockquote"]
    assert len(quotes) == len(lines_of(files, "claims"))
    whole = " ".join(Parsed(files[name].decode()).text for name in pages)
    for told in (
        "decided by a person",
        "they only will",
        "via a leaked memorandum",
        "gate <b>.pdf",
        "not kept",
        ORIGINAL,
    ):
        assert told in whole, told
    assert "default-src 'none'" in files["data/index.html"].decode()


def test_long_packs_have_pages_that_lead_on(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_page, "CLAIMS", 10)
    files = files_of(made(place))
    pages = sorted(name for name in files if name.endswith(".html"))
    assert len(pages) > 3
    reached, at = [], "index.html"
    while at:
        reached.append(f"data/{at}")
        links = [
            e.attributes for e in Parsed(files[f"data/{at}"].decode()).elements if e.attributes.get("rel") == "next"
        ]
        at = links[0]["href"] if links else ""
    assert sorted(reached) == pages


def test_reports_without_claims_fill_pages_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_page, "CLAIMS", 2)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for number in range(5):
            ledger.add(identified(ReadingBuilder(make_report(f"Nothing was said, {number} times.")).build()))
    pages = [name for name in files_of(made(tmp_path / "l.sqlite")) if name.endswith(".html")]
    assert len(pages) == 3


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for payload in PAYLOADS[::3]:
            ledger.add(identified(hostile(payload)))
    content = made(tmp_path / "l.sqlite")
    save([content], tmp_path / "p.zip")
    assert verify(tmp_path / "p.zip").troubles == ()
    for name, page in files_of(content).items():
        if name.endswith(".html"):
            found = Parsed(page.decode())
            assert not [e for e in found.elements if e.tag in ("script", "img", "iframe", "svg")]
            assert not [e for e in found.elements if e.attributes.get("href", "").startswith("javascript:")]


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_opens_from_the_disk(browser: Any, pack: Path, tmp_path: Path, width: int) -> None:
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles: list[str] = []
    page.on("console", lambda told: troubles.append(told.text))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else troubles.append(asked.url))
    page.goto((tmp_path / BASE / "data" / "index.html").as_uri())
    assert page.locator("blockquote").count() > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('mark')).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert troubles == []
    page.close()


# --- verifying ------------------------------------------------------------------------------------


def test_a_pack_as_it_was_made_is_sound(pack: Path, content: bytes, place: Path) -> None:
    found = verify(pack)
    files = files_of(content)
    assert found.troubles == ()
    assert (found.files, found.originals) == (len(files), 1)
    assert (found.reports, found.claims) == (len(lines_of(files, "reports")), len(lines_of(files, "claims")))
    assert found.quotations > found.claims
    assert found.sha256 == sha256(content).hexdigest()
    with Ledger.open(place) as ledger:
        assert verify(pack, ledger).changed == ()


def zipped(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{BASE}/{name}", content)
    return path


def sealed(files: Files) -> Files:
    """The files with manifests that fit them: what somebody writes who changes a pack on purpose."""
    rest = {name: content for name, content in files.items() if "manifest-sha256" not in name}

    def listed(names: Iterator[str]) -> bytes:
        return "".join(f"{sha256(rest[name]).hexdigest()}  {name}\n" for name in names).encode()

    rest["manifest-sha256.txt"] = listed(name for name in list(rest) if name.startswith("data/"))
    rest["tagmanifest-sha256.txt"] = listed(name for name in list(rest) if not name.startswith("data/"))
    return rest


TEXT = f"data/reports/{odd().report.id}.txt"


DEEP = b"[" * 900 + b"]" * 900
"""A value that is read but too deep to be printed where a fault would print it."""


def edited(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return edit


def without_line(name: str, number: int) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(lines[:number] + lines[number + 1 :])

    return edit


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (edited(TEXT, b"gate", b"gait"), f"{TEXT} was changed: manifest-sha256.txt has another hash"),
        (edited("README.txt", b"Evidence", b"Evidense"), "README.txt was changed: tagmanifest-sha256.txt"),
        (edited("manifest-sha256.txt", b"0", b"1"), "manifest-sha256.txt was changed"),
        (lambda files: files.pop(TEXT), f"{TEXT} is in manifest-sha256.txt, but not in the pack"),
        (lambda files: files.pop("README.txt"), "README.txt is missing"),
        (lambda files: files.pop("manifest-sha256.txt"), "manifest-sha256.txt is missing"),
        (lambda files: files.pop("tagmanifest-sha256.txt"), "tagmanifest-sha256.txt is missing"),
        (lambda files: files.pop("data/claims.jsonl"), "claims.jsonl is missing"),
        (lambda files: files.update({"data/more.txt": b"x"}), "data/more.txt is extra"),
        (lambda files: files.update({"note.txt": b"x"}), "note.txt is extra"),
    ],
)
def test_what_was_changed_is_told(content: bytes, tmp_path: Path, edit: Callable[[Files], None], told: str) -> None:
    files = files_of(content)
    edit(files)
    found = verify(zipped(files, tmp_path / "x.zip"))
    assert not found.sound
    assert any(told in trouble for trouble in found.troubles), found.troubles


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (edited(TEXT, b"gate", b"gait"), "has a text_sha256 that is not that of"),
        (edited("data/claims.jsonl", b'"words":"shut"', b'"words":"open"'), ":E1 has words that do not stand at ["),
        (edited("data/claims.jsonl", b'"span":[', b'"span":[-1,'), "has words that do not stand at [-1"),
        (
            edited("data/claims.jsonl", b'"quotes":[', b'"quotes":[{"span":null},'),
            "has words that do not stand at null",
        ),
        (
            edited("data/reports.jsonl", b'"outlet":"', b'"outlet":"The '),
            "has an id that is not the hash of its outlet",
        ),
        (edited("data/reports.jsonl", ORIGINAL.encode(), b"0" * 64), "was taken from other bytes"),
        (edited("data/reports.jsonl", b'"claims":', b'"claims":1'), "claims, and has"),
        (edited("manifest.json", b'"claims":', b'"claims":1'), "manifest.json counts 1"),
        (edited("manifest.json", b"pack 1", b"pack 9"), "is of another format"),
        (without_line("data/claims.jsonl", 3), "claims, and has"),
        (without_line("data/reports.jsonl", 0), "is of no report of reports.jsonl"),
        (edited("data/claims.jsonl", b"{", b"["), "claims.jsonl, line 1, is no JSON"),
        (edited("data/claims.jsonl", b"{", b"[" * 100_000 + b"{"), "line 1, is no JSON"),
        (lambda files: files.update({"data/claims.jsonl": b"x" * 5_000_000}), "has a line of more than"),
        (lambda files: files.update({f"data/originals/{'1' * 64}": b"x"}), "belongs to no report"),
        (lambda files: files.update({TEXT: b"\xff\xfe"}), "is no UTF-8"),
        (lambda files: files.update({"data/more.html": b"x"}), "data/more.html is extra: no pack has one"),
        (lambda files: files.update({"note.txt": b"x"}), "note.txt is extra: no pack has one"),
        (edited("data/reports.jsonl", b'"text":"reports/', b'"text":"reports/../reports/'), "names another file than"),
        (edited("data/reports.jsonl", b'"id":"', b'"id":"0'), "has no text"),
        (edited("data/claims.jsonl", b'"id":"', b'"id":' + DEEP + b',"x":"'), "claim a list has an id that is none of"),
        (edited("data/claims.jsonl", b'"span":[', b'"span":' + DEEP + b',"x":['), "stand at a list of its text"),
        (edited("data/sources.jsonl", b'"report":"', b'"report":{},"x":"'), "is of no report of reports.jsonl"),
        (edited("manifest.json", b'"claims":', b'"claims":' + DEEP + b',"x":'), "manifest.json counts a list claims"),
        (edited("data/reports.jsonl", b'"original":"', b'"original":' + DEEP + b',"x":"'), "taken from data/a list"),
    ],
)
def test_what_was_changed_with_its_hashes_is_told_too(
    content: bytes, tmp_path: Path, edit: Callable[[Files], None], told: str
) -> None:
    """As far as the rest of the pack speaks against it."""
    files = files_of(content)
    edit(files)
    found = verify(zipped(sealed(files), tmp_path / "x.zip"))
    assert any(told in trouble for trouble in found.troubles), found.troubles


def test_claims_that_make_a_text_be_read_again_and_again_are_refused(content: bytes, tmp_path: Path) -> None:
    files = files_of(content)
    lines = files["data/claims.jsonl"].splitlines(keepends=True)
    files["data/claims.jsonl"] = b"".join([*lines[1:], lines[0]])
    found = verify(zipped(sealed(files), tmp_path / "x.zip"))
    assert any("in more than one place" in trouble for trouble in found.troubles)


NAMES = [
    "../out.txt",
    "/etc/passwd",
    f"{BASE}/../../out",
    f"{BASE}\\x",
    "other/x",
    f"{BASE}/a/",
    f"{BASE}/\x1b[31m",
    f"{BASE}/é",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere_are_told_and_left_alone(content: bytes, tmp_path: Path, name: str) -> None:
    path = zipped(files_of(content), tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")
    found = verify(path)
    assert not found.sound and "has a name" in found.troubles[0]
    assert [one.name for one in tmp_path.iterdir()] == ["x.zip"]


def test_links_doubles_and_other_compressions_are_told(content: bytes, tmp_path: Path) -> None:
    files = files_of(content)
    text = files.pop(TEXT)
    path = zipped(files, tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo(f"{BASE}/data/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(f"{BASE}/{TEXT}", text, zipfile.ZIP_BZIP2)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"{BASE}/README.txt", b"another")
    told = " ".join(verify(path).troubles)
    for wrong in ("data/link is no plain file", "compressed in a way", "README.txt is there more than once"):
        assert wrong in told


def test_a_bomb_costs_little(tmp_path: Path) -> None:
    """One that unpacks to 100 MB is read through in pieces, and one that lies about its size is refused."""
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"{BASE}/data/claims.jsonl", "w") as f,
    ):
        for _ in range(100):
            f.write(bytes(1_000_000))
    tracemalloc.start()
    found = verify(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not found.sound
    assert peak < 40_000_000
    lying = path.read_bytes().replace((100_000_000).to_bytes(4, "little"), (4_000_000_000).to_bytes(4, "little"))
    path.write_bytes(lying)
    with pytest.raises(NotAPack, match="would take"):
        verify(path)


def test_files_that_lie_over_one_another_are_told(content: bytes, tmp_path: Path) -> None:
    """As in bombs, which have the same bytes under many names."""
    path = zipped(files_of(content), tmp_path / "x.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"{BASE}/data/originals/{'2' * 64}", b"x")
        again = archive.infolist()[-1]
        (text,) = (one for one in archive.infolist() if one.filename == f"{BASE}/{TEXT}")
        again.header_offset, again.CRC = text.header_offset, text.CRC
        again.file_size, again.compress_size, again.compress_type = text.file_size, text.compress_size, 8
    assert any("lies over the file after it" in trouble for trouble in verify(path).troubles)


def hidden_before_the_list(content: bytes, hidden: bytes) -> bytes:
    """A zip with bytes between its last member and its list of members, which says where it is now."""
    end = content.rindex(b"PK\5\6")
    listed_at = int.from_bytes(content[end + 16 : end + 20], "little")
    moved = (listed_at + len(hidden)).to_bytes(4, "little")
    return content[:listed_at] + hidden + content[listed_at : end + 16] + moved + content[end + 20 :]


def hidden_in_a_member(content: bytes, hidden: bytes) -> bytes:
    """A zip of one deflated member with bytes behind the end of what is deflated, which count as part of it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{BASE}/bagit.txt", b"a" * 1000)
        (member,) = archive.infolist()
        archive.fp.write(hidden)  # type: ignore[union-attr]
        archive.start_dir += len(hidden)
        member.compress_size += len(hidden)
    told = made.getvalue()
    return told[:18] + member.compress_size.to_bytes(4, "little") + told[22:]


HIDDEN = b"PK\3\4 another index.html"
LAID: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "before": (lambda content: HIDDEN + content, "the pack is followed by bytes that belong to no file"),
    "after": (lambda content: content + HIDDEN, "the pack goes on after its end"),
    "as a comment": (
        lambda content: content[:-2] + len(HIDDEN).to_bytes(2, "little") + HIDDEN,
        "the pack goes on after its end",
    ),
    "between": (lambda content: hidden_before_the_list(content, HIDDEN), "followed by bytes that belong to no file"),
    "within": (lambda content: hidden_in_a_member(content, HIDDEN), "bagit.txt has more in it than its content"),
}


@pytest.mark.parametrize("where", LAID)
def test_bytes_that_belong_to_no_file_are_told(where: str, content: bytes, tmp_path: Path) -> None:
    """A program that reads a zip from its start would find files there that its list does not have."""
    lay, told = LAID[where]
    path = tmp_path / "x.zip"
    path.write_bytes(lay(content))
    assert any(told in trouble for trouble in verify(path).troubles)


def test_a_pack_of_more_files_than_a_small_zip_has_is_sound(tmp_path: Path) -> None:
    path, grown = tmp_path / "x.zip", GrowingZip()
    with path.open("wb") as file:
        for number in range(66_000):
            file.writelines(grown.put(f"{BASE}/{number}", io.BytesIO(b"x"), zipfile.ZIP_STORED))
        file.write(grown.close())
    with opened.opened(path) as pack:
        assert len(pack.members) == 66_000 and not pack.troubles


def test_a_quotation_as_long_as_the_text_costs_no_copy_of_it(content: bytes, tmp_path: Path) -> None:
    files = files_of(content)
    text = files[TEXT].decode()
    many = b'{"words":"","span":[0,%d]},' % len(text) * 50_000
    edited("data/claims.jsonl", b'"quotes":[', b'"quotes":[' + many)(files)
    found = verify(zipped(sealed(files), tmp_path / "x.zip"))
    assert (len(found.troubles), found.untold > 49_000) == (100, True)


def test_too_many_names_are_not_looked_at(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(files_of(content), tmp_path / "x.zip")
    monkeypatch.setattr(opened, "MOST_DIRECTORY", 100_000)
    assert verify(path).sound
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1_000):
            archive.writestr(f"{BASE}/data/reports/{number:064}.txt", b"")
    with pytest.raises(NotAPack, match="more files"):
        verify(path)


def test_a_pack_cut_or_garbled_anywhere_is_never_sound_and_never_a_fault(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for at in range(0, len(content), len(content) // 60):
        garbled = content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        for damaged in (content[:at], garbled):
            path.write_bytes(damaged)
            assert not sound(path) or _same_files(damaged, content), at


def sound(path: Path) -> bool:
    try:
        return verify(path).sound
    except NotAPack:
        return False


def _same_files(one: bytes, other: bytes) -> bool:
    """Whether what was garbled says nothing of the files: a date, say."""
    return files_of(one) == files_of(other)


def test_what_is_no_pack_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    with pytest.raises(NotAPack, match="no zip"):
        verify(tmp_path / "x.zip")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        verify(tmp_path / "none.zip")
    found = verify(zipped({"README.txt": b"x"}, tmp_path / "y.zip"))
    assert len(found.troubles) > 5 and "data/claims.jsonl is missing: every pack has one" in found.troubles


def test_many_troubles_are_counted(content: bytes, tmp_path: Path) -> None:
    files = files_of(content) | {f"data/extra/{number}": b"" for number in range(150)}
    found = verify(zipped(files, tmp_path / "x.zip"))
    assert (len(found.troubles), found.untold) == (100, 50)


def test_what_the_ledger_has_otherwise_now_is_told(tmp_path: Path) -> None:
    place = linked_ledger(tmp_path / "l.sqlite")
    save([made(place)], tmp_path / "x.zip")
    id, other = denial().report.id, odd().report.id
    with Ledger.open(place) as ledger:
        ledger.correct(f"{id[:12]}:E1", "status", "ruled_out", "called off", "Mara")
        ledger.correct(f"{id[:12]}:E2", "dropped", "yes", "", "Mara")
        ledger.retract(other, "2031-04-01", "withdrawn")
        found: Verified = verify(tmp_path / "x.zip", ledger)
    assert found.sound
    assert f"report {other} was retracted from 2031-04-01 on" in found.changed
    assert any(one.startswith(f"claim {id[:12]}:E1 is otherwise now: claim, status") for one in found.changed)
    assert f"claim {id[:12]}:E2 is none any more" in found.changed
    files = files_of((tmp_path / "x.zip").read_bytes())
    edited("data/claims.jsonl", b'"report":"' + id.encode(), b'"report":"' + id[:6].encode())(files)
    edited("data/reports.jsonl", b'"id":"' + id.encode(), b'"id":"' + id[:6].encode())(files)
    with Ledger.open(place) as ledger:
        assert not verify(zipped(sealed(files), tmp_path / "y.zip"), ledger).sound
    with Ledger.open(tmp_path / "empty.sqlite") as ledger:
        assert f"report {id} is not in this ledger" in verify(tmp_path / "x.zip", ledger).changed


# --- the command and the page ---------------------------------------------------------------------


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_says_what_is_wrong_and_ends_so(pack: Path, place: Path, content: bytes, tmp_path: Path) -> None:
    done = run("verify", pack)
    assert (done.exit_code, f"{pack} is sound" in done.stdout) == (0, True)
    done = run("verify", pack, "--ledger", place, "--format", "json")
    assert json.loads(done.stdout)["sound"] is True
    files = files_of(content)
    edited(TEXT, b"gate", b"gait")(files)
    done = run("verify", zipped(files, tmp_path / "x.zip"))
    assert done.exit_code == 1
    assert "NOT sound" in done.stdout and f"- {TEXT} was changed" in done.stdout
    assert run("verify", tmp_path / "none.zip").exit_code == 1
    assert run("verify", pack, "--format", "xml").exit_code == 2


def test_the_page_and_the_command_give_the_same_pack(place: Path, tmp_path: Path) -> None:
    done = run(
        "export",
        "--format",
        "pack",
        "--kind",
        "events",
        "--status",
        "planned",
        "--ledger",
        place,
        "--out",
        tmp_path / "p.zip",
    )
    assert done.exit_code == 0
    with TestClient(create_app(place, Settings()), base_url="http://localhost:8765") as client:
        answer = client.get("/export?kind=events&format=pack&status=planned")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith('.zip"')
    assert answer.content == (tmp_path / "p.zip").read_bytes()
