"""A reading on the terminal: what it tells, how it wraps, and that nothing in a report can act there."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from dragoman.records import Reading
from dragoman.show.screen import MEASURE, Screen
from tests.builders import ReadingBuilder, denial, make_report
from tests.show.readings import lock


def shown(reading: Reading, width: int = 80, *, colours: bool = False, no_color: bool = False) -> str:
    """What the screen shows of a reading."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        highlight=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
        no_color=no_color,
        _environ={},
    )
    Screen(console).reading(reading)
    return stream.getvalue()


def test_a_whole_reading() -> None:
    assert shown(denial(), 66) == (
        "Marshal claims port as Tessaly denies attack\n"
        "Harbour Post, 4 March 2031\n"
        "https://harbourpost.example/varn\n"
        "\n"
        "4 events, 3 sources\n"
        "\n"
        " 1  COERCE seize · occurred\n"
        "    who        his forces → the port of Varn\n"
        "    where      Varn\n"
        "    when       3 March 2031 (“Monday”)\n"
        "    source     Ilan Dov\n"
        "    words      KESTREL BAY — Marshal Ilan Dov said on Monday that\n"
        "               his forces had *seized* the port of Varn.\n"
        "\n"
        " 2  ASSAULT · occurred\n"
        "    who        (no actor named) → 14 people\n"
        "    count      at least 14 killed\n"
        "    source     harbour officials (unnamed)\n"
        "    words      Two harbour officials said at least 14 people were\n"
        "               *killed* in the assault.\n"
        "\n"
        " 3  ASSAULT · did not occur\n"
        "    who        We (Foreign Ministry of Tessaly) → any port\n"
        "    source     Foreign Ministry of Tessaly (denial)\n"
        "    words      “We have not *attacked* any port,” Tessaly’s\n"
        "               foreign ministry told Radio Meridian.\n"
        "\n"
        " 4  COERCE restrict · occurred\n"
        "    who        The council in Oru\n"
        "    when       4 March 2031 to 2 June 2031 (“for ninety days”)\n"
        "    rule       unanimous\n"
        "    source     the outlet itself\n"
        "    words      The council in Oru unanimously *extended the\n"
        "               blockade* for ninety days.\n"
        "\n"
        "Sources\n"
        "  1 statement, 1 event   Ilan Dov, marshal\n"
        "  1 statement, 1 event   harbour officials (unnamed)\n"
        "  1 statement, 1 event   Foreign Ministry of Tessaly\n"
        "  1 event                the outlet itself\n"
    )


def test_who_passes_it_on_is_told_from_the_inside_out() -> None:
    joined = " ".join(shown(lock()).split())
    assert (
        "source army chief of Halmar, via a leaked memorandum from the ministry (document), "
        "via Radio Meridian (another outlet)" in joined
    )


def test_doubt_status_and_conditions_are_said_in_words() -> None:
    text = shown(lock())
    assert "COERCE arrest · occurred · low confidence, 41\u202f%" in text
    assert "MOBILIZE weapons · ongoing, probable\n" in text
    assert "CONSULT visit · ruled out\n" in text
    assert "condition  If a single sack is touched\n" in text
    assert "source     no source named\n" in text


@pytest.mark.parametrize("width", [30, 40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal_or_the_measure(width: int) -> None:
    lines = shown(lock(), width).splitlines()
    assert max(cell_len(line) for line in lines if "https://" not in line) <= min(width, MEASURE)
    assert "https://orvaneledger.example/2031/03/sarre-lock" in lines  # never broken
    assert not [line for line in lines if line != line.rstrip()]


def test_the_words_are_the_same_at_every_width() -> None:
    assert shown(lock(), 40).split() == shown(lock(), 120).split()


def test_styles_only_where_they_are_wanted() -> None:
    assert "\x1b" not in shown(denial())
    coloured = shown(denial(), colours=True)
    assert "\x1b[1;4mseized\x1b[0m" in coloured
    assert "*seized*" not in coloured
    assert "\x1b[1;31mCOERCE seize\x1b[0m · occurred" in coloured
    assert "\x1b[31m" not in shown(denial(), colours=True, no_color=True)


HOSTILE = "The \x1b[2Jguard\x07 \x9b31m seized the\u202e port of \ud800 Varn [bold]now[/bold] :smile:\u2028 at noon."


def test_nothing_in_a_report_acts_on_the_terminal() -> None:
    report = make_report(HOSTILE, title="A \x1b]0;title\x07 [red]x[/red]", outlet="Post\r\nFake: line")
    make = ReadingBuilder(report)
    guard = make.entity("gu\x1bard\u2066", "military", mentions=["guard\x07"])
    said = make.attribution(source=["guard\x07"], cue=["seized"], content=["noon"], entity=guard)
    make.event("seized", "COERCE", actors=[("\x1b[2Jguard\x07 \x9b31m", guard)], attribution=said)
    text = shown(make.build())
    assert not [character for character in text if ord(character) < 0x20 and character != "\n"]
    assert not set(text) & set("\x7f\x9b\u202e\u2066\u2028\ud800")
    assert "[bold]now[/bold]\n               :smile: at noon.\n" in text and "[red]x[/red]" in text
    assert "Post Fake: line, date of publication unknown\n" in text


def test_wide_letters_and_emoji_keep_to_the_width() -> None:
    text = "港湾当局が 🚢 船舶を拿捕したと発表した。" * 8 + " Guards seized the port."
    make = ReadingBuilder(make_report(text, title="港" * 60))
    make.event("seized", "COERCE")
    assert max(map(cell_len, shown(make.build(), 60).splitlines())) <= 60


def test_a_reading_without_anything_says_so() -> None:
    text = shown(ReadingBuilder(make_report("Nothing happened.")).build())
    assert text.startswith("Untitled report\noutlet unknown, date of publication unknown\n")
    assert "No event and no source found." in text
    assert "Sources" not in text


def test_a_date_that_could_not_be_resolved_keeps_its_words() -> None:
    make = ReadingBuilder(make_report("Guards seized the port on Monday."))
    make.event("seized", "COERCE", time="on Monday", date_precision="unresolved")
    assert "when       “on Monday”, date unknown\n" in shown(make.build())


def test_screens_take_width_and_colour_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    screen = Screen.on(io.StringIO())
    assert (screen.width, screen.styled) == (50, False)
