"""How a body decided (`unanimously`, `9 to 2`), and on what an act depends (`unless the siege is lifted`)."""

from __future__ import annotations

import re

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
_CONDITION = re.compile(
    r"\b(?:unless|if|provided that|on condition that|on the condition that|as long as|only if|only when|in case)\s"
    r"(?:[^,;.!?”\"»\n]|(?<=\d),(?=\d)|(?<=\b[A-Z])\.|(?<=\b(?:Mr|Dr|Ms|St))\.|(?<=\bGen)\.|\.(?=\w)){4,240}(?!\w)",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(r"(?:\b(?:as|even|ask\w*|wonder\w*|know|see|whether|question\w*|what)\s+)\Z", re.IGNORECASE)
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
    for match in _CONDITION.finditer(text, *sentence):
        start, end = match.span()
        if start <= trigger[0] < end or _NO_CONDITION.search(text[max(sentence[0], start - 12) : start]):
            continue
        return start, start + len(match[0].rstrip())
    return None
