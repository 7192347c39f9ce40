"""Who does what to whom over all reports: actors as nodes, and what each does to each other as edges.

Invariant: whatever stands in a network is in reports that match, newest first, and never more of them than `most`
allows; `more` says that there are. Who is the same is as in `identity`: by alias with type and country agreeing, as the
reports behind the network tell it, or as somebody judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from dragoman.codes import codes
from dragoman.compare.contradictions import OCCURRED
from dragoman.compare.ties import root, tie
from dragoman.errors import UsageError
from dragoman.ledger import identity, pairs, query
from dragoman.ledger.filters import Filter, Who
from dragoman.ledger.ids import mark_id
from dragoman.ledger.pairs import Key, Pair
from dragoman.ledger.store import Ledger

PAIRS = 3_000
"""Pairs of participants that a network is made from at most: of a million events that takes 0.1 to 0.4 s."""
ACTORS = 500
"""Nodes of a network at most: a picture with more is slow, and nobody reads it."""
DEPTHS = (1, 2)


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody in a network: `id` is that of the entity in the newest report, `events` those of their edges."""

    id: str
    name: str
    type: str
    country: str | None
    events: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What one does to another: how many events, by type and by status.

    `actor` and `recipient` are the ids of nodes; `conflict` and `cooperation` count what is told to have happened, each
    by the class of its type. `latest` is the last day of an event, or of its report where none is told.
    """

    actor: str
    recipient: str
    events: int
    conflict: int
    cooperation: int
    types: Mapping[str, int]
    statuses: Mapping[str, int]
    latest: str | None


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes with the most events first, and edges so too.

    `pairs` were counted; `more` says that there are older ones, `left_out` how many actors had no room. `around` is the
    node that was asked about.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    pairs: int
    more: bool
    left_out: int
    around: str | None


def network(
    ledger: Ledger,
    filter: Filter = query.EVERYTHING,
    *,
    entity: str | None = None,
    depth: int = 1,
    least: int = 1,
    actors: int = ACTORS,
    most: int = PAIRS,
) -> Network:
    """The network of the newest events that match.

    `entity` is the id of somebody: only who they have to do with, or at `depth` 2 also whom those have to do with.
    Edges of fewer than `least` events are left out, then the actors with the fewest events beyond so many. UsageError
    for what is not right, NotFound for an entity that is not there.
    """
    _check(depth, least, actors)
    as_of = query.as_of(Filter(as_of=filter.as_of, recorded=filter.recorded))
    who, conditions = query.everybody(ledger, entity, as_of), query.matching_events(ledger, filter)
    asked = [[*conditions, *pairs.taking_part(who)]] if who else []
    asked += [conditions] if depth > 1 or not who else []
    found: dict[Pair, None] = {}
    more, share = False, most // len(asked)
    with ledger.connection() as connection:
        for part in asked:
            some = pairs.pairs(connection, part, share + 1)
            more |= len(some) > share
            found |= dict.fromkeys(some[:share])
        called = _called(connection, found)
        same = _same(called, identity.all_judged(connection, as_of))
    nodes, edges = _drawn(found, same)
    around = next((same[key] for one in who if (key := _key(one)) in same), None)
    if who:
        edges = _around(edges, around, depth)
    return _cut(nodes, edges, around, least, actors, len(found), more)


def _check(depth: int, least: int, actors: int) -> None:
    if depth not in DEPTHS:
        raise UsageError(f"a network to depth {depth}", f"take one of {', '.join(map(str, DEPTHS))}")
    if least < 1:
        raise UsageError(f"edges of at least {least} events", "ask for 1 or more")
    if not 1 <= actors <= ACTORS:
        raise UsageError(f"a network of {actors} actors", f"ask for 1 to {ACTORS}")


# --- who is the same --------------------------------------------------------------------------


def _called(connection: Connection, found: Iterable[Pair]) -> dict[Key, frozenset[str]]:
    """What everybody of a known country goes by; a person's short name (`Sarre`) is none to go by."""
    rows: defaultdict[Key, set[int]] = defaultdict(set)
    for pair in found:
        rows[pair.one].add(pair.actor_names)
        rows[pair.other].add(pair.recipient_names)
    names = pairs.known_as(
        connection, sorted({row for (_, _, country), some in rows.items() if country for row in some})
    )
    return {
        (name, type, country): frozenset(
            line for row in some for line in names.get(row, ()) if type != "person" or " " in line
        )
        for (name, type, country), some in rows.items()
    }


def _same(called: Mapping[Key, frozenset[str]], judged: Mapping[identity.Pair, str]) -> dict[Key, Key]:
    """Who stands for each: the first of those that are the same."""
    everybody = sorted(called)
    place = {who: n for n, who in enumerate(everybody)}
    tied = list(range(len(everybody)))
    groups = [[who] for who in everybody]
    verdicts = {frozenset(_key(who) for who in pair): verdict for pair, verdict in judged.items()}

    def join(one: Key, other: Key) -> None:
        first, second = sorted((root(tied, place[one]), root(tied, place[other])))
        if first == second:
            return
        if any(verdicts.get(frozenset((a, b))) == "different" for a in groups[first] for b in groups[second]):
            return
        tie(tied, first, second)
        groups[first] += groups[second]

    for pair, verdict in verdicts.items():
        if verdict == "same" and pair <= called.keys():
            join(min(pair), max(pair))
    for name, type, country in everybody:
        for line in called[name, type, country]:
            if (line, type, country) in place:
                join((name, type, country), (line, type, country))
    return {who: everybody[root(tied, n)] for n, who in enumerate(everybody)}


def _key(who: Who) -> Key:
    return who.name, who.type, who.country


# --- nodes and edges --------------------------------------------------------------------------

Way = tuple[Key, Key]


def _drawn(found: Iterable[Pair], same: Mapping[Key, Key]) -> tuple[dict[Key, Node], dict[Way, Edge]]:
    """All nodes, with no events yet, and all edges."""
    events: defaultdict[Way, dict[tuple[str, int], Pair]] = defaultdict(dict)
    newest: dict[Key, Node] = {}
    for pair in found:
        first, second = same[pair.one], same[pair.other]
        if first == second:
            continue
        events[first, second].setdefault((pair.report, pair.event), pair)
        if first not in newest:
            newest[first] = _node(pair.report, pair.actor_id, pair.actor, pair.one)
        if second not in newest:
            newest[second] = _node(pair.report, pair.recipient_id, pair.recipient, pair.other)
    edges = {(a, b): _edge(newest[a].id, newest[b].id, some.values()) for (a, b), some in events.items()}
    return newest, edges


def _node(report: str, id: str, name: str, who: Key) -> Node:
    return Node(mark_id(report, id), name, who[1], who[2] or None, 0)


def _edge(actor: str, recipient: str, some: Collection[Pair]) -> Edge:
    types, statuses = Counter(pair.type for pair in some), Counter(pair.status for pair in some)
    classes = Counter(codes().quad(pair.type) for pair in some if pair.status in OCCURRED)
    return Edge(
        actor=actor,
        recipient=recipient,
        events=len(some),
        conflict=classes[3] + classes[4],
        cooperation=classes[1] + classes[2],
        types=_most(types),
        statuses=_most(statuses),
        latest=max(pair.start or pair.end or pair.published for pair in some) or None,
    )


def _most(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _around(edges: Mapping[Way, Edge], who: Key | None, depth: int) -> dict[Way, Edge]:
    """The edges of somebody; to depth 2 also those of whom they have to do with."""
    near = {who}
    for _ in range(depth - 1):
        near |= {end for key in edges if near & set(key) for end in key}
    return {key: edge for key, edge in edges.items() if near & set(key)}


def _cut(
    nodes: Mapping[Key, Node],
    edges: Mapping[Way, Edge],
    around: Key | None,
    least: int,
    actors: int,
    counted: int,
    more: bool,
) -> Network:
    """The edges with enough events, of the nodes with the most."""
    edges = {key: edge for key, edge in edges.items() if edge.events >= least}
    weight = Counter[Key]()
    for key, edge in edges.items():
        weight.update(dict.fromkeys(key, edge.events))
    order = sorted(weight, key=lambda who: (who != around, -weight[who], nodes[who].name, nodes[who].id))
    kept = dict.fromkeys(order[:actors])
    drawn = [edge for (one, other), edge in edges.items() if one in kept and other in kept]
    return Network(
        nodes=tuple(replace(nodes[who], events=weight[who]) for who in kept),
        edges=tuple(sorted(drawn, key=lambda edge: (-edge.events, edge.actor, edge.recipient))),
        pairs=counted,
        more=more,
        left_out=len(order) - len(kept),
        around=nodes[around].id if around in kept and around else None,
    )
