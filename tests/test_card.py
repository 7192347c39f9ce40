"""The model card: each figure beside what it was, what is aimed at, and what single seeds reach."""

from __future__ import annotations

from typing import Any

from training.card import Compared, card


def scores(**figures: float) -> dict[str, Any]:
    return {"names": {"gold": "ner/dev.jsonl", "sha256": "0" * 64, "figures": figures}}


def test_a_figure_stands_in_one_row_with_all_that_it_is_compared_with() -> None:
    text = card(
        "bundle-2",
        scores(F1=86.04, Date=90.0),
        Compared(before=scores(F1=82.1), seeds=[scores(F1=85.1), scores(F1=85.9)], open=scores(F1=31.5)),
        corpora=["ner_worldwide"],
        notes="Slow on Tuesdays.",
    )
    assert "| F1 | 82.1 | **86.0** | 85 | 85.1, 85.9 | 31.5 |" in text
    assert "| Date |  | **90.0** |  |  |  |" in text
    assert "| ner_worldwide | English Worldwide Newswire" in text and text.endswith("Slow on Tuesdays.\n")
