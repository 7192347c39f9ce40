"""Many feeds in a process of its own: each is asked once a round, no article twice, and memory stays small."""

from __future__ import annotations

import json
import subprocess
import sys

FEEDS = 24


def test_many_feeds_take_little_memory() -> None:
    command = [sys.executable, "-m", "bench.feeds", "--feeds", str(FEEDS), "--articles", "1", "--words"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["added"], first["failed"], first["requests"]) == (FEEDS, 0, 3 * FEEDS)  # rules, feed, article
    assert (second["added"], second["failed"], second["requests"]) == (0, 0, FEEDS)
    assert (third["added"], third["failed"], third["requests"]) == (FEEDS, 0, 2 * FEEDS)
    assert third["peak_mb"] < 200
    assert third["peak_mb"] - first["peak_mb"] < 20
