"""Where place names are put, told by what stands around them; through the gazetteer that is installed."""

from __future__ import annotations

import time

import pytest

from dragoman.names import places
from dragoman.names.places.context import home_of
from dragoman.records import Place


def put(text: str, *names: str, country: str | None = None) -> list[Place | None]:
    """What the names mean, each where the text has it first."""
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return list(places.resolve(text, spans, country=country))


def one(text: str, name: str, country: str | None = None) -> Place:
    """The same for one name that has to be known."""
    (place,) = put(text, name, country=country)
    assert place, name
    return place


@pytest.mark.parametrize(
    ("text", "name", "country", "kind"),
    [
        ("Shelling was heard near Tbilisi, the capital, as Georgia accused Russia.", "Georgia", "GEO", "country"),
        ("The senator flew from Atlanta to Savannah, then left Georgia for Alabama.", "Georgia", "USA", "admin1"),
        ("A tornado struck Paris, Texas, on Monday.", "Paris", "USA", "city"),
        ("Protesters marched in Paris on Monday, French police said.", "Paris", "FRA", "city"),
        ("Militias clashed in Tripoli, the Libyan capital.", "Tripoli", "LBY", "city"),
        ("The Lebanese army deployed in Tripoli and Beirut.", "Tripoli", "LBN", "city"),
        ("Police in Hyderabad, in Pakistan's Sindh province, arrested two men.", "Hyderabad", "PAK", "city"),
        ("Police in Hyderabad, the capital of India's Telangana state, arrested two men.", "Hyderabad", "IND", "city"),
        ("Chilean students marched through Santiago.", "Santiago", "CHL", "city"),
        ("Argentine police said a bank in Cordoba was robbed.", "Cordoba", "ARG", "city"),
        ("Spanish police said a bank in Cordoba was robbed; men fled to Seville.", "Cordoba", "ESP", "city"),
        ("Syrian government forces shelled Aleppo.", "Aleppo", "SYR", "city"),
        ("The Costa Rican president spoke in San Jose.", "San Jose", "CRI", "city"),
        ("The California man drove from San Jose to Oakland.", "San Jose", "USA", "city"),
        ("A student was found dead in Moscow, Idaho.", "Moscow", "USA", "city"),
        ("The Kremlin's envoy returned to Moscow.", "Moscow", "RUS", "city"),
    ],
)
def test_the_report_tells_places_of_one_name_apart(text: str, name: str, country: str, kind: str) -> None:
    place = one(text, name)
    assert (place.country, place.kind) == (country, kind) or (kind == "city" and place.country == country)


@pytest.mark.parametrize(
    ("text", "name", "admin1"),
    [
        ("It happened in Springfield, Ill., on Friday.", "Springfield", "Illinois"),
        ("It happened in Springfield, Missouri, on Friday.", "Springfield", "Missouri"),
        ("Fire at a mill in Lancaster, Pa.", "Lancaster", "Pennsylvania"),
        ("A bomb went off in Kasur district, Punjab.", "Kasur", "Punjab"),
    ],
)
def test_what_a_place_lies_in_tells_which(text: str, name: str, admin1: str) -> None:
    assert one(text, name).admin1 == admin1


def test_one_report_may_name_two_places_alike_where_it_puts_them_apart() -> None:
    text = "He moved from Springfield, Illinois, to a house in Springfield, Missouri."
    first, second = text.index("Springfield"), text.rindex("Springfield")
    made = places.resolve(text, [(first, first + 11), (second, second + 11)])
    assert [place and place.admin1 for place in made] == ["Illinois", "Missouri"]


def test_a_name_means_one_place_throughout() -> None:
    text = "Paris, Texas, was hit. Paris has 25,000 people."
    first, second = text.index("Paris"), text.rindex("Paris")
    made = places.resolve(text, [(first, first + 5), (second, second + 5)])
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("text", "name", "precision", "kind"),
    [
        ("Fighting in northern Mali went on.", "northern Mali", "region", "country"),
        ("Fighting in northern Mali went on.", "Mali", "region", "country"),
        ("Fighting in Mali went on.", "Mali", "country", "country"),
        ("Some 10 km north of Kidal in Mali, a mine went off.", "Kidal", "near", "city"),
        ("Rebels hold most of Idlib province in Syria.", "Idlib province", "province", "admin1"),
        ("Ships left the Strait of Hormuz.", "Strait of Hormuz", "region", "feature"),
        ("People fled to Rukban camp.", "Rukban camp", "point", "feature"),
        ("The war in Darfur went on.", "Darfur", "region", "region"),
        ("A plane landed at Kabul airport.", "Kabul airport", "point", "city"),
    ],
)
def test_precision_is_that_of_the_words(text: str, name: str, precision: str, kind: str) -> None:
    place = one(text, name)
    assert (place.precision, place.kind) == (precision, kind)


@pytest.mark.parametrize(
    ("word", "country"),
    [("Turkish", "TUR"), ("Iraqis", "IRQ"), ("U.S.", "USA"), ("the UAE", "ARE"), ("Syrians", "SYR")],
)
def test_peoples_and_short_forms_mean_their_country(word: str, country: str) -> None:
    place = one(f"An official of {word} said so.", word)
    assert (place.country, place.precision) == (country, "country")


@pytest.mark.parametrize("name", ["Qwxyzzia", "Western", "the", "Arab", ".", "12", "U"])
def test_what_no_gazetteer_knows_is_none(name: str) -> None:
    assert put(f"He spoke of {name} there.", name) == [None]


def test_a_hospital_that_no_gazetteer_knows_lies_near_the_one_town_of_a_local_report() -> None:
    text = "In Harare, police cordoned off Zvxq Hospital. Harare residents gathered."
    town, hospital = put(text, "Harare", "Zvxq Hospital")
    assert town and hospital and hospital.precision == "near"
    assert (hospital.latitude, hospital.longitude) == (town.latitude, town.longitude)


def test_peoples_are_never_put_near_the_town() -> None:
    text = "In Harare, the Zvxqos gathered."
    spans = [(3, 9), (text.index("Zvxqos"), text.index("Zvxqos") + 6)]
    assert places.resolve(text, spans, peoples=[spans[1]])[1] is None


def test_no_spans_give_no_places() -> None:
    assert places.resolve("Nothing happened.", []) == ()


def test_the_outlet_s_country_decides_where_the_text_does_not() -> None:
    assert one("A fire broke out in Cambridge.", "Cambridge", country="GBR").country == "GBR"
    assert one("A fire broke out in Cambridge.", "Cambridge", country="USA").country == "USA"


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.enfield.co.uk/news", "GBR"),
        ("http://cbc.ca/x", "CAN"),
        ("http://cnn.com", None),
        (None, None),
        ("x", None),
    ],
)
def test_home_of_an_address(url: str | None, country: str | None) -> None:
    assert home_of(url) == country


@pytest.mark.parametrize(
    ("words", "name"), [("the Aleppo’s", "Aleppo"), ("Ill.", "Ill."), (" Kabul,", "Kabul"), ("The Hague", "The Hague")]
)
def test_clean(words: str, name: str) -> None:
    assert places.clean(words) == name


def test_parts_of_a_longer_name_keep_their_offsets() -> None:
    text = "Shots in Alvin, Texas and northern Mali, said Kentucky State Police."
    span = (9, 39)
    assert [text[slice(*part)] for part in places.parts(text, span)] == ["Alvin", "Texas", "Mali"]
    police = (text.index("Kentucky"), len(text) - 1)
    assert [text[slice(*part)] for part in places.parts(text, police, whole=False)] == ["Kentucky"]


def test_compare() -> None:
    text = "Aleppo, Idlib province, Syria, Kabul, Saraqib in Idlib province, Ankara"
    aleppo, idlib, syria, kabul, saraqib = put(text, "Aleppo", "Idlib province", "Syria", "Kabul", "Saraqib")
    assert aleppo and idlib and syria and kabul and saraqib
    assert places.compare(aleppo, aleppo) == "same"
    assert places.compare(aleppo, syria) == "inside"
    assert places.compare(syria, idlib) == "contains"
    assert places.compare(saraqib, idlib) == "inside"
    assert places.compare(aleppo, kabul) == "apart"
    assert places.compare(kabul, syria) == "apart"


@pytest.mark.parametrize(
    "text",
    [
        "Aa " * 20_000,
        "A, " * 20_000,
        "A of the " * 10_000,
        "-" * 60_000,
        "A.'’-" * 12_000,
        "north " * 10_000 + "Mali",
        "10 km of " * 8_000,
        "university of the " * 4_000,
    ],
)
def test_long_strange_text_takes_no_long_time(text: str) -> None:
    started = time.process_time()
    places.resolve(text, [(0, len(text)), (len(text) // 2, len(text)), (len(text) - 4, len(text))])
    places.parts(text, (0, min(len(text), 2000)), whole=False)
    assert time.process_time() - started < 10


def test_many_names_take_time_in_step() -> None:
    text = "Paris, London, San Jose, Springfield, Moscow, Aleppo, Kabul, Tripoli. " * 40
    spans, at = [], 0
    for name in text.replace(".", ",").split(", "):
        if name.strip():
            start = text.index(name.strip(), at)
            spans.append((start, start + len(name.strip())))
            at = start + 1
    started = time.process_time()
    assert None not in places.resolve(text, spans)
    assert time.process_time() - started < 10


def test_thousands_of_names_take_time_in_step() -> None:
    heads, middles, ends = ("Spring", "Green", "San ", "Port "), ("field", "wood", "Jose", "ville"), ("", "s", " City")
    words = [head + middle + end for head in heads for middle in middles for end in ends]
    spans, text = [], ""
    for number in range(3000):
        name = f"{words[number % len(words)]}{number // len(words) or ''}"
        spans.append((len(text), len(text) + len(name)))
        text += f"{name}, "
    started = time.process_time()
    places.resolve(text, spans)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("words", "name", "kind", "precision"),
    [
        ("the centre of Mykolaiv", "Mykolaiv", "city", "point"),
        ("the centre of Mykolaiv", "the centre of Mykolaiv", "city", "point"),
        ("the streets of Idlib", "Idlib", "city", "point"),
        ("downtown Chernihiv", "Chernihiv", "city", "point"),
        ("downtown Chernihiv", "downtown Chernihiv", "city", "point"),
        ("the outskirts of Poltava", "the outskirts of Poltava", "city", "near"),
        ("the city of Kunduz", "Kunduz", "city", "point"),
        ("Poltava's eastern suburbs", "Poltava", "city", "point"),
        ("the southern Mykolaiv region", "Mykolaiv", "admin1", "province"),
        ("the Mykolaiv region", "Mykolaiv", "admin1", "province"),
        ("Kunduz province", "Kunduz", "admin1", "province"),
        ("the heart of Punjab", "Punjab", "admin1", "province"),
        ("the streets of Punjab", "Punjab", "admin1", "province"),
    ],
)
def test_words_tell_a_town_from_the_province_of_its_name(words: str, name: str, kind: str, precision: str) -> None:
    place = one(f"Troops shelled {words} on Tuesday, killing three people, the governor said.", name)
    assert (place.kind, place.precision) == (kind, precision)


def test_a_report_may_tell_of_a_town_and_of_its_province() -> None:
    text = "Shells fell in the centre of Mykolaiv. Elsewhere in Mykolaiv province it was quiet."
    first, second = text.index("Mykolaiv"), text.rindex("Mykolaiv")
    town, province = places.resolve(text, [(first, first + 8), (second, second + 8)])
    assert town and province
    assert (town.kind, province.kind, town.admin1) == ("city", "admin1", province.name)
