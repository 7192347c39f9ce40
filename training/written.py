"""Reports that we wrote ourselves for training: the YAML files of `written/` as rows like sourced_events.

Invariant: every mark is given as words of the text, and `text[start:end]` is exactly those words. Words that
are missing, or that stand more than once where they are looked for, are an error that names file, mark and
words; no place is guessed. training/written/README.md tells how to write a file.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dragoman.codes import codes

FOLDER = Path(__file__).with_name("written")
Span = tuple[int, int]
Row = dict[str, Any]

OPENING, CLOSING = "“\"«„‘'", "”\"»“’'"
ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Brig|Capt|Sgt|Adm|Gov|Sen|Rep|St|No|Rev|Fr|Hon|vs)\.$"
)
SENTENCE_END = re.compile(r"[.!?…][”\"»’')\]]*\s+(?=[“\"«„‘'(\[]*[A-Z0-9])")
DAY = r"\d{4}(?:-W\d\d|-\d\d(?:-\d\d)?)?"
DATE = re.compile(rf"(?:{DAY}|\.\.)(?:/(?:{DAY}|\.\.))?")
FIELDS = {
    "report": "id title published outlet text entities attributions events",
    "entity": "name type country role of aka",
    "attribution": "source cue content kind mode addressee entity in",
    "event": "trigger type actors recipients place time date status certainty attribution in",
}


class WrittenError(ValueError):
    """A written report that cannot be read: one line for each fault."""


def rows(folder: Path = FOLDER) -> list[Row]:
    """Every written report in order of the file names; a faulty file is a WrittenError."""
    return [load(path) for path in sorted(folder.glob("*.yaml"))]


def load(path: Path) -> Row:
    """One file as a row; all that is wrong with it is told in one WrittenError."""
    try:
        marking = Marking(yaml.safe_load(path.read_text(encoding="utf-8")))
        row = marking.row()
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise WrittenError(
            f"{path.name}: not in the form of a written report: {type(error).__name__} {error}"
        ) from error
    if row["id"] != path.stem:
        marking.faults.append(f"id {row['id']!r} is not the name of the file")
    if marking.faults:
        raise WrittenError("\n".join(f"{path.name}: {fault}" for fault in marking.faults))
    plain: Row = json.loads(json.dumps(row))  # spans as lists, as the rows of a file have them
    return plain


# --- sentences and words ------------------------------------------------------------------------


def sentences(text: str) -> list[Span]:
    """Lines, cut after each full stop that a capital or a figure follows."""
    found: list[Span] = []
    for line in re.finditer(r"\S[^\n]*", text):
        start = line.start()
        for end in SENTENCE_END.finditer(text, *line.span()):
            if not ABBREVIATION.search(text[start : end.start() + 1]):
                found.append((start, start + len(text[start : end.end()].rstrip())))
                start = end.end()
        found.append((start, start + len(text[start : line.end()].rstrip())))
    return found


def occurrences(text: str, words: str, scope: Span) -> list[Span]:
    """Where `words` stand as whole words inside `scope`.

    ` ... ` skips to the nearest continuation; of `round <these> words` only those in brackets are the mark.
    """
    bracketed = re.fullmatch("([^<]*)<([^>]*)>(.*)", words, re.S)
    before, marked, after = bracketed.groups() if bracketed else ("", words, "")
    starts = r"(?<!\w)" if re.match(r"\w", before + marked) else ""
    ends = r"(?!\w)" if re.search(r"\w$", marked + after) else ""
    pattern = f"{starts}(?={_loose(before)}({_loose(marked)}){_loose(after)}{ends})"
    return [match.span(1) for match in re.compile(pattern, re.S).finditer(text, *scope)]


def _loose(words: str) -> str:
    """A pattern in which white space, line ends included, fits any other white space."""
    return ".*?".join(re.sub(r"(?:\\\s)+", r"\\s+", re.escape(part)) for part in words.split(" ... "))


def quotation(content: list[str]) -> str:
    """`direct`, `indirect` or `mixed`, by the quotation marks of a content; an apostrophe is none."""
    if not any(re.search(r"[“”\"«»„]|(?<!\w)[‘']", part) for part in content):
        return "indirect"
    whole = content[0][0] in OPENING and content[-1].rstrip(".,")[-1] in CLOSING
    return "direct" if whole else "mixed"


# --- one file -------------------------------------------------------------------------------------


class Marking:
    """Turns the words of one file into spans and gathers what is wrong in `faults`."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.text: str = data["text"].strip()
        self.sentences = sentences(self.text)
        self.faults: list[str] = []
        self.entities: dict[str, dict[str, Any]] = data.get("entities") or {}
        self.used: set[str] = set()
        self.addressed: set[str] = set()

    def row(self) -> Row:
        """The whole report."""
        self._fields("report", "report", self.data)
        published = str(date.fromisoformat(str(self.data["published"])))
        attributions = [self._attribution(n, a) for n, a in enumerate(self.data.get("attributions") or [], 1)]
        for number, a in enumerate(attributions):
            a["inside"] = _innermost(_around(attributions, number), a["content"][0])
        events = [self._event(n, e, attributions) for n, e in enumerate(self.data.get("events") or [], 1)]
        return {
            "id": str(self.data["id"]),
            "title": self.data.get("title"),
            "published": published,
            "outlet": self.data.get("outlet"),
            "text": self.text,
            "sentences": [list(s) for s in self.sentences],
            "entities": [self._entity(key, e) for key, e in self.entities.items()],
            "attributions": attributions,
            "events": events,
        }

    def _entity(self, key: str, entity: dict[str, Any]) -> Row:
        self._fields("entity", f"entity {key}", entity)
        self._code(f"entity {key}", "type", entity["type"], codes().entity_types)
        if entity.get("of") is not None and entity["of"] not in self.entities:
            self.faults.append(f"entity {key}: no entity {entity['of']!r}")
        of_another = any(other.get("of") == key for other in self.entities.values())
        # A mark names its place and addressee by words alone, so their entities are known by name only.
        by_name = entity["type"] in ("place", "country") or self.addressed & {
            entity["name"],
            *entity.get("aka", ()),
        }
        if key not in self.used and not of_another and not by_name:
            self.faults.append(f"entity {key}: no mark uses it")
        return {"e": key, **entity}

    def _attribution(self, number: int, given: dict[str, Any]) -> Row:
        label = f"attribution {number} ({_many(given['content'])[0][:40]!r})"
        self._fields("attribution", label, given)
        within = self._within(label, given)
        content: list[Span] = []
        for words in _many(given["content"]):
            content += _by_line(self.text, self._find(label, words, [within]))
        near = self._near(content[0], within)
        source, cue = (
            [self._find(label, words, near, barred=content) for words in _many(given.get(part))]
            for part in ("source", "cue")
        )
        addressee = given.get("addressee")
        self.addressed.add(re.sub("^.*<|>.*$", "", addressee or ""))
        kind = given.get("kind", "named" if source else "none")
        self._code(label, "kind", kind, codes().source_kinds)
        if (kind == "none") != (not source) and not (kind == "named" and given.get("entity")):
            self.faults.append(f"{label}: kind {kind} and source {given.get('source')!r} do not go together")
        mode = given.get("mode", quotation([self.text[s:e] for s, e in content]))
        self._code(label, "mode", mode, codes().attribution_modes)
        return {
            "id": f"A{number}",
            "sentence": self._sentence((cue or content)[0]),
            "source": source,
            "cue": cue,
            "content": content,
            "kind": kind,
            "mode": mode,
            "addressee": self._find(label, addressee, near) if addressee else None,
            "entity": self._known(label, given.get("entity")),
            "inside": None,
        }

    def _event(self, number: int, given: dict[str, Any], attributions: list[Row]) -> Row:
        label = f"event {number} ({given['trigger']!r})"
        self._fields("event", label, given)
        within = self._within(label, given)
        trigger = self._find(label, given["trigger"], [within])
        if len(self.text[slice(*trigger)].split()) > 4:
            self.faults.append(f"{label}: a trigger of more than four words")
        near = self._near(trigger, within)
        kind, _, mode = str(given["type"]).partition(" ")
        self._code(label, "type", kind, tuple(codes().event_types))
        if mode and kind in codes().event_types:
            self._code(label, f"mode of {kind}", mode, tuple(codes().event_types[kind].modes))
        status, certainty = given.get("status", "occurred"), given.get("certainty", "certain")
        self._code(label, "status", status, codes().statuses)
        self._code(label, "certainty", certainty, codes().certainties)
        day = str(given["date"]) if given.get("date") else None
        if day and not (given.get("time") and DATE.fullmatch(day)):
            self.faults.append(f"{label}: date {day!r} is not ISO 8601, or has no words in `time`")
        holder = _innermost(attributions, trigger)
        if "attribution" in given and given["attribution"] != holder:
            self.faults.append(f"{label}: is in attribution {holder}, not in {given['attribution']}")
        roles = {
            role: [
                {"span": self._find(label, words, near), "entity": self._known(label, key)}
                for words, key in (given.get(role) or {}).items()
            ]
            for role in ("actors", "recipients")
        }
        place, time = (self._find(label, given[p], near) if given.get(p) else None for p in ("place", "time"))
        return {
            "id": f"V{number}",
            "sentence": self._sentence(trigger),
            "trigger": trigger,
            "type": kind,
            "mode": mode or None,
            **roles,
            "place": place,
            "time": time,
            "date": day,
            "status": status,
            "certainty": certainty,
            "attribution": holder,
        }

    # Checks and searches that attributions and events share.

    def _fields(self, kind: str, label: str, given: dict[str, Any]) -> None:
        for name in sorted(set(given) - set(FIELDS[kind].split())):
            self.faults.append(f"{label}: unknown field {name!r}")

    def _code(self, label: str, field: str, value: str, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self.faults.append(f"{label}: {field} {value!r} is none of {', '.join(allowed)}")

    def _known(self, label: str, key: str | None) -> str | None:
        if key is not None and key not in self.entities:
            self.faults.append(f"{label}: no entity {key!r}")
        self.used.add(key or "")
        return key

    def _within(self, label: str, given: dict[str, Any]) -> Span:
        """The stretch named by `in`, or the whole text."""
        everywhere = (0, len(self.text))
        return self._find(label, given["in"], [everywhere]) if given.get("in") else everywhere

    def _near(self, anchor: Span, within: Span) -> list[Span]:
        """Where the other words of a mark are looked for, narrowest first."""
        held = [s for s in self.sentences if s[0] < anchor[1] and anchor[0] < s[1]]
        around = (held[0][0], held[-1][1]) if held else anchor
        line_end = self.text.find("\n", around[1])
        line = (self.text.rfind("\n", 0, around[0]) + 1, len(self.text) if line_end < 0 else line_end)
        everywhere = (0, len(self.text))
        return ([] if within == everywhere else [within]) + [around, line, everywhere]

    def _find(self, label: str, words: str, scopes: list[Span], barred: list[Span] | None = None) -> Span:
        """The one place of `words` in the first scope that has any; `barred` stretches do not count."""
        wanted, at, number = str(words).rpartition("@")
        if at and number.isdigit():
            everywhere = occurrences(self.text, wanted, (0, len(self.text)))
            if int(number) <= len(everywhere):
                return everywhere[int(number) - 1]
            self.faults.append(f"{label}: {wanted!r} stands {len(everywhere)} times, not {number}")
            return (0, 1)
        for scope in scopes:
            found = [
                span
                for span in occurrences(self.text, str(words), scope)
                if not any(start < span[1] and span[0] < end for start, end in barred or ())
            ]
            if len(found) == 1:
                return found[0]
            if found:
                break
        self.faults.append(f"{label}: {words!r} stands {len(found)} times in {self.text[slice(*scope)][:60]!r}")
        return (0, 1)

    def _sentence(self, span: Span) -> int:
        return next((n for n, (_, end) in enumerate(self.sentences) if span[0] < end), len(self.sentences) - 1)


def _many(value: Any) -> list[str]:
    return [] if value is None else [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _by_line(text: str, span: Span) -> list[Span]:
    """A stretch as one span a line, so that no content runs over the end of a paragraph."""
    return [line.span() for line in re.compile(r"\S[^\n]*").finditer(text, *span)]


def _size(attribution: Row) -> int:
    return sum(end - start for start, end in attribution["content"])


def _around(attributions: list[Row], number: int) -> list[Row]:
    """Those that may hold one of the attributions: longer ones, and earlier ones of the same length."""
    size = _size(attributions[number])
    return [b for n, b in enumerate(attributions) if (_size(b), -n) > (size, -number)]


def _innermost(attributions: list[Row], span: Span) -> str | None:
    """The attribution with the shortest content that holds a span; the later of two equal ones."""
    holding = [a for a in attributions if any(start <= span[0] and span[1] <= end for start, end in a["content"])]
    return str(min(reversed(holding), key=_size)["id"]) if holding else None


def main() -> int:
    """Prints what is wrong, then counts by type, status, kind and mode; 1 when a file is faulty."""
    good: list[Row] = []
    faulty = 0
    for path in sorted(FOLDER.glob("*.yaml")):
        try:
            good.append(load(path))
        except WrittenError as error:
            faulty += 1
            print(error)
    words = sum(len(row["text"].split()) for row in good)
    print(f"{len(good)} reports, {words} words, {faulty} files with faults")
    for part, fields in (("events", ("type", "status", "certainty")), ("attributions", ("kind", "mode"))):
        print(f"{sum(len(row[part]) for row in good)} {part}")
        for field in fields:
            counts = Counter(mark[field] for row in good for mark in row[part])
            print(f"  {field}: " + ", ".join(f"{value} {n}" for value, n in counts.most_common()))
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
