"""What changed from one reading to another: by a new model or a correction, or because an article was edited.

Invariant: marks are the same when their words are the same words of the text, moved or not; confidences do not count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from dragoman.ledger.decisions import span_of
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Corrected, Event, MadeBy, Reading, Span

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a mark, in words; None where it is empty."""

    field: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A mark that was `added`, `dropped` or `changed`; `id` is that of the later reading, or of the one that had it."""

    what: str
    kind: str
    id: str
    words: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """From one reading to another: whose they are, the text added and cut, the marks, what people corrected."""

    before: str
    after: str
    title: str | None
    outlet: str | None
    published: str | None
    made_before: MadeBy
    made_after: MadeBy
    added: tuple[str, ...]
    cut: tuple[str, ...]
    marks: tuple[Change, ...]
    corrections: tuple[Corrected, ...]


def between(ledger: Ledger, one: str | None, other: str | None, since: str | None) -> Iterator[Changes]:
    """What changed in a ledger: from one report to another; in one report; or in all, in order of the report's id.

    In a report: from the reading it had before (at the moment `since`, if that is given), or if it has only ever had
    one, from the version of the article that stood at the same address before. NotFound, UsageError.
    """
    if one is not None and other is not None:
        yield changes(ledger.reading(one), ledger.reading(other))
        return
    found = False
    for before, after in ledger.superseded(one, since):
        found = True
        yield changes(before, after)
    if one is not None and not found:
        after = ledger.reading(one)
        if version := ledger.earlier(after):
            yield changes(version, after)


def changes(before: Reading, after: Reading) -> Changes:
    """All that is other in the later reading."""
    moved = _Moved(before.report.text, after.report.text)
    marks = (
        *_changed("event", before, after, _events(before, moved), _events(after)),
        *_changed("attribution", before, after, _attributions(before, moved), _attributions(after)),
        *_changed("entity", before, after, _entities(before), _entities(after)),
    )
    report = after.report
    return Changes(
        before=before.report.id,
        after=report.id,
        title=report.title,
        outlet=report.outlet,
        published=report.published,
        made_before=before.made_by,
        made_after=after.made_by,
        added=moved.added,
        cut=moved.cut,
        marks=marks,
        corrections=tuple(c for c in after.corrections if c not in before.corrections),
    )


class _Moved:
    """Where words of one text stand in another; what is only in one of them."""

    def __init__(self, before: str, after: str) -> None:
        self._runs: list[tuple[Span, int]] = []
        self.added: tuple[str, ...] = ()
        self.cut: tuple[str, ...] = ()
        self._same = before == after
        if self._same:
            return
        old, new = (list(_WORD.finditer(text)) for text in (before, after))
        matched = SequenceMatcher(None, [w[0] for w in old], [w[0] for w in new], autojunk=False)
        added: list[str] = []
        cut: list[str] = []
        for what, a, b, c, d in matched.get_opcodes():
            if what == "equal":
                self._runs += [(old[a + n].span(), new[c + n].start()) for n in range(b - a)]
                continue
            if b > a:
                cut.append(before[old[a].start() : old[b - 1].end()])
            if d > c:
                added.append(after[new[c].start() : new[d - 1].end()])
        self.added, self.cut = tuple(added), tuple(cut)

    def __call__(self, span: Span) -> Span | None:
        """The span in the later text; None where its first or last word is not there."""
        if self._same:
            return span
        start, end = self._position(span[0]), self._position(span[1] - 1)
        return None if start is None or end is None else (start, end + 1)

    def _position(self, position: int) -> int | None:
        n = bisect_right(self._runs, position, key=lambda run: run[0][0]) - 1
        if n < 0 or position >= self._runs[n][0][1]:
            return None
        return self._runs[n][1] + position - self._runs[n][0][0]


_Key = tuple[object, ...]
_Told = tuple[str, str, dict[str, str | None]]
"""The id of a mark, its words, and its fields in words."""


def _changed(
    kind: str,
    before: Reading,
    after: Reading,
    old: Iterable[tuple[_Key, _Told]],
    new: Iterable[tuple[_Key, _Told]],
) -> Iterator[Change]:
    """Marks of one kind by their keys; several of one key in their order."""
    there = _numbered(old)
    for key, (id, words, fields) in _numbered(new).items():
        was = there.pop(key, None)
        if was is None:
            yield Change("added", kind, mark_id(after.report.id, id), words)
            continue
        differing = [FieldChange(name, was[2][name], now) for name, now in fields.items() if was[2][name] != now]
        if differing:
            yield Change("changed", kind, mark_id(after.report.id, id), words, tuple(differing))
    for id, words, _ in there.values():
        yield Change("dropped", kind, mark_id(before.report.id, id), words)


def _numbered(marks: Iterable[tuple[_Key, _Told]]) -> dict[tuple[_Key, int], _Told]:
    found: dict[tuple[_Key, int], _Told] = {}
    for key, told in marks:
        n = 0
        while (key, n) in found:
            n += 1
        found[key, n] = told
    return found


def _place(mark: Event | Attribution, moved: _Moved | None) -> _Key:
    """What names a mark: where its words stand in the later text, or that they are not there any more."""
    span = span_of(mark)
    if moved is None:
        return span
    return moved(span) or ("gone", mark.id)


def _events(reading: Reading, moved: _Moved | None = None) -> Iterator[tuple[_Key, _Told]]:
    for event in reading.events:
        held = reading.attribution(event.attribution)
        fields = {
            "type": event.type,
            "mode": event.mode,
            "status": event.status,
            "certainty": event.certainty,
            "actors": _said(reading, (someone.span for someone in event.actors)),
            "recipients": _said(reading, (someone.span for someone in event.recipients)),
            "place": _said(reading, [event.place] if event.place else ()),
            "start": event.start,
            "end": event.end,
            "counts": "; ".join(f"{c.kind}: {reading.words(c.span)}" for c in event.counts) or None,
            "rule": event.rule,
            "condition": _said(reading, [event.condition] if event.condition else ()),
            "source": None if held is None else _said(reading, held.source),
        }
        yield _place(event, moved), (event.id, reading.words(event.trigger), fields)


def _attributions(reading: Reading, moved: _Moved | None = None) -> Iterator[tuple[_Key, _Told]]:
    for said in reading.attributions:
        fields = {
            "source": _said(reading, said.source),
            "content": _said(reading, said.content),
            "kind": said.kind,
            "stance": said.stance,
            "mode": said.mode,
        }
        yield _place(said, moved), (said.id, _said(reading, (*said.source, *said.cue)) or "", fields)


def _entities(reading: Reading) -> Iterator[tuple[_Key, _Told]]:
    for entity in reading.entities:
        fields = {
            "type": entity.type,
            "country": entity.country,
            "sector": entity.sector,
            "role": entity.role,
            "of": entity.of,
            "means": entity.canonical,
        }
        yield (entity.name,), (entity.id, entity.name, fields)


def _said(reading: Reading, spans: Iterable[Span]) -> str | None:
    return " … ".join(reading.words(span) for span in spans) or None
