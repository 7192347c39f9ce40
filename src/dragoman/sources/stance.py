"""Where a source stands to what it says: asserts, confirms, denies, disputes, declines, cannot confirm."""

from __future__ import annotations

import re

_NOT = re.compile(r"\b(?:not|never|no|unable|cannot|without|neither|failed to|nor)\b|n[’']t\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:“”\"«»—–]")
_DECLINES = re.compile(
    r"\b(?:declin\w+|refus\w+ to (?:comment|say|answer|discuss|be drawn|confirm)|no comment|would not (?:say|comment)"
    r"|(?:neither confirm\w*|not confirm) n?or den\w+|refus\w+ to (?:either )?confirm or den\w+"
    r"|not (?:comment|respond|repl)\w*)",
    re.IGNORECASE,
)
_WORDS = {
    "denies": r"\bden(?:y|ied|ies|ying|ial)\b|\b(?:dismiss|refut|rebut|rubbish)\w*"
    r"|\breject\w* (?:the |that )?(?:claim|allegation|accusation|report|charge)",
    "disputes": r"\b(?:disput|contest|contradict|challeng)\w*|\bquestioned the\b|\bcast doubt\b",
    "confirms": r"\b(?:confirm|verif|acknowledg|admit|conced|corroborat)\w*",
}
_STANCES = {stance: re.compile(words, re.IGNORECASE) for stance, words in _WORDS.items()}


def stance(cue: str, before: str) -> str:
    """The stance of a cue; `before` are the words of its sentence that stand before it: `could not` confirm."""
    said = f"{_CLAUSE_END.split(before)[-1][-25:].strip()} {cue}"
    if _DECLINES.search(cue) or ("confirm" in cue.casefold() and _DECLINES.search(said)):
        return "declines"
    found = next((name for name, words in _STANCES.items() if words.search(cue)), "asserts")
    if found != "asserts" and _NOT.search(said):
        return "cannot_confirm" if found == "confirms" else "asserts"
    return found
