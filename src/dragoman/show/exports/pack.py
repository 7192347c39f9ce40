"""The evidence pack: one zip with claims, their words, the texts, what those were taken from, and a page to read it.

Invariant: the zip is a BagIt bag that holds all that is needed to check each claim in it, by hand or by `dragoman
verify`. The same ledger and search give the same bytes: the times in it are those that the ledger recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dragoman.ledger import query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.captures import Taken
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from dragoman.show import evidence
from dragoman.show.corrections import history_of
from dragoman.show.exports.about import statement
from dragoman.show.exports.bag import Bag, Spool
from dragoman.show.exports.claims import claims, dropped, sources
from dragoman.show.exports.pack_page import Pages
from dragoman.show.exports.selected import Selected, selected
from dragoman.show.output import as_json
from dragoman.show.search import Search

FORMAT = 1

README = """\
Evidence pack, made by {generator}

Dragoman reads news reports and notes what happened, according to whom. This pack holds what it found for one question,
with all that is needed to check it. Nobody says here that a claim is true: only that a report says so, in these words.

  data/index.html      the claims in their sentences: open it in any browser
  data/claims.jsonl    the same for programs, one claim a line
  data/sources.jsonl   who vouches for them, or passes them on
  data/reports.jsonl   the reports: origin, hashes, what each was taken from and when
  data/reports/        the text of each report exactly as it was read (UTF-8); the name is the report's id
  data/originals/      what reports were taken from, as it came; the name is the SHA-256 of the file
  data/model.json      which program and model read the reports

To check that no file was changed, on Linux, in this folder (macOS: shasum -a 256 -c):

  sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt

To check a claim: wherever claims.jsonl has "words" and "span", these are the characters from the first number up to,
not including, the second in the report's text, counted in Unicode code points from 0:

  python3 -c "import sys; f, a, b = sys.argv[1:]; print(open(f, encoding='utf-8', newline='').read()[int(a):int(b)])" \\
      data/reports/ID.txt FIRST SECOND

`dragoman verify FILE.zip` does all of this. A hash shows that a file is the one that was hashed, not who made it: keep
the SHA-256 of the zip itself where nobody else can change it.

{rights} The texts and originals are theirs, too.
The pack is a BagIt bag (RFC 8493).
"""


def pack(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What a search finds as an evidence pack: the zip, as it grows."""
    return _written(ledger, search, selected(ledger, search), statement(ledger, search))


def _written(ledger: Ledger, search: Search, found: Iterator[Selected], about: Mapping[str, str]) -> Iterator[bytes]:
    bag, pages, then = Bag(), Pages(search), query.as_of(search.filter)
    lists = {name: Spool() for name in ("claims", "sources", "reports")}
    makers: dict[MadeBy, None] = {}
    counts = {"reports": 0, "claims": 0}
    for one in found:
        report = one.reading.report
        if bag.has(f"reports/{report.id}.txt"):  # its day of publication changed meanwhile
            continue
        makers[one.reading.made_by] = None
        taken = ledger.captures(report.id, then)
        yield from _originals(ledger, bag, taken)
        yield from bag.add(f"reports/{report.id}.txt", report.text.encode("utf-8", "surrogatepass"))
        recorded_at = ledger.held([report.id], then)[report.id].recorded_at
        counts["reports"] += 1
        counts["claims"] += _list(ledger, lists, one, then, taken, recorded_at)
        shown = evidence.evidence(one.reading, one.events, one.attributions, recorded_at)
        for name, page in pages.add((shown, [(capture, _original(capture) or "") for capture in taken])):
            yield from bag.add(name, page)
    yield from bag.add(*pages.page())
    for name, spool in lists.items():
        yield from bag.add(f"{name}.jsonl", spool)
    yield from bag.add("model.json", _line(_models(list(makers))))
    asked = {"kind": search.kind, "asked": search.asked()}
    manifest = {"format": f"dragoman evidence pack {FORMAT}", **asked, **counts, **about}
    info = {"Bag-Software-Agent": about["generator"], "External-Description": "Evidence pack"}
    readme = README.format(**about).encode()
    yield from bag.close(info, {"README.txt": readme, "manifest.json": _line(manifest)})


def _originals(ledger: Ledger, bag: Bag, taken: Sequence[Taken]) -> Iterator[bytes]:
    for capture in taken:
        if (path := _original(capture)) and not bag.has(path):
            yield from bag.add(path, ledger.original(capture.sha256))


def _original(capture: Taken) -> str | None:
    """Where in the pack the original lies, if it does."""
    return f"originals/{capture.sha256}" if capture.kept else None


def _list(
    ledger: Ledger,
    lists: dict[str, Spool],
    one: Selected,
    then: AsOf,
    taken: Sequence[Taken],
    recorded_at: str,
) -> int:
    """Adds the lines of a report to the lists; how many claims it has."""
    history = history_of(ledger, one.reading, then)
    told = list(claims(one, history))
    for claim in told:
        lists["claims"].write(_line(claim))
    for source in sources(one):
        lists["sources"].write(_line(source))
    captures = [_capture(capture) for capture in taken]
    row = {**_report(one.reading), "recorded_at": recorded_at, "captures": captures, "claims": len(told)}
    lists["reports"].write(_line({**row, "dropped": dropped(one.reading, history)}))
    return len(told)


def _report(reading: Reading) -> dict[str, Any]:
    report = reading.report
    told = {name: getattr(report, name) for name in ("id", "title", "outlet", "published", "url", "language")}
    return {
        **told,
        "text": f"reports/{report.id}.txt",
        "text_sha256": evidence.text_hash(report),
        "made_by": asdict(reading.made_by),
    }


def _capture(capture: Taken) -> dict[str, Any]:
    told = {key: value for key, value in asdict(capture).items() if key not in ("content", "kept")}
    return {**told, "original": _original(capture)}


def _models(makers: list[MadeBy]) -> dict[str, Any]:
    return {
        "readings_made_by": [asdict(made_by) for made_by in makers],
        "program": "Dragoman",
        "license": "Apache-2.0 (program and model)",
        "how_to_verify": "model_sha256 is that of the model's manifest.json, which names every file of the model with "
        "its SHA-256; the model ships inside the Python package `dragoman` of that version, in data/model.",
    }


def _line(told: dict[str, Any]) -> bytes:
    return (as_json(told) + "\n").encode()
