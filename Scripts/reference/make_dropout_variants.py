#!/usr/bin/env python3
"""Writes Tests/Reference/dropout_variants.json: what torchvision and R-Drop's published code answer, given Moult's masks.

    python3 Scripts/reference/make_dropout_variants.py      # needs torch and torchvision

The functions of torchvision run as they are; only `Tensor.bernoulli_` is replaced, by the mask law of masklaw.py, so
that both libraries drop the same units. `drop_block2d` normalizes over the batch it is given, Moult over each sample:
it is called sample by sample.

The file is {"about": ..., "cases": [...]}, a case {"op", "attributes", "input", "upstream", "output", "gradient"}
with tensors as {"shape", "values"}; R-Drop has "second" and "labels" besides, and "secondGradient".
"""

import json
import pathlib
import platform

import torch
import torch.nn.functional as functional
import torchvision

import masklaw

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/dropout_variants.json"
CASES = []


def encoded(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def numbers(*shape):
    """Short decimals of both signs, none of them zero."""
    count = torch.Size(shape).numel()
    return (((torch.arange(count, dtype=torch.float64) * 37 + 11) % 64 - 31.5) / 16).reshape(shape)


class OurMasks:
    """While open, `bernoulli_` keeps what the mask law keeps: rows of the tensor are samples from `sample` on."""

    def __init__(self, sample, keeps, **key):
        self.sample, self.keeps, self.key = sample, keeps, key

    def __enter__(self):
        self.original = torch.Tensor.bernoulli_
        law = self

        def bernoulli(tensor, p):
            rate = 1 - p if law.keeps else p  # the share that `p` stands for: kept units, or seeds of blocks
            rows, units = tensor.shape[0], tensor[0].numel()
            kept = masklaw.mask(rate=rate, sample=law.sample, rows=rows, units=units, **law.key)
            ones = torch.tensor(kept, dtype=tensor.dtype).reshape(tensor.shape)
            return tensor.copy_(ones if law.keeps else 1 - ones)

        torch.Tensor.bernoulli_ = bernoulli

    def __exit__(self, *_):
        torch.Tensor.bernoulli_ = self.original


def case(op, x, function, **attributes):
    x = x.requires_grad_()
    output = function(x)
    upstream = ((torch.arange(output.numel(), dtype=output.dtype) + 1) / 7).reshape(output.shape)
    output.backward(upstream)
    CASES.append({
        "op": op, "attributes": attributes, "input": encoded(x), "upstream": encoded(upstream),
        "output": encoded(output), "gradient": encoded(x.grad),
    })  # fmt: skip


def drop_path():
    for rate, shape, layer, step in [(0.5, (9, 3), 0, 0), (0.25, (12, 2, 3), 4, 7), (0.75, (10, 2, 2, 2), 1, 3)]:
        with OurMasks(0, True, seed=5, layer=layer, call=0, domain=masklaw.TRAINING, step=step):
            case(
                "dropPath", numbers(*shape), lambda x: torchvision.ops.stochastic_depth(x, rate, "row"),
                seed=5, layer=layer, step=step, rate=rate,
            )  # fmt: skip


def drop_block():
    settings = [(0.3, 3, (3, 2, 7, 6), 0, 0), (0.1, 5, (2, 3, 9, 9), 2, 1), (0.4, 1, (2, 1, 5, 5), 3, 2), (0.5, 9, (4, 2, 3, 3), 1, 4)]
    for rate, block, shape, layer, step in settings:
        def by_sample(x):
            parts = []
            for sample in range(shape[0]):
                with OurMasks(sample, False, seed=8, layer=layer, call=0, domain=masklaw.TRAINING, step=step):
                    part = x[sample : sample + 1]
                    parts.append(torchvision.ops.drop_block2d(part, rate, block, eps=0.0))
            return torch.cat(parts)

        case("dropBlock", numbers(*shape), by_sample, seed=8, layer=layer, step=step, rate=rate, blockSize=block)


def r_drop():
    """compute_kl_loss of https://github.com/dropreg/R-Drop, divided by the batch as Moult's loss is."""
    for alpha, scale in [(1.0, 1.0), (5.0, 4.0), (0.0, 1.0)]:
        first = (numbers(4, 5) * scale).requires_grad_()
        second = (numbers(4, 5).flip(1) * scale).requires_grad_()
        labels = torch.tensor([0, 3, 4, 2])
        p_loss = functional.kl_div(functional.log_softmax(first, dim=-1), functional.softmax(second, dim=-1), reduction="none").sum()
        q_loss = functional.kl_div(functional.log_softmax(second, dim=-1), functional.softmax(first, dim=-1), reduction="none").sum()
        entropy = 0.5 * (functional.cross_entropy(first, labels) + functional.cross_entropy(second, labels))
        loss = entropy + alpha * (p_loss + q_loss) / 2 / len(labels)
        loss.backward()
        CASES.append({
            "op": "rDropLoss", "attributes": {"alpha": alpha}, "input": encoded(first), "second": encoded(second),
            "labels": labels.tolist(), "output": encoded(loss), "gradient": encoded(first.grad),
            "secondGradient": encoded(second.grad), "upstream": encoded(torch.ones([])),
        })  # fmt: skip


def main():
    for make in (drop_path, drop_block, r_drop):
        make()
    about = (
        f"made by Scripts/reference/make_dropout_variants.py with torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}, Python {platform.python_version()}"
    )
    OUTPUT.write_text(json.dumps({"about": about, "cases": CASES}) + "\n")
    print(f"{OUTPUT}: {len(CASES)} cases")


if __name__ == "__main__":
    main()
