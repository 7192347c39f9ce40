"""What holds at a date: positions, threats in force, demands unanswered, commitments open, each with its words.

Invariant: it depends on what had been reported by that day, never on the order in which reports came. What several
reports tell is listed once with all of them, and what no longer holds keeps the reason why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from dragoman.compare.chains import Copies, original_of
from dragoman.compare.happenings import grouped, rarity_of
from dragoman.compare.of_ledger import originals
from dragoman.compare.state import fates
from dragoman.compare.state.actors import Actor, find, fits_anybody, side_of
from dragoman.compare.state.acts import KINDS, Act, Doings
from dragoman.compare.state.fates import Ending
from dragoman.compare.state.matters import Nearby, common, matter_keys, same_matter
from dragoman.compare.state.terms import Term, later
from dragoman.compare.ties import root, tie
from dragoman.compare.words import Words, families, kin, stems
from dragoman.errors import NotFound
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import LOW, Reading

__all__ = ["Act", "Ending", "Held", "State", "of_ledger", "state"]


@dataclass(frozen=True, slots=True)
class Held:
    """Something an actor holds to: `acts` are its tellings, the one that is shown first.

    `since` is the day from which it holds, `end` the last day that its term gives, `by` its deadline; `lasting` is the
    telling whose term that is. `denied` are events in which the actor denies it. `ended` says why it no longer holds;
    `perhaps` what may have ended it.
    """

    kind: str
    acts: tuple[Act, ...]
    since: str
    end: str | None
    by: str | None
    lasting: Act | None
    denied: tuple[str, ...]
    ended: Ending | None
    perhaps: tuple[Ending, ...]

    @property
    def shown(self) -> Act:
        """The telling whose words stand for all: the actor's own, then the outlet's, then what others say."""
        return self.acts[0]

    @property
    def own(self) -> bool:
        """Whether the actor itself says so in some report."""
        return any(act.own for act in self.acts)

    @property
    def confidence(self) -> float:
        """How sure the reading is of the telling it is surest of."""
        return max(act.event.confidence for act in self.acts)


@dataclass(frozen=True, slots=True)
class State:
    """What somebody holds to at a day, everything that ended included; `reports` had been published by then."""

    actor: Actor
    others: tuple[str, ...]
    as_of: str
    reports: int
    held: tuple[Held, ...]

    @property
    def open(self) -> tuple[Held, ...]:
        """What holds at that day."""
        return tuple(one for one in self.held if one.ended is None)


def of_ledger(ledger: Ledger, wanted: str, as_of: str, recorded: str | None = None) -> State:
    """The state of the actor of an id or a part of a name at the end of a day, by what had been told by then.

    `recorded` is as in `AsOf`. Of somebody of later reports only nothing is held. NotFound when nobody is ever called
    so, UsageError for a day that is none.
    """
    asked = Filter(as_of=as_of, recorded=recorded)
    then = query.as_of(asked)
    known = list(query.readings(ledger, asked))
    try:
        actor, others = find(ledger, known, wanted, then)
    except NotFound:
        if not fits_anybody(ledger.readings(), wanted):
            raise
        actor, others = Actor(wanted.strip(), frozenset(), frozenset()), ()  # of later reports: nothing was known then
    return state(known, actor, then.told or as_of, originals(ledger, then), others)


def state(
    readings: Iterable[Reading],
    actor: Actor,
    as_of: str,
    copied: Copies | None = None,
    others: tuple[str, ...] = (),
) -> State:
    """The state of an actor at a day, by readings of what had been told by then.

    `copied` are the reports that are copies of others, with what they copy; `others` whom else was perhaps meant.
    """
    known = sorted(readings, key=lambda reading: reading.report.id)
    doings = [Doings(side_of(reading, actor)) for reading in known]
    acts = [act for doing in doings for act in doing.own()]
    items = _items(_telling(sorted((act for act in acts if act.kind), key=lambda act: act.order)), copied or {})
    bound = _words(item for item in items if item[0].kind in ("commitment", "threat"))
    asked = _words(item for item in items if item[0].kind == "demand") | stems(" ".join(actor.names))
    changing = Nearby([*acts, *(act for doing in doings for act in doing.of_nobody(bound))])
    answers = Nearby(act for doing in doings for act in doing.of_others(asked))
    own = Nearby(acts)
    held = [_held(item, own, changing, answers, actor, as_of) for item in items]
    return State(actor, others, as_of, len(known), tuple(sorted(_prolonged(held, as_of), key=_place)))


def _words(items: Iterable[Sequence[Act]]) -> Words:
    """The words of the matter of some acts, and those of their families."""
    found = frozenset(word for item in items for act in item for word in act.matter)
    numbers = kin(found)
    return found | {word for word, families_of in families().items() if numbers & families_of}


def _place(one: Held) -> tuple[int, bool, int, str]:
    """By kind; what is sure first; then the newest."""
    newest = -int(one.since.replace("-", "") or 0)
    return KINDS.index(one.kind), one.confidence < LOW, newest, one.shown.key


def _telling(acts: Sequence[Act]) -> list[Act]:
    """The acts but for those that the reading is unsure of in a sentence that tells a likelier one of their kind."""
    best: dict[tuple[str, int, str | None], Act] = {}
    for act in acts:
        place = act.member.told.report, act.member.told.sentence, act.kind
        known = best.setdefault(place, act)
        if act.event.confidence > known.event.confidence:
            best[place] = act
    likeliest = {act.key for act in best.values()}
    return [act for act in acts if act.event.confidence >= LOW or act.key in likeliest]


# --- one decision, told several times -------------------------------------------------------------


def _items(acts: Sequence[Act], copied: Copies) -> list[list[Act]]:
    """The acts that are one and the same, each group in order of time."""
    told = [act.member.told for act in sorted(acts, key=lambda act: act.key)]
    groups = grouped(told, rarity_of(told))
    happening = {told[place].key: n for n, group in enumerate(groups) for place in group}
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for n, act in enumerate(acts):
        blocks[act.words].append(n)
        for key in matter_keys(act):
            blocks[happening[act.key], key].append(n)
            if act.published:
                blocks[act.published, act.event.type, key].append(n)
    tied = list(range(len(acts)))
    for one, other in sorted({pair for block in blocks.values() for pair in combinations(block, 2)}):
        if root(tied, one) != root(tied, other) and _is_same(acts[one], acts[other], happening, copied):
            tie(tied, one, other)
    found: defaultdict[int, list[Act]] = defaultdict(list)
    for n, act in enumerate(acts):
        found[root(tied, n)].append(act)
    return list(found.values())


def _is_same(one: Act, other: Act, happening: Mapping[str, int], copied: Copies) -> bool:
    """Whether two acts are one: one happening, the same words of a copy, or one matter on one day; terms that agree."""
    if one.kind != other.kind or one.change != other.change:
        return False
    ends = {term.end or term.longer for act in (one, other) if (term := act.term) and (term.end or term.longer)}
    if len(ends) > 1:
        return False
    a, b = one.member.told, other.member.told
    if original_of(a.report, copied) == original_of(b.report, copied) and one.words == other.words:
        return a.report != b.report and a.trigger_words == b.trigger_words
    if happening[one.key] == happening[other.key]:
        return any(common(one, other))
    if not one.published or one.published != other.published:  # two days that are not told may be any two
        return False
    return one.event.type == other.event.type and bool(same_matter(one, other))


# --- how long, and what became of it --------------------------------------------------------------


def _held(item: Sequence[Act], own: Nearby, changing: Nearby, answers: Nearby, actor: Actor, as_of: str) -> Held:
    """What an actor holds to by one or more tellings of it, with what became of it."""
    best = sorted(item, key=lambda act: (not act.firm, not act.own, bool(act.voice), act.order))
    lasting = max((act for act in best if act.term), key=lambda act: (act.firm, _fullness(act.term)), default=None)
    term = lasting.term if lasting else None
    first, kind = item[0], str(item[0].kind)
    event = best[0].event
    since = term.start if term and term.start else first.since
    planned = event.end if event.status == "planned" and not (term and (term.end or term.until)) else None
    end = term.end if term else None
    by = term.by if term else None
    sure = [act for act in item if act.firm] or item
    ending = [
        *fates.superseded(sure, changing.of(item), as_of),
        *(fates.carried_out(sure, own.of(item), as_of) if kind == "threat" else ()),
        *(fates.done(sure, own.of(item), as_of) if kind == "commitment" else ()),
        *(fates.answered(sure, answers.of(item), actor, as_of) if kind == "demand" else ()),
        *fates.lapsed(kind, end=end, by=by, planned=planned, as_of=as_of),
    ]
    ended, perhaps = fates.first(ending)
    return Held(kind, tuple(best), since, end, by, lasting, _denials(item, own.of(item)), ended, perhaps)


def _fullness(term: Term | None) -> int:
    """How much a term tells."""
    told = (term.start, term.end, term.by, term.until, term.longer) if term else ()
    return sum(part is not None for part in told)


def _denials(item: Sequence[Act], acts: Sequence[Act]) -> tuple[str, ...]:
    """Acts by which the actor itself denies what others say of it."""
    if any(act.own for act in item):
        return ()
    denied = [act for act in acts if act.event.status == "not_occurred" and act.own]
    types = {act.event.type for act in item}
    return tuple(a.key for a in denied if a.event.type in types and any(same_matter(one, a) for one in item))


def _prolonged(held: Sequence[Held], as_of: str) -> list[Held]:
    """What was prolonged by so many days ends so many days after what it prolongs."""
    found = []
    for one in held:
        longer = one.lasting.term.longer if one.lasting and one.lasting.term else None
        if longer and one.end is None:
            keys = {act.key for act in one.acts}
            before = [old.end for old in held if old.end and old.ended and keys & set(old.ended.by)]
            end = later(max(before, default=None), longer)
            over, _ = fates.first(fates.lapsed(one.kind, end=end, by=None, planned=None, as_of=as_of))
            one = replace(one, end=end, ended=one.ended or over)
        found.append(one)
    return found
