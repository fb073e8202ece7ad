#!/usr/bin/env python3
"""Writes Tests/Reference/trajectory_*.safetensors: five training steps of the article's network in PyTorch.

    python3 Scripts/reference/make_training_trajectories.py      # needs torch, numpy, safetensors

The network is 784-256-256-10 with ReLU, the loss mean cross-entropy, the batch 100. Four runs: SGD (learning rate 0.05,
momentum 0.9) and Adam (1e-3, PyTorch's defaults), each without dropout and with Dropout(0.5) after both ReLUs, under
the masks of seed 42 (layers 0 and 1, call 0, domain 0, step = 0 ... 4, sample = row), which PyTorch is given.

Weights and inputs are not stored, both sides draw them: value(i) = Float(low + (high - low) * x(i)) with x the Float
uniform of unit i in the stream (seed, layer 0, call 0, domain 5), step 0, sample 0, part 1024. That is
`Tensor.randomUniform(shape, in: low..<high, seed: seed)`:

    hidden_layer1.weight [256, 784]  -1/32 ..< 1/32  seed 1     hidden_layer1.bias [256]  -1/32 ..< 1/32  seed 2
    hidden_layer2.weight [256, 256]  -1/16 ..< 1/16  seed 3     hidden_layer2.bias [256]  -1/16 ..< 1/16  seed 4
    output_layer.weight  [10, 256]   -1/16 ..< 1/16  seed 5     output_layer.bias  [10]   -1/16 ..< 1/16  seed 6
    inputs of step k     [100, 784]  -1.75 ..< 1.75  seed 100 + k
    probe inputs         [10, 784]   -1.75 ..< 1.75  seed 200

Each file holds, in float64 unless named otherwise: `labels` (int32 [5, 100], for the steps), `losses` [5] (before each
update), `logits` [10, 10] (of the probe in evaluation mode after five steps), and for each parameter P after five steps
`P.sum`, `P.norm`, `P.indices` (int64) and `P.samples` (the elements there, row-major). The names without prefix come
from PyTorch in float32, those with the prefix `float64.` from the same run in float64, started from the same float32
values. The metadata entry "made by" names script and versions.
"""

import math
import pathlib
import platform

import numpy as np
import safetensors
import safetensors.numpy
import torch

import masklaw

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference"
STEPS, BATCH, RATE, MASK_SEED = 5, 100, 0.5, 42
PARAMETERS = {
    "hidden_layer1.weight": ((256, 784), 1 / 32, 1),
    "hidden_layer1.bias": ((256,), 1 / 32, 2),
    "hidden_layer2.weight": ((256, 256), 1 / 16, 3),
    "hidden_layer2.bias": ((256,), 1 / 16, 4),
    "output_layer.weight": ((10, 256), 1 / 16, 5),
    "output_layer.bias": ((10,), 1 / 16, 6),
}
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-3),
}


# --- The mask law on NumPy arrays, checked against masklaw.py ---------------------------------------------------------


def philox(c0, c1, c2, c3, key):
    """masklaw.philox on arrays of uint64 that hold 32-bit words."""
    word, shift = np.uint64(masklaw.WORD), np.uint64(32)
    m0, m1 = np.uint64(masklaw.MULTIPLIER_0), np.uint64(masklaw.MULTIPLIER_1)
    c0, c1, c2, c3 = np.broadcast_arrays(*(np.asarray(c, np.uint64) for c in (c0, c1, c2, c3)))
    k0, k1 = key
    for _ in range(10):
        p0, p1 = m0 * c0, m1 * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ np.uint64(k0), p1 & word, (p0 >> shift) ^ c3 ^ np.uint64(k1), p0 & word
        k0, k1 = (k0 + masklaw.WEYL_0) & masklaw.WORD, (k1 + masklaw.WEYL_1) & masklaw.WORD
    return np.stack([c0, c1, c2, c3], axis=-1)


def uniform(shape, low, high, seed):
    """Tensor.randomUniform(shape, in: low..<high, seed: seed), float32."""
    count, key = math.prod(shape), masklaw.stream(seed, domain=masklaw.USER)
    blocks = philox(np.arange((count + 1) // 2), 0, 0, masklaw.PLANES * masklaw.FIRST_DRAW_PART, key)
    pairs = blocks.reshape(-1, 2)[:count]  # (w0, w1) of each unit
    v = pairs[:, 1] << np.uint64(32) | pairs[:, 0]
    for unit in {0, 1, count // 2, count - 1}:
        assert int(v[unit]) == masklaw.bits64(key, unit)
    x = (v >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return torch.from_numpy((low + (high - low) * x).astype(np.float32).reshape(shape))


def kept_at_one_half(layer, step, rows, units):
    """The mask at rate 0.5, where the first plane decides: a unit is kept when its bit is 1."""
    key = masklaw.stream(MASK_SEED, layer)
    blocks = philox(np.arange(units // 128)[None, :], np.arange(rows)[:, None], step, 0, key)
    bits = blocks[..., None] >> np.arange(32, dtype=np.uint64) & np.uint64(1)
    kept = bits.reshape(rows, units).astype(bool)
    for row in (0, 1, rows - 1):
        assert kept[row].tolist() == masklaw.mask(MASK_SEED, layer, 0, 0, step, RATE, row, 1, units)[0]
    return torch.from_numpy(kept)


# --- The runs -------------------------------------------------------------------------------------------------------


class SimpleMLP(torch.nn.Module):
    """The article's network; dropout takes its masks from outside."""

    def __init__(self, dtype):
        super().__init__()
        self.hidden_layer1 = torch.nn.Linear(784, 256, dtype=dtype)
        self.hidden_layer2 = torch.nn.Linear(256, 256, dtype=dtype)
        self.output_layer = torch.nn.Linear(256, 10, dtype=dtype)
        drawn = {name: uniform(shape, -bound, bound, seed) for name, (shape, bound, seed) in PARAMETERS.items()}
        self.load_state_dict(drawn)

    def forward(self, x, masks=(None, None)):
        for layer, kept in zip((self.hidden_layer1, self.hidden_layer2), masks):
            x = torch.relu(layer(x))
            if kept is not None:
                x = torch.where(kept, x / (1 - RATE), torch.zeros((), dtype=x.dtype))
        return self.output_layer(x)


def labels_of_step(step):
    """Labels from the stream (seed 300 + step, domain 5): v * 10 >> 64 of unit = row."""
    key = masklaw.stream(300 + step, domain=masklaw.USER)
    return torch.tensor([masklaw.bits64(key, row) * 10 >> 64 for row in range(BATCH)])


def run(optimizer_name, dropout, dtype):
    model = SimpleMLP(dtype)
    optimizer = OPTIMIZERS[optimizer_name](model.parameters())
    losses = []
    for step in range(STEPS):
        inputs = uniform((BATCH, 784), -1.75, 1.75, 100 + step).to(dtype)
        masks = [kept_at_one_half(layer, step, BATCH, 256) if dropout else None for layer in (0, 1)]
        loss = torch.nn.functional.cross_entropy(model(inputs, masks), labels_of_step(step))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.inference_mode():
        logits = model(uniform((10, 784), -1.75, 1.75, 200).to(dtype))
    result = {"losses": np.array(losses), "logits": logits.double().numpy()}
    for name, parameter in model.named_parameters():
        flat = parameter.detach().double().flatten().numpy()
        indices = np.arange(64) * flat.size // 64 if flat.size > 64 else np.arange(flat.size)
        result |= {
            f"{name}.sum": np.array([flat.sum()]), f"{name}.norm": np.array([np.sqrt((flat * flat).sum())]),
            f"{name}.indices": indices.astype(np.int64), f"{name}.samples": flat[indices],
        }  # fmt: skip
    return result


def main():
    torch.set_num_threads(2)
    labels = torch.stack([labels_of_step(step) for step in range(STEPS)]).numpy().astype(np.int32)
    # One entry: safetensors writes several in random order, and the files are to come out the same each time.
    metadata = {
        "made by": f"Scripts/reference/make_training_trajectories.py with Python {platform.python_version()}, "
        f"torch {torch.__version__}, numpy {np.__version__}, safetensors {safetensors.__version__}"
    }
    for optimizer in OPTIMIZERS:
        for dropout in (False, True):
            single, double = (run(optimizer, dropout, dtype) for dtype in (torch.float32, torch.float64))
            path = OUTPUT / f"trajectory_{optimizer}{'_dropout' if dropout else ''}.safetensors"
            tensors = {"labels": labels} | single | {f"float64.{name}": value for name, value in double.items()}
            path.write_bytes(safetensors.numpy.save({k: np.ascontiguousarray(v) for k, v in tensors.items()}, metadata))
            apart = {name: np.abs(single[name] - double[name]).max() for name in single}
            samples = max(value for name, value in apart.items() if name.endswith(".samples"))
            print(
                f"{path.name}: losses {single['losses'].round(4)}; float32 and float64 differ by "
                f"{apart['losses']:.1e} (losses), {apart['logits']:.1e} (logits), {samples:.1e} (sampled weights)"
            )


if __name__ == "__main__":
    main()
