"""Linked exports, each read back by something that is not Dragoman's: a strict reader, rdflib, prov, followthemoney."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from followthemoney import model
from followthemoney.types import registry
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace, URIRef

from dragoman.codes import alpha2, country_table
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.exports import export, ftm
from dragoman.show.exports.annotations import MOST_AROUND, quotation
from dragoman.show.search import Search
from tests.builders import ReadingBuilder, make_report
from tests.show.hostile import PAYLOADS, hostile
from tests.show.linked import PAGE, denial, identified, in_odesa, linked_ledger, lock, odd

LINKED = ("annotations", "jsonld", "ftm")
PROV = Namespace("http://www.w3.org/ns/prov#")
OURS = Namespace("urn:dragoman:terms:")
OA = Namespace("http://www.w3.org/ns/oa#")
REPORT = f"urn:dragoman:{denial().report.id}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return linked_ledger(tmp_path_factory.mktemp("linked") / "ledger.sqlite")


def written(path: Path, format: str, kind: str | None = None, **asked: str) -> str:
    with Ledger.open(path) as ledger:
        return b"".join(export(ledger, Filter(**asked), format, kind)).decode()


def texts(place: Path) -> dict[str, str]:
    """The texts of the ledger, by their IRI."""
    with Ledger.open(place) as ledger:
        every = [reading.report.text for reading in ledger.readings()]
    return {f"urn:sha256:{sha256(text.encode()).hexdigest()}": text for text in every}


# --- Web Annotation -------------------------------------------------------------------------------

TERMS: dict[str, set[str]] = {
    "AnnotationPage": {"@context", "id", "type", "partOf", "startIndex", "items"},
    "Annotation": {"id", "type", "motivation", "creator", "body", "target"},
    "TextualBody": {"type", "purpose", "format", "language", "value"},
    "SpecificResource": {"type", "purpose", "source", "selector", "state"},
    "TextQuoteSelector": {"type", "exact", "prefix", "suffix"},
    "TextPositionSelector": {"type", "start", "end"},
    "TimeState": {"type", "cached"},
    "Software": {"id", "type", "name"},
    "Person": {"type", "name"},
    "AnnotationCollection": {"id", "type", "label", "rights", "generator"},
}
"""The classes of the Web Annotation Data Model that we use, and which of their properties."""

PURPOSES = {"describing", "tagging", "identifying", "linking"}


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def strictly(node: Any) -> None:
    """Every object is of a class of the model, and has no property but that class's."""
    for key, value in node.items():
        for one in many(value):
            if isinstance(one, dict):
                strictly(one)
        assert value is not None and value != [], key
    assert set(node) <= TERMS[node["type"]], node
    assert node.get("purpose", "tagging") in PURPOSES


def resolve(target: dict[str, Any], known: dict[str, str]) -> str:
    """The words that both selectors mean: the quotation stands at the position, and nowhere else."""
    text = known[target["state"]["cached"]]
    quoted, position = target["selector"]
    start, end = position["start"], position["end"]
    assert text[start:end] == quoted["exact"]
    whole = quoted["prefix"] + quoted["exact"] + quoted["suffix"]
    assert text.find(whole) == start - len(quoted["prefix"])
    assert text.count(whole) == 1
    return str(quoted["exact"])


def test_annotations_are_those_of_the_model_and_their_selectors_hold(place: Path) -> None:
    page, known = json.loads(written(place, "annotations")), texts(place)
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    strictly(page)
    words: dict[str, list[str]] = {}
    for annotation in page["items"]:
        assert annotation["motivation"] == "describing"
        words[annotation["id"]] = [resolve(target, known) for target in many(annotation["target"])]
        for body in annotation["body"]:
            if "selector" in body:
                resolve(body, known)
    assert len(words) == len(page["items"])
    with Ledger.open(place) as ledger:
        expected = {}
        for reading in ledger.readings():
            for event in reading.events:
                expected[f"urn:dragoman:{reading.report.id}:{event.id}"] = [reading.words(event.trigger)]
            for said in reading.attributions:
                expected[f"urn:dragoman:{reading.report.id}:{said.id}"] = [reading.words(s) for s in said.content]
    assert words == expected
    assert words[f"urn:dragoman:{odd().report.id}:A2"] == ["it 😀", "\u202eturned\u202c"]


def test_an_annotation_says_what_a_mark_says_and_who_made_it(place: Path) -> None:
    found = {one["id"]: one for one in json.loads(written(place, "annotations"))["items"]}
    corrected = found[f"{REPORT}:E1"]
    tags = [body["value"] for body in corrected["body"] if body.get("purpose") == "tagging"]
    assert {"type:COERCE", "mode:seize", "status:planned", "voice:Ilan Dov", "source_kind:named"} <= set(tags)
    assert corrected["body"][0]["value"].startswith(
        "Coerce seize (planned): Dov's forces → the port of Varn; according to Ilan Dov"
    )
    assert corrected["body"][-1] == {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": f"{REPORT}:A1",
    }
    assert [one["name"] for one in corrected["creator"]] == ["Dragoman 0.1.0, model hand", "Mara"]
    assert corrected["target"]["source"] == "https://harbourpost.example/varn"
    assert f"{REPORT}:E4" not in found  # somebody found it to be none
    without = found[f"urn:dragoman:{odd().report.id}:E1"]["target"]
    assert without["source"] == without["state"]["cached"]
    nested = found[f"urn:dragoman:{lock().report.id}:A9"]["body"]
    assert "cited_by:Radio Meridian" in [body.get("value") for body in nested]
    assert [body["selector"][0]["exact"] for body in nested if body.get("purpose") == "identifying"] == [
        "Halmar’s army chief"
    ]


def test_annotations_load_as_rdf(place: Path) -> None:
    """With a context of only the terms we use, each at the IRI that the recommendation gives it."""
    plain = ("exact", "prefix", "suffix", "start", "end")
    linking = {"body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector"}
    linking |= {"state": "hasState", "cached": "cachedSource", "motivation": "motivatedBy", "purpose": "hasPurpose"}
    context: dict[str, Any] = {
        "@vocab": str(OA),
        "id": "@id",
        "type": "@type",
        **{name: f"{OA}{name}" for name in plain},
    }
    context |= {term: {"@id": f"{OA}{name}", "@type": "@vocab"} for term, name in linking.items()}
    page = json.loads(written(place, "annotations")) | {"@context": context}
    graph = Graph().parse(data=json.dumps(page), format="json-ld")
    assert len(set(graph.subjects(RDF.type, OA.Annotation))) == len(page["items"])
    asked = """SELECT ?words WHERE { ?a oa:hasBody [ oa:value "type:COERCE" ] ; oa:motivatedBy oa:describing ;
      oa:hasTarget [ oa:hasSource <https://harbourpost.example/varn> ; oa:hasSelector [ oa:exact ?words ] ] }"""
    assert [str(words) for (words,) in graph.query(asked, initNs={"oa": OA})] == ["seized"]  # type: ignore[misc]


@given(st.text(alphabet="ab \u0301😀א", min_size=1, max_size=300), st.data())
def test_a_quotation_tells_words_apart_wherever_it_can(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = quotation(text, (start, end))
    whole = found["prefix"] + found["exact"] + found["suffix"]
    assert found["exact"] == text[start:end]
    assert text[start - len(found["prefix"]) : end + len(found["suffix"])] == whole
    assert text.find(whole) == start - len(found["prefix"]) and text.find(whole, text.find(whole) + 1) < 0


def test_what_stands_around_a_quotation_has_an_end() -> None:
    found = quotation("the gate " * 5_000, (20_000, 20_004))
    assert len(found["prefix"]) == len(found["suffix"]) == MOST_AROUND


# --- JSON-LD with PROV-O --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph(place: Path) -> Graph:
    return Graph().parse(data=written(place, "jsonld"), format="json-ld")


def asked(graph: Graph, question: str) -> set[tuple[str, ...]]:
    names = {"prov": PROV, "d": OURS}
    return {tuple(str(value) for value in row) for row in graph.query(question, initNs=names)}  # type: ignore[union-attr]


def test_as_many_claims_and_reports_as_the_ledger_has(place: Path, graph: Graph) -> None:
    with Ledger.open(place) as ledger:
        counts = ledger.counts()
    as_read = sum(str(subject).endswith(":as-read") for subject in graph.subjects(RDF.type, OURS.Claim))
    assert as_read == 3
    assert len(set(graph.subjects(RDF.type, OURS.Report))) == counts["reports"]
    claims = len(set(graph.subjects(RDF.type, OURS.Claim))) - as_read
    assert claims == counts["events"] + counts["attributions"]


def test_which_claims_rest_on_unnamed_sources(place: Path, graph: Graph) -> None:
    question = """SELECT ?claim ?name WHERE { ?claim a d:Event ;
        prov:qualifiedAttribution [ d:sourceKind "unnamed" ; prov:agent ?who ] . ?who d:name ?name .
        FILTER NOT EXISTS { ?claim prov:invalidatedAtTime ?never } FILTER(!STRENDS(STR(?claim), ":as-read")) }"""
    with Ledger.open(place) as ledger:
        rows = query.events(ledger, Filter(source_kind="unnamed"), limit=1000).rows
    expected = {f"urn:dragoman:{row.report}:{row.id.partition(':')[2]}" for row in rows}
    assert {claim for claim, _ in asked(graph, question)} == expected != set()


def test_nested_voices_are_a_chain_of_quotations_out_to_the_report(graph: Graph) -> None:
    report = f"urn:dragoman:{lock().report.id}"
    question = f"""SELECT ?name WHERE {{ <{report}:A9> prov:wasQuotedFrom+ ?outer .
        ?outer prov:wasAttributedTo ?who . ?who d:name ?name }}"""
    named = {name for (name,) in asked(graph, question)}
    assert named == {"a leaked memorandum from the ministry", "Radio Meridian", "The Orvane Ledger"}


def test_a_claim_leads_to_its_words_its_text_its_original_and_its_model(graph: Graph) -> None:
    report = f"urn:dragoman:{odd().report.id}"
    question = f"""SELECT ?words ?original ?at ?maker WHERE {{
        <{report}:E1> prov:wasDerivedFrom ?quote ; prov:wasGeneratedBy ?reading .
        ?quote prov:value ?words ; prov:wasQuotedFrom ?text . ?text prov:wasDerivedFrom ?original .
        ?original prov:generatedAtTime ?at . ?reading prov:used ?text ; prov:wasAssociatedWith ?maker .
        ?maker a prov:SoftwareAgent ; d:model_sha256 ?hash }}"""
    original = f"urn:sha256:{sha256(PAGE).hexdigest()}"
    ((words, taken, at, maker),) = asked(graph, question)
    assert (words, taken) == ("shut", original)
    assert at.startswith("2031-03-06T05:06:07")
    assert maker == f"urn:dragoman:maker:0.1.0:{'0' * 64}"


def test_corrections_are_revisions_by_somebody_for_a_reason(graph: Graph) -> None:
    question = """SELECT ?claim ?was ?now ?by ?why WHERE { ?claim prov:wasRevisionOf ?before ;
        prov:wasGeneratedBy ?act . ?act prov:wasAssociatedWith [ d:name ?by ] ; d:reason ?why .
        ?claim d:status ?now . ?before d:status ?was }"""
    assert asked(graph, question) == {(f"{REPORT}:E1", "occurred", "planned", "Mara", "they only will")}
    dropped = "SELECT ?claim ?by WHERE { ?claim prov:wasInvalidatedBy [ prov:wasAssociatedWith [ d:name ?by ] ] }"
    assert asked(graph, dropped) == {(f"{REPORT}:E4:as-read", "Teodor")}
    accepted = 'SELECT ?claim WHERE { ?claim prov:wasInfluencedBy [ d:field "accepted" ] }'
    assert asked(graph, accepted) == {(f"{REPORT}:E2",)}
    assert (URIRef(f"{REPORT}:A2"), PROV.wasRevisionOf, URIRef(f"{REPORT}:A2:as-read")) in graph


def test_prov_loads_it(place: Path) -> None:
    from prov.model import ProvDocument

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # by which it tells what it does not understand
        content = written(place, "jsonld", report=denial().report.id)
        document = ProvDocument.deserialize(content=content, format="rdf", rdf_format="json-ld")
    found = Counter(type(record).__name__ for record in document.get_records())
    assert found["ProvActivity"] == 5  # the reading, and four corrections
    assert found["ProvAttribution"] > 5 and found["ProvDerivation"] > 5


def test_nothing_points_at_what_is_not_there(place: Path) -> None:
    """Also where only some marks were asked for: what holds them comes with them."""
    for asked_for in ({"kind": "reports"}, {"kind": "events", "type": "COERCE"}, {"kind": "attributions"}):
        kind = asked_for.pop("kind")
        graph = Graph().parse(data=written(place, "jsonld", kind, **asked_for), format="json-ld")
        links = (
            PROV.wasQuotedFrom,
            PROV.wasAttributedTo,
            PROV.wasGeneratedBy,
            PROV.wasRevisionOf,
            PROV.agent,
            OURS.means,
        )
        goals = {goal for link in links for goal in graph.objects(None, link)}
        assert goals and not [goal for goal in goals if (goal, RDF.type, None) not in graph]


# --- FollowTheMoney -------------------------------------------------------------------------------


TEXTS = (registry.text, registry.string, registry.name, registry.address)
"""Of which it takes out what is not seen: joiners, control characters."""


def proxies(text: str) -> list[Any]:
    """Each line as followthemoney has it; it takes every value, and leaves all but texts as they are."""
    found = []
    for line in filter(None, text.split("\n")):
        told = json.loads(line)
        proxy = model.get_proxy(told, cleaned=False)
        proxy.schema.validate(told)
        for name, values in told["properties"].items():
            property = proxy.schema.get(name)
            assert property is not None, (told["schema"], name)
            taken = proxy.get(name)
            assert len(taken) == len(values) if property.type in TEXTS else sorted(taken) == sorted(values), (
                name,
                values,
            )
            assert all(property.type.validate(value) for value in values), (name, values)
        found.append(proxy)
    return found


def test_followthemoney_takes_every_line(place: Path) -> None:
    found = proxies(written(place, "ftm"))
    with Ledger.open(place) as ledger:
        counts = ledger.counts()
    schemata = Counter(proxy.schema.name for proxy in found)
    assert (schemata["Event"], schemata["Article"]) == (counts["events"], counts["reports"])
    by_id = {proxy.id: proxy for proxy in found}
    for proxy in found:
        for property, value in proxy.itervalues():
            if property.type == registry.entity:
                assert by_id[value].schema.is_a(property.range), (proxy.id, property.name)


def test_an_event_says_no_more_than_its_marks(place: Path) -> None:
    found = {proxy.id: proxy for proxy in proxies(written(place, "ftm"))}
    id = denial().report.id
    planned = found[f"dragoman-{id[:12]}-E1"]
    assert planned.first("name") == "Dov's forces to seize the port of Varn (according to Ilan Dov)"
    assert planned.first("recordId") == f"{id[:12]}:E1"
    assert planned.first("proof") == f"dragoman-{id}"
    assert planned.first("date") == "2031-03-03"
    assert found[planned.first("involved")].schema.name == "PublicBody"
    denied = found[f"dragoman-{id[:12]}-E3"]
    assert (
        denied.first("name")
        == "Foreign Ministry of Tessaly did not attack any port (denied by Foreign Ministry of Tessaly)"
    )
    assert found[f"dragoman-{id}"].first("bodyText") == denial().report.text
    met = found[f"dragoman-{in_odesa().report.id[:12]}-E1"]
    address = found[met.first("addressEntity")]
    assert (address.first("latitude"), address.first("city"), address.first("country")) == ("46.48", "Odesa", "ua")


def test_an_event_that_is_doubted_says_so_in_its_name(tmp_path: Path) -> None:
    people = [f"Ilse Dann of ward {number:02}" for number in range(30)]
    make = ReadingBuilder(make_report(f"{', '.join(people)}, some said, may have fought. Then they met."))
    said = make.attribution(source=["some"], cue=["said"], content=["may have fought"], kind="unnamed")
    crowd = [(name, make.entity(name, "person")) for name in people]
    make.event("fought", "ASSAULT", actors=crowd, certainty="possible", attribution=said, confidence=0.3)
    make.event("met", "CONSULT")
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(identified(make.build()))
    names = [one.first("name") for one in proxies(written(tmp_path / "l.sqlite", "ftm")) if one.schema.name == "Event"]
    assert names[0].endswith("… (the model is unsure; possible; according to some)") and len(names[0]) < 384
    assert "(" not in names[1]


def test_a_date_is_as_exact_as_it_is_known(tmp_path: Path) -> None:
    make = ReadingBuilder(make_report("They met, fought and left.", published="2031-03-04"))
    make.event("met", "CONSULT", start="2031-03-01", end="2031-03-31", date_precision="month")
    make.event("fought", "ASSAULT", start="2030-01-01", end="2030-12-31", date_precision="year")
    make.event("left", "RETREAT", start="2031-03-01", date_precision="interval")
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(make.build())
    found = [one for one in proxies(written(tmp_path / "l.sqlite", "ftm")) if one.schema.name == "Event"]
    told = [tuple(one.first(name) for name in ("date", "startDate", "endDate")) for one in found]
    assert told == [("2031-03", None, None), ("2030", None, None), (None, "2031-03-01", None)]


def test_what_is_too_long_is_cut_and_a_text_comes_in_pieces(tmp_path: Path) -> None:
    name, text = "Ilse " + "Dann " * 100, " ".join(f"They met {number:05} times." for number in range(10_000))
    make = ReadingBuilder(make_report(f"{name}met again. {text}", outlet="x" * 2_000, title="y" * 2_000))
    who = make.entity(name.strip(), "person", mentions=[name.strip()])
    make.event(("met", 1), "CONSULT", actors=[(name.strip(), who)])
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(make.build())
    article, person, event = proxies(written(tmp_path / "l.sqlite", "ftm"))
    assert (person.schema.name, len(person.first("name"))) == ("Person", 384)
    pieces = json.loads(written(tmp_path / "l.sqlite", "ftm").split("\n")[0])["properties"]["bodyText"]
    assert len(pieces) == 4 and "".join(pieces) == make.report.text
    assert (len(article.first("title")), event.first("involved")) == (1024, person.id)


def naming(name: str, type: str, number: int, country: str | None = None) -> Reading:
    """A report in which somebody of that name meets."""
    make = ReadingBuilder(make_report(f"{name} met again ({number}).", outlet=f"Post {number}", published="2031-03-04"))
    who = make.entity(name, type, mentions=[name], country=country)
    make.event("met", "CONSULT", actors=[(name, who)])
    return make.build()


def ids(path: Path) -> list[str]:
    """The id of whoever meets in each report, in order of the outlets."""
    found = [one for one in proxies(written(path, "ftm", "events")) if one.schema.name == "Event"]
    return [one.first("involved") for one in sorted(found, key=lambda one: one.first("publisher"))]


@pytest.mark.parametrize(
    ("name", "type", "same"),
    [
        ("Ilse Dann", "person", True),
        ("Ministry of Ports of Halmar", "government", True),
        ("Dann", "person", False),
        ("the ministry", "government", False),
        ("two officials", "group", False),
        ("Varn dockers", "group", False),
    ],
)
def test_a_name_is_the_same_in_two_reports_only_where_it_is_one(
    tmp_path: Path, name: str, type: str, same: bool
) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for number in (1, 2):
            ledger.add(naming(name, type, number))
    assert len(set(ids(tmp_path / "l.sqlite"))) == (1 if same else 2)


def test_who_is_the_same_is_the_ledger_s_to_say(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    told = [("Ilse Dann", "person"), ("Ilse Dann-Roth", "person"), ("Ilse Dan", "person"), ("Ilse Dann", "government")]
    readings = [naming(*who, number) for number, who in enumerate(told)]
    one, other, third, body = (f"{reading.report.id[:12]}:N1" for reading in readings)
    with Ledger.open(path) as ledger:
        for reading in readings:
            ledger.add(reading)
        assert len(set(ids(path))) == 4  # alike is not the same
        ledger.judge(one, other, "same")
        first = ids(path)
        assert first[0] == first[1] and len(set(first)) == 3
        ledger.judge(other, third, "same")
        assert len(set(ids(path))) == 2
        ledger.judge(one, body, "same")  # a person is no public body there
        assert len(set(ids(path))) == 4
        ledger.judge(one, body, "different")
        ledger.judge(one, third, "different")  # so one of the two judgements is wrong
        assert len(set(ids(path))) == 4


def test_every_country_has_a_code_that_followthemoney_knows() -> None:
    assert alpha2().keys() >= country_table().keys()
    assert [code for code in alpha2().values() if not registry.country.validate(code)] == []


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", LINKED)
def test_filters_hold(place: Path, format: str) -> None:
    """The marks that a format has are those of the list, and no mark of another report."""
    for asked_for in ({"type": "COERCE"}, {"status": "planned"}, {"place": "UKR"}, {"text": "grain"}, {"outlet": "x"}):
        with Ledger.open(place) as ledger:
            rows = query.events(ledger, Filter(**asked_for), limit=1000).rows
        text = written(place, format, "events", **asked_for)
        found = events_in(format, text)
        assert found == {row.id for row in rows}, asked_for
        if asked_for != {"outlet": "x"}:
            assert found


def events_in(format: str, text: str) -> set[str]:
    if format == "ftm":
        return {one.first("recordId") for one in proxies(text) if one.schema.name == "Event"}
    nodes = json.loads(text)["items" if format == "annotations" else "@graph"]
    if format == "jsonld":
        nodes = [node for node in nodes if "Event" in node["type"] and not node["id"].endswith(":as-read")]
    told = [node["id"].removeprefix("urn:dragoman:").split(":") for node in nodes]
    return {f"{report[:12]}:{mark}" for report, mark in told}


@pytest.fixture(scope="module")
def hostile_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for payload in PAYLOADS:
            ledger.add(hostile(payload))
    return path


@pytest.mark.parametrize("format", LINKED)
def test_hostile_words_stay_words(hostile_place: Path, format: str) -> None:
    text = written(hostile_place, format)
    if format == "ftm":
        assert proxies(text)
    elif format == "annotations":
        sources = [target["source"] for one in json.loads(text)["items"] for target in many(one["target"])]
        assert sources and all(source.startswith(("urn:sha256:", "https://", "http://")) for source in sources)
    else:
        assert json.loads(text)["@graph"]


def test_a_line_that_was_written_is_not_written_again(place: Path) -> None:
    with Ledger.open(place) as ledger:
        lines = list(ftm.entities(ledger, Search("reports", Filter())))
    assert len(lines) == len(set(lines))
