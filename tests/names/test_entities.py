"""Mentions to chains to entities: what is joined, what stays apart, and what is told of somebody."""

from __future__ import annotations

import pytest

from dragoman.names import actors
from dragoman.names.entities import entities
from dragoman.names.mentions import head
from dragoman.records import CueMark, Entity, Marks, MentionMark, NameMark
from tests.builders import Where, locate


def marks(
    text: str,
    names: list[tuple[Where, str]],
    mentions: list[tuple[Where, str, int | None]],
    sure: float = 0.9,
) -> Marks:
    """Marks in which every mention is the source of something, so that each is used."""
    spans = [(locate(text, where), kind, antecedent) for where, kind, antecedent in mentions]
    assert spans == sorted(spans), "give mentions in the order of the text"
    return Marks(
        names=tuple(NameMark(locate(text, where), label, 0.9) for where, label in names),
        cues=tuple(CueMark(((0, 1),), (span,), ((0, 1),), None, "named", 0.9) for span, _, _ in spans),
        mentions=tuple(MentionMark(span, kind, antecedent, sure) for span, kind, antecedent in spans),
    )


def called(found: tuple[Entity, ...]) -> list[str]:
    return [entity.name for entity in found]


TEXT = (
    "Costa Rican President Rodrigo Chaves met Iris Dane. Chaves praised Dane. Then HE left. "
    "The World Health Organization (WHO) sent doctors. WHO staff waited. The ministry knew. The ministry slept."
)


def test_a_short_name_joins_the_full_one_and_a_pronoun_follows_the_model() -> None:
    found = entities(
        TEXT,
        marks(
            TEXT,
            [("Rodrigo Chaves", "Person"), ("Iris Dane", "Person"), (("Chaves", 2), "Person")],
            [
                ("Costa Rican President Rodrigo Chaves", "person", None),
                ("Iris Dane", "person", None),
                (("Chaves", 2), "person", None),
                ("HE", "person", 2),
            ],
        ),
    )
    assert called(found) == ["Rodrigo Chaves", "Iris Dane"]
    chaves = found[0]
    assert [TEXT[slice(*span)] for span in chaves.mentions] == ["Costa Rican President Rodrigo Chaves", "Chaves", "HE"]
    assert (chaves.type, chaves.country, chaves.role, chaves.of) == ("person", "CRI", "president", "Costa Rican")


def test_two_names_are_never_one_whatever_the_model_says() -> None:
    found = entities(
        TEXT,
        marks(
            TEXT,
            [("Rodrigo Chaves", "Person"), ("Iris Dane", "Person")],
            [("Rodrigo Chaves", "person", None), ("Iris Dane", "person", 0)],
        ),
    )
    assert called(found) == ["Rodrigo Chaves", "Iris Dane"]


def test_an_acronym_joins_its_name() -> None:
    found = entities(
        TEXT,
        marks(
            TEXT,
            [("World Health Organization", "Organization"), (("WHO", 2), "Organization")],
            [("The World Health Organization", "organization", None), (("WHO", 2), "organization", None)],
        ),
    )
    assert called(found) == ["World Health Organization"]
    assert found[0].known_as == ("WHO",)


def test_the_same_definite_words_are_one_and_an_unsure_link_is_not_followed() -> None:
    mentions: list[tuple[Where, str, int | None]] = [
        ("doctors", "group", None),
        (("The ministry", 1), "government", 0),
        (("The ministry", 2), "government", 0),
    ]
    found = entities(TEXT, marks(TEXT, [], mentions, sure=0.3))
    assert called(found) == ["doctors", "The ministry"]
    assert len(found[1].mentions) == 2


def test_a_pronoun_that_means_nobody_known_is_no_entity() -> None:
    assert entities(TEXT, marks(TEXT, [], [("HE", "person", None)])) == ()


def test_what_no_mark_uses_is_no_entity() -> None:
    unused = Marks(mentions=(MentionMark(locate(TEXT, "Iris Dane"), "person", None, 0.9),))
    assert entities(TEXT, unused) == ()


@pytest.mark.parametrize(
    ("words", "name", "label", "is_head"),
    [
        ("President Rodrigo Chaves", "Rodrigo Chaves", "Person", True),
        ("Volodymyr Zelensky, President of Ukraine", "Volodymyr Zelensky", "Person", True),
        ("A spokesman for the Front, Abu Hurma", "Abu Hurma", "Person", True),
        ("Chaves's lawyer", "Chaves", "Person", False),
        ("supporters of Chaves", "Chaves", "Person", False),
        ("Chaves supporters", "Chaves", "Person", False),
        ("the World Health Organization", "World Health Organization", "Organization", True),
        ("residents of Dorvane", "Dorvane", "Location", False),
        ("Turkish officials", "Turkish", "NORP", False),
        ("the army in Dorvane", "Dorvane", "Location", False),
    ],
)
def test_which_name_a_mention_is_about(words: str, name: str, label: str, is_head: bool) -> None:
    mark = NameMark(locate(words, name), label, 0.9)
    assert head(words, (0, len(words)), [mark]) == (mark if is_head else None)


@pytest.mark.parametrize(
    ("words", "cleaned"),
    [
        ("the Council’s", "Council"),
        ("Hanna Brecke", "Hanna Brecke"),
        ("“The Post,”", "Post"),
        ("A. B. Kade", "A. B. Kade"),
    ],
)
def test_a_clean_name(words: str, cleaned: str) -> None:
    assert actors.clean(words) == cleaned


def test_titles_tell_nobody_apart_and_parts_of_bodies_names_do() -> None:
    assert actors.key("President Chaves", person=True) == actors.key("Mr. Chaves", person=True) == ("chaves",)
    assert actors.same(("chaves",), ("rodrigo", "chaves"), person=True)
    assert not actors.same(("ministry",), ("defence", "ministry"), person=False)
    assert not actors.same(("odri",), ("rodrigo", "chaves"), person=True)


def test_what_is_told_of_an_office() -> None:
    text = "Hanna Brecke, the foreign minister of Oskara, spoke to Nina Corvo, a cook."
    found = entities(
        text,
        marks(
            text,
            [("Hanna Brecke", "Person"), ("Nina Corvo", "Person")],
            [("Hanna Brecke, the foreign minister of Oskara", "person", None), ("Nina Corvo, a cook", "person", None)],
        ),
    )
    assert [(entity.role, entity.of) for entity in found] == [("foreign minister", "Oskara"), (None, None)]
