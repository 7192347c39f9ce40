"""Readings of any text whatever, for hypothesis: NUL, lone surrogates, emoji, right-to-left and SQL in it."""

from __future__ import annotations

from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.records import Attribution, Count, Entity, Event, MadeBy, Participant, Place, Reading, Relation, Span
from tests.builders import make_report

HOSTILE = (
    "'; DROP TABLE reports; --",
    '" OR 1=1 --',
    "100%_\\",
    "nul\x00nul",
    "lone \ud83d surrogate",
    "👩‍👩‍👧‍👦 🇺🇳",
    "مرحبا بالعالم \u202e\u200f",
    "e\u0301 n\u0303 ﬁ Ⅷ ß İ",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "line\r\nline\u2028line\x85",
    "{{7*7}} ${x} %s ?1 :name",
)

any_text = st.text(alphabet=st.characters(), min_size=1, max_size=30) | st.sampled_from(HOSTILE)
maybe_text = st.none() | any_text
confidence = st.floats(0, 1)
day = st.none() | st.dates().map(lambda day: day.isoformat())
place = st.builds(
    Place,
    name=any_text,
    kind=st.sampled_from(codes().place_kinds),
    country=maybe_text,
    admin1=maybe_text,
    admin2=maybe_text,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    geonames_id=st.none() | st.integers(1, 10**9),
    precision=st.sampled_from(codes().place_precisions),
)


@st.composite
def reading_of_anything(draw: st.DrawFn) -> Reading:
    """A reading whose marks fit together, with any words in every field that takes words."""
    text = draw(st.lists(any_text, min_size=1, max_size=8).map(" ".join))
    report = make_report(
        text, title=draw(maybe_text), outlet=draw(maybe_text), published=draw(day), url=draw(maybe_text)
    )
    span = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: _span(*pair))
    entities = [draw(_entity(f"N{n}", span)) for n in range(draw(st.integers(0, 3)))]
    known = st.sampled_from([None, *(entity.id for entity in entities)])
    attributions = [draw(_attribution(f"A{n}", span, known)) for n in range(draw(st.integers(0, 3)))]
    holder = st.sampled_from([None, *(attribution.id for attribution in attributions)])
    events = [draw(_event(f"E{n}", span, known, holder)) for n in range(draw(st.integers(0, 3)))]
    made_by = MadeBy(draw(any_text), draw(any_text), draw(any_text))
    relations = [draw(_relation(f"R{n}", span, known)) for n in range(draw(st.integers(0, 2)) if entities else 0)]
    return Reading(report, tuple(entities), tuple(attributions), tuple(events), tuple(relations), made_by)


def _span(one: int, other: int) -> Span:
    return (min(one, other), max(one, other))


def _several(strategy: st.SearchStrategy[Span]) -> st.SearchStrategy[tuple[Span, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


def _entity(id: str, span: st.SearchStrategy[Span]) -> st.SearchStrategy[Entity]:
    return st.builds(
        Entity,
        id=st.just(id),
        name=any_text,
        type=st.sampled_from(codes().entity_types),
        country=maybe_text,
        sector=st.none() | st.sampled_from(codes().sectors),
        role=maybe_text,
        of=maybe_text,
        known_as=st.lists(any_text, max_size=2).map(tuple),
        reference=maybe_text,
        canonical=maybe_text,
        place=st.none() | place,
        mentions=_several(span),
    )


def _relation(
    id: str, span: st.SearchStrategy[Span], known: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Relation]:
    return st.builds(
        Relation,
        id=st.just(id),
        subject=known.filter(bool),
        kind=st.sampled_from(codes().relation_kinds),
        object=known,
        role=maybe_text,
        body=st.none() | span,
        words=span,
        start=day,
        end=day,
    )


def _attribution(
    id: str, span: st.SearchStrategy[Span], known: st.SearchStrategy[str | None]
) -> st.SearchStrategy[Attribution]:
    return st.builds(
        Attribution,
        id=st.just(id),
        source=_several(span),
        cue=_several(span),
        content=_several(span),
        mode=st.sampled_from(codes().attribution_modes),
        kind=st.sampled_from(codes().source_kinds),
        entity=known,
        addressee=st.none() | span,
        stance=st.sampled_from(codes().stances),
        inside=st.none(),
        confidence=confidence,
    )


def _event(
    id: str,
    span: st.SearchStrategy[Span],
    known: st.SearchStrategy[str | None],
    holder: st.SearchStrategy[str | None],
) -> st.SearchStrategy[Event]:
    people = st.lists(st.builds(Participant, span=span, entity=known), max_size=2).map(tuple)
    count = st.builds(
        Count,
        kind=st.sampled_from(codes().count_kinds),
        low=st.none() | st.integers(-1, 10**30),
        high=st.none() | st.integers(-1, 10**30),
        bound=st.sampled_from(codes().count_bounds),
        who=st.none() | st.sampled_from(codes().count_people),
        span=span,
        attribution=holder,
    )
    return st.builds(
        Event,
        id=st.just(id),
        trigger=span,
        type=st.sampled_from(tuple(codes().event_types)),
        mode=maybe_text,
        actors=people,
        recipients=people,
        place=st.none() | span,
        place_entity=known,
        time=st.none() | span,
        start=day,
        end=day,
        date_precision=st.none() | st.sampled_from(codes().date_precisions),
        date_reason=st.none() | st.sampled_from(codes().date_reasons),
        status=st.sampled_from(codes().statuses),
        certainty=st.sampled_from(codes().certainties),
        attribution=holder,
        counts=st.lists(count, max_size=2).map(tuple),
        rule=maybe_text,
        condition=st.none() | span,
        confidence=confidence,
    )
