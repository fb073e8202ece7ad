#!/usr/bin/env python3
"""Writes Tests/Reference/dropout_variants.json: what torchvision and Keras answer, given Moult's draws, and R-Drop's formula.

    python3 Scripts/reference/make_dropout_variants.py      # needs torch, torchvision and keras

The functions of torchvision and the layers of Keras run as they are; only what draws is replaced, by the mask law of
masklaw.py, so that all libraries drop the same units: `Tensor.bernoulli_` and `torch.bernoulli`, Keras's normal draws, and
MixUp's share and order (`Tensor.roll`). `drop_block2d` normalizes over the batch it is given, Moult over each sample: it is
called sample by sample. R-Drop is no package: its formula is typed from the snippet that its authors publish.

The file is {"about": ..., "cases": [...]}, a case {"op", "attributes", "input", "upstream", "output", "gradient"}
with tensors as {"shape", "values"}. R-Drop has "second" and "labels" besides, and "secondGradient"; mixup "labels", logits as
"second", and their gradient and loss for the mixed labels.
"""

import json
import math
import os
import pathlib
import platform

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch
import torch.nn.functional as functional
import torchvision
import torchvision.transforms.v2

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
    """The formula of compute_kl_loss in https://github.com/dropreg/R-Drop, which sums over the batch, divided by the batch as
    Moult's loss is."""
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


class Replaced:
    """While open, `owner.name` is `function`."""

    def __init__(self, owner, name, function):
        self.owner, self.name, self.function = owner, name, function

    def __enter__(self):
        self.original = getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.function)

    def __exit__(self, *_):
        setattr(self.owner, self.name, self.original)


def keras_gaussian_dropout():
    for rate, shape, layer, step in [(0.2, (3, 5), 3, 2), (0.5, (2, 2, 7), 0, 4)]:
        key = masklaw.stream(6, layer, 0, masklaw.TRAINING)

        def normal(shape, mean, stddev, dtype, seed):
            units = torch.Size(shape[1:]).numel()
            rows = [[masklaw.gaussian(*masklaw.words(key, u, step=step, sample=s)) for u in range(units)] for s in range(shape[0])]
            return mean + stddev * torch.tensor(rows, dtype=torch.float64).reshape(tuple(shape))

        with Replaced(keras.src.backend.random, "normal", normal):
            case(
                "kerasGaussianDropout", numbers(*shape),
                lambda x: keras.layers.GaussianDropout(rate, dtype="float64")(x, training=True),
                seed=6, layer=layer, step=step, rate=rate,
            )  # fmt: skip


def keras_noise_shape():
    """`noise_shape` with 1 for the axes that share; our masks for samples 0 on, or for sample 0 where the batch shares."""
    settings = [
        ((4, 5, 3), (None, 1, None), 0.5, [1]), ((4, 5, 3), (None, None, 1), 0.75, [2]), ((6, 9), (1, None), 0.5, [0]),
        ((3, 4, 2, 5), (None, 1, None, 1), 0.5, [1, 3]),
    ]  # fmt: skip
    for shape, noise_shape, rate, axes in settings:
        def bernoulli(keep, generator=None):
            rows, units = keep.shape[0], keep[0].numel()
            kept = masklaw.mask(
                seed=6, layer=2, call=0, domain=masklaw.TRAINING, step=3, rate=rate, sample=0, rows=rows, units=units)
            return torch.tensor(kept, dtype=torch.float64).reshape(keep.shape)

        axis = {f"axis{index}": value for index, value in enumerate(axes)}
        with Replaced(torch, "bernoulli", bernoulli):
            layer = keras.layers.Dropout(rate, noise_shape=noise_shape, dtype="float64")
            case("kerasNoiseShape", numbers(*shape), lambda x: layer(x, training=True), seed=6, layer=2, step=3, rate=rate, **axis)


def keras_activity_regularization():
    for l1, l2, shape in [(0.5, 0.0, (4, 3)), (0.0, 0.25, (2, 3, 5)), (0.125, 0.5, (1, 7))]:
        def price(x):
            layer = keras.layers.ActivityRegularization(l1=l1, l2=l2, dtype="float64")
            layer(x)
            return sum(layer.losses)

        case("kerasActivityRegularization", numbers(*shape), price, l1=l1, l2=l2)


def log_gamma(key, step, shape, draw):
    """The logarithm of a number from Gamma(shape, 1) by the law of mixup (Documentation/MaskLaw.md)."""
    words = lambda unit, further: masklaw.words(key, unit, step=step, part=masklaw.FIRST_DRAW_PART + draw + further)
    uniform = lambda unit, further: masklaw.uniform_double(words(unit, further)[1] << 32 | words(unit, further)[0])
    d = (shape + 1 if shape < 1 else shape) - 1 / 3
    for attempt in range(16):
        normal = masklaw.gaussian(*words(attempt, 0))
        cube = (1 + normal / math.sqrt(9 * d)) ** 3
        if cube > 0 and math.log(1 - uniform(attempt, 1)) < normal**2 / 2 + d - d * cube + d * math.log(cube):
            break
    result = math.log(d * cube)
    return result + math.log(1 - uniform(0, 2)) / shape if shape < 1 else result


def mixup():
    """torchvision's MixUp, whose partners are the samples before (`roll`); here those that the law says."""
    for alpha, step in [(0.2, 3), (1.0, 0), (4.0, 7)]:
        key, count = masklaw.stream(6, 0, 0, masklaw.AUGMENTATION), 5
        share = 1 / (1 + math.exp(log_gamma(key, step, alpha, 4) - log_gamma(key, step, alpha, 1)))
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = masklaw.bits64(key, i, step=step) * (i + 1) >> 64
            order[i], order[j] = order[j], order[i]
        labels, logits = torch.tensor([0, 2, 1, 1, 0]), numbers(count, 3).requires_grad_()
        transform = torchvision.transforms.v2.MixUp(alpha=alpha, num_classes=3)
        transform._dist = type("Share", (), {"sample": lambda *_: torch.tensor(share, dtype=torch.float64)})()
        mixed_labels = []

        def mixed(x):
            inputs, soft = transform(x, labels)
            mixed_labels.append(soft)
            return inputs

        with Replaced(torch.Tensor, "roll", lambda tensor, shift, axis: tensor[order]):
            case("mixup", numbers(count, 1, 2, 3), mixed, seed=6, step=step, alpha=alpha, share=share)
        loss = functional.cross_entropy(logits, mixed_labels[0].double())
        loss.backward()
        CASES[-1]["attributes"]["loss"] = loss.item()
        CASES[-1] |= {"labels": labels.tolist(), "second": encoded(logits), "secondGradient": encoded(logits.grad)}


def main():
    makers = (drop_path, drop_block, r_drop, keras_gaussian_dropout, keras_noise_shape, keras_activity_regularization, mixup)
    for make in makers:
        make()
    about = (
        f"made by Scripts/reference/make_dropout_variants.py with torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}, keras {keras.__version__}, Python {platform.python_version()}"
    )
    OUTPUT.write_text(json.dumps({"about": about, "cases": CASES}) + "\n")
    print(f"{OUTPUT}: {len(CASES)} cases")


if __name__ == "__main__":
    main()
