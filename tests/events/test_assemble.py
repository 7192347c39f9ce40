"""Triggers to events: voice, participants, counts, rules and conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dragoman.events.assemble import events
from dragoman.events.rules import condition_of, rules_in
from dragoman.records import Attribution, Entity, Period, TriggerMark
from tests.builders import Where, locate


def trigger(text: str, where: Where, type: str, **given: Any) -> TriggerMark:
    """A trigger from words."""
    return TriggerMark(
        trigger=locate(text, where),
        type=type,
        mode=given.get("mode"),
        status=given.get("status", "occurred"),
        certainty=given.get("certainty", "certain"),
        actors=tuple(locate(text, w) for w in given.get("actors", ())),
        recipients=tuple(locate(text, w) for w in given.get("recipients", ())),
        place=locate(text, given["place"]) if "place" in given else None,
        time=locate(text, given["time"]) if "time" in given else None,
        confidence=0.9,
    )


def held(id: str, text: str, content: Where, entity: str | None = None) -> Attribution:
    return Attribution(id, (), (), (locate(text, content),), "indirect", "named", entity=entity)


def test_an_event_hangs_on_the_innermost_voice_or_on_the_outlet() -> None:
    text = "Kade said Moor had claimed the army shelled Dorvane. The siege began in May."
    outer = held("A1", text, "Moor had claimed the army shelled Dorvane")
    inner = held("A2", text, "the army shelled Dorvane")
    first, second = events(
        text, [trigger(text, "siege", "ASSAULT"), trigger(text, "shelled", "ASSAULT")], [outer, inner], [], {}
    )
    assert (first.id, first.attribution) == ("E1", "A2")
    assert (second.id, second.attribution) == ("E2", None)


def test_participants_mean_entities_and_i_means_the_speaker() -> None:
    text = "“We met the envoy,” Kade said."
    envoy = Entity("N2", "envoy", "person", mentions=(locate(text, "the envoy"),))
    marks = [trigger(text, "met", "CONSULT", actors=["We", "the envoy"])]
    [event] = events(text, marks, [held("A1", text, "“We met the envoy,”", "N1")], [envoy], {})
    assert [who.entity for who in event.actors] == ["N1", "N2"]
    [event] = events(text, marks, [], [envoy], {})
    assert [who.entity for who in event.actors] == [None, "N2"]


def test_the_two_leaders_are_the_only_two_that_were_named_before() -> None:
    text = "Ali Sorrin flew to Varn to see Ana Brecke. The two leaders met. Ivo Tern came. The two leaders left."
    people = [
        Entity(f"N{n}", name, "person", mentions=(locate(text, name),))
        for n, name in enumerate(("Ali Sorrin", "Ana Brecke", "Ivo Tern"), start=1)
    ]
    varn = Entity("N4", "Varn", "place", mentions=(locate(text, "Varn"),))
    marks = [
        trigger(text, "met", "CONSULT", actors=[("The two leaders", 1)]),
        trigger(text, "left", "RETREAT", actors=[("The two leaders", 2)]),
    ]
    met, left = events(text, marks, [], [*people, varn], {})
    assert [(who.entity, text[slice(*who.span)]) for who in met.actors] == [
        ("N1", "The two leaders"),
        ("N2", "The two leaders"),
    ]
    assert [who.entity for who in left.actors] == [None]  # three by now


def test_two_who_are_new_are_not_the_two_that_were_named() -> None:
    text = "Ali Sorrin met Ana Brecke. Police arrested two generals."
    people = [
        Entity(f"N{n}", name, "person", mentions=(locate(text, name),))
        for n, name in enumerate(("Ali Sorrin", "Ana Brecke"), start=1)
    ]
    [event] = events(text, [trigger(text, "arrested", "COERCE", recipients=["two generals"])], [], people, {})
    assert [who.entity for who in event.recipients] == [None]


def test_what_a_source_denies_did_not_happen_as_far_as_it_goes() -> None:
    text = "Verrin dismissed reports that the army had shelled the town. Doctors said it shelled it."
    denial = replace(held("A1", text, "the army had shelled the town"), stance="denies")
    claim = held("A2", text, "it shelled it")
    marks = [trigger(text, ("shelled", 1), "ASSAULT"), trigger(text, ("shelled", 2), "ASSAULT")]
    assert [e.status for e in events(text, marks, [denial, claim], [], {})] == ["not_occurred", "occurred"]
    planned = [trigger(text, ("shelled", 1), "ASSAULT", status="planned")]
    assert [e.status for e in events(text, planned, [denial], [], {})] == ["planned"]


def test_who_demands_is_who_says_so() -> None:
    text = "The Front demanded that Velmar’s army leave, its spokesman told Radio Lisk."
    said = Attribution(
        "A1",
        source=(locate(text, "The Front"),),
        cue=(locate(text, "demanded"),),
        content=(locate(text, "Velmar’s army leave"),),
        mode="indirect",
        kind="named",
        addressee=locate(text, "Velmar’s army"),
    )
    marks = [trigger(text, "demanded", "REQUEST", actors=["Radio Lisk"], recipients=["The Front"])]
    [event] = events(text, marks, [said], [], {})
    assert [text[slice(*who.span)] for who in event.actors] == ["The Front"]
    assert [text[slice(*who.span)] for who in event.recipients] == ["Velmar’s army"]


def test_all_who_meet_are_actors_and_each_is_there_once() -> None:
    text = "Kade met Moor and the others; Kade spoke."
    kade = Entity("N1", "Kade", "person", mentions=(locate(text, ("Kade", 1)), locate(text, ("Kade", 2))))
    mark = trigger(text, "met", "CONSULT", actors=[("Kade", 1), ("Kade", 2)], recipients=["Moor"])
    [event] = events(text, [mark], [], [kade], {})
    assert [text[slice(*who.span)] for who in event.actors] == ["Kade", "Moor"]
    assert event.recipients == ()


def test_days_come_from_the_period_of_the_trigger() -> None:
    text = "They met on Monday."
    mark = trigger(text, "met", "CONSULT", time="on Monday")
    period = Period("2031-03-03", "2031-03-03", "day")
    [dated] = events(text, [mark], [], [], {mark: period})
    assert (dated.start, dated.end, dated.date_precision) == ("2031-03-03", "2031-03-03", "day")
    [undated] = events(text, [trigger(text, "met", "CONSULT")], [], [], {})
    assert (undated.start, undated.end, undated.date_precision) == (None, None, None)


def test_a_count_goes_to_the_nearest_event_that_can_have_it() -> None:
    text = "They met after the raid in which 14 people were killed. They talked for 3 hours."
    marks = [trigger(text, "met", "CONSULT"), trigger(text, "raid", "ASSAULT"), trigger(text, "talked", "CONSULT")]
    assert [[c.low for c in event.counts] for event in events(text, marks, [], [], {})] == [[], [14], []]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The council voted 9 to 2 on Friday to impose an embargo.", "majority"),
        ("The council decided unanimously to send observers.", "unanimous"),
        ("The text was adopted by consensus.", "consensus"),
        ("Parliament overrode him with a two-thirds majority.", "two_thirds"),
        ("Carse vetoed the resolution.", "veto"),
        ("The president dissolved parliament by decree.", "decree"),
    ],
)
def test_how_a_body_decided(text: str, rule: str) -> None:
    assert rules_in(text, (0, len(text)))[0][0] == rule


def test_no_rule_where_none_is_told() -> None:
    for text in (
        "They walked 9 to 10 miles to vote.",
        "Two-thirds of the city was destroyed.",
        "voted in the 2019-20 session",
    ):
        assert rules_in(text, (0, len(text))) == [], text


@pytest.mark.parametrize(
    ("text", "word", "type", "status", "condition"),
    [
        ("It will close unless the war ends, he said.", "close", "THREATEN", "occurred", "unless the war ends"),
        ("If aid is let in, we will talk.", "talk", "AGREE", "planned", "If aid is let in"),
        ("It shut the port, if only for a day.", "shut", "COERCE", "occurred", None),
        ("If they attack, we will leave.", "attack", "ASSAULT", "hypothetical", None),
        ("It will close unless the U.S. lifts sanctions, he said.", "close", "THREATEN", "occurred",
         "unless the U.S. lifts sanctions"),
        ("We will go if 1,000 men are freed.", "go", "AGREE", "planned", "if 1,000 men are freed"),
        ("The US, which has provided arms to Kyiv, threatened Iran.", "threatened", "THREATEN", "occurred", None),
        ("He asked if they would agree to leave.", "leave", "RETREAT", "planned", None),
    ],
)  # fmt: skip
def test_what_an_act_depends_on(text: str, word: str, type: str, status: str, condition: str | None) -> None:
    found = condition_of(text, (0, len(text)), locate(text, word), type, status)
    assert (text[slice(*found)] if found else None) == condition
