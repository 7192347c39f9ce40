"""Hand-made readings for the tests of the pages: an invented quarrel over the lock at Sarre."""

from __future__ import annotations

from dragoman.records import Reading
from tests.builders import ReadingBuilder, denial, make_report

LOCK = (
    "ORVANE — Tidewater Guard patrol boats seized three grain barges at the Sarre lock early on "
    "Tuesday, and the provincial council in Orvane voted unanimously to keep the waterway shut for "
    "thirty days unless the barges are unloaded under its inspection."
    "\n\n"
    "Colonel Petra Lindqvist, who commands the Guard’s river brigade, said her crews had boarded the "
    "vessels without firing a shot. “We took nobody’s life and nobody’s grain,” she told the Sarre "
    "Courier."
    "\n\n"
    "That account was disputed within hours. Two harbour pilots who watched the boarding said at "
    "least four deckhands had been wounded, and a third official, speaking on condition of anonymity,"
    " put the number of detained crew at about thirty."
    "\n\n"
    "Halmar’s foreign ministry summoned the Orvane envoy on Wednesday and demanded that the barges be"
    " released. “If a single sack is touched, we will close every one of our rail crossings,” Foreign"
    " Minister Anselm Roake warned."
    "\n\n"
    "According to Radio Meridian, a leaked memorandum from the ministry says that Halmar’s army chief"
    " believes the Guard is preparing to mine the lower channel. The Meridian report could not be "
    "confirmed, and a spokesman for the Guard denied having laid any mines."
    "\n\n"
    "Roake was due to fly to Orvane on Friday for talks with the council’s president, Ilse Dann; the "
    "visit was called off late on Wednesday."
    "\n\n"
    "The river workers’ union has reportedly begun a strike at both ends of the lock. Its members "
    "blocked the towpath, and a few threw stones at a Guard launch, residents said."
    "\n\n"
    "Aid groups fear that a long closure could cut off some 12,000 people in the marsh villages. The "
    "Marsh Relief League has sent two convoys of flour since last spring."
)


def lock() -> Reading:
    """A report with every kind of mark: nested voices, a denial, tolls, a plan called off, doubtful marks."""
    make = ReadingBuilder(
        make_report(
            LOCK,
            title="Guard boats seize grain barges at Sarre as council shuts the river",
            outlet="The Orvane Ledger",
            published="2031-03-05",
            url="https://orvaneledger.example/2031/03/sarre-lock",
        )
    )
    guard = make.entity("Tidewater Guard", "military", mentions=[("Tidewater Guard", 1)], country=None)
    council = make.entity("Provincial Council of Orvane", "government", mentions=["the provincial council in Orvane"])
    lindqvist = make.entity(
        "Petra Lindqvist",
        "person",
        mentions=["Colonel Petra Lindqvist", ("she", 1)],
        role="commander",
        of="river brigade of the Tidewater Guard",
    )
    pilots = make.entity("harbour pilots", "group", mentions=["Two harbour pilots who watched the boarding"])
    halmar = make.entity(
        "Foreign Ministry of Halmar",
        "government",
        mentions=["Halmar’s foreign ministry", ("the ministry", 1)],
    )
    roake = make.entity(
        "Anselm Roake",
        "person",
        mentions=["Foreign Minister Anselm Roake"],
        role="foreign minister",
        of="Halmar",
    )
    meridian = make.entity("Radio Meridian", "outlet", mentions=["Radio Meridian"])
    chief = make.entity("army chief of Halmar", "person", mentions=["Halmar’s army chief"], role="army chief")
    dann = make.entity("Ilse Dann", "person", mentions=["Ilse Dann"], role="president", of="Orvane council")
    union = make.entity("river workers’ union", "organization", mentions=["The river workers’ union"])
    sarre = make.entity("Sarre lock", "place", mentions=["the Sarre lock"])
    orvane = make.entity("Orvane", "place", mentions=[("Orvane", 3)])
    league = make.entity("Marsh Relief League", "organization", mentions=["The Marsh Relief League"])
    who = {
        "guard": guard,
        "council": council,
        "lindqvist": lindqvist,
        "pilots": pilots,
        "halmar": halmar,
        "roake": roake,
        "meridian": meridian,
        "chief": chief,
        "dann": dann,
        "union": union,
        "sarre": sarre,
        "orvane": orvane,
        "league": league,
    }
    _events(make, who, _voices(make, who))
    return make.build()


def _voices(make: ReadingBuilder, who: dict[str, str]) -> dict[str, str]:
    calm = make.attribution(
        source=["Colonel Petra Lindqvist"],
        cue=[("said", 1)],
        content=["her crews had boarded the vessels without firing a shot"],
        entity=who["lindqvist"],
    )
    make.attribution(
        source=[("she", 1)],
        cue=["told"],
        content=["“We took nobody’s life and nobody’s grain,”"],
        mode="direct",
        entity=who["lindqvist"],
        addressee="the Sarre Courier",
        stance="denies",
    )
    wounded = make.attribution(
        source=["Two harbour pilots who watched the boarding"],
        cue=[("said", 2)],
        content=["at least four deckhands had been wounded"],
        kind="unnamed",
        entity=who["pilots"],
        stance="disputes",
    )
    detained = make.attribution(
        source=["a third official, speaking on condition of anonymity,"],
        cue=[("put", 2)],
        content=["the number of detained crew at about thirty"],
        kind="unnamed",
        confidence=0.44,
    )
    demand = make.attribution(
        source=["Halmar’s foreign ministry"],
        cue=["demanded"],
        content=["the barges be released"],
        entity=who["halmar"],
    )
    warning = make.attribution(
        source=["Foreign Minister Anselm Roake"],
        cue=["warned"],
        content=["“If a single sack is touched, we will close every one of our rail crossings,”"],
        mode="direct",
        entity=who["roake"],
    )
    radio = make.attribution(
        source=["Radio Meridian"],
        cue=["According to"],
        content=[
            "a leaked memorandum from the ministry says that Halmar’s army chief believes the Guard is "
            "preparing to mine the lower channel"
        ],
        kind="outlet",
        entity=who["meridian"],
    )
    memo = make.attribution(
        source=["a leaked memorandum from the ministry"],
        cue=["says"],
        content=["Halmar’s army chief believes the Guard is preparing to mine the lower channel"],
        kind="document",
        inside=radio,
    )
    belief = make.attribution(
        source=["Halmar’s army chief"],
        cue=["believes"],
        content=["the Guard is preparing to mine the lower channel"],
        entity=who["chief"],
        inside=memo,
    )
    denies = make.attribution(
        source=["a spokesman for the Guard"],
        cue=[("denied", 1)],
        content=["having laid any mines"],
        stance="denies",
        kind="unnamed",
    )
    rumour = make.attribution(cue=["reportedly"], content=["begun a strike at both ends of the lock"], kind="none")
    stones = make.attribution(
        source=["residents"],
        cue=[("said", 3)],
        content=["Its members blocked the towpath, and a few threw stones at a Guard launch"],
        kind="unnamed",
    )
    fear = make.attribution(
        source=["Aid groups"],
        cue=["fear"],
        content=["a long closure could cut off some 12,000 people in the marsh villages"],
        kind="unnamed",
        confidence=0.71,
    )
    return {
        "calm": calm,
        "wounded": wounded,
        "detained": detained,
        "demand": demand,
        "warning": warning,
        "belief": belief,
        "denies": denies,
        "rumour": rumour,
        "stones": stones,
        "fear": fear,
    }


def _events(make: ReadingBuilder, who: dict[str, str], says: dict[str, str]) -> None:
    boats = ("Tidewater Guard patrol boats", who["guard"])
    make.event(
        ("seized", 1),
        "COERCE",
        mode="seize",
        actors=[boats],
        recipients=["three grain barges"],
        place="the Sarre lock",
        place_entity=who["sarre"],
        time="early on Tuesday",
        start="2031-03-04",
        confidence=0.96,
    )
    make.event(
        "keep the waterway shut",
        "COERCE",
        mode="restrict",
        actors=[("the provincial council in Orvane", who["council"])],
        time="for thirty days",
        start="2031-03-04",
        end="2031-04-03",
        date_precision="interval",
        rule="unanimous",
        status="planned",
        condition="unless the barges are unloaded under its inspection",
        confidence=0.88,
    )
    make.event(
        "boarded",
        "COERCE",
        mode="seize",
        actors=[("her crews", who["guard"])],
        recipients=["the vessels"],
        attribution=says["calm"],
        confidence=0.81,
    )
    make.event(
        "wounded",
        "ASSAULT",
        recipients=["four deckhands"],
        attribution=says["wounded"],
        counts=[("wounded", 4, "at_least", "at least four")],
        confidence=0.9,
    )
    make.event(
        "detained",
        "COERCE",
        mode="arrest",
        recipients=["detained crew"],
        attribution=says["detained"],
        counts=[("arrested", 30, "about", "about thirty")],
        confidence=0.41,
    )
    make.event(
        "summoned",
        "ACCUSE",
        mode="disapprove",
        actors=[("Halmar’s foreign ministry", who["halmar"])],
        recipients=["the Orvane envoy"],
        time=("on Wednesday", 1),
        start="2031-03-05",
    )
    make.event(
        ("demanded", 1),
        "REQUEST",
        mode="yield",
        actors=[("Halmar’s foreign ministry", who["halmar"])],
        recipients=["the Orvane envoy"],
    )
    make.event(
        "released",
        "RETREAT",
        mode="release",
        status="hypothetical",
        attribution=says["demand"],
        confidence=0.47,
    )
    make.event(
        "close every one of our rail crossings",
        "THREATEN",
        mode="restrict",
        actors=[("Foreign Minister Anselm Roake", who["roake"])],
        status="hypothetical",
        condition="If a single sack is touched",
        attribution=says["warning"],
    )
    make.event(
        "preparing to mine",
        "MOBILIZE",
        mode="weapons",
        actors=[(("the Guard", 1), who["guard"])],
        place="the lower channel",
        status="ongoing",
        certainty="probable",
        attribution=says["belief"],
        confidence=0.73,
    )
    make.event(
        "laid any mines",
        "MOBILIZE",
        mode="weapons",
        actors=[(("the Guard", 2), who["guard"])],
        status="not_occurred",
        attribution=says["denies"],
    )
    make.event(
        "talks",
        "CONSULT",
        mode="visit",
        actors=[(("Roake", 2), who["roake"])],
        recipients=[("Ilse Dann", who["dann"])],
        place=("Orvane", 3),
        place_entity=who["orvane"],
        time="on Friday",
        start="2031-03-07",
        status="ruled_out",
        confidence=0.92,
    )
    make.event(
        "a strike",
        "PROTEST",
        mode="strike",
        actors=[("The river workers’ union", who["union"])],
        place="both ends of the lock",
        status="ongoing",
        attribution=says["rumour"],
        confidence=0.78,
    )
    make.event(
        "blocked",
        "PROTEST",
        mode="obstruct",
        actors=[("Its members", who["union"])],
        recipients=["the towpath"],
        attribution=says["stones"],
    )
    make.event(
        "threw stones",
        "ASSAULT",
        mode="primitive",
        actors=["a few"],
        recipients=["a Guard launch"],
        attribution=says["stones"],
        confidence=0.84,
    )
    make.event(
        "cut off",
        "COERCE",
        mode="restrict",
        recipients=["some 12,000 people in the marsh villages"],
        status="hypothetical",
        attribution=says["fear"],
        confidence=0.38,
    )
    make.event(
        "sent two convoys of flour",
        "AID",
        actors=[("The Marsh Relief League", who["league"])],
        time="since last spring",
        start="2030-03-01",
        date_precision="season",
        status="ongoing",
    )


def note(number: int, title: str, outlet: str, published: str | None) -> Reading:
    """A short report about the same quarrel, so that lists have something to list."""
    text = f"Dispatch {number}. The harbour master said the lock would open on Monday. Halmar praised the council."
    make = ReadingBuilder(make_report(text, title=title, outlet=outlet, published=published))
    master = make.entity("harbour master", "person", mentions=["The harbour master"])
    said = make.attribution(
        source=["The harbour master"], cue=["said"], content=["the lock would open on Monday"], entity=master
    )
    make.event("open", "CONCEDE", time="on Monday", date_precision="unresolved", status="planned", attribution=said)
    make.event("praised", "SUPPORT", actors=["Halmar"], recipients=["the council"])
    return make.build()


TITLES = (
    ("Council weighs reopening of the Sarre lock", "Sarre Courier", "2031-03-04"),
    ("Flour prices double in the marsh villages", "Harbour Post", "2031-03-03"),
    (
        "“No mines in the channel”, says the Guard, as pilots stay ashore for a second night",
        "Radio Meridian",
        "2031-03-05",
    ),
    ("Halmar recalls its rail inspectors", "The Orvane Ledger", "2031-03-03"),
    ("Correction: the number of barges at Sarre", "The Orvane Ledger", None),
)


def crisis() -> list[Reading]:
    """All of them."""
    notes = [note(number, *told) for number, told in enumerate(TITLES, start=1)]
    return [lock(), denial(), *notes]
