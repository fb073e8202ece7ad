#!/usr/bin/env python3
"""Writes Tests/Reference/dropout.json: what PyTorch's dropout modules answer when they draw our masks.

    python3 Scripts/reference/make_dropout.py      # needs torch

PyTorch draws masks with `bernoulli_`. Here that method hands out masks of the mask law instead (masklaw.py, seed 7,
layer 3, step 2, first sample 5), so that everything else is PyTorch's own: which axes share a unit, how it scales, the
constants of alpha dropout, and the gradients. A case is

    {"module", "rate", "sharing", "shape", "input", "output", "gradient"}

with values in row-major order, and `gradient` for the upstream gradient (arange(count) + 1) / 7. Float64 throughout, but for
our factor 1 / (1 - rate), which is rounded to Float32: rates are chosen for which that is exact.

Besides, from the mask law alone and for the same seed, layer, step and samples: "normal", the draws z of GaussianDropout and
GaussianNoise on [3, 5], and "middles", row and column of Cutout's middles in six images of 5 x 8.
"""

import json
import pathlib
import platform

import masklaw
import torch
from torch.utils._python_dispatch import TorchDispatchMode

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/dropout.json"
SEED, LAYER, STEP, FIRST_SAMPLE = 7, 3, 2, 5


def law(shape, rate):
    """1 for each kept unit of [samples, ...]."""
    samples, units = shape[0], 1
    for extent in shape[1:]:
        units *= extent
    key, limit = masklaw.stream(SEED, LAYER), masklaw.threshold(rate)
    rows = [masklaw.dropped_row(key, STEP, FIRST_SAMPLE + s, units, limit) for s in range(samples)]
    return torch.tensor([[1 - (row >> u & 1) for u in range(units)] for row in rows], dtype=torch.float64)


class OurMasks(TorchDispatchMode):
    """Answers `bernoulli_` with masks of the law, and notes the shapes that were asked for."""

    def __init__(self, rate):
        super().__init__()
        self.rate, self.drawn = rate, []

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        if function is not torch.ops.aten.bernoulli_.float:
            return function(*arguments, **(keywords or {}))
        noise, keep = (*arguments, 0.5)[:2]  # 0.5 is the default, and left out
        assert abs(keep - (1 - self.rate)) < 1e-12, keep
        self.drawn.append(tuple(noise.shape))
        return noise.copy_(law(noise.shape, self.rate).reshape(noise.shape))


def case(module, sharing, shape, rate):
    x = ((torch.arange(torch.Size(shape).numel(), dtype=torch.float64) * 37 % 101) / 32 - 1.5).reshape(shape)
    x.requires_grad_()
    masks = OurMasks(rate)
    with masks:
        y = module(rate)(x)
    assert len(masks.drawn) == 1, f"{module.__name__} drew {masks.drawn}"
    upstream = ((torch.arange(y.numel(), dtype=torch.float64) + 1) / 7).reshape(shape)
    y.backward(upstream)
    return {
        "module": module.__name__, "rate": rate, "sharing": sharing, "shape": list(shape),
        "input": x.detach().flatten().tolist(), "output": y.detach().flatten().tolist(),
        "gradient": x.grad.flatten().tolist(),
    }  # fmt: skip


def main():
    cases = []
    for rate in (0.5, 0.75):
        cases += [
            case(torch.nn.Dropout, "elementwise", (3, 11), rate),
            case(torch.nn.Dropout1d, "channels", (4, 5, 3), rate),
            case(torch.nn.Dropout2d, "channels", (3, 4, 2, 3), rate),
            case(torch.nn.Dropout3d, "channels", (2, 5, 2, 1, 3), rate),
            case(torch.nn.AlphaDropout, "elementwise", (3, 11), rate),
            case(torch.nn.FeatureAlphaDropout, "channels", (3, 4, 2, 3), rate),
        ]
    cases.append(case(torch.nn.AlphaDropout, "elementwise", (3, 11), 0.1))
    key = masklaw.stream(SEED, LAYER)
    normal = [
        [masklaw.gaussian(*masklaw.words(key, u, step=STEP, sample=FIRST_SAMPLE + s)) for u in range(5)] for s in range(3)
    ]
    middles = [
        [masklaw.bits64(key, u, step=STEP, sample=FIRST_SAMPLE + s) * extent >> 64 for u, extent in enumerate((5, 8))]
        for s in range(6)
    ]
    about = f"Scripts/reference/make_dropout.py, torch {torch.__version__}, Python {platform.python_version()}"
    lines = ",\n".join(json.dumps(one) for one in cases)
    OUTPUT.write_text(f'{{"about": {json.dumps(about)}, "normal": {normal},\n"middles": {middles},\n"cases": [\n{lines}\n]}}\n')
    print(f"{OUTPUT.name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
