#!/usr/bin/env python3
"""Writes a small network's `state_dict` as PyTorch users save it, and the logits it gives.

    python3 Scripts/reference/make_state_dict.py      # needs torch, safetensors

Tests/Reference/pytorch_simple_mlp.safetensors     the state_dict of SimpleMLP(12, 8, 4) (see simple_mlp.py), alone
Tests/Reference/pytorch_simple_mlp_io.safetensors  `inputs` [5, 12] and `logits` [5, 4] of evaluation mode, float32
"""

import pathlib
import platform

import safetensors
import safetensors.torch
import torch

from simple_mlp import SimpleMLP

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference"


def main():
    torch.manual_seed(1)
    model = SimpleMLP(12, 8, 4).eval()
    inputs = torch.randn(5, 12)
    with torch.inference_mode():
        logits = model(inputs).clone()
    # One entry: safetensors writes several in random order, and the file is to come out the same each time.
    about = {
        "made by": f"Scripts/reference/make_state_dict.py with Python {platform.python_version()}, "
        f"torch {torch.__version__}, safetensors {safetensors.__version__}"
    }
    for name, tensors in (("", model.state_dict()), ("_io", {"inputs": inputs, "logits": logits})):
        path = OUTPUT / f"pytorch_simple_mlp{name}.safetensors"
        path.write_bytes(safetensors.torch.save(tensors, about))
        print(path.name, {key: list(value.shape) for key, value in tensors.items()})


if __name__ == "__main__":
    main()
