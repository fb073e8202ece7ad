#!/usr/bin/env python3
"""Writes Tests/Reference/ops.json: what PyTorch answers for each op on small inputs, with gradients.

    python3 Scripts/reference/make_ops.py      # needs torch

The file is {"about": ..., "cases": [...]}. A case is

    {"op", "inputs": [tensor, ...], "attributes": {...}, "output": tensor, "gradients": [tensor or null, ...]}

where a tensor is {"shape", "values" (row-major), "dtype"}. `gradients` has one entry per input, for the upstream
gradient (arange(count) + 1) / 7 in the output's shape; null stands for an input without one. Attributes: `axis`,
`axes`, `keepingDimensions`, `correction` (variance divides by count - correction), `exponent`, `labelSmoothing`.
"""

import json
import pathlib
import platform

import torch
import torch.nn.functional as functional

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/ops.json"
CASES = []


def draws(*shape, low=-2.0, high=2.0, dtype=torch.float64):
    """Values with short decimals: exact in the file and far from ties and kinks."""
    count = 1
    for size in shape:
        count *= size
    order = torch.randperm(8 * count + 8)[:count].to(torch.float64) + 0.5
    return (low + (high - low) * (order / (8 * count + 8))).mul(4096).round().div(4096).to(dtype).reshape(shape)


def encoded(tensor):
    dtype = str(tensor.dtype).removeprefix("torch.")
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist(), "dtype": dtype}


def case(op, function, *inputs, **attributes):
    leaves = [x.clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    output = function(*leaves)
    gradients = [None] * len(leaves)
    if output.is_floating_point():
        upstream = ((torch.arange(output.numel(), dtype=output.dtype) + 1) / 7).reshape(output.shape)
        output.backward(upstream)
        gradients = [encoded(x.grad) if x.is_floating_point() else None for x in leaves]
    CASES.append({
        "op": op, "inputs": [encoded(x) for x in inputs], "attributes": attributes,
        "output": encoded(output), "gradients": gradients,
    })  # fmt: skip


def elementwise():
    x, positive = draws(3, 4), draws(3, 4, low=0.1, high=4)
    edges = torch.tensor([-800.0, -40.0, -6.0, -1e-9, 1e-9, 6.0, 40.0, 800.0], dtype=torch.float64)
    for op, function in [
        ("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh),
        ("gelu", lambda x: functional.gelu(x, approximate="none")), ("selu", torch.selu), ("abs", torch.abs),
    ]:  # fmt: skip
        case(op, function, x)
        case(op, function, edges)
    case("relu", torch.relu, torch.tensor([-1.0, 0.0, -0.0, 1.0], dtype=torch.float64))
    for op, function in [("exp", torch.exp), ("tanh", torch.tanh)]:
        case(op, function, draws(5))
    for op, function in [("log", torch.log), ("sqrt", torch.sqrt)]:
        case(op, function, positive)
    for exponent in (2.0, 3.0, 0.5, -1.0, 2.5, 0.0):
        case("pow", lambda x: torch.pow(x, exponent), positive, exponent=exponent)
    for exponent in (2.0, 3.0):
        case("pow", lambda x: torch.pow(x, exponent), x, exponent=exponent)
    case("pow", torch.pow, positive, draws(3, 4))
    case("pow", torch.pow, positive, draws(4))
    for op in ("add", "sub", "mul", "div"):
        function, other = getattr(torch, op), draws(3, 4, low=0.5, high=3)
        case(op, function, x, other)
        case(op, function, x, draws(4, low=0.5, high=3))
        case(op, function, draws(3, 1), draws(1, 4, low=0.5, high=3))
    case("neg", torch.neg, x)


def softmaxes():
    large = torch.tensor([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -999.5]], dtype=torch.float64)
    for op, function in [("softmax", torch.softmax), ("log_softmax", torch.log_softmax)]:
        for x, axis in [(draws(3, 4), -1), (draws(3, 4), 0), (draws(2, 3, 4), 1), (draws(5), 0), (large, -1)]:
            case(op, lambda x: function(x, axis), x, axis=axis)


def reductions():
    x, flat = draws(2, 3, 4), draws(4, 5)
    for op, function in [("sum", torch.sum), ("mean", torch.mean)]:
        case(op, function, x)
        for axes, keep in [([0], False), ([1], True), ([2], False), ([-1], False), ([0, 2], False), ([0, 1], True)]:
            case(op, lambda x: function(x, dim=axes, keepdim=keep), x, axes=axes, keepingDimensions=keep)
    for axis, correction in [(0, 0), (1, 0), (1, 1), (-1, 1)]:
        case("var", lambda x: x.var(axis, correction=correction), flat, axis=axis, correction=correction)
    case("var", lambda x: x.var(1, correction=0, keepdim=True), x, axis=1, correction=0, keepingDimensions=True)
    for op, function in [("max", torch.amax), ("min", torch.amin)]:
        case(op, lambda x: function(x), flat)
        for axis, keep in [(0, False), (1, False), (-1, True)]:
            case(op, lambda x: function(x, axis, keepdim=keep), flat, axis=axis, keepingDimensions=keep)
    ties = torch.tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 0.0]], dtype=torch.float64)
    for axis in (0, 1):
        case("argmax", lambda x: x.argmax(axis), flat, axis=axis)
    case("argmax", lambda x: x.argmax(1), ties, axis=1)  # the first of equals


def products():
    case("matmul", torch.matmul, draws(3, 4), draws(4, 5))
    case("matmul", torch.matmul, draws(1, 1), draws(1, 5))
    case("matmul", torch.matmul, draws(2, 3, 4), draws(2, 4, 2))
    case("matmul", torch.matmul, draws(2, 3, 4), draws(4, 2))
    case("matmul", torch.matmul, draws(2, 1, 3, 2), draws(3, 2, 2))
    case("linear", functional.linear, draws(3, 4), draws(5, 4), draws(5))
    case("linear", functional.linear, draws(3, 4), draws(5, 4))
    case("linear", functional.linear, draws(2, 3, 4), draws(5, 4), draws(5))


def losses():
    labels = torch.tensor([0, 4, 2, 2])
    for dtype in (torch.float64, torch.float32):
        logits = draws(4, 5, dtype=dtype)
        for smoothing in (0.0, 0.1):
            loss = lambda x, y: functional.cross_entropy(x, y, label_smoothing=smoothing)
            case("cross_entropy", loss, logits, labels, labelSmoothing=smoothing)
    spread = torch.tensor([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
    case("cross_entropy", functional.cross_entropy, spread, torch.tensor([1, 2]), labelSmoothing=0.0)
    case("mse", functional.mse_loss, draws(3, 4), draws(3, 4))
    case("bce_with_logits", functional.binary_cross_entropy_with_logits, draws(3, 4), draws(3, 4, low=0, high=1))
    extreme = torch.tensor([-100.0, 100.0, 0.0, -3.0, 3.0, 100.0], dtype=torch.float64)
    hard = torch.tensor([0.0, 1.0, 1.0, 1.0, 0.0, 0.0], dtype=torch.float64)
    case("bce_with_logits", functional.binary_cross_entropy_with_logits, extreme, hard)


def selections():
    x = draws(3, 4)
    case("gather", lambda x, i: x.gather(1, i), x, torch.tensor([[0, 0, 3], [2, 1, 1], [3, 3, 3]]), axis=1)
    case("gather", lambda x, i: x.gather(0, i), x, torch.tensor([[2, 0, 1, 1], [2, 2, 0, 1]]), axis=0)
    case("cat", lambda *x: torch.cat(x, 0), draws(2, 3), draws(1, 3), draws(2, 3), axis=0)
    case("cat", lambda *x: torch.cat(x, -1), draws(2, 3), draws(2, 1), axis=-1)
    condition = torch.tensor([[True, False, True, False], [False, False, True, True], [True, True, False, True]])
    case("where", torch.where, condition, x, draws(3, 4))
    case("where", torch.where, condition, x, draws(4))


def main():
    torch.manual_seed(1)
    for group in (elementwise, softmaxes, reductions, products, losses, selections):
        group()
    about = {
        "script": "Scripts/reference/make_ops.py", "python": platform.python_version(), "torch": torch.__version__,
        "upstream": "(arange(count) + 1) / 7 in the output's shape",
    }  # fmt: skip
    lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in CASES)
    OUTPUT.write_text(f'{{"about": {json.dumps(about)},\n"cases": [\n{lines}\n]}}\n')
    print(f"{OUTPUT.name}: {len(CASES)} cases of {len({entry['op'] for entry in CASES})} ops")


if __name__ == "__main__":
    main()
