#!/usr/bin/env python3
"""Makes Tests/Reference/safetensors with the reference implementation.

    python3 Scripts/reference/make_safetensors_fixtures.py [path/to/output]

Made with safetensors 0.8.0 and NumPy 2.4.6. Each file holds at most one metadata key, because the reference leaves the
order of several to chance, so that running the script again gives the same bytes.
"""
import os
import sys

import numpy as np
import safetensors
from safetensors.numpy import save


def half_patterns():
    """Zeros, subnormals, the normals at both ends, infinities, NaNs, each with both signs."""
    positive = [0x0000, 0x0001, 0x0002, 0x03FF, 0x0400, 0x0401, 0x3555, 0x3C00, 0x3C01, 0x4248, 0x7BFF, 0x7C00, 0x7E00]
    return positive + [value | 0x8000 for value in positive]


def bfloat_patterns():
    positive = [0x0000, 0x0001, 0x007F, 0x0080, 0x3EAB, 0x3F80, 0x4049, 0x7F7F, 0x7F80, 0x7FC0]
    return positive + [value | 0x8000 for value in positive]


def files():
    yield "every_dtype", save({
        "weights.f32": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        "a.f64": np.array([1 / 3, -0.0, np.inf, np.nan]),
        "scalar.i64": np.array(-(2**62), dtype=np.int64),
        "i32": np.array([[2**31 - 1], [-(2**31)]], dtype=np.int32),
        "bytes.u8": np.arange(256, dtype=np.uint8).reshape(2, 2, 64),
        "flags.bool": np.array([True, False, True]),
        "empty.f32": np.zeros((0, 4), dtype=np.float32),
    }, {"format": "pt"})

    yield "names", save({
        "../../etc/x": np.array([1], dtype=np.uint8),
        "a \"quoted\" \\ name": np.array([2], dtype=np.uint8),
        "tab\tand\nline\u0001": np.array([3], dtype=np.uint8),
        "größe.重み.🦜": np.array([4], dtype=np.uint8),
        "": np.array([5], dtype=np.uint8),
    }, {"made by": "\"us\" / \u001f é"})

    yield "no_tensors", save({})

    halves = half_patterns()
    bfloats = bfloat_patterns()
    widened = np.array(halves, dtype=np.uint16).view(np.float16).astype(np.float32)
    widened_bfloats = (np.array(bfloats, dtype=np.uint32) << 16).view(np.float32)
    arrays = {
        "half": ("float16", np.array(halves, dtype=np.uint16)),
        "half.expected": ("float32", widened),
        "bfloat": ("bfloat16", np.array(bfloats, dtype=np.uint16)),
        "bfloat.expected": ("float32", widened_bfloats),
    }
    # NumPy has no bfloat16: the serializer is given the bits and the name of the type.
    yield "halves", bytes(safetensors.serialize({
        name: safetensors.TensorSpec(dtype=dtype, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes)
        for name, (dtype, array) in arrays.items()}))

    yield "without_tensor_type", save({
        "fine": np.array([1.5], dtype=np.float32),
        "unsigned": np.array([1, 2], dtype=np.uint64),
        "short": np.array([-1], dtype=np.int16),
        "signed_byte": np.array([-1], dtype=np.int8),
    })


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..", "Tests", "Reference", "safetensors")
    os.makedirs(target, exist_ok=True)
    for name, data in files():
        safetensors.deserialize(data)
        with open(os.path.join(target, name + ".safetensors"), "wb") as file:
            file.write(data)
        print(f"{name}.safetensors: {len(data)} bytes")


if __name__ == "__main__":
    main()
