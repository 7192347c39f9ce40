"""What an actor does in a report, as far as it binds it for a time: its kind, its matter, its term, whose word it is.

Invariant: an act depends on its report and the actor alone. What is denied, attempted or merely supposed binds nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dragoman import times
from dragoman.codes import codes
from dragoman.compare.chains import SPEECH
from dragoman.compare.contradictions import OCCURRED, Member
from dragoman.compare.state.actors import Side, voice_of
from dragoman.compare.state.terms import Clause, Term, term_of
from dragoman.compare.telling import told
from dragoman.compare.words import Words, names_in, stems
from dragoman.records import LOW, Event, Reading, Span, TimeExpression, touch
from dragoman.sentences import Sentences

KINDS = ("position", "threat", "demand", "commitment")

MATERIAL_CONFLICT = 4
"""The quad class of acts of force and sanctions."""

_LASTING = {
    "COERCE": frozenset({"restrict", "ban", "censor", "curfew", "martial-law", "withhold"}),
    "SANCTION": frozenset({"discontinue"}),
    "RETREAT": frozenset({"ceasefire"}),
}
"""Modes of what goes on once it is done, so that it is in force until it ends."""
_DECIDED = frozenset({"COERCE", "SANCTION", "RETREAT", "MOBILIZE", "AID", "COOPERATE", "CONCEDE"})
"""Types that bind where a term or a rule shows that something was decided."""
_POSITIONS = frozenset({"SUPPORT", "CONCEDE", "ACCUSE", "REJECT"})
_BINDING = frozenset("AGREE CONCEDE RETREAT SANCTION COERCE COOPERATE AID MOBILIZE CONSULT THREATEN".split())
"""Types whose own words may change what was decided before; of others they tell what somebody else should change."""
ANSWERING = frozenset({"RETREAT", "AID", "COOPERATE", "CONSULT", "CONCEDE", "AGREE", "SUPPORT", "REJECT"})
"""Types by which those asked do what is demanded, or say that they will or will not."""
_CHANGES = (
    ("extended", re.compile(r"\b(?:extend|extension|prolong|renew|lengthen)\w*", re.I)),
    ("shortened", re.compile(r"\b(?:shorten|curtail|cut short)\w*", re.I)),
    ("put off", re.compile(r"\b(?:postpon\w+|put(?:ting)? off|delay\w*)", re.I)),
    ("suspended", re.compile(r"\bsuspend\w*|\bsuspension", re.I)),
    ("lifted", re.compile(
        r"\b(?:lift|end(?=s\b|ed\b|ing\b|\b)|revok|revoc|rescind|cancel|scrap|repeal|annul|overturn|drop(?=s\b|p|\b)|"
        r"abandon|call(?:s|ed|ing)? off|reopen|resum|restor|unfre|unblock|revers|void|"
        r"not (?:take effect|enter into force|come into force))\w*"
        r"|\b(?:was|were|been|be) withdrawn|\bwithdr\w+ (?:\w+ ){0,3}(?:threat|offer|ban|order|decree|objection|"
        r"demand|proposal|sanction|embargo|request|claim|pledge|promise|consent|warning|ultimatum)\w*", re.I)),
    ("changed", re.compile(r"\b(?:eas(?:e[sd]?|ing)\b|relax|tighten|widen|amend|replac|soften|expand|modif)\w*", re.I)),
)  # fmt: skip
_VERB = re.compile(r"\b\w{2,}(?:ed|ing)\b")
_GENERIC = stems(
    "government country president minister ministry official officials people town city state side sides both body "
    "member members leader leaders office nation world part way end effect force measure decision statement report "
    "foreign interior national own take come would could because Mr Mrs urge ask demand call appeal threaten agree "
    "promise pledge vow announce decide vote impose plan let allow begin start remain stay continue order make give "
    "keep hold set back"
)
"""Words that do not tell what an act is about."""


@dataclass(frozen=True, slots=True)
class Act:
    """One event of an actor: `kind` is one of `KINDS` or None, `change` how it changes what was decided before.

    `since` is the day from which it counts, `matter` the stems of what it is about, `doing` those of them that only say
    that something is done, `clause` the words that tell it. `own` says that the actor itself says so; `voice` is whose
    word it is, None for the outlet's own.
    """

    member: Member
    kind: str | None
    change: str | None
    since: str
    matter: Words
    names: Words
    doing: Words
    clause: Span
    term: Term | None
    own: bool
    voice: str | None

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.member.event

    @property
    def key(self) -> str:
        """Its name across the ledger."""
        return self.member.told.key

    @property
    def published(self) -> str:
        """The day of its report."""
        return self.member.reading.report.published or ""

    @property
    def order(self) -> tuple[str, str, str, Span]:
        """By day, then as they were told."""
        return self.since, self.published, self.member.told.report, self.event.trigger

    @property
    def firm(self) -> bool:
        """Whether the reading is sure enough of it to end something."""
        return self.event.confidence >= LOW and self.event.certainty == "certain"

    @property
    def told_for_sure(self) -> bool:
        """Whether it may end something: the reading is sure of it, and the actor or the outlet says so itself."""
        return self.firm and (self.own or self.voice is None)

    @property
    def done(self) -> bool:
        """Whether it is told as having happened."""
        return self.event.status in OCCURRED

    @property
    def words(self) -> str:
        """The clause."""
        return " ".join(self.member.reading.words(self.clause).split())


class Doings:
    """What is done in one report, made into acts of its sides as far as somebody asks for them."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._own = [event for event in side.reading.events if _does(side, event)]

    def own(self) -> list[Act]:
        """What the actor does."""
        return self._acts(self._own)

    def of_nobody(self, wanted: Words) -> list[Act]:
        """What the outlet tells without saying who does it, where it changes what was decided: `the curfew was lifted`.

        Only in sentences that have one of the words.
        """
        nobody = [e for e in self._side.reading.events if not e.actors and e.attribution is None and e.type in _BINDING]
        return [act for act in self._acts(self._telling(nobody, wanted)) if act.change]

    def of_others(self, wanted: Words) -> list[Act]:
        """What others do of what answers a demand, in sentences that have one of the words."""
        own = {event.id for event in self._own}
        others = [e for e in self._side.reading.events if e.actors and e.type in ANSWERING and e.id not in own]
        return self._acts(self._telling(others, wanted))

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self._side.reading.report.text)

    @cached_property
    def _members(self) -> dict[str, Member]:
        reading = self._side.reading
        return {e.id: Member(reading, e, one) for e, one in zip(reading.events, told(reading), strict=True)}

    @cached_property
    def _expressions(self) -> tuple[TimeExpression, ...]:
        report = self._side.reading.report
        return times.expressions(report.text, report.published)

    def _telling(self, events: Sequence[Event], wanted: Words) -> list[Event]:
        text = self._side.reading.report.text
        return [event for event in events if wanted & stems(text[slice(*self._sentences.at(event.trigger[0]))])]

    def _acts(self, events: Iterable[Event]) -> list[Act]:
        return [
            _act(self._members[event.id], self._side, self._expressions, self._sentences.at(event.trigger[0]))
            for event in events
        ]


def _does(side: Side, event: Event) -> bool:
    """Whether it is the actor's act: in words, or as what is said without naming anybody, by its own word."""
    said = side.reading.attribution(event.attribution)
    if event.actors:
        return any(side.acts(someone, said) for someone in event.actors)
    return event.type in SPEECH and side.says(said)


def _act(member: Member, side: Side, expressions: Sequence[TimeExpression], sentence: Span) -> Act:
    reading, event = member.reading, member.event
    said = reading.attribution(event.attribution)
    text, published = reading.report.text, reading.report.published or ""
    others = [
        other.trigger
        for other in reading.events
        if other.confidence >= LOW and sentence[0] <= other.trigger[0] < sentence[1]
    ]
    since = _day(event, published)
    term = term_of(
        text, event.trigger, published=published or None, since=since or None, condition=event.condition,
        others=others, expressions=expressions,
    )  # fmt: skip
    clause = _trimmed(text, Clause(text, sentence, event.trigger, ()).span)
    about = _about(reading, event, side, _narrow(clause, event.trigger, others), term)
    change = _change(text, event, clause, term)
    return Act(
        member=member,
        kind=kind_of(event, term, change),
        change=change,
        since=since,
        matter=frozenset(word for word in stems(about) if not word.isdigit()) - _GENERIC - _names(side),
        names=names_in(about) & member.told.proper,
        doing=stems(" ".join(_VERB.findall(about))),
        clause=clause,
        term=term,
        own=side.says(said),
        voice=voice_of(reading, said) if said else None,
    )


def kind_of(event: Event, term: Term | None, change: str | None = None) -> str | None:
    """What an act leaves its actor with: one of `KINDS`; None for what binds nobody after it is done."""
    if event.status in ("not_occurred", "attempted"):
        return None
    if event.status == "ruled_out":
        return "position"
    if event.type == "THREATEN":
        return "threat" if event.status != "hypothetical" or event.condition else None
    force = codes().quad(event.type) == MATERIAL_CONFLICT
    if event.status in ("planned", "hypothetical"):
        if event.status == "hypothetical" and not event.condition:
            return None
        violent = event.type in ("ASSAULT", "MOBILIZE") or (force and _hangs_on(term, "if", "unless"))
        return "threat" if violent and not event.rule and not change else "commitment"
    if event.type == "REQUEST":
        return "demand"
    if force and _hangs_on(term, "if"):
        return "threat"  # what hangs on an `if` has not happened, whatever the model says
    if event.type == "AGREE" or (event.mode and event.mode in _LASTING.get(event.type, ())):
        return "commitment" if change != "lifted" or event.type == "AGREE" else None
    decided = event.rule or (term and (term.end or term.until or term.longer))
    if event.type in _DECIDED and decided:
        return "commitment"
    return "position" if event.type in _POSITIONS and event.mode != "investigate" else None


def _hangs_on(term: Term | None, *openers: str) -> bool:
    return term is not None and term.opener in openers


def _day(event: Event, published: str) -> str:
    """The day of what happened, where it is told exactly; else the day on which it was told."""
    told = event.start if event.start and event.start == event.end else None
    return told if told and event.status in OCCURRED and told <= (published or told) else published


def _names(side: Side) -> Words:
    return stems(" ".join(side.actor.names))


def _narrow(clause: Span, trigger: Span, others: Sequence[Span]) -> Span:
    """The clause between the triggers before and after."""
    low = max((end for start, end in others if clause[0] <= start and end <= trigger[0]), default=clause[0])
    high = min((start for start, end in others if trigger[1] <= start < clause[1]), default=clause[1])
    return low, high


def _trimmed(text: str, span: Span) -> Span:
    """A stretch without white space, stops, and a quotation mark whose other one lies outside."""
    start, end = span
    whole = text[start:end]
    alone = '"' if whole.count('"') % 2 else ""
    alone += "“”" if whole.count("“") != whole.count("”") else ""
    while start < end and text[start] in f" \n\t,;:-–—{alone}":
        start += 1
    while end > start and text[end - 1] in f" \n\t,;:-–—.{alone}":
        end -= 1
    return start, end


def _about(reading: Reading, event: Event, side: Side, clause: Span, term: Term | None) -> str:
    """The words that tell what it is about: the clause without who does it, who says so, how long, and the change."""
    said = reading.attribution(event.attribution)
    without = [someone.span for someone in event.actors]
    without += [*(said.source + said.cue)] if said else []
    without += list(term.words) if term else []
    without += [event.time] if event.time else []
    without = [span for span in without if not touch(span, event.trigger)]
    pieces, at = [], clause[0]
    for start, end in sorted(without):
        if start >= clause[1]:
            break
        pieces.append(reading.report.text[at : max(at, start)])
        at = max(at, end)
    pieces.append(reading.report.text[at : clause[1]] if at < clause[1] else "")
    words = " ".join(pieces + [reading.words(someone.span) for someone in event.recipients])
    for _, form in _CHANGES:
        words = form.sub(" ", words)
    return words


def _change(text: str, event: Event, clause: Span, term: Term | None) -> str | None:
    """How an act changes what was decided: by words at its trigger, or because it was called off."""
    if event.type not in _BINDING or event.status in ("not_occurred", "attempted", "hypothetical"):
        return None
    trigger = event.trigger
    near = max(clause[0], trigger[0] - 40), min(clause[1], trigger[1] + 40)
    found = [
        (max(match.start() - trigger[1], trigger[0] - match.end(), 0), name)
        for name, form in _CHANGES
        for match in form.finditer(text, *near)
        if not (term and any(touch(match.span(), span) for span in term.words))
    ]
    if found:
        return min(found)[1]
    return "called off" if event.status == "ruled_out" else None
