"""The pipe in spaCy: marks as Spans of the Doc's own text, whatever cleaning did to it; Docs that travel."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

import dragoman.spacy as ours
from dragoman.documents.clean import clean
from dragoman.records import Reading

TEXT = (
    "Velmar's army denied shelling Dorvane. Two doctors said at least 14 people were killed on Monday. "
    "General Ruta Amsel said her soldiers would withdraw from the harbour."
)
GERMAN = "Die Armee hat das Dorf gestern beschossen, sagte er. " * 3
UNTIDY = {
    "double spaces": TEXT.replace(" ", "  "),
    "line ends of Windows": TEXT.replace(". ", ".\r\n\r\n"),
    "emoji": "👩‍🚀🇫🇮 " + TEXT.replace(". ", ". 🚒 "),
    "soft hyphens": TEXT.replace("doctors", "doc\u00adtors").replace("shelling", "shel\u00adling"),
    "zero width": TEXT.replace(" ", " \u200b").replace("killed", "kil\u200bled\ufeff"),
    "marks apart": TEXT.replace("Dorvane", "Do\u0308rvane\u0301").replace("Amsel", "A\u030amsel"),
    "spaces around": f"\n\t {TEXT} \n\n",
    "odd spaces": TEXT.replace(" ", "\u00a0"),
}


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    made.add_pipe("dragoman", config={"published": "2031-03-05", "outlet": "Norda"})
    return made


def spans_of(doc: Doc) -> Iterator[Span]:
    for said in doc._.attributions:
        yield from (*said.source, *said.cue, *said.content, *([said.addressee] if said.addressee else []))
    for event in doc._.events:
        yield event.trigger
        yield from (*event.actors, *event.recipients, *(count.words for count in event.counts))
        yield from (span for span in (event.place, event.time, event.condition) if span is not None)


def words_of(reading: Reading) -> Iterator[str]:
    """The words of the same marks as the reading has them."""
    for said in reading.attributions:
        spans = (*said.source, *said.cue, *said.content, *([said.addressee] if said.addressee else []))
        yield from map(reading.words, spans)
    for event in reading.events:
        people = (who.span for who in (*event.actors, *event.recipients))
        spans = (event.trigger, *people, *(count.span for count in event.counts))
        yield from map(reading.words, spans)
        yield from (reading.words(span) for span in (event.place, event.time, event.condition) if span)


def test_marks_are_spans(nlp: Language) -> None:
    doc = nlp(TEXT)
    denial, deaths = doc._.events[:2]
    assert (denial.type, denial.status) == ("ASSAULT", "not_occurred") and "shelling" in denial.trigger.text
    (victims,) = deaths.recipients
    assert (victims.text, victims.label_) == ("at least 14 people", "group")
    assert doc._.reading.entity(victims.id_).name == "at least 14 people"
    assert denial.source == denial.attribution.source and denial.cue[0].text == "denied"
    assert (deaths.start, deaths.time.text, deaths.counts[0].low) == ("2031-03-03", "on Monday", 14)
    assert deaths.source[0].text == "Two doctors" and "killed" in deaths.content[0].text
    assert all(isinstance(span, Span) and span.doc is doc for span in spans_of(doc))
    assert doc._.reading.report.outlet == "Norda" and not doc.ents
    assert [token.text for token in doc] == [token.text for token in spacy.blank("en")(TEXT)]


@pytest.mark.parametrize("text", UNTIDY.values(), ids=UNTIDY)
def test_spans_are_of_the_docs_own_text(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text and doc._.reading.report.text == clean(text).text
    assert len(doc._.events) >= 2
    pairs = list(zip(spans_of(doc), words_of(doc._.reading), strict=True))
    assert len(pairs) > 10
    for span, words in pairs:
        assert words in clean(text[span.start_char : span.end_char]).text
        assert len(clean(span.text).text) <= len(words) + len("Monday."), "more tokens than the words have"


def test_a_span_is_longer_where_a_token_is(nlp: Language) -> None:
    whole = nlp(Doc(nlp.vocab, words=[TEXT], spaces=[False]))
    assert {event.trigger.text for event in whole._.events} == {TEXT}


def test_what_is_told_of_the_origin(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.published, doc._.outlet = "2031-04-02", "Radio Sarre"
    read = nlp(doc)._.reading
    assert (read.report.published, read.report.outlet) == ("2031-04-02", "Radio Sarre")
    context = {"published": "2032-01-07", "title": "At sea", "id": 7}
    ((doc, same),) = nlp.pipe([(TEXT, context)], as_tuples=True)
    assert same is context and doc._.reading.report.title == "At sea" and doc._.events[1].start == "2032-01-05"
    ((doc, _),) = nlp.pipe([(TEXT, "no dict")], as_tuples=True)
    assert doc._.reading.report.published == "2031-03-05"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no words"),
        (" \n\r\n", "no words"),
        ("Die Armee hat das Dorf gestern beschossen, sagte er. " * 3, "English"),
    ],
)
def test_what_cannot_be_read_is_warned_of(nlp: Language, text: str, why: str) -> None:
    with pytest.warns(UserWarning, match=why):
        doc = nlp(text)
    assert (doc._.reading, doc._.events, doc._.attributions, doc.text) == (None, (), (), text)


def test_other_languages_when_forced() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("dragoman", config={"force": True})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nlp(GERMAN)._.reading is not None


def test_entities_only_when_asked() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "TOWN", "pattern": "Dorvane"}])  # type: ignore[attr-defined]
    nlp.add_pipe("dragoman")
    assert [(ent.text, ent.label_) for ent in nlp(TEXT).ents] == [("Dorvane", "TOWN")]
    nlp.replace_pipe("dragoman", "dragoman", config={"set_ents": True})
    doc = nlp(TEXT)
    found = {ent.text: ent.label_ for ent in doc.ents}
    assert found["Two doctors"] == "group" and "her" not in found
    assert found.items() <= {(entity.name, entity.type) for entity in doc._.reading.entities}


def test_docs_travel(nlp: Language) -> None:
    doc = nlp(TEXT)
    told = [str(event) for event in doc._.events]
    bin = DocBin(docs=[doc], store_user_data=True)
    copies = [
        Doc(nlp.vocab).from_bytes(doc.to_bytes()),
        next(iter(DocBin().from_bytes(bin.to_bytes()).get_docs(nlp.vocab))),
        pickle.loads(pickle.dumps(doc)),
    ]
    for copy in copies:
        assert [str(event) for event in copy._.events] == told and copy._.reading == doc._.reading
    bare = next(iter(DocBin(docs=[doc]).get_docs(nlp.vocab)))
    assert bare._.reading is None
    with pytest.warns(UserWarning, match="W101"):
        assert Doc.from_docs([doc, doc])._.events == ()
    bare._.dragoman = doc._.dragoman
    assert len(bare._.events) == len(doc._.events)
    other = nlp.make_doc(TEXT + " More.")
    other._.dragoman = doc._.dragoman
    assert other._.events == ()  # of another text: nothing rather than wrong places


def test_a_pipeline_is_kept_and_loaded(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "kept")
    loaded = spacy.load(tmp_path / "kept")
    assert loaded.get_pipe_config("dragoman") == nlp.get_pipe_config("dragoman")
    assert str(loaded(TEXT)._.events) == str(nlp(TEXT)._.events)
    again = spacy.blank("en", config=nlp.config).from_bytes(nlp.to_bytes())
    assert again.pipe_names == ["dragoman"]


def test_several_processes() -> None:
    """In one of its own with a time limit: also after the model was loaded, which a fork takes along."""
    script = (
        "import spacy, dragoman.spacy\n"
        "if __name__ == '__main__':\n"
        "    nlp = spacy.blank('en'); nlp.add_pipe('dragoman', config={'published': '2031-03-05'})\n"
        f"    text = {TEXT!r}\n"
        "    one = str(nlp(text)._.events)\n"
        "    docs = list(nlp.pipe([text] * 3 + [''], n_process=2, batch_size=1))\n"
        "    print([str(doc._.events) == one for doc in docs], len(docs[3]._.events))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[True, True, True, False] 0"


def test_the_entry_point() -> None:
    """As it is installed; a checkout that was installed before has none yet."""
    found = [point for point in entry_points(group="spacy_factories") if point.name == "dragoman"]
    if not found:
        pytest.skip("install dragoman again: its entry points are older than the pipe")
    assert found[0].load() is ours.make_dragoman
