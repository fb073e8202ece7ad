#!/usr/bin/env python3
"""Writes Tests/Reference/ops.json: what PyTorch answers for each op on small inputs, with gradients.

    python3 Scripts/reference/make_ops.py      # needs torch

The file is {"about": ..., "cases": [...]}. A case is

    {"op", "inputs": [tensor, ...], "attributes": {...}, "output": tensor, "gradients": [tensor or null, ...]}

where a tensor is {"shape", "values" (row-major), "dtype"}; null stands for NaN. `gradients` has one entry per input,
for the upstream gradient (arange(count) + 1) / 7 in the output's shape; null stands for an input without one.
Attributes are those of OpReference.swift.
"""

import json
import math
import pathlib
import platform

import torch
import torch.nn.functional as functional

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/ops.json"
CASES = []
NAN = math.nan


def draws(*shape, low=-2.0, high=2.0, dtype=torch.float64):
    """Values with short decimals: exact in the file and far from ties and kinks."""
    count = 1
    for size in shape:
        count *= size
    order = torch.randperm(8 * count + 8)[:count].to(torch.float64) + 0.5
    return (low + (high - low) * (order / (8 * count + 8))).mul(4096).round().div(4096).to(dtype).reshape(shape)


def encoded(tensor):
    dtype = str(tensor.dtype).removeprefix("torch.")
    values = [None if x != x else x for x in tensor.detach().flatten().tolist()]
    return {"shape": list(tensor.shape), "values": values, "dtype": dtype}


def case(op, function, *inputs, **attributes):
    leaves = [x.clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    output = function(*leaves)
    gradients = [None] * len(leaves)
    if output.requires_grad:
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


def bounds():
    x, whole = draws(3, 4), torch.tensor([-300, -1, 0, 2, 300])
    edges = torch.tensor([-1.0, -0.5, 0.5, 1.0, NAN], dtype=torch.float64)
    for low, high in [(-0.5, 0.5), (None, 1.0), (-1.0, None), (1.0, -1.0)]:
        case("clamp", lambda x: torch.clamp(x, low, high), x, min=low, max=high)
    case("clamp", lambda x: torch.clamp(x, -0.5, 0.5), edges[:4], min=-0.5, max=0.5)
    case("clamp", lambda x: torch.clamp(x, -1, 2), whole, min=-1, max=2)
    ties = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    for op in ("minimum", "maximum"):
        function = getattr(torch, op)
        case(op, function, x, draws(3, 4))
        case(op, function, x, draws(4))
        case(op, function, draws(3, 1), draws(1, 4))
        case(op, function, ties, torch.tensor([1.0, 5.0, 0.0], dtype=torch.float64))  # half the gradient each
        case(op, function, edges.detach(), torch.zeros(5, dtype=torch.int64).double() + 0.25)
        case(op, function, whole, torch.tensor([1, 1, 1, 1, 1]))
    for op, function in [("sin", torch.sin), ("cos", torch.cos)]:
        case(op, function, draws(3, 4, low=-10, high=10))
        case(op, function, torch.tensor([0.0, 1e-9, 100.0, -1e5], dtype=torch.float64))
    case("pow_base", lambda x: torch.pow(2.0, x), x, exponent=2.0)


def assignments():
    def assigned(a, b):
        y = a + b
        y -= 2
        y = y * a
        y /= b + 5
        y -= b
        y += 1
        y *= 3
        y /= 4
        return y

    case("assignments", assigned, draws(2, 3), draws(3))


def orders():
    x = draws(3, 4)
    ties = torch.tensor([[2.0, NAN, 1.0, 2.0, NAN, 1.0], [0.0, -0.0, 3.0, NAN, -1.0, 0.0]], dtype=torch.float64)
    for axis in (0, 1, -1):
        for down in (False, True):
            case("sort", lambda x: x.sort(dim=axis, descending=down, stable=True).values, x, axis=axis, descending=down)
            for y in (x, ties, torch.tensor([[3, 1], [1, 3], [1, 1]], dtype=torch.int32)):
                sort = lambda x: x.sort(dim=axis, descending=down, stable=True).indices
                case("argsort", sort, y, axis=axis, descending=down)
    for k, axis, largest in [(2, -1, True), (3, 0, False), (1, 0, True), (4, 1, False), (0, 1, True)]:
        case("topk", lambda x: x.topk(k, axis, largest=largest).values, x, count=k, axis=axis, descending=largest)
        indices = lambda x: x.topk(k, axis, largest=largest).indices
        case("topk_indices", indices, x, count=k, axis=axis, descending=largest)
    for axis in (0, -1):
        case("argmin", lambda x: x.argmin(axis), x, axis=axis)
    case("argmin", lambda x: x.argmin(1), torch.tensor([[1.0, 0.0, 0.0], [2.0, 2.0, 3.0]]), axis=1)


def scans():
    x, zeros = draws(2, 3, 4), torch.tensor([[2.0, 0.0, 3.0, 4.0], [0.0, 1.0, 0.0, 5.0]], dtype=torch.float64)
    for axis in (0, 1, -1):
        case("cumsum", lambda x: x.cumsum(axis), x, axis=axis)
        case("cumprod", lambda x: x.cumprod(axis), x, axis=axis)
    for axis in (0, 1):
        case("cumprod", lambda x: x.cumprod(axis), zeros, axis=axis)  # one zero and two zeros in a line
    case("cumsum", lambda x: x.cumsum(0), draws(9, dtype=torch.float32), axis=0)


def norms():
    x = draws(2, 3, 4)
    zero = torch.tensor([[0.0, 0.0], [3.0, -4.0], [2.0, -2.0]], dtype=torch.float64)
    for p in (1.0, 2.0, 3.0, 2.5, 0.5, math.inf):
        # The file has no infinity: an order that is left out stands for it.
        order = {} if p == math.inf else {"p": p}
        norm = torch.linalg.vector_norm
        case("norm", lambda x: norm(x, p), x, **order)
        for axes, keep in [([0], False), ([1], True), ([0, 2], False), ([-1, 1], False)]:
            function = lambda x: norm(x, p, dim=axes, keepdim=keep)
            case("norm", function, x, axes=axes, keepingDimensions=keep, **order)
        case("norm", lambda x: norm(x, p, dim=1), zero, axes=[1], **order)


def encodings():
    case("one_hot", lambda x: functional.one_hot(x, 5), torch.tensor([[0, 4], [2, 2], [1, 0]]), count=5)
    for start, end, step in [(0, 5, 1), (1, 2, 0.3), (5, -1, -2), (0, -3, 1e9 * -1), (-1, 1, 0.25)]:
        function = lambda: torch.arange(start, end, step, dtype=torch.float64)
        case("arange", function, start=start, end=end, step=step)
    case("arange", lambda: torch.arange(2, 11, 3), start=2, end=11, step=3)
    for start, end, count in [(0, 1, 5), (-3, 7, 4), (2, -2, 7), (1, 9, 1), (1, 9, 0)]:
        function = lambda: torch.linspace(start, end, count, dtype=torch.float64)
        case("linspace", function, start=start, end=end, count=count)


def borders():
    series, images = draws(1, 3, 5), draws(1, 2, 3, 4)
    for mode in ("constant", "reflect", "replicate"):
        for x, widths in [
            (series, [[2, 1]]), (series, [[0, 3]]), (images, [[1, 2], [3, 0]]), (images, [[0, 0], [1, 1]]),
        ]:  # fmt: skip
            flat = [n for width in reversed(widths) for n in width]
            case("pad", lambda x: functional.pad(x, flat, mode=mode), x, mode=mode, widths=widths)
    case("pad", lambda x: functional.pad(x, [1, 0], value=2.5), series, mode="constant", widths=[[1, 0]], number=2.5)


def windows():
    images = draws(1, 2, 4, 5)
    for settings in [
        {"kernel": [2, 3]}, {"kernel": [3, 2], "stride": [2, 1]}, {"kernel": [3, 3], "padding": [1, 2]},
        {"kernel": [2, 2], "dilation": [2, 3], "padding": [1, 0], "stride": [1, 2]}, {"kernel": [4, 5]},
        {"kernel": [3, 4], "dilation": [1, 2], "padding": [3, 3], "stride": [3, 4]},
    ]:  # fmt: skip
        torch_settings = {("kernel_size" if key == "kernel" else key): value for key, value in settings.items()}
        case("unfold", lambda x: functional.unfold(x, **torch_settings), images, **settings)
        columns = functional.unfold(images, **torch_settings).shape
        case("fold", lambda x: functional.fold(x, (4, 5), **torch_settings), draws(*columns), size=[4, 5], **settings)
    # A signal is an image of one row.
    for kernel, dilation, padding, stride in [(3, 1, 0, 1), (2, 3, 2, 2)]:
        settings = {"kernel": [kernel], "dilation": [dilation], "padding": [padding], "stride": [stride]}
        row = {"kernel_size": (1, kernel), "dilation": (1, dilation), "padding": (0, padding), "stride": (1, stride)}
        unfold = lambda x: functional.unfold(x.unsqueeze(2), **row)
        case("unfold", unfold, draws(1, 3, 7), **settings)
        columns = unfold(torch.zeros(1, 3, 7)).shape
        fold = lambda x: functional.fold(x, (1, 7), **row).squeeze(2)
        case("fold", fold, draws(*columns), size=[7], **settings)


def scatters():
    x, source = draws(3, 4), draws(3, 4)
    for axis, indices in [
        (1, [[3, 0, 1, 2], [0, 1, 2, 3], [2, 3, 1, 0]]), (0, [[0, 1, 2, 0], [1, 0, 0, 2], [2, 2, 1, 1]]),
    ]:  # fmt: skip
        function = lambda x, i, source: x.scatter(axis, i, source)
        case("scatter", function, x, torch.tensor(indices), source, axis=axis)
    for axis, indices in [(1, [[0, 0, 3], [2, 1, 1], [3, 3, 3]]), (0, [[2, 0, 1, 1], [2, 2, 0, 1]])]:
        function = lambda x, i, source: x.scatter_add(axis, i, source)
        case("scatter_add", function, x, torch.tensor(indices), draws(*torch.tensor(indices).shape), axis=axis)


def arrangements():
    x, square = draws(2, 3, 4), draws(2, 3, 3)
    for op in ("tril", "triu"):
        for diagonal in (0, 1, -2, 5):
            case(op, lambda x: getattr(torch, op)(x, diagonal), x, diagonal=diagonal)
        case(op, getattr(torch, op), torch.tensor([[1, 2], [3, 4]]))
    # Several results are joined to one, in another order or with sums, so that each part has its own effect.
    parts = lambda x: torch.cat(x.split([2, 0, 1, 1], 2)[::-1], 2)
    case("split", parts, x, sizes=[2, 0, 1, 1])
    for size in (1, 2, 3):
        case("split_size", lambda x: torch.cat([part.sum(1) for part in x.split(size, 1)], 0), x, count=size)
    for count in (1, 2, 3, 5):
        case("chunk", lambda x: torch.stack([part.sum(2) for part in x.chunk(count, -1)], 0), x, count=count)
    for counts in ([2], [2, 1], [1, 3, 2], [2, 1, 2, 1], [0, 2]):
        case("tile", lambda x: torch.tile(x, counts), x, counts=counts)
    for count, axis in [(2, 0), (3, -1), (0, 1)]:
        case("repeat_interleave", lambda x: x.repeat_interleave(count, axis), x, count=count, axis=axis)
    for shift, axis in [(1, 0), (-1, 2), (5, 1), (0, 1), (-9, -1)]:
        case("roll", lambda x: x.roll(shift, axis), x, count=shift, axis=axis)
    for axes in ([0], [-1], [0, 2], [], [2, 1, 0]):
        case("flip", lambda x: x.flip(axes), x, axes=axes)
    case("index_select", lambda x: x.index_select(1, torch.tensor([2, 0, 2])), x, axis=1, counts=[2, 0, 2])
    case("index_select", lambda x: x.index_select(-1, torch.tensor([], dtype=int)), x, axis=-1, counts=[])
    mask = torch.tensor([[True, False, True, False], [False, False, True, True], [True, True, False, True]])
    case("masked_fill", lambda x, mask: x.masked_fill(mask, 1.5), x, mask, number=1.5)
    column = torch.tensor([True, False, False])
    case("masked_fill", lambda x, mask: x.masked_fill(mask, 1.5), square, column, number=1.5)
    case("masked_select", torch.masked_select, x, mask)
    case("masked_select", torch.masked_select, draws(3, 1), mask)
    case("masked_select", torch.masked_select, draws(4), mask & False)


def sums_of_products():
    shapes = {"i": 2, "j": 3, "k": 4, "l": 5, "b": 2, "d": 3, "q": 4}
    for equation in [
        "ij,jk->ik", "ij,kj->ik", "ij,jk", "bij,bjk->bik", "bqd,bkd->bqk", "i,i->", "i,j->ij", "ij,ij->ij", "ij,ij->i",
        "ij->ji", "ij->j", "ij->", "ijk->ki", "ij,j->i", "bi,ij,bj->b", "ij,jk,kl->il", "bij,jk->bik", "ijk,jl->ikl",
        "bi,bj->bij", "ij,kl->", "ij,k->kj", "ba", "ijk,ijk,ij->k", "i,ij,j->",
    ]:  # fmt: skip
        names = equation.split("->")[0].split(",")
        inputs = [draws(*(shapes.get(letter, 2) for letter in name)) for name in names]
        case("einsum", lambda *x: torch.einsum(equation, *x), *inputs, equation=equation)


def main():
    torch.manual_seed(1)
    for group in (
        elementwise, softmaxes, reductions, products, losses, selections, bounds, orders, scans, norms, encodings,
        borders, windows, scatters, arrangements, sums_of_products, assignments,
    ):  # fmt: skip
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
