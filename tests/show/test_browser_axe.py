"""Whoever uses a screen reader, a keyboard or large print can use every view: axe finds nothing serious in any."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.ledger.store import Ledger
from tests.show import views
from tests.show.browsing import WIDTHS, Open

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", views.paths())
def test_nothing_serious(opened: Open, address: str, ledger_path: Path, path: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Ledger.open(ledger_path) as ledger:
        view = views.address(path, ledger)
    # the tool comes in past the page's own policy, which refuses every script but ours
    page = opened(address + view, width, color_scheme=scheme, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=RULES).response["violations"]
    grave = [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
    assert grave == []


def test_it_would_be_found(opened: Open, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(f"{address}/api", bypass_csp=True)
    page.evaluate("document.querySelector('main').appendChild(document.createElement('button'))")
    assert "button-name" in [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]
