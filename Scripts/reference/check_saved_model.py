#!/usr/bin/env python3
"""Loads a model file that Moult saved into the PyTorch twin and prints its logits as JSON.

    python3 Scripts/reference/check_saved_model.py model.safetensors [--inputs inputs.safetensors]

Names may be Moult's (`hiddenLayer1.weight`) or PyTorch's (`hidden_layer1.weight`). Sizes come from the file. Without
--inputs, row r of three holds 0.01 * ((r + 1) * (i + 1) % 101) - 0.5 at position i (float32); with it, the tensor
`inputs` of that file is used, and its tensor `logits`, where there is one, is what the answer is held against: a
difference above 1e-5 exits with 1. Needs torch and safetensors.
"""

import argparse
import json
import re
import sys

import safetensors.torch
import torch

from simple_mlp import SimpleMLP

TOLERANCE = 1e-5


def snake_case(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1].lower(), name)


def default_inputs(width):
    rows = [[0.01 * ((row + 1) * (i + 1) % 101) - 0.5 for i in range(width)] for row in range(3)]
    return torch.tensor(rows, dtype=torch.float64).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="the model file")
    parser.add_argument("--inputs", help="a safetensors file with `inputs` and perhaps `logits`")
    arguments = parser.parse_args()
    state = {snake_case(name): tensor for name, tensor in safetensors.torch.load_file(arguments.path).items()}
    hidden, width = state["hidden_layer1.weight"].shape
    model = SimpleMLP(width, hidden, state["output_layer.weight"].shape[0]).eval()
    model.load_state_dict(state, strict=True)
    given = safetensors.torch.load_file(arguments.inputs) if arguments.inputs else {}
    with torch.inference_mode():
        logits = model(given.get("inputs", default_inputs(width)))
    answer = {"logits": logits.tolist()}
    if "logits" in given:
        answer["largest_difference"] = (logits - given["logits"]).abs().max().item()
    print(json.dumps(answer))
    return 1 if answer.get("largest_difference", 0) > TOLERANCE else 0


if __name__ == "__main__":
    sys.exit(main())
