"""Who speaks: a source as the same one over attributions and reports.

Invariant: whoever is only described (`two officers`, `the ministry`) is never the same in another outlet's reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.compare.words import Words, content, names_in, stem, stems
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import fold
from dragoman.records import Attribution, Entity, Reading

OUTLET, NAMED, UNNAMED, DOCUMENT, NONE = KINDS = ("outlet", "named", "unnamed", "document", "none")

_OWN = frozenset({"we", "i", "us", "this newspaper", "this site"})
OF_SPEAKER = frozenset("i we he she it they his her its their our".split())
"""Pronouns that mean the one who speaks where they follow the cue; of `urged him to go` that is somebody else."""
_PRONOUNS = OF_SPEAKER | frozenset("us me him them who both one this that these those".split())
_GENERIC = stems("the news agency site newspaper paper station broadcaster magazine website television")
_SPECIFIC = stems("ministry army navy police council parliament senate court cabinet embassy presidency hospital")
_BODIES = frozenset({"government", "military", "armed_group", "organization"})
_ARTICLE = re.compile(r"^(?:the|an?) ")
_HEAD_ENDS = re.compile(
    r"\s*(?:[,;:(]|[–—]|\b(?:who|whom|which|that|of|in|on|at|from|with|for|to|by|near|inside|outside|within|among|close|"
    r"familiar|privy|present|briefed|involved|reached|based|serving|speaking|asked|cited|quoted|published|recorded)\b)",
    re.I,
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A source: `kind` as in the codebook, where an outlet's own voice is `outlet`.

    `name` is folded. `who` is there for those that have a name; `outlet` (folded) is that of the reports which describe
    a source without one, and empty for all others.
    """

    kind: str
    name: str
    who: Who | None = None
    outlet: str = ""

    @property
    def id(self) -> str:
        """What names it to people and programs: `named:hanna brecke (person)`, `unnamed:diplomat (meridian post)`."""
        told = (self.who.type, self.who.country) if self.who else (self.outlet,)
        more = ", ".join(part for part in told if part)
        return f"{self.kind}:{self.name or '-'}{f' ({more})' if more else ''}"


def speaker(reading: Reading, said: Attribution | None, proper: Words) -> Speaker:
    """Who speaks in an attribution; None is the outlet's own voice. `proper` are the names of the report."""
    own = outlet_key(reading.report.outlet) or reading.report.id
    if said is None:
        return Speaker(OUTLET, own)
    words = words_of(reading, said)
    entity = meant(reading, words, said.entity)
    if is_own(words):
        return Speaker(OUTLET, own)
    if not words:
        return Speaker(NONE, "", outlet=own)
    if said.kind == OUTLET:
        named = outlet_words(entity.name if entity and entity.type == "outlet" else words)
        return Speaker(OUTLET, " ".join(named)) if named else Speaker(OUTLET, fold(words), outlet=own)
    if said.kind == NAMED and entity and (entity.reference or entity.country or names_in(entity.name) & proper):
        who = Who.of(entity)
        return Speaker(NAMED, who.name, who)
    described = entity.name if entity and is_pronoun(words) else words
    if said.kind == NAMED:
        return Speaker(NAMED, _ARTICLE.sub("", fold(head_phrase(described))), outlet=own)
    return Speaker(said.kind, stem(head(described)), outlet=own)


def words_of(reading: Reading, said: Attribution) -> str:
    """The words of the source."""
    return " ".join(reading.words(span) for span in said.source).strip(" ,;:")


def meant(reading: Reading, words: str, entity: str | None) -> Entity | None:
    """The entity that words are linked to; None where they name another, so that the link must be wrong.

    A ministry is no front and an army no ministry, even where neither is named.
    """
    found = reading.entity(entity)
    if found is None or is_pronoun(words):
        return found
    told, mine = stems(" ".join((found.name, found.canonical or "", *found.known_as))), stems(words)
    if names_in(words) and not mine & told:
        return None
    body = stem(head(words))
    return None if body in _SPECIFIC and body not in told and found.type in _BODIES else found


def is_nameless(reading: Reading, said: Attribution, proper: Words) -> bool | None:
    """Whether a source has no name: a body may go by what it is (`the ministry`), people may not (`the broker`).

    None where a pronoun stands for somebody who is not known.
    """
    words = words_of(reading, said)
    entity = meant(reading, words, said.entity)
    if said.kind != NAMED:
        return True
    if is_pronoun(words) and entity is None:
        return None
    people = entity is not None and entity.type in ("person", "group")
    return people and not names_in(f"{words} {entity.name if entity else ''}") & proper


def is_own(words: str) -> bool:
    """Whether an outlet means itself by them: `we`, `this newspaper`."""
    return fold(words) in _OWN


def is_pronoun(words: str) -> bool:
    """Whether they only stand for somebody named elsewhere: `he`, `one of them`."""
    told = fold(words).split()
    return bool(told) and ((told[0] in _PRONOUNS and len(told) == 1) or told[:2] == ["one", "of"])


def outlet_words(outlet: str | None) -> tuple[str, ...]:
    """The stems of an outlet's name in order, without what it may be told with or not: `the news site Lantern`.

    None where nothing else is told: `the agency`.
    """
    return tuple(word for word in content(outlet or "") if word not in _GENERIC)


def outlet_key(outlet: str | None) -> str:
    """What an outlet goes by over its reports; empty only for one that has no name."""
    return " ".join(outlet_words(outlet)) or fold(outlet or "")


def head_phrase(words: str) -> str:
    """Words up to where they go on to tell more: `three diplomats` of `three diplomats briefed on the talks`."""
    end = _HEAD_ENDS.search(words, 1)
    return words[: end.start()] if end and end.start() > 0 else words


def head(words: str) -> str:
    """The noun that says what people or thing a source is: `diplomats`."""
    found = _WORD.findall(head_phrase(words))
    return found[-1] if found and not is_pronoun(found[-1]) else words
