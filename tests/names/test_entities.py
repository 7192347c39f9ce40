"""Mentions to chains to entities: what is joined, what stays apart, and what is told of somebody."""

from __future__ import annotations

import pytest

from dragoman.names import naming
from dragoman.names.entities import entities as entities_of
from dragoman.names.mentions import head
from dragoman.records import CueMark, Entity, Marks, MentionMark, NameMark, Report
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


def entities(text: str, marks: Marks, published: str | None = None) -> tuple[Entity, ...]:
    return entities_of(Report(id="0" * 64, text=text, published=published), marks)


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
    assert naming.clean(words) == cleaned


def test_titles_tell_nobody_apart_and_parts_of_bodies_names_do() -> None:
    assert naming.key("President Chaves", person=True) == naming.key("Mr. Chaves", person=True) == ("chaves",)
    assert naming.same(("chaves",), ("rodrigo", "chaves"), person=True)
    assert not naming.same(("ministry",), ("defence", "ministry"), person=False)
    assert not naming.same(("odri",), ("rodrigo", "chaves"), person=True)


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


def everybody(text: str, *named: tuple[Where, str]) -> list[str]:
    """The entities of a text in which each name is a mention of its own."""
    kinds = {"Person": "person", "Organization": "organization", "Location": "country"}
    ordered = sorted(named, key=lambda one: locate(text, one[0]))
    return called(entities(text, marks(text, ordered, [(where, kinds[label], None) for where, label in ordered])))


def test_a_family_is_not_one_person() -> None:
    text = "Donald Trump spoke. Trump left. Melania Trump stayed. Ivan Sokolov and IS fled."
    found = everybody(
        text,
        ("Donald Trump", "Person"),
        (("Trump", 2), "Person"),
        ("Melania Trump", "Person"),
        ("Ivan Sokolov", "Person"),
        ("IS", "Organization"),
    )
    assert found == ["Donald Trump", "Melania Trump", "Ivan Sokolov", "IS"]


def test_two_ministries_are_two_and_a_surname_may_be_a_title() -> None:
    text = "The Foreign Ministry spoke. The Defence Ministry slept. Angus King met Angus Deaton. King left."
    found = everybody(
        text,
        ("Foreign Ministry", "Organization"),
        ("Defence Ministry", "Organization"),
        ("Angus King", "Person"),
        ("Angus Deaton", "Person"),
        (("King", 2), "Person"),
    )
    assert found == ["Foreign Ministry", "Defence Ministry", "Angus King", "Angus Deaton"]


def test_names_in_capitals_that_look_like_pronouns() -> None:
    text = "US struck Syria. WHO condemned it."
    assert everybody(text, ("US", "Location"), ("WHO", "Organization")) == ["US", "WHO"]


def test_a_persons_name_gives_no_country() -> None:
    text = "Jim Jordan met Chad Wolf in Amman. Jordan left."
    found = entities(
        text,
        marks(
            text,
            [("Jim Jordan", "Person"), ("Chad Wolf", "Person"), (("Jordan", 2), "Person")],
            [("Jim Jordan", "person", None), ("Chad Wolf", "person", None), (("Jordan", 2), "person", None)],
        ),
    )
    assert [(e.name, e.type, e.country) for e in found] == [
        ("Jim Jordan", "person", None),
        ("Chad Wolf", "person", None),
    ]


@pytest.mark.parametrize(
    ("mention", "name"),
    [("the Hamas-run health ministry", "Hamas"), ("a US-led coalition", "US"), ("Iran-backed men", "Iran")],
)
def test_a_name_inside_a_compound_is_not_the_head(mention: str, name: str) -> None:
    mark = NameMark(locate(mention, name), "Organization", 0.9)
    assert head(mention, (0, len(mention)), [mark]) is None


@pytest.mark.parametrize(
    ("words", "cleaned"),
    [
        ("the U.S.", "U.S."),
        ("Martin Luther King Jr.", "Martin Luther King Jr."),
        ("Kurdistan Workers' Party (PKK)", "Kurdistan Workers' Party (PKK)"),
        ("An Nguyen", "An Nguyen"),
        ("The Hague", "The Hague"),
        ("an army", "army"),
    ],
)
def test_what_belongs_to_a_name_stays(words: str, cleaned: str) -> None:
    assert naming.clean(words) == cleaned


@pytest.mark.parametrize(
    ("words", "role", "of"),
    [
        ("the president’s lawyer John Dowd", "lawyer", None),
        ("Ex-President John Dowd of Ghana", "ex-president", "Ghana"),
        ("John Dowd, president of Ghana and chairman of ECOWAS", "president", "Ghana"),
        ("John Dowd, the wife of President Ruiz", None, None),
    ],
)
def test_whose_office_it_is(words: str, role: str | None, of: str | None) -> None:
    [found] = entities(words, marks(words, [("John Dowd", "Person")], [(words, "person", None)]))
    assert (found.role, found.of) == (role, of)


def test_a_body_may_be_called_by_its_last_word_while_no_other_ends_in_it() -> None:
    text = "The Lisk Valley Front fled. The Front slept. The Hest Front woke. Front men ran. Sudan and South Sudan met."
    found = everybody(
        text,
        ("Lisk Valley Front", "Organization"),
        (("Front", 2), "Organization"),
        ("Hest Front", "Organization"),
        (("Sudan", 1), "Location"),
        ("South Sudan", "Location"),
    )
    assert found == ["Lisk Valley Front", "Hest Front", "Sudan", "South Sudan"]
