#!/usr/bin/env python3
"""Makes Tests/Reference/half_precision.json: numbers and the bits of the nearest float16 and bfloat16.

    python3 Scripts/reference/make_half_precision.py      # needs numpy and torch

The file is {"about": ..., "values": [...], "float16": [...], "bfloat16": [...]}. NumPy rounds to float16 and PyTorch to
bfloat16. Every value is a float32, so that PyTorch rounds once.
"""

import json
import pathlib
import platform

import numpy as np
import torch

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/half_precision.json"


def main():
    numbers = np.random.default_rng(1)
    spread = numbers.choice([-1.0, 1.0], 120) * numbers.uniform(1, 2, 120) * 2.0 ** numbers.integers(-28, 18, 120)
    wide = numbers.choice([-1.0, 1.0], 60) * numbers.uniform(1, 2, 60) * 2.0 ** numbers.integers(-140, 127, 60)
    edges = [
        0.0, -0.0, 1.0, -2.0, 65504.0, 65519.99, 65520.0, 65536.0, 2.0**-14, 2.0**-24, 2.0**-25, 1.5 * 2.0**-25,
        1 + 2.0**-11, 1 + 3 * 2.0**-11, 1 + 2.0**-8, 1 + 3 * 2.0**-8, 3.3895313892515355e38, 3.3961775292304004e38,
        2.0**-133, 2.0**-134, 3 * 2.0**-134, 1.0 - 2.0**-12, 2.0**-14 - 2.0**-25, 3.4028234663852886e38,
    ]  # fmt: skip
    values = np.concatenate([spread, wide, edges]).astype(np.float32)
    with np.errstate(over="ignore"):
        half = values.astype(np.float64).astype(np.float16).view(np.uint16)
    brain = torch.from_numpy(values).to(torch.bfloat16).view(torch.uint16)
    about = {
        "script": "Scripts/reference/make_half_precision.py", "python": platform.python_version(),
        "numpy": np.__version__, "torch": torch.__version__,
    }  # fmt: skip
    lists = {"values": values.astype(np.float64).tolist(), "float16": half.tolist(), "bfloat16": brain.tolist()}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in ({"about": about} | lists).items())
    OUTPUT.write_text("{" + lines + "}\n")
    print(f"{OUTPUT.name}: {len(values)} numbers")


if __name__ == "__main__":
    main()
