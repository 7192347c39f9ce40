"""Whether tests of what must hold go on for as long as the design asks (`make soak`), or only for moments."""

from __future__ import annotations

import os

SOAK = bool(os.environ.get("SOAK"))
