"""How many people: `at least 11 people killed`, `between 30 and 40 missing`, with kind and who they are.

Invariant: a count is made only of a number that stands beside a word of its kind, never of a bare number; where
the words leave a doubt (the doers of the deed, a distance, vehicles) there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.numbers import Number, numbers_in
from dragoman.records import Count, Span

_PEOPLE = {
    "children": r"child|children|schoolchild|schoolchildren|boys?|girls?|schoolgirls?|schoolboys?|pupils?|infants?|"
    r"bab(?:y|ies)"
    r"|toddlers?|minors?|teenagers?",
    "women": r"wom[ae]n|mothers?|wives|widows?",
    "police": r"police(?: officers?)?|policem[ae]n|policewom[ae]n|gendarmes?|border guards?|security officers|"
    r"officers",
    "soldiers": r"soldiers?|troops?|servicem[ae]n|marines?|paratroopers?|conscripts?|army officers?|sailors?|"
    r"airm[ae]n|"
    r"peacekeepers?|reservists?|commandos?|national guards?(?:m[ae]n)?|guardsm[ae]n|recruits?|special forces",
    "fighters": r"fighters?|militants?|rebels?|insurgents?|gunm[ae]n|guerrillas?|jihadists?|militiam[ae]n|"
    r"terrorists?|attackers?|"
    r"mercenar(?:y|ies)|extremists?|combatants?|suicide bombers?|paramilitar(?:y|ies)",
    "journalists": r"journalists?|reporters?|photographers?|cameram[ae]n|correspondents?|media workers?",
    "medics": r"medics?|doctors?|nurses?|paramedics?|health workers?|medical workers?|ambulance workers?|rescuers?",
    "aid_workers": r"aid workers?|humanitarian workers?|relief workers?|un (?:workers|staff)|charity workers?",
    "protesters": r"protest[eo]rs?|demonstrators?|rioters?|activists?|marchers?",
    "refugees": r"refugees?|displaced people|asylum[- ]seekers?",
    "migrants": r"migrants?",
    "prisoners": r"prisoners?|inmates?|detainees?|hostages",
    "workers": r"workers?|labourers?|laborers?|miners?|employees?|strikers?|fishermen|farmers?|drivers?|engineers?|"
    r"staff",
    "officials": r"officials?|ministers?|diplomats?|mayors?|lawmakers?|judges?|councill?ors?|bureaucrats?|"
    r"governors?|generals?|politicians?",
    "civilians": r"civilians?|residents?|villagers?|bystanders?|passers-?by|worshippers?|shoppers?|passengers?|"
    r"famil(?:y|ies)|pilgrims?|mourners?|commuters?",
}
_ANYBODY = (
    r"people|persons?|others|m[ae]n|lives|of them|students?|teachers?|members?|suspects?|citizens?|nationals|"
    r"victims|crew|"
    r"priests?|nuns?|clerics?|leaders?|commanders?|lawyers?|missionaries|brothers|sisters|foreigners"
)
_WHO = re.compile(r"\b(?:" + "|".join(f"(?P<{who}>{nouns})" for who, nouns in _PEOPLE.items()) + r")\b", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:and|were|was|had|have|has|who|in|at|from|after|when|as|by|for|on|with|that|to|against|into|near|"
    r"during|dead|killed|wounded)\b|[,.;:()]"
)
_SOMEBODY = re.compile(rf"\b(?:{'|'.join(_PEOPLE.values())}|{_ANYBODY})\b", re.IGNORECASE)
_FORCES = re.compile(
    rf"\b(?:{_PEOPLE['soldiers']}|{_PEOPLE['police']}|{_PEOPLE['fighters']}|m[ae]n|people|personnel|guards|"
    rf"observers|agents)\b",
    re.IGNORECASE,
)

_KINDS = {
    "killed": r"kill(?:ed|ing|s)?|dead|died|deaths|die|dying|slain|shot dead|lost their lives|executed|massacred|"
    r"murdered|beheaded|"
    r"perished|fatalities|assassinated|drowned|slaughtered|burned to death|beaten to death|hanged|gunned down|"
    r"lynched",
    "wounded": r"wound(?:ed|ing|s)?|injur(?:ed|ing|es?|ies)|hurt|maimed|hospitali[sz]ed|sustained injuries|"
    r"in hospital",
    "arrested": r"arrest(?:ed|ing|s)?|detain(?:ed|ing|s)?|detentions?|being held|rounded up|taken into custody|"
    r"jailed|in custody|"
    r"imprisoned|held for questioning|apprehended|behind bars",
    "displaced": r"displac(?:ed|ing|es?)|fled|driven from their homes|forced (?:from|out of) their homes|"
    r"flee(?:ing)?|uprooted|"
    r"forced to (?:flee|leave)|left homeless|made homeless|homeless|driven out|evacuated",
    "kidnapped": r"kidnap(?:p?ed|p?ing|s)?|abduct(?:ed|ing|s|ions?)?|taken hostage|seized as hostages|held hostage|"
    r"taken captive|"
    r"kidnappings?|snatched|took hostage",
    "deployed": r"deploy(?:ed|ing|s|ment)?|mobili[sz](?:ed|ing|es?)|sent in|sent|sending|send|dispatch(?:ed|ing)?|"
    r"stationed|"
    r"called up|massed",
    "missing": r"missing|unaccounted for|disappeared",
}
_TYPES = {
    "killed": ("ASSAULT",),
    "wounded": ("ASSAULT",),
    "arrested": ("COERCE",),
    "displaced": ("ASSAULT", "COERCE"),
    "kidnapped": ("ASSAULT",),
    "deployed": ("MOBILIZE",),
    "missing": ("ASSAULT",),
}
_ANY = re.compile(
    rf"\b(?:toll|lives?|casualt|hostage|captive|custody|forc|dr[oi]v|seiz|prisoner|{'|'.join(_KINDS.values())})",
    re.IGNORECASE,
)  # most sentences have none
_KIND = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
_ADVERB = r"(?:\w+ly |also |since |again |all |so far |still |now |just )?"
_WERE = (
    r"(?:(?:have|has|had|been|being|be|were|was|are|is|left|also|reported|reportedly|feared|confirmed|believed|"
    r"found|got|"
    r"may|might|could|would|will|to|thought|presumed|listed as|declared|remain(?:ed|s)?|still|known|said|went|go|"
    r"gone)\s+)+"
)
# The people between the number and what befell them; `11 of the 40 hostages` are eleven.
_BETWEEN = (
    r"(?:\s+of(?:\s+(?:the|their|these|its|his))?(?:\s+(?:\d+|[a-z]+teen|two|three|four|five|six|seven|eight|nine|"
    r"ten|twenty|thirty|forty))?)?"
    r"(?:\s+(?!(?:and|or|but|were|was|had|have|has|been|who|that|said|says|say|told|tell|later|ago|after|before|"
    r"when|while|as|a|an|the)\b|\d)"
    r"(?:(?:from|of|in|at|near|with) (?:an?|the)\s+)?[\w’'-]+){0,6}?"
)
# An object after the verb: those before it did it.
_NO_OBJECT = re.compile(
    r"(?!\s+(?:\d|an?\b|the\b|his\b|her\b|its\b|their\b(?! (?:homes?|houses|villages|country|land)\b)|at least\b|"
    r"more than\b|some\b|dozens\b|hundreds\b|scores\b|several\b|"
    r"two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|(?-i:[A-Z])(?!\w*day\b)))"
)
_AFTER = re.compile(
    rf"{_BETWEEN}(?:,[^,.;]{{2,60}},(?=\s+(?:were|was|have|had|are|"
    rf"is)\b))?(?:,? who)?\s+(?:(?P<passive>{_WERE}){_ADVERB}(?:{_KIND})\b|"
    rf"(?P<plain>{_ADVERB}(?:{_KIND.replace('?P<', '?P<plain_')})\b))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b(?:{_KIND})(?:\s+(?:of|as|to|in|about|people|over|down|away|there))?(?:\s+the)?\s*\Z", re.IGNORECASE
)
_TOLL = re.compile(
    rf"\b(?:toll|number (?:of )?(?:people |those )?(?:{_KIND}))\b[^.;\"”]{{0,80}}?"
    r"\b(?:from|to|at|of|is|was|reached|hit|stands|exceeded|passed)\s*\Z",
    re.IGNORECASE,
)
# What is said of them on both sides: took six people hostage, forced 80,000 people from their homes.
_TAKEN = tuple(
    (kind, re.compile(rf"\b(?:{before})\s+\Z", re.I), re.compile(rf"{_BETWEEN}\s+(?:{after})\b", re.I))
    for kind, before, after in (
        ("kidnapped", "took|taking|takes|take|taken|held|holding|holds", "hostages?|captive"),
        ("arrested", "took|taking|takes|take|taken", "into custody|in for questioning|prisoner"),
        (
            "displaced",
            "forc(?:ed|ing|es)|drove|driv(?:en|ing)|sent|sending",
            "from (?:their )?homes?|out of their homes|to flee|to leave|into exile|fleeing",
        ),
        ("killed", "left|leaving|leaves|shot|burned|beat|found", "dead|to death"),
        ("wounded", "left|leaving|leaves", "wounded|injured|hurt"),
        ("missing", "left|leaving|leaves", "missing|unaccounted for"),
    )
)  # fmt: skip
# Not counted: killed by 30 officers; 11 of the 40; every one.
_NOT_THESE = re.compile(r"\b(?:by|every|of (?:the|their|its|these|those)) \Z", re.IGNORECASE)
_THINGS = re.compile(
    r"\s+(?:attacks?|raids?|strikes?|tanks|vehicles|houses|homes|cities|towns|villages|cars|bombs|incidents|provinces|"
    r"districts|countries|occasions|shots|charges|counts|locations|places|ships|warships|aircraft|planes)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s+(?:in the (?:morning|afternoon|evening)\b|at night\b|o['’]clock\b|[ap]\.?m\b)", re.I)
_AGE_BEFORE = re.compile(r"\b[A-Z][\w’'-]+, \Z")  # Dela Amsum, 31, of the health team
_AGE_AFTER = re.compile(r",(?! (?:including|among|most|mostly|all|some)\b)")
_SEIZED = re.compile(r"\bseiz(?:ed|ing|es)\s+\Z", re.I)
_LAWFUL = re.compile(
    r"\b(?:police|officers?|soldiers?|troops|forces|authorities|agents|coast ?guards?|customs)\b", re.I
)
_LIVES_BEFORE = re.compile(r"\b(?:claim(?:ed|ing|s)?|cost(?:ing)?|t(?:ake|ook|aking|aken)) (?:the lives of )?\Z", re.I)
_LIVES_AFTER = re.compile(r"\s+(?:\w+\s+)?lives\b", re.I)
_NONE = re.compile(
    r"\s+(?:(?:\w+\s+){0,3}?(?P<both>casualt\w+)|(?:\w+\s+){0,2}?(?P<killed>deaths?|fatalit\w+|dead)|"
    r"(?:\w+\s+){0,2}?(?P<wounded>injur(?:y|ies))"
    r"|(?:else |of them |people |other )?(?:was|were|is|has been|have been|had been) (?:\w+ly )?(?:(?P<hurt>hurt|"
    r"injured|wounded|harmed)|(?P<died>killed)))\b",
    re.IGNORECASE,
)
_SAME_AFTER = re.compile(rf"(?:{_BETWEEN})?(?:\s+and|,\s+and|,)\s*\Z", re.IGNORECASE)
_INCLUDING = re.compile(
    r"(?:,|\s+-|\s+–)?\s*\(?(?:including|among them|most of them|of whom|of them|mostly)\s*\Z", re.IGNORECASE
)
_OF_THEM = re.compile(r"\s+of (?:them|whom)\b(?: (?:were|are|was))?", re.IGNORECASE)


def counts_in(text: str, sentence: Span) -> list[Count]:
    """Every count in a sentence, in its order."""
    if not _ANY.search(text, *sentence):
        return []
    numbers = list(numbers_in(text, sentence))
    kinds = _handed_on(text, numbers, [_kinds(text, sentence, number) for number in numbers])
    return [
        Count(kind, number.low, number.high, number.bound, _who(text, number, sentence), number.span)
        for number, told in zip(numbers, kinds, strict=True)
        for kind in told
    ]


def belongs(count: Count, type: str) -> bool:
    """Whether events of a type have counts of this kind."""
    return type in _TYPES[count.kind]


def _kinds(text: str, sentence: Span, number: Number) -> tuple[str, ...]:
    """What befell those that the number counts, by the words before and after it; nothing where none says."""
    start, end = number.span
    if number.high == 0:
        return _nobody(text, sentence, number)
    before, after = text[max(sentence[0], start - 120) : start], (end, min(sentence[1], end + 140))
    if _CLOCK.match(text, *after) or _is_age(text, number, before):
        return ()
    if number.article and not _SOMEBODY.match(text, *_noun(text, after)):
        return ()
    if _LIVES_BEFORE.search(before) and (_LIVES_AFTER.match(text, *after) or before.rstrip().endswith("of")):
        return ("killed",)
    if toll := _TOLL.search(before):
        return (_of(toll) or "killed",)
    if (found := _BEFORE.search(before)) and (kind := _of(found)) and not _distant(text, after):
        return (kind,) if kind != "deployed" or _of_forces(text, after) else ()
    for kind, one_side, other_side in _TAKEN:
        if one_side.search(before) and other_side.match(text, *after):
            return (kind,)
    if _SEIZED.search(before) and _SOMEBODY.match(text, *_noun(text, after)) and not _LAWFUL.search(before):
        return ("kidnapped",)
    if _NOT_THESE.search(before):
        return ()
    found = _AFTER.match(text, *after)
    if found is None:
        return ()
    kind = _of(found)
    if found["plain"] and _NO_OBJECT.match(text, found.end()) is None:
        return ()
    if kind is None or (kind == "deployed" and not (found["passive"] and _of_forces(text, after))):
        return ()
    return (kind,)


def _is_age(text: str, number: Number, before: str) -> bool:
    """Whether a number between commas after a name says how old somebody is."""
    start, end = number.span
    return bool(text[start:end].isdigit() and _AGE_BEFORE.search(before) and _AGE_AFTER.match(text, end))


def _nobody(text: str, sentence: Span, number: Number) -> tuple[str, ...]:
    """No casualties; no one was hurt."""
    found = _NONE.match(text, number.span[1], sentence[1])
    if found is None:
        return ()
    if found["both"]:
        return ("killed", "wounded")
    return ("wounded",) if found["wounded"] or found["hurt"] else ("killed",)


def _of(found: re.Match[str]) -> str | None:
    """The kind whose words were found."""
    named = found.groupdict()
    return next((kind for kind in _KINDS if named.get(kind) or named.get(f"plain_{kind}")), None)


def _handed_on(text: str, numbers: Sequence[Number], kinds: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    """What befell one befell those named with it: `two soldiers and three civilians were killed`."""
    told, order = list(kinds), range(len(numbers))
    for n in [*order, *reversed(order)]:
        for other in (n - 1, n + 1):
            if told[n] or not 0 <= other < len(numbers) or len(told[other]) != 1:
                continue
            first, second = sorted((n, other))
            between = text[numbers[first].span[1] : numbers[second].span[0]]
            if _joined(text, numbers[n], numbers[other], between):
                told[n] = told[other]
    return told


def _joined(text: str, number: Number, other: Number, between: str) -> bool:
    """Whether nothing but the people of the first stands between two numbers, or the second is a part of the first."""
    if number.high == 0 or len(between) > 90:
        return False
    counted = _SOMEBODY.match(text, *_noun(text, (number.span[1], number.span[1] + 60)))
    inside = number.span > other.span and (_INCLUDING.search(between) or _OF_THEM.match(text, number.span[1]))
    if inside and not re.search(r"\band\b", between):
        return bool(counted or _OF_THEM.match(text, number.span[1]))
    return bool(counted and _SAME_AFTER.fullmatch(between) and not (number.article and between.endswith(", ")))


def _noun(text: str, span: Span) -> Span:
    """From the first word of those that are counted: past its adjectives."""
    words = list(re.finditer(r"[\w’'-]+", text[slice(*span)]))[:4]
    for word in words:
        if _SOMEBODY.match(word[0]):
            return span[0] + word.start(), span[1]
        if word[0] in ("and", "or", "in", "of", "at", "from", "were", "was", "on", "for", "to", "by", "with"):
            break
    return span[1], span[1]


def _distant(text: str, after: Span) -> bool:
    """Whether what follows is no people: `killed in 3 attacks`, `two tanks`."""
    return bool(_THINGS.match(text, *after))


def _who(text: str, number: Number, sentence: Span) -> str | None:
    """What people are counted: by the last noun for people right after the number."""
    end = min(sentence[1], number.span[1] + 60)
    skipped = re.match(r"\s+of(?:\s+(?:the|their|them|whom))?\b(?: were)?", text[number.span[1] : end])
    start = number.span[1] + (skipped.end() if skipped else 0)
    cut = _STOP.search(text, start, end)
    found = list(_WHO.finditer(text, start, cut.start() if cut else end))
    return found[-1].lastgroup if found else None


def _of_forces(text: str, after: Span) -> bool:
    """Whether people are deployed, and not tanks: one of the next six words names them."""
    return bool(_FORCES.search(" ".join(text[slice(*after)].split()[:6])))
