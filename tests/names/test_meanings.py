"""What entities mean: sector, country, reference and place, through the real tables and the real gazetteer."""

from __future__ import annotations

from dragoman.names.entities import entities
from dragoman.records import CueMark, Entity, Marks, MentionMark, NameMark, Report
from tests.builders import Where, locate

TEXT = (
    "Turkish artillery hit El Fasher in Sudan on Monday. The Rapid Support Forces (RSF) denied it. The RSF fled. "
    "Bashar al-Assad, who left, spoke. Fighters of Hezbollah met a Swedish foreign ministry spokeswoman near Kassala. "
    "Seven factions, including the Rapid Support Forces, talked in Qwxdorvane."
)


def made(
    names: list[tuple[Where, str]], mentions: list[tuple[Where, str]], day: str = "2024-03-05"
) -> tuple[Entity, ...]:
    spans = sorted((locate(TEXT, where), kind) for where, kind in mentions)
    marks = Marks(
        names=tuple(
            sorted((NameMark(locate(TEXT, where), label, 0.9) for where, label in names), key=lambda n: n.span)
        ),
        cues=tuple(CueMark(((0, 1),), (span,), ((0, 1),), None, "named", 0.9) for span, _ in spans),
        mentions=tuple(MentionMark(span, kind, None, 0.9) for span, kind in spans),
    )
    return entities(Report(id="0" * 64, text=TEXT, published=day), marks)


def test_a_body_of_the_table_and_its_short_name() -> None:
    [forces] = made(
        [(("Rapid Support Forces", 1), "Organization"), (("RSF", 2), "Organization"), ("Sudan", "Location")],
        [("The Rapid Support Forces", "armed_group"), ("The RSF", "armed_group")],
    )
    assert (forces.reference, forces.canonical, forces.country) == ("rsf-sudan", "Rapid Support Forces", "SDN")
    assert len(forces.mentions) == 2


def test_our_table_tells_country_and_sector_but_the_report_alone_tells_an_office() -> None:
    [assad] = made([("Bashar al-Assad", "Person")], [("Bashar al-Assad", "person")])
    assert (assad.country, assad.sector, assad.canonical, assad.role) == ("SYR", "GOV", "Bashar al-Assad", None)


def test_a_persons_name_is_no_bodys() -> None:
    text = "Wagner said he would resign."
    mark = Marks(
        names=(NameMark((0, 6), "Person", 0.9),),
        cues=(CueMark(((7, 11),), ((0, 6),), ((12, 27),), None, "named", 0.9),),
        mentions=(MentionMark((0, 6), "person", None, 0.9),),
    )
    [wagner] = entities(Report(id="0" * 64, text=text, url="http://["), mark)
    assert (wagner.type, wagner.reference, wagner.sector) == ("person", None, None)


def test_words_without_a_name_tell_country_and_sector() -> None:
    artillery, fighters, spokeswoman, factions = made(
        [("Turkish", "NORP"), ("Hezbollah", "Organization"), ("Swedish", "NORP")],
        [
            ("Turkish artillery", "military"),
            ("Fighters of Hezbollah", "armed_group"),
            ("a Swedish foreign ministry spokeswoman", "person"),
            ("Seven factions, including the Rapid Support Forces", "armed_group"),
        ],
    )
    assert (artillery.country, artillery.sector) == ("TUR", "MIL")
    assert (fighters.country, fighters.sector, fighters.reference) == ("LBN", "REB", None)
    assert (spokeswoman.country, spokeswoman.sector) == ("SWE", "GOV")
    assert (factions.country, factions.sector, factions.reference) == (None, None, None)


def test_a_place_is_where_the_gazetteer_has_it_and_an_unknown_one_is_unknown() -> None:
    fasher, kassala, nowhere = made(
        [("El Fasher", "Location"), ("Sudan", "Location"), ("Kassala", "Location"), ("Qwxdorvane", "Location")],
        [("El Fasher", "place"), ("Kassala", "place"), ("Qwxdorvane", "place")],
    )
    assert fasher.place and (fasher.place.country, fasher.place.admin1, fasher.place.geonames_id) == (
        "SDN",
        "North Darfur",
        379555,
    )
    assert (fasher.country, fasher.sector, fasher.canonical) == ("SDN", None, fasher.place.name)
    assert kassala.place and kassala.place.country == "SDN"
    assert (nowhere.canonical, nowhere.sector) == (None, None)
    assert nowhere.place is None or nowhere.place.precision in ("near", "province")
