"""The checks of an evidence pack, one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.show.exports.bag import MANIFEST, PAYLOAD, TAG_MANIFEST
from dragoman.show.exports.pack import FORMAT
from dragoman.show.verifying.now import Now
from dragoman.show.verifying.opened import Damaged, Opened, opened

MOST_TOLD = 100
"""Troubles that are told; the rest is counted."""

TAGS = ("bagit.txt", "bag-info.txt", "README.txt", "manifest.json", MANIFEST)
LISTS = ("claims.jsonl", "sources.jsonl", "reports.jsonl", "model.json", "index.html")
FORMATS = (f"dragoman evidence pack {FORMAT}",)

_LINE = re.compile(r"(?P<hash>[0-9a-f]{64})  (?P<path>[^\r\n]+)")
_OF_REPORTS = (f"{PAYLOAD}/reports/", f"{PAYLOAD}/originals/")
_PAGE = re.compile(rf"{PAYLOAD}/index-[1-9][0-9]*\.html")
_SHOWN = 100
"""Characters of a name or id in a trouble."""
_FEW = 4
_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found. `troubles` say what is wrong with the pack, `changed` what the ledger has otherwise now."""

    file: str
    sha256: str
    files: int
    reports: int
    claims: int
    quotations: int
    originals: int
    troubles: tuple[str, ...]
    untold: int
    changed: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.troubles


@dataclass(slots=True)
class _Found:
    """What is found while a pack is looked at."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("reports", "claims", "quotations"), 0))
    troubles: list[str] = field(default_factory=list)
    untold: int = 0

    def tell(self, what: str, wrong: str) -> None:
        """Notes that something is wrong with a file or a claim."""
        if len(self.troubles) < MOST_TOLD:
            self.troubles.append(f"{what} {wrong}")
        else:
            self.untold += 1


@dataclass(frozen=True, slots=True)
class _Report:
    """What the list of reports says of one."""

    text: str
    claims: int


def verify(path: Path, ledger: Ledger | None = None) -> Verified:
    """Looks at every file and every claim of a pack; and compares it with a ledger. NotAPack, UnreadableFile."""
    found, now = _Found(), Now(ledger) if ledger else None
    with opened(path) as pack:
        for what, wrong in pack.troubles:
            found.tell(what, wrong)
        hashes = _hashes(pack, found)
        _manifests(pack, hashes, found)
        about = _about(pack, found)
        reports = _reports(pack, hashes, found, now)
        _claims(pack, reports, found, now)
        _sources(pack, reports, found)
        for name in ("reports", "claims"):
            if about and about.get(name) != found.counts[name]:
                counted = _said(about.get(name))
                found.tell("manifest.json", f"counts {counted} {name}, but there are {found.counts[name]}")
    originals = sum(name.startswith(f"{PAYLOAD}/originals/") for name in hashes)
    return Verified(
        file=str(path),
        sha256=_file_hash(path),
        files=len(hashes),
        **found.counts,
        originals=originals,
        troubles=tuple(found.troubles),
        untold=found.untold,
        changed=tuple(now.changed) if now else (),
    )


# --- files ----------------------------------------------------------------------------------------


def _hashes(pack: Opened, found: _Found) -> dict[str, str]:
    """The SHA-256 of each member; of one that is damaged, nothing."""
    hashes = {}
    for path in pack.members:
        digest = sha256()
        try:
            with pack.reading(path) as file:
                while piece := file.read(_AT_ONCE):
                    digest.update(piece)
            hashes[path] = digest.hexdigest()
        except Damaged as error:
            found.tell(path, str(error))
            hashes[path] = ""
    return hashes


def _manifests(pack: Opened, hashes: dict[str, str], found: _Found) -> None:
    """That each file is in its manifest with its hash, and each that a manifest names is there."""
    payload = {path for path in hashes if path.startswith(f"{PAYLOAD}/")}
    listed = _manifest(pack, MANIFEST, payload, hashes, found)
    listed |= _manifest(pack, TAG_MANIFEST, set(hashes) - payload - {TAG_MANIFEST}, hashes, found)
    always = (*TAGS, TAG_MANIFEST, *(f"{PAYLOAD}/{name}" for name in LISTS))
    for path in always:
        if path not in hashes:
            found.tell(path, "is missing: every pack has one")
    for path in sorted(listed - set(always)):
        if not (path.startswith(_OF_REPORTS) or _PAGE.fullmatch(path)):
            found.tell(path, "is extra: no pack has one")


def _manifest(pack: Opened, name: str, there: set[str], hashes: dict[str, str], found: _Found) -> set[str]:
    """The files that a manifest names and that are there."""
    listed: set[str] = set()
    try:
        for number, line in enumerate(pack.lines(name), start=1):
            match = _LINE.fullmatch(line.decode("utf-8", "replace"))
            if match is None or match["path"] in listed:
                found.tell(name, f"has a line {number} that is none of a manifest, or is there twice")
                continue
            path = match["path"]
            if path not in there:
                found.tell(_said(path), f"is in {name}, but not in the pack")
                continue
            listed.add(path)
            if hashes[path] and hashes[path] != match["hash"]:
                found.tell(path, f"was changed: {name} has another hash for it")
    except Damaged as error:
        found.tell(name, str(error))
    for path in sorted(there - listed):
        found.tell(path, f"is extra: it is not in {name}")
    return listed


def _about(pack: Opened, found: _Found) -> dict[str, Any]:
    """What manifest.json says; nothing where it cannot be read."""
    try:
        told = _object(pack.whole("manifest.json"))
    except Damaged as error:
        found.tell("manifest.json", str(error))
        return {}
    if told.get("format") not in FORMATS:
        found.tell("manifest.json", f"is of another format than {FORMATS[0]}: a later Dragoman may know it")
    return told


# --- what they say --------------------------------------------------------------------------------


def _reports(pack: Opened, hashes: dict[str, str], found: _Found, now: Now | None) -> dict[str, _Report]:
    """The reports by their ids, each found to have its text and its originals."""
    reports: dict[str, _Report] = {}
    belonging = {f"{PAYLOAD}/{name}" for name in LISTS}
    for told in _objects(pack, "reports.jsonl", found):
        id = _said(told.get("id"))
        path = f"{PAYLOAD}/reports/{id}.txt"
        if id in reports:
            found.tell(f"report {id}", "is listed twice")
            continue
        found.counts["reports"] += 1
        if path not in hashes:
            found.tell(f"report {id}", f"has no text: {path} is missing")
            continue
        belonging.add(path)
        if told.get("text") != path.removeprefix(f"{PAYLOAD}/"):
            found.tell(f"report {id}", f"names another file than {path} for its text")
        count = told.get("claims")
        reports[id] = _Report(path, count if isinstance(count, int) else -1)
        if told.get("text_sha256") != hashes.get(path):
            found.tell(f"report {id}", f"has a text_sha256 that is not that of {path}")
        text = _text(pack, path, found)
        if text is not None:
            outlet = told.get("outlet")
            given = f"{outlet if isinstance(outlet, str) else ''}\0{text}".encode("utf-8", "surrogatepass")
            if sha256(given).hexdigest() != id:
                found.tell(f"report {id}", "has an id that is not the hash of its outlet and text")
            _quotations(told.get("dropped"), text, f"report {id}", found)
        for capture in _list(told.get("captures")):
            belonging |= _original(capture, hashes, id, found)
        if now:
            now.report(id)
    for path in sorted(hashes.keys() - belonging):
        if path.startswith(_OF_REPORTS):
            found.tell(path, "belongs to no report of reports.jsonl")
    return reports


def _original(capture: Any, hashes: dict[str, str], id: str, found: _Found) -> set[str]:
    """The path of the original of a capture, if it is in the pack: found to be the one."""
    if not isinstance(capture, dict):
        found.tell(f"report {id}", "has a capture that is none")
        return set()
    if capture.get("original") is None:
        return set()
    path = f"{PAYLOAD}/{_said(capture['original'])}"
    if path not in hashes:
        found.tell(f"report {id}", f"was taken from {path}, which is missing")
        return set()
    if hashes[path] != capture.get("sha256"):
        found.tell(f"report {id}", f"was taken from other bytes than {path}")
    return {path}


def _claims(pack: Opened, reports: dict[str, _Report], found: _Found, now: Now | None) -> None:
    """That each claim's words stand in its report's text, where it says; the claims of a report come together."""
    seen: set[str] = set()
    id, text, count = "", None, 0
    for claim in _objects(pack, "claims.jsonl", found):
        found.counts["claims"] += 1
        what = f"claim {_said(claim.get('id'))}"
        if (report := _said(claim.get("report"))) != id:
            _counted(reports, id, count, found)
            id, count = report, 0
            if id in seen:
                found.tell("claims.jsonl", f"has the claims of report {id} in more than one place")
                return
            if id in reports:
                seen.add(id)
            else:
                found.tell(what, "is of no report of reports.jsonl")
            text = _text(pack, reports[id].text, None) if id in reports else None
            if now:
                now.claims_of(id)
        count += 1
        if not what.startswith(f"claim {mark_id(id, '')}"):
            found.tell(what, f"has an id that is none of report {id}")
        if text is not None:
            _quotations(claim, text, what, found)
            if not claim.get("quotes") and claim.get("kind") == "event":
                found.tell(what, "has no words")
        if now:
            now.claim(claim)
    _counted(reports, id, count, found)
    for report, told in reports.items():
        if report not in seen and told.claims:
            found.tell(f"report {report}", f"should have {told.claims} claims, and has none")


def _counted(reports: dict[str, _Report], id: str, count: int, found: _Found) -> None:
    if id in reports and reports[id].claims != count:
        found.tell(f"report {id}", f"should have {reports[id].claims} claims, and has {count}")


def _sources(pack: Opened, reports: dict[str, _Report], found: _Found) -> None:
    for source in _objects(pack, "sources.jsonl", found):
        if _said(source.get("report")) not in reports:
            found.tell(f"source {_said(source.get('id'))}", "is of no report of reports.jsonl")


def _quotations(told: Any, text: str, what: str, found: _Found) -> None:
    """That whatever has words and a span is in the text there, however deep it lies."""
    waiting = [told]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        if not isinstance(one, dict):
            continue
        waiting += one.values()
        if "span" not in one:
            continue
        found.counts["quotations"] += 1
        match one["span"], one.get("words"):
            case [int(start), int(end)], str(words) if start >= 0 and end - start == len(words):
                if not text.startswith(words, start):
                    found.tell(what, f"has words that do not stand at {_said(one['span'])} of its text")
            case span, _:
                found.tell(what, f"has words that do not stand at {_said(span)} of its text")


# --- reading --------------------------------------------------------------------------------------


def _text(pack: Opened, path: str, found: _Found | None) -> str | None:
    """The text of a report; what is wrong with it is told where somebody is to be told."""
    try:
        return pack.whole(path).decode("utf-8", "surrogatepass")
    except (Damaged, UnicodeDecodeError) as error:
        if found:
            found.tell(path, str(error) if isinstance(error, Damaged) else "is no UTF-8")
        return None


def _objects(pack: Opened, name: str, found: _Found) -> Iterator[dict[str, Any]]:
    """The lines of a list; what is none is told."""
    try:
        for number, line in enumerate(pack.lines(f"{PAYLOAD}/{name}"), start=1):
            try:
                yield _object(line)
            except Damaged as error:
                found.tell(f"{name}, line {number},", str(error))
    except Damaged as error:
        found.tell(name, str(error))


def _object(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Damaged("is no JSON") from error
    if not isinstance(told, dict):
        raise Damaged("is no JSON object")
    return told


def _said(value: Any) -> str:
    """A value of a pack as it is told: short, and whatever it is."""
    match value:
        case str():
            return value[:_SHOWN]
        case list() if len(value) > _FEW or any(isinstance(part, list | dict) for part in value):
            return "a list"
        case dict():
            return "an object"
    return json.dumps(value)[:_SHOWN]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(_AT_ONCE):
            digest.update(piece)
    return digest.hexdigest()
