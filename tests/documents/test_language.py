"""English is told from other languages, whatever names stand in it."""

from __future__ import annotations

import pytest

from dragoman.documents.language import check_language, other_language
from dragoman.documents.text import make_report
from dragoman.errors import OtherLanguage

from .foreign import ENGLISH_WITH_NAMES, LISTED, OTHER_SCRIPT, UNLISTED


@pytest.mark.parametrize("language", LISTED)
def test_language_is_named(language: str) -> None:
    with pytest.raises(OtherLanguage, match=f"in {language}, .*--force") as caught:
        make_report(LISTED[language])
    assert "English only" in caught.value.what


@pytest.mark.parametrize("script", OTHER_SCRIPT)
def test_other_script_is_refused(script: str) -> None:
    with pytest.raises(OtherLanguage, match=script if script in ("Chinese", "Greek", "Korean") else "in "):
        make_report(OTHER_SCRIPT[script])


@pytest.mark.parametrize("language", UNLISTED)
def test_language_without_a_list_is_refused_without_a_name(language: str) -> None:
    with pytest.raises(OtherLanguage, match="another language"):
        make_report(UNLISTED[language])


@pytest.mark.parametrize("text", [*LISTED.values(), *OTHER_SCRIPT.values(), *UNLISTED.values()])
def test_force_reads_it_anyway_and_does_not_call_it_english(text: str) -> None:
    assert make_report(text, force=True).language is None


@pytest.mark.parametrize("text", ENGLISH_WITH_NAMES)
def test_english_with_foreign_names_passes(text: str) -> None:
    assert check_language(text) == "en"
    assert check_language(text.upper()) == "en"


def test_english_around_a_foreign_quotation_passes() -> None:
    quotation = LISTED["French"]
    around = "The minister read his statement in French on Tuesday and then refused to take any questions. "
    assert check_language(around + quotation + " " + around * 3) == "en"


@pytest.mark.parametrize("words", ["Ceasefire", "Cessez-le-feu à Goma", "Mali, Niger, Tchad", "!!! 42"])
def test_too_short_to_tell_is_accepted(words: str) -> None:
    assert check_language(words) is None


def test_only_the_beginning_counts() -> None:
    english = "The minister said on Tuesday that the talks with the rebels would go on in the capital. "
    assert check_language(english * 60 + LISTED["German"] * 60) == "en"
    assert other_language(LISTED["German"] * 20 + english * 60) == "German"
