"""The model's reading of a text: one encoder pass, all heads, decoded into typed marks.

Invariant: every span of a mark is made of whole words of the text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dragoman.codes import codes
from dragoman.model.bundle import Bundle, open_bundle
from dragoman.model.decode import Calibration, Segments, joined, means, parts, segments, softmax
from dragoman.model.encoder import Encoder, OnnxEncoder, Words, encode
from dragoman.model.labels import GUIDELINES, layout
from dragoman.model.linking import Hung, Offer, Thresholds, link
from dragoman.model.links import ChainScorer, RoleScorer
from dragoman.model.tokens import Tokenizing, Tokens
from dragoman.records import CueMark, Marks, MentionMark, NameMark, Span, TriggerMark

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

PRONOUNS = frozenset(["he", "she", "him", "her", "his", "hers", "they", "them", "their", "it", "its", "i", "we"])

# The parts of the link heads, in the order of their labels.
SOURCE, CONTENT, MORE_CUE, ADDRESSEE = range(4)
ACTOR, RECIPIENT, PLACE, TIME = range(4)
# Types in which several parties act without being named side by side; in all others that is rare (training/README.md).
MUTUAL = frozenset(["CONSULT", "COOPERATE", "AGREE", "ASSAULT"])
CAPITALISED = frozenset(["Person", "Organization", "Location", "Facility", "NORP"])
EMPTY = re.compile(r"(?:the|a|an|at least|of|and|in|on|at|to|for|by|with|from|some|about|more than|\W)+")
JOINT = re.compile(r"\s*(?:,|and|or|&|as well as|along with|together with|including|,\s*(?:and|or|as well as))\s*")


class Annotator:
    """Reads marks off a text with the model of a bundle."""

    def __init__(self, bundle: Bundle, encoder: Encoder) -> None:
        self.bundle = bundle
        self.encoder = encoder
        self.tokenizing = Tokenizing(bundle.path("tokenizer.json"))
        with np.load(bundle.path("links.npz")) as arrays:
            weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
        self._roles = {head: RoleScorer.load(weights, head) for head in layout().links}
        self._chain = ChainScorer.load(weights)
        decoding = bundle.manifest["decoding"]
        self._bias = {head: float(value) for head, value in decoding["bias"].items()}
        self._calibration = {head: Calibration(**fitted) for head, fitted in decoding["calibration"].items()}
        self._thresholds = {
            head: [Thresholds(**decoding["thresholds"][head][part]) for part in parts]
            for head, parts in layout().parts.items()
        }

    @classmethod
    def open(cls, folder: Path | None = None, threads: int = 0) -> Annotator:
        """The annotator of a bundle's folder, by default the packaged one."""
        return cls.of(open_bundle(folder), threads)

    @classmethod
    def of(cls, bundle: Bundle, threads: int = 0) -> Annotator:
        """The annotator of a checked bundle."""
        return cls(bundle, OnnxEncoder(bundle.path("model.onnx"), threads))

    def marks(self, text: str, guideline: str = "house") -> Marks:
        """All marks of a text, in its order."""
        tokens = self.tokenizing(text)
        if not len(tokens):
            return Marks()
        words = encode(self.encoder, tokens, GUIDELINES.index(guideline))
        names = self._names(tokens, words)
        cues = self._cues(tokens, words)
        triggers = self._triggers(tokens, words)
        return Marks(names, cues, triggers, self._mentions(tokens, words, names, cues, triggers))

    def relation(self, text: str, actors: Sequence[Span], recipients: Sequence[Span]) -> dict[str, float]:
        """The event type between given actors and recipients, as a probability for each type."""
        tokens = self.tokenizing(text)
        roles = np.zeros(len(tokens), dtype=np.int64)
        for number, spans in enumerate((actors, recipients), 1):
            for span in spans:
                roles[slice(*tokens.words_of(span))] = number
        words = encode(self.encoder, tokens, GUIDELINES.index("plv"), roles)
        focus = softmax(words.tags[:, layout().columns("focus")].T)
        types = softmax((focus @ words.tags[:, layout().columns("type")])[0])
        return dict(zip(layout().tags["type"], types.tolist(), strict=True))

    # --- heads over single words ---------------------------------------------------------------

    def _sure(self, head: str, score: float) -> float:
        """The confidence of a mark: how often marks with this score are right."""
        return round(self._calibration[head](score), 4)

    def _segments(self, words: Words, head: str) -> Segments:
        logits = words.tags[:, layout().columns(head)].copy()
        logits[:, 0] += self._bias.get(head, 0.0)
        inside = parts(logits[None])
        return joined(segments(logits[None], inside), inside)

    def _names(self, tokens: Tokens, words: Words) -> tuple[NameMark, ...]:
        found, labels = self._segments(words, "names"), codes().name_labels
        columns = (found.first, found.last, found.part, found.confidence)
        marks = (
            NameMark(tokens.span_of(first, last), labels[part], self._sure("names", confidence))
            for first, last, part, confidence in zip(*(column.tolist() for column in columns), strict=True)
        )
        return tuple(mark for mark in marks if mark.label not in CAPITALISED or not _is_lower(tokens, mark.span))

    def _codes(self, words: Words, head: str, first: Ints, last: Ints) -> Floats:
        """Probabilities of a head's codes for spans: (spans, codes)."""
        return softmax(means(words.tags[:, layout().columns(head)], first, last))

    # --- heads over an anchor and a word -------------------------------------------------------

    def _offer(self, words: Words, head: str, parts: tuple[int, ...], part: int = 0, exclusive: bool = False) -> Offer:
        """The spans of one part of a tag head, as what may hang on an anchor."""
        found = self._segments(words, head)
        kept = found.part == part
        return Offer(parts, found.first[kept], found.last[kept], exclusive)

    def _linked(
        self, tokens: Tokens, words: Words, head: str, anchors: Segments, offers: Sequence[Offer]
    ) -> list[list[Hung]]:
        """What hangs on each anchor, but for spans of nothing more than `the` or `on`."""
        linked = link(self._roles[head], words.states, tokens.sentence, anchors, offers, self._thresholds[head])
        return [[h for h in hung if not EMPTY.fullmatch(_words(tokens, h).casefold())] for hung in linked]

    def _cues(self, tokens: Tokens, words: Words) -> tuple[CueMark, ...]:
        anchors = self._segments(words, "cue")
        offers = [
            self._offer(words, "source", (SOURCE,)),
            self._offer(words, "content", (CONTENT,), exclusive=True),
        ]
        linked = self._linked(tokens, words, "cue_roles", anchors, offers)
        sources = [_surest([h for h in hung if h.part == SOURCE]) for hung in linked]
        kinds = iter(self._kinds(words, [source for source in sources if source]))
        marks = []
        for number, (hung, best) in enumerate(zip(linked, sources, strict=True)):
            kind = next(kinds) if best else "none"
            _, content, more, addressee = ([h for h in hung if h.part == part] for part in range(4))
            if not content:
                continue
            cue = Hung(0, int(anchors.first[number]), int(anchors.last[number]), float(anchors.confidence[number]))
            marks.append(
                CueMark(
                    cue=_spans(tokens, [cue, *more]),
                    source=_spans(tokens, [best] if best else []),
                    content=_spans(tokens, content),
                    addressee=_one(tokens, _surest(addressee)),
                    kind=kind,
                    confidence=self._sure("cue", _mean([cue, *content, *([best] if best else [])])),
                )
            )
        return tuple(marks)

    def _kinds(self, words: Words, sources: Sequence[Hung]) -> list[str]:
        """The kind of each source."""
        first, last = (np.array([getattr(source, edge) for source in sources], dtype=int) for edge in ("first", "last"))
        return [layout().tags["kind"][kind] for kind in self._codes(words, "kind", first, last).argmax(axis=1)]

    def _triggers(self, tokens: Tokens, words: Words) -> tuple[TriggerMark, ...]:
        anchors = self._segments(words, "trigger")
        if not len(anchors.first):
            return ()
        offers = [
            self._offer(words, "party", (ACTOR, RECIPIENT)),
            self._offer(words, "setting", (PLACE,), 0),
            self._offer(words, "setting", (TIME,), 1),
        ]
        linked = self._linked(tokens, words, "roles", anchors, offers)
        by_head = {
            head: self._codes(words, head, anchors.first, anchors.last)
            for head in ("type", "mode", "status", "certainty")
        }
        marks = []
        for number, hung in enumerate(linked):
            at = tokens.sentence[anchors.first[number]]
            actors, recipients, places, times = (
                _near([h for h in hung if h.part == part], tokens.sentence, at) for part in range(4)
            )
            code = {head: layout().tags[head][int(p[number].argmax())] for head, p in by_head.items()}
            if code["type"] not in MUTUAL:
                actors, recipients = (_company(tokens, hung) for hung in (actors, recipients))
            sure = float(anchors.confidence[number]) * float(by_head["type"][number].max())
            marks.append(
                TriggerMark(
                    trigger=tokens.span_of(int(anchors.first[number]), int(anchors.last[number])),
                    type=code["type"],
                    mode=_mode_of(code["type"], by_head["mode"][number]),
                    status=code["status"],
                    certainty=code["certainty"],
                    actors=_spans(tokens, actors),
                    recipients=_spans(tokens, recipients),
                    place=_one(tokens, _surest(places)),
                    time=_one(tokens, _surest(times)),
                    confidence=self._sure("trigger", sure),
                )
            )
        return tuple(marks)

    # --- chains --------------------------------------------------------------------------------

    def _mentions(
        self,
        tokens: Tokens,
        words: Words,
        names: tuple[NameMark, ...],
        cues: tuple[CueMark, ...],
        triggers: tuple[TriggerMark, ...],
    ) -> tuple[MentionMark, ...]:
        spans = {mark.span for mark in names if mark.label not in ("Date", "Money")}
        for cue in cues:
            spans.update(cue.source, [cue.addressee] if cue.addressee else [])
        for trigger in triggers:
            spans.update(trigger.actors, trigger.recipients, [trigger.place] if trigger.place else [])
        starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
        spans.update(span for span in zip(starts, ends, strict=True) if tokens.text[slice(*span)].lower() in PRONOUNS)
        ordered = sorted(spans)
        if not ordered:
            return ()
        first = np.searchsorted(tokens.starts, np.array([start for start, _ in ordered]))
        last = np.searchsorted(tokens.ends, np.array([end for _, end in ordered])) + 1
        chosen, sure = self._chain.antecedents(words.states[first], words.states[last - 1])
        kinds = self._codes(words, "entity", first, last).argmax(axis=1)
        return tuple(
            MentionMark(span, codes().entity_types[kind], None if best < 0 else best, round(confidence, 4))
            for span, kind, best, confidence in zip(
                ordered, kinds.tolist(), chosen.tolist(), sure.tolist(), strict=True
            )
        )


def _is_lower(tokens: Tokens, span: Span) -> bool:
    """Whether words have no capital where the text has some: then they are no proper name."""
    return tokens.text[slice(*span)].islower() and not tokens.text.islower()


def _words(tokens: Tokens, hung: Hung) -> str:
    return tokens.text[tokens.starts[hung.first] : tokens.ends[hung.last - 1]]


def _surest(hung: Sequence[Hung]) -> Hung | None:
    return max(hung, key=lambda h: h.confidence, default=None)


def _company(tokens: Tokens, hung: list[Hung]) -> list[Hung]:
    """The surest, and those that are named together with it: the mayor, two deputies and a priest."""
    kept = [best] if (best := _surest(hung)) else []
    for other in sorted(hung, key=lambda h: abs(h.first - kept[0].first)):
        if other not in kept and any(_together(tokens, other, one) for one in kept):
            kept.append(other)
    return sorted(kept, key=lambda h: h.first)


def _together(tokens: Tokens, one: Hung, other: Hung) -> bool:
    """Whether nothing but a comma or an `and` stands between two spans."""
    first, second = sorted((one, other), key=lambda h: h.first)
    between = tokens.text[tokens.ends[first.last - 1] : tokens.starts[second.first]]
    return bool(JOINT.fullmatch(between))


def _near(hung: Sequence[Hung], sentence: Ints, at: int) -> list[Hung]:
    """Those in the trigger's own sentence; where it has none, the surest of the text around it."""
    own = [h for h in hung if sentence[h.first] == at]
    best = _surest(hung)
    return own or ([best] if best else [])


def _spans(tokens: Tokens, hung: Sequence[Hung]) -> tuple[Span, ...]:
    return tuple(tokens.span_of(h.first, h.last) for h in hung)


def _one(tokens: Tokens, hung: Hung | None) -> Span | None:
    return tokens.span_of(hung.first, hung.last) if hung else None


def _mean(hung: Sequence[Hung]) -> float:
    return sum(h.confidence for h in hung) / len(hung)


def _mode_of(type: str, probability: Floats) -> str | None:
    """The likeliest mode that the type has, or None."""
    allowed = {"none": None} | {f"{type}:{mode}": mode for mode in codes().event_types[type].modes}
    labels = layout().tags["mode"]
    return allowed[max(allowed, key=lambda label: float(probability[labels.index(label)]))]
