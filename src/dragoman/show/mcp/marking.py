"""What may leave for an assistant: our own codes as they are, all other words marked as untrusted and made harmless.

Invariant: a text stands outside of `{"untrusted_text": ...}` only under a key of `CODED` or `OURS`, and only if it is
what that key has: a code of the codebook, a day, an id, a hash. So no words of a report change the shape of an answer.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from dragoman.codes import codes, country_table
from dragoman.compare import contradictions, grades
from dragoman.compare.state.acts import KINDS as KINDS_HELD
from dragoman.compare.state.fates import ENDINGS

UNTRUSTED = "untrusted_text"
LONGEST = 2_000
"""Characters of one text that is not ours; it is cut there, with ` …`."""
MOST = 50
"""Items of one list."""
ROOM = 60_000
"""Characters of all texts in one answer, after which lists end early."""

_ID = re.compile(r"[0-9a-f]{12,64}(:[A-Z]\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?")
_HASH = re.compile(r"[0-9a-f]{64}")
_CURSOR = re.compile(r"[\w-]{1,1000}", re.ASCII)

OURS = {
    **dict.fromkeys(
        ("id", "event", "events", "report", "reports", "attribution", "inside", "happening", "denied"), _ID
    ),
    **dict.fromkeys(("start", "end", "published", "since", "deadline", "day", "as_of"), _DAY),
    **dict.fromkeys(("recorded_at", "captured_at"), _MOMENT),
    **dict.fromkeys(("sha256", "text_sha256", "model_sha256"), _HASH),
    "next_cursor": _CURSOR,
}
"""What the texts of these keys are; those of `CODED` are codes."""
CODED = frozenset(
    {"type", "mode", "status", "certainty", "kind", "stance", "source_kind", "bound", "who", "rule", "date_precision"}
    | {"date_reason", "country", "grade", "grade_by_rules"}
)
URLS = frozenset({"url", "address"})

# What nobody sees, though a model reads it: Unicode's default-ignorable code points that are in none of `_UNSEEN`.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ACTIVE = {ord(character): f"\\u{ord(character):04x}" for character in "<>[]`"}


def harmless(words: str) -> str:
    """Words of others as they may be shown: nothing unseen, nothing that a terminal obeys, no longer than `LONGEST`.

    Each such character becomes U+FFFD, so that spans still hold.
    """
    if len(words) > LONGEST:
        words = words[: LONGEST - 2] + " …"
    plain = words.replace("\t", " ").replace("\r", " ")
    seen = (c if c == "\n" or unicodedata.category(c) not in _UNSEEN else "\ufffd" for c in plain)
    return _IGNORABLE.sub("\ufffd", "".join(seen))


def untrusted(words: str) -> dict[str, str]:
    """Words of others, marked."""
    return {UNTRUSTED: harmless(words)}


def web_address(address: str) -> dict[str, str] | None:
    """The address of a web page, marked; None for any other: `javascript:`, `file:` and the like."""
    return untrusted(address) if re.match(r"https?://[^\s<>\"]+\Z", address, re.IGNORECASE | re.ASCII) else None


class Answer:
    """One answer: marked values, and how many items were left out of its lists."""

    def __init__(self) -> None:
        self.left_out = 0
        self._room = ROOM

    def marked(self, value: Any, key: str = "") -> Any:
        """A plain value with every text in it marked, unless it is ours. An item of a list goes by the list's key."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, Mapping):
            return {name: self.marked(one, name) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return list(self._items(value, key))
        raise TypeError(f"{key} is of no plain kind but {type(value).__name__}")

    def _text(self, text: str, key: str) -> Any:
        self._room -= min(len(text), LONGEST)
        if key in CODED:
            return text if text in _codes() else None
        if key in OURS:
            return text if OURS[key].fullmatch(text) else None
        return web_address(text) if key in URLS else untrusted(text)

    def _items(self, values: Sequence[Any], key: str) -> Any:
        for place, value in enumerate(values):
            if place == MOST or self._room <= 0:
                self.left_out += len(values) - place
                return
            yield self.marked(value, key)


def as_text(answer: Any) -> str:
    """An answer as JSON in which no string has what a page would show as a link, an image or an element.

    These characters are written as escapes, which mean the same in JSON.
    """
    plain = json.dumps(answer, ensure_ascii=False)
    return _STRING.sub(lambda string: string[0].translate(_ACTIVE).replace("//", r"\/\/"), plain)


@cache
def _codes() -> frozenset[str]:
    """Every code that an answer may have."""
    book = codes()
    modes = {mode for kind in book.event_types.values() for mode in kind.modes}
    lists = (
        book.statuses, book.certainties, book.attribution_modes, book.source_kinds, book.stances, book.entity_types,
        book.relation_kinds, book.date_precisions, book.date_reasons, book.count_kinds, book.count_bounds,
        book.count_people, book.decision_rules, contradictions.KINDS, KINDS_HELD, ENDINGS, grades.LETTERS,
        grades.NUMBERS,
    )  # fmt: skip
    return frozenset({*book.event_types, *modes, *country_table(), *(code for some in lists for code in some)})
