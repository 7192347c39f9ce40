"""The sets of ../shared/data, training/written and training/marked as one kind of example.

Invariant: an example says which tasks it is marked for; where it is not, it teaches nothing. Offsets are
characters of `text`. The table of corpora at the end knows the files of ../shared/data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dragoman.records import Span, touch
from training import marked, written
from training.marked import DATA as DATA

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cue or trigger with the spans that hang on it, by role, and the codes of an event where known."""

    span: Span
    roles: dict[str, list[Span]]
    codes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its marks. `tasks` are the heads it is marked for, and `codes`, `chain`, `relation`.

    mentions: (span, chain, entity type or None). relation: PLOVER codes that the given pair may have.
    known: `cue` or `trigger`, a span, and whether it is one, in a text that is not marked whole for that task.
    """

    text: str
    tasks: frozenset[str]
    guideline: str
    cues: list[Anchor] = field(default_factory=list)
    triggers: list[Anchor] = field(default_factory=list)
    names: list[tuple[Span, str]] = field(default_factory=list)
    kinds: list[tuple[Span, str]] = field(default_factory=list)
    mentions: list[tuple[Span, str, str | None]] = field(default_factory=list)
    given: tuple[list[Span], list[Span]] | None = None
    relation: tuple[str, ...] = ()
    known: list[tuple[str, Span, bool]] = field(default_factory=list)


def rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _spans(value: Any) -> list[Span]:
    if not value:
        return []
    return [(value[0], value[1])] if isinstance(value[0], int) else [(s, e) for s, e in value]


# --- our own codebook -------------------------------------------------------------------------


def sourced(row: Row) -> Example:
    """A report marked whole by the codebook (sourced_events, training/written)."""
    types = {entity["e"]: entity["type"] for entity in row["entities"]}
    cues, kinds, mentions = [], [], []
    for a in row["attributions"]:
        source, cue = _spans(a["source"]), _spans(a["cue"])
        if source:
            kinds.append((source[0], a["kind"]))
            mentions.append((source[0], a["entity"]))
        if a["addressee"]:
            mentions.append(((a["addressee"][0], a["addressee"][1]), None))
        if cue:
            roles = {"source": source, "content": _spans(a["content"]), "cue": cue[1:]}
            cues.append(Anchor(cue[0], roles | {"addressee": _spans(a["addressee"])}))
    triggers = []
    for e in row["events"]:
        people = {role: e[part] or [] for role, part in (("actor", "actors"), ("recipient", "recipients"))}
        mentions += [((p["span"][0], p["span"][1]), p["entity"]) for role in people.values() for p in role]
        codes = {"type": e["type"], "status": e["status"], "certainty": e["certainty"]}
        codes["mode"] = f"{e['type']}:{e['mode']}" if e["mode"] else "none"
        roles = {role: [(p["span"][0], p["span"][1]) for p in named] for role, named in people.items()}
        triggers.append(Anchor(_spans(e["trigger"])[0], roles | {k: _spans(e[k]) for k in ("place", "time")}, codes))
    chains = {span: (span, entity, types.get(entity)) for span, entity in mentions if entity}
    return Example(
        row["text"],
        frozenset("cue cue_roles source content kind trigger codes roles party setting chain entity".split()),
        "house",
        cues=cues,
        triggers=triggers,
        kinds=kinds,
        mentions=sorted(chains.values()),
    )


def checked(row: Row) -> Example:
    """What people checked of one report (`dragoman export --format gold`), by the codebook.

    Whom words mean was not asked, so mentions teach nothing. Of a report that is not `whole`, only the marks that are
    there teach, and that those which were rejected are none.
    """
    made = replace(sourced(row), mentions=[])
    if row["whole"]:
        return replace(made, tasks=made.tasks - {"chain", "entity"})
    known = [("cue", anchor.span, True) for anchor in made.cues]
    known += [("trigger", anchor.span, True) for anchor in made.triggers]
    for mark in row["rejected"]:
        if mark["kind"] == "event":
            known.append(("trigger", _spans(mark["trigger"])[0], False))
        else:
            known += [("cue", span, False) for span in _spans(mark["cue"])[:1]]
    return replace(made, tasks=frozenset({"cue_roles", "kind", "codes", "roles"}), known=known)


# --- attributions -------------------------------------------------------------------------------


def polnear(row: Row) -> Example:
    """US political news with source, cue and content; its guidelines differ from ours (PolNeAR)."""
    cues = [
        Anchor(_spans(a["cue"])[0], {"source": _spans(a["source"]), "content": _spans(a["content"])})
        for a in row["attributions"]
        if a["cue"]
    ]
    return Example(row["text"], frozenset({"cue", "cue_roles", "source", "content"}), "polnear", cues=cues)


# --- events -------------------------------------------------------------------------------------


@cache
def aida() -> tuple[dict[str, str], dict[str, str]]:
    """AIDA types and argument roles in our words (training/aida.yaml)."""
    table = yaml.safe_load((Path(__file__).parent / "aida.yaml").read_text(encoding="utf-8"))
    return table["types"], {theirs: ours for ours, many in table["roles"].items() for theirs in many}


def _aida_trigger(event: Row) -> Anchor | None:
    types, roles_of = aida()
    code = types.get(".".join(event["type"].lower().split(".")[:2]))
    if code is None:
        return None
    roles: dict[str, list[Span]] = {}
    for argument in event["args"]:
        role = roles_of.get(argument["role"].lower())
        if role and argument.get("start") is not None:
            roles.setdefault(role, []).append((argument["start"], argument["end"]))
    return Anchor((event["start"], event["end"]), roles, {"type": code})


def wikievents(row: Row) -> Example:
    """Attacks and their courts; every trigger of the AIDA types is marked, far arguments too."""
    triggers = [t for e in row["events"] if e.get("trigger_ok", True) and (t := _aida_trigger(e))]
    tasks = frozenset({"trigger", "codes", "roles", "party"})
    return Example(row["text"], tasks, "wikievents", triggers=triggers)


def rams(row: Row) -> Example:
    """Five sentences with one marked event: says nothing about where there is no trigger."""
    triggers = [t for e in row["events"] if (t := _aida_trigger(e))]
    return Example(row["text"], frozenset({"codes", "roles"}), "wikievents", triggers=triggers)


PROPBANK_ROLES = {"ARG0": "actor", "ARG1": "recipient", "ARGM-LOC": "place", "ARGM-TMP": "time"}
AUXILIARIES = {"be.03", "have.01", "do.01"}


def propbank(sentences: list[Row]) -> Example:
    """Consecutive sentences of one document with their predicates' arguments."""
    text, triggers = "", []
    for row in sentences:
        shift = len(text)
        text += row["text"] + " "
        for p in row["predicates"]:
            if p["roleset"] in AUXILIARIES:
                continue
            roles: dict[str, list[Span]] = {}
            for a in p["args"]:
                if a["role"] in PROPBANK_ROLES:
                    roles.setdefault(PROPBANK_ROLES[a["role"]], []).append((a["start"] + shift, a["end"] + shift))
            if roles:
                triggers.append(Anchor((p["start"] + shift, p["end"] + shift), roles))
    return Example(text, frozenset({"roles"}), "propbank", triggers=triggers)


# What a question asks for: `Who might be told?` the object, `Who told someone?` the subject.
ASKS_OBJECT = re.compile(
    r"(?:who|what) (?:(?:did|does|do|might|will|would|can|could|should|has|have|had|is|was|were|are) )+"
    r"(?:someone|something|somewhere)\b"
)


def qanom(row: Row) -> Example | None:
    """A sentence with nouns that name events, and what answers who, what, where and when of them."""
    triggers = []
    for p in row["predicates"]:
        if not p["is_verbal"]:
            continue
        roles: dict[str, list[Span]] = {}
        for asked in p["qas"]:
            if role := _asked(asked):
                roles.setdefault(role, []).extend((s, e) for s, e in asked["answers"])
        if roles:
            triggers.append(Anchor((p["start"], p["end"]), {role: _longest(spans) for role, spans in roles.items()}))
    return Example(row["text"], frozenset({"roles"}), "propbank", triggers=triggers) if triggers else None


def _asked(asked: Row) -> str | None:
    if asked["wh"] not in ("who", "what"):
        return {"where": "place", "when": "time"}.get(asked["wh"])
    about_object = ASKS_OBJECT.match(asked["q"].lower())
    if asked["passive"] and about_object:  # Who was somebody told by? What was somebody sentenced to?
        return "actor" if asked["q"].endswith("by?") else None
    return "recipient" if asked["passive"] or about_object else "actor"


def _longest(spans: list[Span]) -> list[Span]:
    """Of spans that overlap, the longest."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: span[0] - span[1]):
        if not any(touch(span, other) for other in kept):
            kept.append(span)
    return sorted(kept)


def by_document(sentences: list[Row], most: int = 12) -> Iterator[list[Row]]:
    """Runs of at most `most` consecutive sentences of one document (the id up to its last dash)."""
    run: list[Row] = []
    for row in sentences:
        if run and (len(run) == most or run[-1]["id"].rsplit("-", 1)[0] != row["id"].rsplit("-", 1)[0]):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


# --- the type between a given pair --------------------------------------------------------------


def plv_codes() -> dict[str, tuple[str, ...]]:
    """PLV's fifteen codes in ours: YIELD covers CONCEDE and RETREAT."""
    from dragoman.codes import codes

    same = {name: (name,) for name in codes().event_types if name not in ("CONCEDE", "RETREAT")}
    return same | {"YIELD": ("CONCEDE", "RETREAT")}


def plv(row: Row) -> Example:
    """The type between two given actors (PLV)."""
    given = (_spans(row["source_spans"]), _spans(row["target_spans"]))
    return Example(row["text"], frozenset({"relation"}), "plv", given=given, relation=plv_codes()[row["root"]])


def cameo_st(row: Row) -> Example | None:
    """A pair with its quad class only; CAMEO counts every yielding as material cooperation."""
    from dragoman.codes import codes

    if not row["penta"]:
        return None
    given: tuple[list[Span], list[Span]] = ([], [])
    for role in row["roles"]:
        span = (role["start"], role["end"])
        if role["role"] in ("source", "both"):
            given[0].append(span)
        if role["role"] in ("target", "both"):
            given[1].append(span)
    quad = {name: 2 if name == "CONCEDE" else kind.quad for name, kind in codes().event_types.items()}
    relation = tuple(name for name, number in quad.items() if number == row["penta"])
    return Example(row["text"], frozenset({"relation"}), "plv", given=given, relation=relation)


# --- names and chains ---------------------------------------------------------------------------


def names(row: Row) -> Example:
    """News of the world with nine classes of names (English Worldwide Newswire)."""
    marked = [((e["start"], e["end"]), e["label"]) for e in row["entities"]]
    return Example(row["text"], frozenset({"names"}), "house", names=marked)


POLITICS = {
    "politician": "Person",
    "person": "Person",
    "politicalparty": "Organization",
    "organisation": "Organization",
    "country": "Location",
    "location": "Location",
    "election": "Misc",
    "event": "Misc",
    "misc": "Misc",
}


def politics(row: Row) -> Example:
    """Sentences on politicians, parties and elections, in the nine classes as far as they go (CrossNER)."""
    marked = [((e["start"], e["end"]), POLITICS[e["label"]]) for e in row["entities"]]
    return Example(row["text"], frozenset({"names"}), "house", names=marked)


def coref(row: Row) -> Example:
    """Mention chains, singletons kept (GUM)."""
    mentions: list[tuple[Span, str, str | None]] = [((m["start"], m["end"]), m["ent"], None) for m in row["mentions"]]
    return Example(row["text"], frozenset({"chain"}), "house", mentions=mentions)


# --- the table ------------------------------------------------------------------------------------


def _each(make: Callable[[Row], Example | None]) -> Callable[[list[Row]], list[Example]]:
    return lambda data: [example for row in data if (example := make(row))]


def _where(holds: Callable[[Row], bool], make: Callable[[Row], Example | None]) -> Callable[[list[Row]], list[Example]]:
    return lambda data: _each(make)([row for row in data if holds(row)])


# GUM's genres whose texts are free for all uses: Wikinews, Wikipedia, Wikivoyage, OpenStax, US government.
FREE_GENRES = frozenset({"news", "interview", "bio", "voyage", "textbook", "court"})

CORPORA: dict[str, tuple[str, Callable[[list[Row]], list[Example]]]] = {
    "sourced_events": ("sourced_events/train.jsonl", _each(sourced)),
    "polnear": ("polnear/train.jsonl", _each(polnear)),
    "wikievents": ("wikievents/train.jsonl", _each(wikievents)),
    "rams": ("rams/train.jsonl", _each(rams)),
    "propbank_ewt": ("propbank_ewt/train.jsonl", lambda data: [propbank(run) for run in by_document(data)]),
    "qanom": ("qanom/train.jsonl", _each(qanom)),
    "plv": ("plv/train.jsonl", _each(plv)),
    "cameo_st": ("cameo_st/train.jsonl", _each(cameo_st)),
    "ner_worldwide": ("ner_worldwide/train.jsonl", _each(names)),
    "coref_gum": ("coref_gum/train.jsonl", _each(coref)),
    "ner_politics": ("ner_politics/train.jsonl", _each(politics)),
    # What is openly licensed of two of them, for training/configs/open.yaml.
    "sourced_events_open": (
        "sourced_events/train.jsonl",
        _where(lambda row: str(row["licence"]).startswith("CC BY"), sourced),
    ),
    "coref_gum_open": (
        "coref_gum/train.jsonl",
        _where(lambda row: row["id"].split("_")[1] in FREE_GENRES, coref),
    ),
}


def corpus(name: str) -> list[Example]:
    """The training examples of one corpus: of the table, those that we marked ourselves, or what people checked.

    `gold:FILE` is what `dragoman export --format gold` wrote.
    """
    if name.startswith("gold:"):
        return [checked(row) for row in rows(Path(name.removeprefix("gold:")))]
    if name == "written":
        return [sourced(row) for row in written.rows()]
    if name.startswith("marked_"):
        return [sourced(row) for row in marked.rows(name.removeprefix("marked_"))]
    path, make = CORPORA[name]
    return make(rows(DATA / path))
