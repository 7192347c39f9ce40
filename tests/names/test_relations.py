"""What the text tells of somebody and a body: offices, leaders, members, wings and backers, with their words."""

from __future__ import annotations

import pytest

from dragoman.codes import codes
from dragoman.names.relations import relations
from dragoman.records import Entity, Relation
from dragoman.times import expressions
from tests.builders import Where, locate

Told = tuple[str, str, list[Where]]


def found(text: str, *told: Told) -> tuple[Relation, ...]:
    """The relations of entities, each given as (name, type, mentions)."""
    entities = [
        Entity(f"N{n}", name, type, mentions=tuple(locate(text, where) for where in mentions))
        for n, (name, type, mentions) in enumerate(told, start=1)
    ]
    made = relations(text, entities, expressions(text, "2031-03-05"))
    assert all(relation.kind in codes().relation_kinds for relation in made)
    return made


@pytest.mark.parametrize(
    ("text", "name", "mention", "kind", "role", "body"),
    [
        ("Iraqi Prime Minister Ali Sorrin left.", "Ali Sorrin", "Iraqi Prime Minister Ali Sorrin", "office",
         "prime minister", "Iraqi"),
        ("Ali Sorrin, the head of the Tidewater Guard, left.", "Ali Sorrin", "Ali Sorrin", "leader", "head",
         "Tidewater Guard"),
        ("A spokesman for the Oru Front, Abu Hurma, spoke.", "Abu Hurma", "A spokesman for the Oru Front, Abu Hurma",
         "spokesperson", "spokesman", "Oru Front"),
        ("Houthi military spokesman Yahya Saree spoke.", "Yahya Saree", "Houthi military spokesman Yahya Saree",
         "spokesperson", "military spokesman", "Houthi"),
        ("Ex-President John Dowd of Ghana left.", "John Dowd", "Ex-President John Dowd of Ghana", "office",
         "ex-president", "Ghana"),
    ],
)  # fmt: skip
def test_offices_of_people(text: str, name: str, mention: str, kind: str, role: str, body: str) -> None:
    [relation] = found(text, (name, "person", [mention]))
    assert (relation.subject, relation.kind, relation.role) == ("N1", kind, role)
    assert relation.body and text[slice(*relation.body)] == body
    assert relation.words[0] <= relation.body[0] < relation.body[1] <= relation.words[1]


@pytest.mark.parametrize(
    ("text", "mention", "kind", "role", "body"),
    [
        ("The Tessaly-backed council met.", "The Tessaly-backed council", "backed", "backed", "Tessaly"),
        ("A militia funded by Tessaly fled.", "A militia funded by Tessaly", "backed", "funded", "Tessaly"),
        ("The Varn Brigades, the armed wing of the Oru Front, fled.", "The Varn Brigades", "part", "armed wing",
         "Oru Front"),
        ("Members of the Oru Front fled.", "Members of the Oru Front", "member", "members", "Oru Front"),
    ],
)  # fmt: skip
def test_ties_of_bodies(text: str, mention: str, kind: str, role: str, body: str) -> None:
    made = found(text, ("somebody", "armed_group", [mention]))
    relation = next(relation for relation in made if relation.kind == kind)
    assert (relation.role, relation.body and text[slice(*relation.body)]) == (role, body)


def test_each_that_is_listed_is_a_member() -> None:
    text = "Seven factions, including the Oru Front, Varn League and Tidewater Guard, signed. Norda did not."
    bodies: list[Told] = [
        (name, "armed_group", [name]) for name in ("Oru Front", "Varn League", "Tidewater Guard", "Norda")
    ]
    made = found(text, ("Seven factions", "armed_group", ["Seven factions"]), *bodies)
    assert [(relation.subject, relation.kind, relation.object) for relation in made] == [
        (f"N{n}", "member", "N1") for n in (2, 3, 4)
    ]


def test_the_body_is_the_reports_own_entity_where_it_is_one() -> None:
    text = "The Oru Front fled. Ali Sorrin, a commander of the Oru Front, stayed."
    front: Told = ("Oru Front", "armed_group", ["The Oru Front"])
    [relation] = found(text, front, ("Ali Sorrin", "person", ["Ali Sorrin"]))
    assert (relation.subject, relation.object) == ("N2", "N1")


def test_days_are_those_that_the_words_tell() -> None:
    text = "Ali Sorrin, the governor of Varn since 2019, left. Ana Brecke, the mayor of Oru, left on Monday."
    governor, mayor = found(text, ("Ali Sorrin", "person", ["Ali Sorrin"]), ("Ana Brecke", "person", ["Ana Brecke"]))
    assert (governor.start, governor.end) == ("2019-01-01", None)
    assert (mayor.start, mayor.end) == (None, None)
    text = (
        "Ali Sorrin, the governor of Varn from 2010 to 2014, left. "
        "Ana Brecke, the head of Oru who left on Monday, spoke."
    )
    governor, head = found(
        text,
        ("Ali Sorrin", "person", ["Ali Sorrin"]),
        ("Ana Brecke", "person", ["Ana Brecke, the head of Oru who left on Monday"]),
    )
    assert (governor.start, governor.end) == ("2010-01-01", "2014-12-31")
    assert (head.start, head.end) == (None, None)


def test_a_name_of_somebody_else_makes_no_relation() -> None:
    assert found("Ali Sorrin met the president of Varn.", ("Ali Sorrin", "person", ["Ali Sorrin"])) == ()
