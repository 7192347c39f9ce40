"""How a body decided (`unanimously`, `9 to 2`), and on what an act depends (`unless the siege is lifted`)."""

from __future__ import annotations

import re

from dragoman.conditions import conditions_in
from dragoman.records import Span

_RULES = {
    "unanimous": re.compile(r"\bunanim\w+|\bwithout (?:a )?dissent\w*|\b\d+ ?(?:-|–|to) ?0\b(?= vote)", re.IGNORECASE),
    "consensus": re.compile(r"\bby consensus\b|\bwithout a vote\b|\bno (?:member )?objections?\b", re.IGNORECASE),
    "two_thirds": re.compile(
        r"\btwo[- ]thirds (?:majority|vote|of (?:the )?(?:votes?|members|deputies|lawmakers|delegates))\b"
        r"|\bmajority of two[- ]thirds\b",
        re.IGNORECASE,
    ),
    "veto": re.compile(r"\bveto(?:ed|es|ing)?\b", re.IGNORECASE),
    "decree": re.compile(r"\bby (?:presidential |royal |emergency )?decree\b|\bexecutive order\b", re.IGNORECASE),
    "majority": re.compile(
        r"\bvot(?:e|ed|es|ing)\b[^.\n]{0,40}?\b\d{1,3} ?(?:-|–|to|against) ?\d{1,3}\b"
        r"|\b\d{1,3} ?(?:-|–|to) ?\d{1,3} vote\b"
        r"|\bby \d+ votes to \d+\b|\b(?:simple |absolute |narrow |large )?majority (?:vote|of votes)\b",
        re.IGNORECASE,
    ),
}
# An act can depend on something when it is still to come, or is a word given.
_DEPENDING = frozenset({"planned", "hypothetical", "ruled_out"})
_WORD_GIVEN = frozenset({"AGREE", "THREATEN", "REQUEST", "CONCEDE", "REJECT", "SANCTION"})


def rules_in(text: str, sentence: Span) -> list[tuple[str, Span]]:
    """The rules of decision that a sentence names, with their words."""
    return [(rule, match.span()) for rule, form in _RULES.items() for match in form.finditer(text, *sentence)]


def condition_of(text: str, sentence: Span, trigger: Span, type: str, status: str) -> Span | None:
    """The words of what an act depends on, in the trigger's sentence; None where it depends on nothing.

    A trigger inside the condition is not what depends on it.
    """
    if status not in _DEPENDING and type not in _WORD_GIVEN:
        return None
    outside = (span for span in conditions_in(text, sentence) if not span[0] <= trigger[0] < span[1])
    return next(outside, None)
