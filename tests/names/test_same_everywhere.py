"""Which mentions are one does not depend on the process: Python orders sets of words otherwise in each."""

from __future__ import annotations

import os
import subprocess
import sys

# Two Hunters may be meant by the third name; two bodies by the same capitals.
SCRIPT = """
from dragoman.names.mentions import chains
from dragoman.records import MentionMark, NameMark

text = (
    "Ana Hunter met Bill Weld. Later Bill Hunter came, then Weld Hunter. The World Health Order met the Western Hill "
    "Organization and the World of Health Office. WHO and WHO spoke with Bill Weld Hunter."
)
told = [
    ("Person", ["Ana Hunter", "Bill Weld", "Bill Hunter", "Weld Hunter", "Bill Weld Hunter"]),
    ("Organization", ["World Health Order", "Western Hill Organization", "World of Health Office", "WHO"]),
]
names = sorted(
    (NameMark((text.index(name), text.index(name) + len(name)), label, 0.9) for label, found in told for name in found),
    key=lambda name: name.span,
)
mentions = [MentionMark(name.span, "person", None, 0.9) for name in names]
print([chain.mentions for chain in chains(text, mentions, names)])
"""


def test_the_same_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in range(8)
    }
    assert len(said) == 1
