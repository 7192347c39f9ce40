"""Hard-wrapped lines are joined; lines that stand for themselves are not."""

from __future__ import annotations

from textwrap import fill

import pytest

from dragoman.documents.text import make_report

PARAGRAPHS = (
    "The regional council of Ostrava Heights voted late on Tuesday to keep the northern bridge closed "
    "for ninety days, saying that engineers had found cracks in two of its piers. The decision, which "
    "was unanimous, can be lifted earlier if a second inspection finds the bridge safe.",
    "“We will not open it before it is safe,” Mayor Ilse Varga told reporters. Shopkeepers on the far "
    "bank, who had asked for a ferry, said they had been promised one by 15 March. Nobody from the "
    "transport ministry was there.",
    "Two engineers briefed on the inspection, who asked not to be named because the report is not yet "
    "public, said that the long-term cost could reach 4.2 million crowns. The ministry declined to "
    "comment.",
)


@pytest.mark.parametrize("width", [50, 64, 72, 80, 100])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_wrapped_paragraphs_come_back(width: int, line_end: str) -> None:
    wrapped = "\n\n".join(fill(paragraph, width) for paragraph in PARAGRAPHS)
    original = wrapped.replace("\n", line_end)
    report = make_report(original)
    assert report.text == "\n\n".join(PARAGRAPHS)
    assert report.offsets is not None
    for words in set(report.text.replace("-", " ").split()):
        start = report.text.index(words)
        assert original[report.offsets.original(start) :].startswith(words)


@pytest.mark.parametrize("margin", ["", "  "])
def test_indented_paragraphs_without_blank_lines(margin: str) -> None:
    wrapped = "\n".join(
        fill(paragraph, 66, initial_indent=margin + "    ", subsequent_indent=margin) for paragraph in PARAGRAPHS
    )
    assert make_report(wrapped).text == "\n".join(PARAGRAPHS)


def test_mail_indented_as_a_whole() -> None:
    wrapped = "\n\n".join(fill(p, 70, initial_indent="    ", subsequent_indent="    ") for p in PARAGRAPHS)
    assert make_report(wrapped).text == "\n\n".join(PARAGRAPHS)


def test_list_heading_quotation_and_dateline_lines_stay() -> None:
    wrapped = "\n\n".join(fill(paragraph, 60) for paragraph in PARAGRAPHS)
    kept = (
        "THE COUNCIL HAS DECIDED ON THE BRIDGE AND ON THE FERRY AND\n"
        "members agreed on these points with the ministry there:",
        "- a ferry for the shopkeepers of the far bank by 15 March\n"
        "- cracks in two of the piers to be filled by the summer",
        "1. keep the bridge shut for all but walkers and bicycles.\n"
        "2. open it earlier if the second inspection allows it",
        "> they wrote that the bridge was safe for cars and people\n"
        "> and that nobody had to worry about the cracks in it",
        "The ferry was to be paid by the transport ministry, it is\n"
        "VELKA, 3 March (Meridian) - Shopkeepers met on Monday.",
    )
    for block in kept:
        cleaned = make_report(wrapped + "\n\n" + block).text
        assert cleaned == "\n\n".join(PARAGRAPHS) + "\n\n" + block


def test_list_item_that_is_itself_wrapped_is_joined() -> None:
    item = "- the bridge stays shut for all but walkers and bicycles until the second inspection has been held"
    wrapped = "\n\n".join(fill(paragraph, 60) for paragraph in PARAGRAPHS)
    cleaned = make_report(wrapped + "\n\n" + fill(item, 60, subsequent_indent="  ")).text
    assert cleaned.endswith("\n\n" + item)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),  # one line a paragraph
        "\n".join(s.strip() + "." for p in PARAGRAPHS for s in p.split(".") if s.strip(" ”")),  # one a sentence
        "The night was long and full of broken glass\nand nobody came down to sweep the floor\n"
        "of what had been the only house to pass\nfor home to those who waited at the door.",
        "We sang until the river took the town,\nthe bridge, the mill, the church, the miller's son,\n"
        "and still we sang, and still the rain came down,\nand what we sang of was no longer one.",
        # free verse: it breaks off in mid-sentence, but fills no width
        "In the morning they came down to the river\nwith what they had been able to carry from the hills,\n"
        "two goats,\nthe door of the school that had been\nburnt in the autumn by men whom nobody\n"
        "would name,\nand they sat by the water until\nit was dark and the last ferry had gone away\n"
        "without them, as\nthe ferries had always gone,\nfull of soldiers and flour and songs of the sea,\n"
        "to the other\nbank.",
        "Killed on Monday in the northern districts of the city:\n"
        "three soldiers\ntwo policemen\na nurse of the hospital",
        "Bridge shut\nCouncil votes for ninety days\nBy our correspondent in Ostrava Heights\nTuesday, 3 March",
    ],
)
def test_lines_that_nobody_wrapped_stay(text: str) -> None:
    assert make_report(text).text == text


def test_reading_a_cleaned_text_again_changes_nothing() -> None:
    once = make_report("\n\n".join(fill(paragraph, 64) for paragraph in PARAGRAPHS))
    again = make_report(once.text)
    assert (again.text, again.id) == (once.text, once.id)
