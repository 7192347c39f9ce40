from __future__ import annotations

import pytest

from dragoman.errors import UsageError
from dragoman.records import Reading
from dragoman.show.reading_page import ReadingPage, reading_page
from tests.builders import ReadingBuilder, denial, make_report
from tests.show.html import Parsed
from tests.show.readings import crisis, lock


def html_of(page: ReadingPage) -> Parsed:
    return Parsed("".join(str(paragraph.html) for paragraph in page.paragraphs))


@pytest.mark.parametrize("reading", crisis())
def test_the_text_is_the_reports_text(reading: Reading) -> None:
    assert html_of(reading_page(reading)).text == reading.report.text


def test_every_mark_covers_its_words() -> None:
    reading = lock()
    page = html_of(reading_page(reading))
    for event in reading.events:
        pieces = [e for e in page.of_class("words") if e.attributes["data-events"] == event.id]
        assert "".join(piece.text for piece in pieces) == reading.words(event.trigger)
    for attribution in reading.attributions:
        begins = page.by_id(attribution.id)
        assert reading.words(attribution.content[0]).startswith(begins.text)


def test_a_nested_voice_lies_in_the_one_that_passes_it_on() -> None:
    page = html_of(reading_page(lock()))
    radio, memo, belief = (page.by_id(id) for id in ("A7", "A8", "A9"))
    assert radio.start <= memo.start <= belief.start
    assert belief.end == memo.end == radio.end
    assert ["nested" in element.classes for element in (radio, memo, belief)] == [False, True, True]


def test_cards_are_in_order_beside_the_paragraph_of_their_words() -> None:
    page = reading_page(lock())
    beside = [[card.number for card in paragraph.cards] for paragraph in page.paragraphs]
    assert beside == [[1, 2], [3], [4, 5], [6, 7, 8, 9], [10, 11], [12], [13, 14, 15], [16, 17]]


def test_a_card_tells_all_the_voices_from_the_inside_out() -> None:
    page = reading_page(lock())
    told = {card.words: [s.voice.name for s in card.sayings] for p in page.paragraphs for card in p.cards}
    assert told["preparing to mine"] == [
        "army chief of Halmar",
        "a leaked memorandum from the ministry",
        "Radio Meridian",
    ]
    assert told["seized"] == []


def test_one_entity_is_one_voice() -> None:
    voices = {voice.name: voice for voice in reading_page(lock()).voices}
    assert [a.id for a in voices["Petra Lindqvist"].attributions] == ["A1", "A2"]
    assert voices["no source named"].known_as == ("reportedly",)


def test_a_chosen_voice_is_marked_and_no_other() -> None:
    plain = reading_page(lock())
    number = next(voice.number for voice in plain.voices if voice.name == "Anselm Roake")
    page = html_of(reading_page(lock(), str(number)))
    chosen = page.of_class("chosen")
    assert {element.attributes["data-voice"] for element in chosen} == {str(number)}
    assert reading_page(lock(), "outlet").outlet_only


@pytest.mark.parametrize("source", ["0", "99", "x", "-1"])
def test_a_voice_that_is_not_there_is_refused(source: str) -> None:
    with pytest.raises(UsageError, match="no source of this report"):
        reading_page(denial(), source)


def test_unsure_marks_look_it_and_are_counted() -> None:
    page = reading_page(lock())
    assert page.unsure == 4
    unsure = {piece.text for piece in html_of(page).of_class("words") if "unsure" in piece.classes}
    assert unsure == {"detained", "released", "cut off"}


def test_events_on_the_same_words_share_one_link_and_keep_their_own_places() -> None:
    make = ReadingBuilder(make_report("Talks and clashes went on."))
    make.event("Talks and clashes", "CONSULT")
    make.event("Talks and clashes", "ASSAULT")
    make.event("clashes", "ASSAULT")
    parsed = html_of(reading_page(make.build()))
    assert parsed.text == "Talks and clashes went on."
    for id in ("E1", "E2", "E3"):
        parsed.by_id(f"words-{id}")
    links = [element for element in parsed.elements if element.tag == "a"]
    assert all(not (a.start <= b.start and b.end <= a.end) for a in links for b in links if a is not b)
    assert links[-1].attributes["data-number"] == "1·2·3"


def test_a_circle_of_attributions_ends() -> None:
    make = ReadingBuilder(make_report("A said that B said it was over."))
    one = make.attribution(source=["A"], cue=[("said", 1)], content=["B said it was over"], inside="A2")
    two = make.attribution(source=["B"], cue=[("said", 2)], content=["it was over"], inside=one)
    make.event("over", "CONCEDE", attribution=two)
    (paragraph,) = reading_page(make.build()).paragraphs
    assert [saying.voice.name for saying in paragraph.cards[0].sayings] == ["B", "A"]
