"""The most that the scores of many pairs can be, so that those which cannot tie events are not looked at closely.

Invariant: no score is above its bound. What is not known of a pair without comparing its words counts as well as it
can: sets of words are held as bits, and words whose bits differ differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dragoman.codes import codes
from dragoman.compare.features import SPEECH, SPOKEN, is_weighed_in_speech, near_modes, near_types, of_attack
from dragoman.compare.judge import weights
from dragoman.compare.telling import Party, Told
from dragoman.compare.words import kin

Bits: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.int64]

_AT_ONCE = 100_000
_DID_NOT, _DID = ("not_occurred", "ruled_out"), ("occurred", "ongoing", "attempted")
_WIDTHS = {"words": 16, "names": 4, "actors": 4, "recipients": 4, "place": 4, "trigger": 1, "families": 2}
"""Of each set, in 64 bits: 12 words in 1,024 bits share one with 12 others by chance in 13 of 100 pairs."""


class Screen:
    """The events of a list as numbers and bits, to look at many pairs at once."""

    def __init__(self, events: Sequence[Told]) -> None:
        rows, sets = list[tuple[int, ...]](), {name: bytearray() for name in _WIDTHS}
        numbers: dict[str, int] = {}
        reports: dict[str, int] = {}
        for event in events:
            rows.append(_row(event, numbers, reports.setdefault(event.report, len(reports))))
            for name, bits in _sets(event).items():
                sets[name] += bits.to_bytes(8 * _WIDTHS[name], "little")
        columns = np.array(rows, np.int32).reshape(len(rows), len(_COLUMNS)).T
        self._of = {name: np.ascontiguousarray(column) for name, column in zip(_COLUMNS, columns, strict=True)}
        self._sets = {
            name: np.frombuffer(bytes(held), np.uint64).reshape(-1, _WIDTHS[name]) for name, held in sets.items()
        }
        names = {number: kind for kind, number in numbers.items()}
        self._near_types = _table(names, near_types())
        self._near_modes = np.array([names[n] in near_modes() for n in range(len(names))] + [False])

    def bounds(self, ones: Numbers, others: Numbers) -> Floats:
        """The most that the score of each pair of places can be, before it is held within limits."""
        starts = range(0, len(ones), _AT_ONCE)
        found = [self._bounds(ones[s : s + _AT_ONCE], others[s : s + _AT_ONCE]) for s in starts]
        return np.concatenate([np.zeros(0), *found])

    def _bounds(self, ones: Numbers, others: Numbers) -> Floats:
        pair = _Pair(self._of, self._sets, ones, others)
        return (
            _weight("even")
            + self._types(pair)
            + _acts(pair)
            + _side(pair, "actors")
            + _side(pair, "recipients")
            + np.where(pair.common("place"), _most("places alike"), 0.0)
            + _times(pair)
            + _most("same number", "other number")
            + _status(pair)
            + _wording(pair)
        )

    def _types(self, pair: _Pair) -> Floats:
        one, other = pair.both("type")
        same = _either(pair, "same type")
        different = np.where(
            self._near_types[one, other], _either(pair, "types that may agree"), _either(pair, "other type")
        )
        found = np.where(one == other, same + self._modes(pair), different)
        return np.where((one < 0) | (other < 0), 0.0, found)

    def _modes(self, pair: _Pair) -> Floats:
        one, other = pair.both("mode")
        near = self._near_modes[one] & self._near_modes[other]
        found = np.where(near, _either(pair, "modes that may agree"), _either(pair, "other mode"))
        found = np.where(one == other, _either(pair, "same mode"), found)
        return np.where((one < 0) | (other < 0), 0.0, found)


_COLUMNS = (
    "type", "mode", "status", "did", "speech", "published", "first", "last", "report", "sentence",
    "attack", "toll", "actors", "actors named", "actors told", "recipients", "recipients named", "recipients told",
    "said",
)  # fmt: skip


def _row(event: Told, numbers: dict[str, int], report: int) -> tuple[int, ...]:
    def number(kind: str | None) -> int:
        return -1 if kind is None else numbers.setdefault(kind, len(numbers))

    attack, toll = of_attack(event.trigger)
    first, last = event.days or (0, -1)
    did = 1 if event.status in _DID else 2 if event.status in _DID_NOT else 0
    sides = (
        flag
        for side in (event.actors, event.recipients)
        for flag in (bool(side), any(p.names for p in side), any(p.stems for p in side))
    )
    return (
        number(event.type), number(event.mode), number(event.status), did, codes().quad(event.type) in SPEECH,
        event.published or 0, first, last, report, event.sentence,
        attack, toll, *sides, bool(event.after - event.trigger),
    )  # fmt: skip


def _sets(event: Told) -> dict[str, int]:
    return {
        "words": _bits(event.words | event.after, "words"),
        "names": _bits(event.names, "names"),
        "actors": _bits(_called(event.actors), "actors"),
        "recipients": _bits(_called(event.recipients), "recipients"),
        "place": _bits(_known_as(event), "place"),
        "trigger": _bits(event.trigger, "trigger"),
        "families": _bits(map(str, kin(event.trigger)), "families"),
    }


def _known_as(event: Told) -> set[str]:
    """What places may be alike by: their words, or the entry of the gazetteer."""
    known = {str(event.located.geonames_id)} if event.located and event.located.geonames_id else set()
    return known | event.place.stems if event.place else known


def _called(side: Sequence[Party]) -> set[str]:
    """What parties may be alike by: their words, or the entry of our table."""
    return {word for party in side for word in (*party.stems, *([party.reference] if party.reference else []))}


def _bits(words: Iterable[str], name: str) -> int:
    found, mask = 0, 64 * _WIDTHS[name] - 1
    for word in words:
        found |= 1 << (hash(word) & mask)
    return found


class _Pair:
    """Many pairs: their columns side by side, and whether their sets may share a word."""

    def __init__(self, of: dict[str, NDArray[np.int32]], sets: dict[str, Bits], ones: Numbers, others: Numbers) -> None:
        self._of, self._sets, self._ones, self._others = of, sets, ones, others
        self.spoken = self.each("speech")
        self.one_report = self.same("report")

    def both(self, name: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return self._of[name][self._ones], self._of[name][self._others]

    def same(self, name: str) -> Flags:
        one, other = self.both(name)
        same: Flags = one == other
        return same

    def each(self, name: str) -> Flags:
        one, other = self.both(name)
        there: Flags = (one > 0) & (other > 0)
        return there

    def common(self, name: str) -> Flags:
        common: Flags = np.any(self._sets[name][self._ones] & self._sets[name][self._others], axis=1)
        return common


def _weight(name: str) -> float:
    """The weight of a feature that is simply so."""
    return weights().get(name, [[0.0, 0.0]])[-1][1]


def _most(*names: str) -> float:
    """The most that any of some features can add, or 0 where it is not there."""
    return max(0.0, *(point[1] for name in names for point in weights().get(name, ())))


def _either(pair: _Pair, name: str) -> Floats:
    """The whole weight of a feature: its own among speech acts."""
    spoken = SPOKEN + name if is_weighed_in_speech(name) else name
    return np.where(pair.spoken, _weight(spoken), _weight(name))


def _most_of(pair: _Pair, name: str) -> Floats:
    """The most that a feature can add: its own weight among speech acts."""
    spoken = SPOKEN + name if is_weighed_in_speech(name) else name
    return np.where(pair.spoken, _most(spoken), _most(name))


def _table(names: dict[int, str], pairs: Iterable[frozenset[str]]) -> Flags:
    near = set(pairs)
    size = len(names) + 1
    found = np.zeros((size, size), np.bool_)
    known = {kind: number for number, kind in names.items()}
    for pair in near:
        one, other = (known.get(kind, size - 1) for kind in sorted(pair)) if len(pair) == 2 else (size - 1, size - 1)
        found[one, other] = found[other, one] = True
    return found


def _acts(pair: _Pair) -> Floats:
    attack, other_attack = pair.both("attack")
    toll, other_toll = pair.both("toll")
    near = ((attack > 0) | (toll > 0)) & ((other_attack > 0) | (other_toll > 0))
    most = np.maximum(_either(pair, "other words"), _either(pair, "act named in the other sentence"))
    for found, name in (
        (near, "an attack and its dead"),
        (near, "words for attacks"),
        (near, "the dead and wounded"),
        (pair.common("families"), "words of one family"),
        (pair.common("trigger"), "same word"),
    ):
        most = np.where(found, np.maximum(most, _either(pair, name)), most)
    return most


def _side(pair: _Pair, role: str) -> Floats:
    named = _either(pair, f"other {role}")
    if role == "actors":
        named = named + np.where(pair.spoken, _weight("another says so"), 0.0)
    told = np.where(pair.each(f"{role} told"), _either(pair, f"{role} in other words"), 0.0)
    apart = np.where(pair.each(f"{role} named"), named, told)
    found = np.where(pair.common(role), np.maximum(_most_of(pair, f"{role} alike"), apart), apart)
    return np.where(pair.each(role), found, 0.0)


def _times(pair: _Pair) -> Floats:
    (first, other_first), (last, other_last) = pair.both("first"), pair.both("last")
    days = np.maximum(np.maximum(first - other_last, other_first - last), 0)
    names = ("same day", "a day apart", "days apart")
    same, near, far = (_either(pair, name) for name in names)
    known = (first > 0) & (other_first > 0)
    found = np.where(known, np.where(days == 0, same, np.where(days == 1, near, far)), 0.0)
    one, other = pair.both("published")
    share = np.minimum(1.0, np.log1p(np.abs(one - other)) / np.log(31))
    told = (one > 0) & (other > 0) & ~pair.one_report
    return found + np.where(told, share * _weight("published apart"), 0.0)


def _status(pair: _Pair) -> Floats:
    one, other = pair.both("did")
    found = np.where((one == 1) & (other == 1), _weight("status near"), _weight("one is planned or supposed"))
    found = np.where((one == 2) | (other == 2), _weight("one says it did not happen"), found)
    return np.where(pair.same("status"), 0.0, found)


def _wording(pair: _Pair) -> Floats:
    shared = pair.common("words")
    sentence, other_sentence = pair.both("sentence")
    apart = np.abs(sentence - other_sentence)
    said = np.where(shared, _most("what is said alike"), _weight("other things said"))
    inside = _weight("same report") + np.where(apart == 0, _weight("same sentence"), 0.0)
    inside = inside + np.where(apart <= 1, _weight("next sentence"), 0.0)
    across = _most_of(pair, "reports alike") + np.where(pair.common("names"), _most("names in common"), 0.0)
    return (
        _most("same quotation")
        + np.where(shared, _most_of(pair, "sentences alike"), 0.0)
        + np.where(pair.spoken & pair.each("said"), said, 0.0)
        + np.where(pair.one_report, inside, across)
    )
