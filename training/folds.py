"""Five-fold score on PLV: `python -m training.folds CONFIG --start WEIGHTS --out FOLDER`.

PLV has no development part. Each fold is learned from weights that never saw PLV, and answers for the rows that
it did not learn from; the score is over all answers together.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import yaml

from dragoman.model.tokens import Tokenizing
from training.batches import prepare
from training.corpora import CORPORA, DATA, corpus, plv, rows
from training.evaluate import predict_plv, score_plv
from training.export import export
from training.train import Config, minilm, train

FOLDS = 5


def folds(config: Config, start: Path, out: Path) -> dict[str, float]:
    """The scores over all folds; answers go to `predictions.jsonl` in `out`."""
    tokenizing = Tokenizing(minilm() / "tokenizer.json")
    data = rows(DATA / CORPORA["plv"][0])
    random.Random(config["seed"]).shuffle(data)
    others = {name: [prepare(e, tokenizing) for e in corpus(name)] for name in config["shares"] if name != "plv"}
    answers = []
    for fold in range(FOLDS):
        held = data[fold::FOLDS]
        known = [prepare(plv(row), tokenizing) for n, row in enumerate(data) if n % FOLDS != fold]
        folder = out / f"fold{fold}"
        train(config, folder, {"plv": known, **others}, start)
        export(folder / "model.pt", folder / "bundle", f"fold{fold}")
        answers += predict_plv(held, folder / "bundle")
        print(json.dumps({"fold": fold, **score_plv(held, answers[-len(held) :])}), flush=True)
    (out / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in answers), encoding="utf-8")
    return score_plv(data, answers)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--start", type=Path, required=True, help="weights that never saw PLV")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    print(json.dumps(folds(yaml.safe_load(args.config.read_text(encoding="utf-8")), args.start, args.out)))


if __name__ == "__main__":
    main()
