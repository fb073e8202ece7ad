#!/usr/bin/env python3
"""Makes Tests/Reference/pytorch with torch.save.

    python3 Scripts/reference/make_pytorch_fixtures.py [path/to/output]

Made with torch 2.15.0 and safetensors 0.8.0. Running the script again gives the same .pt files; .pth files are of the
form without a zip, in which storages are named after their addresses.

tensors.pt, tensors.pth  all element types, views, shared storages, scalars, empty tensors
tensors.safetensors      the same numbers, contiguous, in the types into which Moult reads them
big_endian.pt            the state_dict of Linear(2, 1) as a big-endian machine writes it, with compressed members
two_models.pth           two state dictionaries under "model" and "ema", in pickle protocol 5
checkpoint.pt            weights of pytorch_simple_mlp.safetensors under DataParallel, optimizer state, other values;
                         in pickle protocol 4
module.pt                a whole module, which Moult refuses
"""
import io
import os
import sys
import zipfile

import safetensors.torch
import torch

from simple_mlp import SimpleMLP


def tensors():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
    halves = torch.tensor([0.0, -0.0, 1 / 3, 65504.0, 6e-8, float("inf")])
    state = {
        "float64": torch.tensor([1 / 3, -0.0, float("inf"), 1e300], dtype=torch.float64),
        "float16": halves.half(),
        "bfloat16": torch.tensor([0.0, -0.0, 1 / 3, 3e38, 1e-40, float("-inf")]).bfloat16(),
        "int64": torch.tensor([[-(2**62), 7]]),
        "int32": torch.tensor([2**31 - 1, -(2**31)], dtype=torch.int32),
        "int16": torch.tensor([-(2**15), 2**15 - 1, 3], dtype=torch.int16),
        "int8": torch.tensor([-128, 127], dtype=torch.int8),
        "uint8": torch.tensor([0, 255, 3], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "whole": base,
        "transposed": base.t(),
        "slice": base[1:, 2:5:2],
        "row": base[2],
        "element": base[3, 5],
        "expanded": torch.tensor([1.5, 2.5]).unsqueeze(1).expand(2, 3),
        "permuted_half": halves.half().reshape(1, 2, 3).permute(2, 0, 1),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "empty_slice": base[4:],
        "parameter": torch.nn.Parameter(torch.tensor([[0.5, -0.5]])),
        "größe.重み": torch.tensor([4.0]),
    }
    return state


def expected(state):
    wider = {torch.int8: torch.int32, torch.int16: torch.int32, torch.float16: torch.float32, torch.bfloat16: torch.float32}
    return {
        name: tensor.detach().to(wider.get(tensor.dtype, tensor.dtype)).contiguous().clone() for name, tensor in state.items()
    }


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def repacked(data, method, change):
    """The same members with changed contents, packed by Python's zipfile."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", method) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), change(name, source.read(name)), compress_type=method)
    return file.getvalue()


def big_endian(name, content):
    if name.endswith("/byteorder"):
        return b"big"
    if "/data/" in name:
        return b"".join(content[i : i + 4][::-1] for i in range(0, len(content), 4))
    return content


def files():
    state = tensors()
    yield "tensors.pt", saved(state)
    yield "tensors.pth", saved(state, _use_new_zipfile_serialization=False)
    yield "tensors.safetensors", safetensors.torch.save(expected(state))

    small = torch.nn.Linear(2, 1).state_dict()
    small["weight"][:] = torch.tensor([[0.25, -3.0]])
    small["bias"][:] = 1.5
    yield "big_endian.pt", repacked(saved(small), zipfile.ZIP_DEFLATED, big_endian)
    models = {"model": small, "ema": {"bias": small["bias"]}, "epoch": 1}
    yield "two_models.pth", saved(models, pickle_protocol=5, _use_new_zipfile_serialization=False)

    torch.manual_seed(1)
    model = torch.nn.DataParallel(SimpleMLP(12, 8, 4))
    optimizer = torch.optim.Adam([model.module.output_layer.bias], lr=0.0)
    model.module(torch.ones(1, 12)).sum().backward()
    optimizer.step()
    yield "checkpoint.pt", saved({
        "epoch": 3, "state_dict": model.state_dict(), "optimizer": optimizer.state_dict(), "loss": 0.25, "name": "mlp",
        "best": None, "done": False, "sizes": (12, 8, [4, -1]), "seed": 2**63, "accuracy": torch.tensor(0.5),
    }, pickle_protocol=4)
    yield "module.pt", saved(torch.nn.ReLU())


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..", "Tests", "Reference", "pytorch")
    os.makedirs(target, exist_ok=True)
    for name, data in files():
        with open(os.path.join(target, name), "wb") as file:
            file.write(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
