"""Whether the verbs around a time expression speak of what is past or what is to come.

Invariant: only words of the same sentence count, and never more than `_REACH` of them.
"""

from __future__ import annotations

import re

from dragoman.times.words import CODES, Line

_REACH = 14  # tokens each way; farther verbs belong to another clause

_AHEAD = frozenset(
    "will 'll ll shall would could might upcoming effective payable meet meets leaves begins starts opens "
    "arrives returns expires planned plans plan scheduled expected expects expect due going intends intended "
    "hopes hope wants want slated bound supposed poised".split()
)
_BOUND = frozenset(
    "is are was were be set ready about decided decides agreed agrees pledged vowed promised threatened voted".split()
)
"""`is to`, `set to`, `agreed to`: what follows is to come."""
_MODALS = frozenset("would could might may should".split())
_DONE = frozenset(
    "was were had has have been did said told came went made took gave got met left led held won lost began fell rose "
    "shot found saw heard struck fought killed broke brought sent wrote spoke felt kept ran sat stood put hit cut set "
    "built bought sold paid grew knew became fled flew drove blew caught taught thought withdrew swore bore shook "
    "announced since".split()
)
_PUT_OFF = frozenset("postponed delayed extended adjourned suspended deferred put gave given set asked ordered".split())
_NO_VERB = frozenset(
    "red need speed indeed succeed proceed exceed united hundred bed feed seed weed shed armed continued".split()
)
_END, _SPACE, _GENITIVE = CODES["POINT"], CODES["SPACE"], CODES["GENITIVE"]
_LIMITS = frozenset((CODES["UNTIL"], CODES["BY"]))
_ED = re.compile(r"(?!un)[a-z]{2,}ed")


def tense(line: Line, first: int, last: int) -> tuple[bool | None, bool]:
    """Whether the tokens from `first` to before `last` date what is to come, and whether the words are torn.

    The nearest verb before decides, else the nearest after: `said Monday they will go` is past. None where no verb
    tells. `until` and `by` look ahead; after a verb of the past (`stayed until Friday`) that is torn, save after
    verbs that put something off.
    """
    if last < len(line.kinds) and line.kinds[last] == _GENITIVE:  # Friday's ruling: the verb dates something else
        return None, False
    verb = _nearest(line, range(first - 1, max(-1, first - 1 - _REACH), -1))
    if verb is None:
        verb = _nearest(line, range(last, min(len(line.kinds), last + _REACH)))
    told = None if verb is None else _tells(line, verb)
    if first and line.kinds[first - 1] in _LIMITS:
        torn = told is False and verb is not None and line.word(verb) not in _PUT_OFF
        return not torn, torn
    return told, False


def _nearest(line: Line, numbers: range) -> int | None:
    """The first of the tokens that tells a tense, up to the sentence's end."""
    for number in numbers:
        if _sentence_ends(line, number):
            return None
        if _tells(line, number) is not None:
            return number
    return None


def _tells(line: Line, number: int) -> bool | None:
    word = line.word(number)
    after = line.word(number + 1) if number + 1 < len(line.kinds) else ""
    if word in _AHEAD:
        return not (word in _MODALS and after == "have")
    if (word in _BOUND and after == "to") or (word == "set" and after == "for"):
        return True
    if number and line.word(number - 1) == "be":  # to be held, will be held: the word before it tells
        return None
    if word in _DONE or (_ED.fullmatch(word) and word not in _NO_VERB):
        return False
    return None


def _sentence_ends(line: Line, number: int) -> bool:
    """A paragraph's end, or a full stop after more than an abbreviation and before a capital letter."""
    kind = line.kinds[number]
    if kind == _SPACE:
        return True
    if kind != _END:
        return False
    start, end = line.spans[number - 1] if number else (0, 0)
    after = line.text[line.spans[number][1] : line.spans[number][1] + 2]
    return not after or (after[0].isspace() and (end - start > 4 or line.text[start:end].islower()))
