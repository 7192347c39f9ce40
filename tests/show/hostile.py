"""Strings that would run, break out or mislead if a page let them; each tries to set window.__xss."""

from __future__ import annotations

from dragoman.records import Reading
from tests.builders import MADE_BY, ReadingBuilder, make_report

PAYLOADS = (
    "<script>window.__xss=1</script>",
    "</script><script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=1>",
    "<svg onload=window.__xss=1>",
    "<svg><script>window.__xss=1</script></svg>",
    '"><script>window.__xss=1</script>',
    "'><img src=x onerror=window.__xss=1>",
    '" onmouseover="window.__xss=1" x="',
    "' onfocus='window.__xss=1' autofocus='",
    '" autofocus onfocus=window.__xss=1 tabindex=1 "',
    "` onmouseover=`window.__xss=1",
    "javascript:window.__xss=1",
    "JaVaScRiPt:window.__xss=1//",
    "java\tscript:window.__xss=1",
    "\x01javascript:window.__xss=1",
    "data:text/html,<script>opener.__xss=1</script>",
    "https://x.example/\"onclick=\"window.__xss=1",
    "<iframe srcdoc='<script>parent.__xss=1</script>'></iframe>",
    "<iframe src=javascript:parent.__xss=1></iframe>",
    "<object data=javascript:window.__xss=1></object>",
    "<a href=javascript:window.__xss=1 id=main>here</a>",
    "<base href=https://x.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:window.__xss=1'>",
    "<style>@import 'https://x.example/';body{display:none}</style>",
    "<form action=https://x.example/><button>Search</button></form>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=window.__xss=1>",
    "<details open ontoggle=window.__xss=1>",
    "<!--><script>window.__xss=1</script>-->",
    "<![CDATA[<script>window.__xss=1</script>]]>",
    "{{ ''.__class__.__mro__ }}{% raw %}",
    "${window.__xss=1}{{constructor.constructor('window.__xss=1')()}}",
    "%3Cscript%3Ewindow.__xss=1%3C/script%3E",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
    "&#106;avascript:window.__xss=1",
    "\u202etpircs\u202c <script>window.__xss=1</script>",
    "\ud800<script>window.__xss=1</script>\x00",
)  # fmt: skip


def hostile(payload: str) -> Reading:
    """A reading with the payload in every place that a report, or what is made of it, can fill."""
    text = f"{payload} said that {payload} attacked {payload} in {payload} on {payload}.\n\n{payload}"
    report = make_report(text, title=payload, outlet=payload, published="2031-03-05", url=payload)
    made_by = type(MADE_BY)(version=payload, model=payload, model_sha256="0" * 64)
    make = ReadingBuilder(report, made_by=made_by)
    who = make.entity(
        payload,
        "person",
        mentions=[(payload, 1), (payload, 2)],
        country=payload,
        role=payload,
        of=payload,
        known_as=[payload],
        reference=payload,
    )
    said = make.attribution(
        source=[(payload, 1)],
        cue=["said"],
        content=[(payload, 2), (payload, 3)],
        addressee=(payload, 6),
        entity=who,
    )
    make.event(
        (payload, 3),
        "ASSAULT",
        actors=[((payload, 2), who)],
        recipients=[((payload, 3), who)],
        place=(payload, 4),
        place_entity=who,
        time=(payload, 5),
        date_precision="unresolved",
        condition=(payload, 6),
        counts=[("killed", 3, "about", (payload, 1))],
        attribution=said,
    )
    make.event("attacked", "ASSAULT", recipients=[(payload, 6)])
    return make.build()
