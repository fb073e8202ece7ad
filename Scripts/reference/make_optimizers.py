#!/usr/bin/env python3
"""Makes Tests/Reference/optimizers.json: 50 steps of optimizers in float64, by PyTorch and lion-pytorch.

    python3 Scripts/reference/make_optimizers.py      # needs torch >= 2.9, lion-pytorch

The network is tanh(x @ W1.T + b1) @ W2.T + b2 with 3 inputs, 4 hidden units and 2 outputs, the loss the mean squared
error over 5 samples. The file is {"about", "x", "y", "start": {name: tensor}, "cases": {name: {parameter: tensor}}},
where a case has the parameters after the steps, and a tensor is {"shape", "values" (row-major)}.

torch.optim.Muon rounds its iteration to bfloat16; here it runs in float64, all else is PyTorch's code.
"""

import importlib.metadata
import json
import pathlib
import platform

import lion_pytorch
import torch

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/optimizers.json"
STEPS = 50
SHAPES = {"hidden.weight": (4, 3), "hidden.bias": (4,), "output.weight": (2, 4), "output.bias": (2,)}


def draws(*shape, low=-1.0, high=1.0):
    """Values with short decimals, exact in the file."""
    return (torch.rand(*shape, dtype=torch.float64) * (high - low) + low).mul(256).round().div(256)


def encoded(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def groups(p, head, decay):
    """The hidden weights at a tenth of the learning rate, no weight decay on biases, another decay for the output."""
    return [
        {"params": [p["hidden.weight"]], "lr": 0.1 * head},
        {"params": [p["hidden.bias"], p["output.bias"]], "weight_decay": 0.0},
        {"params": [p["output.weight"]], "weight_decay": decay},
    ]


def matrices(p):
    return [p["hidden.weight"], p["output.weight"]]


def biases(p):
    return [p["hidden.bias"], p["output.bias"]]


# The optimizers of each case.
CASES = {
    "RMSprop": lambda p: [torch.optim.RMSprop(p.values())],
    "RMSprop, momentum": lambda p: [torch.optim.RMSprop(p.values(), lr=5e-3, alpha=0.9, eps=1e-4, momentum=0.8)],
    "RMSprop, centered": lambda p: [
        torch.optim.RMSprop(p.values(), lr=5e-3, weight_decay=0.1, momentum=0.5, centered=True)
    ],
    "Adagrad": lambda p: [torch.optim.Adagrad(p.values(), lr=0.1)],
    "Adagrad, all settings": lambda p: [
        torch.optim.Adagrad(
            p.values(), lr=0.2, lr_decay=0.05, weight_decay=0.1, initial_accumulator_value=0.3, eps=1e-3)
    ],
    "Lion": lambda p: [lion_pytorch.Lion(p.values(), lr=0.01)],
    "Lion, all settings": lambda p: [lion_pytorch.Lion(p.values(), lr=0.02, betas=(0.8, 0.95), weight_decay=0.5)],
    "Muon with AdamW": lambda p: [torch.optim.Muon(matrices(p), lr=0.02), torch.optim.AdamW(biases(p), lr=0.01)],
    "Muon, all settings": lambda p: [
        torch.optim.Muon(
            matrices(p), lr=0.05, weight_decay=0.3, momentum=0.8, nesterov=False,
            ns_coefficients=(2.0, -1.5, 0.5), eps=1e-3, ns_steps=3, adjust_lr_fn="match_rms_adamw"),
        torch.optim.SGD(biases(p), lr=0.05),
    ],
    "SGD, groups": lambda p: [
        torch.optim.SGD(groups(p, 0.1, 0.5), lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)
    ],
    "Adam, groups": lambda p: [torch.optim.Adam(groups(p, 0.02, 0.5), lr=0.02, weight_decay=0.05)],
    "AdamW, groups": lambda p: [torch.optim.AdamW(groups(p, 0.02, 0.5), lr=0.02, weight_decay=0.05)],
    "RMSprop, groups": lambda p: [torch.optim.RMSprop(groups(p, 0.01, 0.5), lr=0.01, weight_decay=0.05)],
    "Adagrad, groups": lambda p: [torch.optim.Adagrad(groups(p, 0.1, 0.5), lr=0.1, weight_decay=0.05)],
    "Lion, groups": lambda p: [lion_pytorch.Lion(groups(p, 0.01, 0.5), lr=0.01, weight_decay=0.05)],
    "Muon, groups": lambda p: [
        torch.optim.Muon([
            {"params": [p["hidden.weight"]], "lr": 0.005}, {"params": [p["output.weight"]], "weight_decay": 0.5}],
            lr=0.05),
        torch.optim.SGD(biases(p), lr=0.05),
    ],
    # The learning rate of all groups halves every 20 steps.
    "AdamW, groups and schedule": lambda p: [torch.optim.AdamW(groups(p, 0.02, 0.5), lr=0.02, weight_decay=0.05)],
}  # fmt: skip


def run(name, start, x, y):
    p = {key: value.clone().requires_grad_() for key, value in start.items()}
    optimizers = CASES[name](p)
    schedules = []
    if "schedule" in name:
        schedules = [torch.optim.lr_scheduler.StepLR(optimizer, 20, gamma=0.5) for optimizer in optimizers]
    for _ in range(STEPS):
        hidden = torch.tanh(x @ p["hidden.weight"].T + p["hidden.bias"])
        loss = torch.nn.functional.mse_loss(hidden @ p["output.weight"].T + p["output.bias"], y)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers + schedules:
            optimizer.step()
    return {key: encoded(value) for key, value in p.items()}


def main():
    torch.manual_seed(1)
    torch.Tensor.bfloat16 = torch.Tensor.clone  # the iteration of Muon stays in float64
    x, y = draws(5, 3), draws(5, 2)
    start = {name: draws(*shape) for name, shape in SHAPES.items()}
    about = {
        "script": "Scripts/reference/make_optimizers.py", "python": platform.python_version(),
        "torch": torch.__version__, "lion-pytorch": importlib.metadata.version("lion-pytorch"),
    }  # fmt: skip
    head = {"about": about, "x": encoded(x), "y": encoded(y), "start": {k: encoded(v) for k, v in start.items()}}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(run(name, start, x, y), allow_nan=False)}" for name in CASES)
    OUTPUT.write_text(f'{json.dumps(head)[:-1]}, "cases": {{\n{lines}\n}}}}\n')
    print(f"{OUTPUT.name}: {len(CASES)} cases")


if __name__ == "__main__":
    main()
