"""The rules that find time expressions in a line of word kinds: data for `grammar`.

Invariant: every repetition is bounded, so finding is linear in the text. A rule names kinds of `words` and
the fragments below (in capitals); a group names the field of `Expression` that its words fill.
"""

from __future__ import annotations

FRAGMENTS: dict[str, str] = {
    "SMALL": "(?: ONES | TEENS | TENS )",
    "DIGITS": "(?: DAYNUM | FIGURE | YEAR )",
    "COUNT": """(?: A? COUPLE OF? | A? MANY POWER? | TENS DASH? ONES | (?: A | SMALL | DIGITS )? POWER
        | (?: SMALL | DIGITS ) (?: AND? FRACTION | AND A HALF )? | FRACTION | HALF A | A )""",
    "NUMBER": "(?P<number> COUNT (?: (?: TO | OR | DASH ) COUNT )? )",
    "APPROX": "(?P<about> AT LEAST | UP TO | NO? MORE THAN | ABOUT )",
    "UNIT": "(?: DAYWORD | WEEKWORD | YEARWORD | OTHERUNIT )",
    "WHICHEVER": "(?: LAST | PAST | NEXT | COMING | PREVIOUS | FOLLOWING | THIS | THAT | SAME | CURRENT | LATEST )",
    "WHICH": "(?: (?P<the> THE )? (?P<which> THIS (?: PAST | LAST | COMING ) | WHICHEVER ) )",
    "MOD": """(?: THE? (?P<mod> BEGIN | ENDWORD ) OF | THE? (?P<mod> EARLY ) DASH? (?: IN | ON )?
        | (?P<mod> LATER ) (?: IN | ON )? )""",
    "DAY": "(?: DAYNUM | NTH )",
    "MONTHNAME": "(?: (?P<month> MONTH ) POINT? )",
    "INYEAR": "(?: COMMA? (?P<year> YEAR ) (?! ZONE | UNITS ) )",
    "WHICHYEAR": "(?: COMMA? OF? (?P<which> WHICHEVER ) (?P<unit> YEARWORD ) )",
    "DAYTIME": "(?: (?: IN THE )? (?P<part> PART ) )",
    "DAYNAME": "(?: (?P<weekday> WEEKDAY ) | SHORTDAY POINT? )",
    "CLOCKTIME": """(?P<clock> (?: CLOCK | DAYNUM ) AMPM | CLOCK | CLOCK24 (?= ZONE ) | (?: DAYNUM | SMALL ) OCLOCK
        | NOON )""",
    "YEARWORDS": "(?P<yearwords> TEENS (?: TEENS | TENS (?: DASH? ONES )? ) (?! DASH | UNIT | UNITS ) )",
    "YEARAGO": "(?P<yearago> (?: YEARWORD DASH | (?<! DASH ) A YEARWORD ) (?: AGO | LATER ) )",
    "STOP": "(?= POINT | COMMA | SPACE | AND | $ )",
}

NO_START = """OTHERWORD NAME SPACE POINT COMMA QUOTE DASH GENITIVE ZONE MONEY OF TO AND OR BY IN ON SO BETWEEN FROM
    SINCE UNTIL BEFORE AFTER AMPM ITS THAN OLD LONG"""
"""Kinds that no expression begins with: most tokens of a text, so that the rules are not tried at them."""

RULES: tuple[tuple[str, str], ...] = (
    # --- the clock, days
    ("date", "(?P<iso> ISODATE | SLASHED )"),
    ("years", "(?P<word> YEARSPAN )"),
    (
        "clock",
        """APPROX? CLOCKTIME (?: IN THE (?P<part> PART ) )? ZONE{0,2} (?: (?: COMMA | ON )? (?: MOD? (?P<near> TODAY )
        | (?: DAYNAME COMMA? )? MONTHNAME (?P<day> DAY ) INYEAR? | DAYNAME ) )?""",
    ),
    ("clock", "(?P<clock> DAYNUM | SMALL ) IN THE (?P<part> PART )"),
    ("days", "MONTHNAME (?P<day> DAY ) (?: DASH | TO | UNTIL ) (?P<end_day> DAY ) INYEAR?"),
    (
        "days",
        """THE? (?P<day> DAY ) (?: DASH | TO | UNTIL | AND ) THE? (?P<end_day> DAY ) OF?
        MONTHNAME (?: INYEAR | WHICHYEAR )?""",
    ),
    (
        "date",
        """APPROX? (?: THE? (?P<part> PART ) OF )? MOD? (?: WHICH? DAYNAME COMMA? THE? | WHICH )? MONTHNAME THE?
        (?P<day> DAY | ORDINAL ) (?! DASH? (?: UNIT | UNITS ) ) (?: INYEAR | WHICHYEAR )? DAYTIME?""",
    ),
    (
        "date",
        """APPROX? (?: THE? (?P<part> PART ) OF )? MOD? (?: WHICH? DAYNAME COMMA? )?
        THE? (?P<day> DAY | ORDINAL (?= OF ) ) OF? MONTHNAME
        (?: INYEAR | WHICHYEAR | NUMBER (?P<unit> YEARWORD | UNITS ) AGO )? DAYTIME?""",
    ),
    ("listed", "(?<= MONTH DAYNUM AND ) (?P<day> DAYNUM ) (?! DASH | UNITS | OTHERWORD | NAME )"),
    ("week", "THE (?P<unit> WEEKWORD ) OF (?P<month> MONTH ) POINT? (?P<day> DAY )"),
    (
        "weekday",
        """(?P<part> OVERNIGHT ) ON? DAYNAME
        | (?: THE? (?P<part> PART ) (?: OF | ON )? )? MOD? WHICH? (?P<weekday> WEEKDAY ) (?! PARTS )
        (?: DAYTIME | GENITIVE (?P<part> PART ) )? (?: OF? (?P<which> LAST | NEXT | THIS ) (?P<unit> WEEKWORD ) )?""",
    ),
    ("near", "THE? DAYWORD (?P<which> BEFORE | AFTER ) (?P<near> TODAY )"),
    ("near", "(?: EARLY DASH? )? (?P<part> PART ) (?P<near> TODAY )"),
    ("near", "MOD? (?P<near> TODAY | TONIGHT ) (?: GENITIVE? (?P<part> PART ) )?"),
    ("near", "MOD? (?: (?P<near> THIS ) EARLY? (?P<part> PART ) | (?P<near> LAST ) (?P<part> PART ) )"),
    ("near", "(?P<near> OVERNIGHT ) | LATER IN THE (?P<near> DAYWORD )"),
    # --- feasts, and what comes again and again
    (
        "holiday",
        """MOD? WHICH? (?P<holiday> GOOD (?: WEEKDAY | NAME GENITIVE? (?: DAYWORD | EVE ) | GENITIVE? DAYWORD
        | YEARWORD GENITIVE? (?: DAYWORD | EVE ) ) | EASTER (?: DAYWORD | EVE | WEEKDAY | WEEKWORD )?
        | MONTH DAYWORD | EID ALFITR? | ORDINAL OF MONTH ) (?: COMMA? IN? (?P<year> YEAR ) )?""",
    ),
    ("set", "(?P<every> EVERY ) (?: OTHER | NUMBER )? (?P<unit> UNIT | UNITS | WEEKEND | QUARTER )"),
    (
        "set",
        """(?P<every> EVERY ) (?: (?P<weekday> WEEKDAY ) (?P<part> PART )? | (?P<month> MONTH ) | (?P<season> SEASON )
        | (?P<part> PART ) )""",
    ),
    ("set", "(?P<weekday> WEEKDAYS ) (?: AND WEEKDAYS )? | (?P<weekday> WEEKDAY ) (?P<part> PARTS )"),
    ("set", "(?<= MONEY | FIGURE | ONCE ) A (?P<unit> UNIT ) (?! DASH? (?: AGO | LATER ) )"),
    ("set", "ONCE A (?P<unit> UNIT ) | PER (?P<unit> UNIT ) | (?P<word> DAILY )"),
    # --- months, seasons, quarters, years
    (
        "month",
        """APPROX? MOD? WHICH? (?P<month> MONTH )
        (?: (?: POINT | OF | COMMA )? (?P<year> YEAR ) (?! ZONE ) | YEARWORDS | WHICHYEAR
        | NUMBER (?P<unit> YEARWORD | UNITS ) AGO )?""",
    ),
    (
        "season",
        "MOD? (?: THE? EARLY DASH? )? (?: (?P<the> THE ) | WHICH )? (?P<season> SEASON )"
        " (?: OF? (?: (?P<year> YEAR ) | YEARWORDS ) | WHICHYEAR )?",
    ),
    (
        "half",
        """THE? (?P<nth> ORDINAL | LAST ) (?: HALF | (?P<quarters> COUNT QUARTERS ) )
        OF (?: FISCAL? (?P<year> YEAR ) | WHICH (?P<unit> YEARWORD ) | THE (?P<unit> YEARWORD ) )""",
    ),
    (
        "quarter",
        """(?: THE (?! ORDINAL DASH ) )? (?: (?P<year> YEAR ) | OTHERWORD? YEARAGO
        | (?P<which> WHICHEVER ) (?P<unit> YEARWORD ) GENITIVE )? (?: FISCAL DASH? )?
        (?P<nth> ORDINAL ) DASH? (?: QUARTER | QUARTERS ) (?: OF? FISCAL? (?P<year> YEAR ) | WHICHYEAR
        | OF THE (?P<which> WHICHEVER ) FISCAL? (?P<unit> YEARWORD ) | YEARAGO )?""",
    ),
    (
        "quarter",
        """(?: THE | ITS )? (?: (?P<year> YEAR ) | OTHERWORD? YEARAGO | (?P<which> WHICHEVER )
        (?: (?P<unit> YEARWORD ) GENITIVE )? ) (?: QUARTER | PERIOD ) YEARAGO?""",
    ),
    ("quarter", "(?<= IN ) (?P<the> THE ) QUARTER (?! OF ) YEARAGO?"),
    ("year", "(?: THE YEARWORD ) (?: (?P<year> YEAR ) | YEARWORDS | (?P<yearwords> ONES POWER ) )"),
    ("year", "(?P<fiscal> FISCAL ) YEARWORD? (?P<year> YEAR ) | (?: APPROX? MOD ) (?P<year> YEAR ) (?! ZONE | UNITS )"),
    ("year", "YEARWORDS"),
    (
        "decade",
        """THE? (?: (?: BEGIN | ENDWORD ) OF )? THE? (?: EARLY DASH? | LATER )? (?: TO EARLY DASH? )?
        (?P<decade> DECADE | NINETIES )""",
    ),
    (
        "century",
        """THE? (?: (?: BEGIN | ENDWORD ) OF )? THE? (?: EARLY DASH? )?
        (?P<century> NTH | TENS DASH ORDINAL | ORDINAL ) DASH? CENTURY""",
    ),
    # --- so far away: from the report's date, from another date
    ("ago", "APPROX? (?: THE | NUMBER )? (?P<unit> UNIT | UNITS ) (?P<orso> OR SO )? AGO"),
    (
        "away",
        "APPROX? NUMBER (?P<unit> UNIT | UNITS ) (?: (?P<which> LATER ) | (?P<which> BEFORE | AFTER ) STOP )",
    ),
    ("away", "YEARAGO"),
    ("same", "LATER? THE? (?P<which> THAT SAME? | SAME ) (?P<part> PART )"),
    ("next", "THE (?P<which> NEXT | FOLLOWING | PREVIOUS ) EARLY? (?P<part> PART )"),
    ("same", "LATER? (?: THE? (?P<which> SAME ) | (?P<which> THAT SAME? ) ) (?P<unit> UNIT | WEEKEND | SEASON )"),
    ("next", "THE? (?P<which> FOLLOWING | PREVIOUS ) (?P<unit> UNIT | WEEKEND )"),
    ("next", "THE (?P<which> NEXT ) (?P<unit> DAYWORD ) | THE (?P<unit> UNIT ) (?P<which> BEFORE | AFTER ) STOP"),
    ("unit", "APPROX? MOD? WHICH FISCAL? (?P<unit> UNIT | WEEKEND | CENTURY ) (?! DASH UNIT ) (?P<orso> OR SO )?"),
    ("unit", "THE (?P<unit> WEEKEND ) | MOD THE (?P<unit> WEEKWORD | OTHERUNIT | YEARWORD )"),
    ("unit", "(?P<mod> YEARWORD (?: GENITIVE | DASH )? ENDWORD | YEAREND )"),
    # --- how long
    (
        "span",
        """APPROX? (?: THE? (?P<which> THIS? (?: LAST | PAST | NEXT | COMING | PREVIOUS | FOLLOWING | LATEST ) )
        | THE (?P<nth> ORDINAL ) | THE | THESE ) APPROX? NUMBER
        (?: MORE | OTHER | OTHERWORD (?= UNITS ) )? (?P<unit> UNITS | QUARTERS | WEEKENDS | SEASONS )
        (?P<orso> OR SO )?""",
    ),
    (
        "span",
        """THE? (?P<which> PAST | RECENT | COMING | FUTURE | THESE | NEXT | LAST ) (?P<unit> UNITS | QUARTERS )
        (?: AND UNITS )?""",
    ),
    (
        "span",
        "APPROX? NUMBER DASH? (?P<unit> UNIT | UNITS ) (?! DASH? OLD ) DASH? LONG | (?P<unit> UNIT | UNITS ) DASH LONG",
    ),
    ("span", "APPROX? NUMBER DASH (?P<unit> UNIT ) (?! DASH? OLD )"),
    (
        "span",
        """APPROX? OTHER? NUMBER (?: MORE | OTHER | OTHERWORD (?= UNITS ) )? (?P<unit> UNITS | UNIT | QUARTERS )
        (?! DASH? OLD | DASH AGO | DASH LATER ) (?P<half> AND A HALF )? (?P<orso> OR SO )?
        (?P<tied> (?= BEFORE | AFTER ) )?""",
    ),
    ("span", "(?: THE EARLY )? (?P<unit> UNITS ) (?! DASH? OLD ) (?: OR UNITS )? (?P<tied> (?= BEFORE | AFTER ) )?"),
    ("whole", "(?P<which> THE | ALL ) (?P<unit> UNIT ) (?! DASH )"),
    # --- hardly a time at all
    (
        "ref",
        """(?P<word> THE OTHERWORD? FUTURE | (?<= IN ) FUTURE | THE PAST (?! OTHERWORD | NAME ) | MORE? RECENTLY
        | SOON (?! AFTER | OTHERWORD THE ) | NOW | CURRENT )""",
    ),
    ("year", "(?P<year> YEAR )"),
)
"""From the exact to the vague; of the rules that fit at a word, the first wins."""
