#!/usr/bin/env python3
"""Makes Tests/Reference/npy with NumPy itself.

    python3 Scripts/reference/make_npy_fixtures.py [path/to/output]

Made with NumPy 2.4.6 and Python 3.11. The clock is stopped, so that running the script again gives the same bytes
(but for deflate, whose bytes are those of the zlib that Python was built with).
"""
import io
import os
import sys
import time
import types
import zipfile

import numpy as np

# What zipfile writes into the headers; nothing else of the module is used there.
zipfile.time = types.SimpleNamespace(localtime=lambda *_: time.struct_time((1980, 1, 1, 0, 0, 0, 1, 1, 0)), time=time.time)

HALVES = [0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3555, 0x3C00, 0xC248, 0x7BFF, 0x7C00, 0xFC00, 0x0002]


def values(kind):
    """Twelve numbers of a kind, its limits among them."""
    if kind == "b1":
        return np.array([True, False, False] * 4)
    if kind == "f2":
        return np.array(HALVES, dtype=np.uint16).view(np.float16)
    if kind[0] == "f":
        info = np.finfo(kind)
        return np.array([0, -0.0, 1 / 3, -1.5, info.max, info.min, info.tiny, info.smallest_subnormal, np.inf, -np.inf,
                         7, 1e-3], dtype=kind)
    info = np.iinfo(kind)
    greatest = min(info.max, 2**63 - 1)
    return np.array([0, 1, 2, 3, 100, greatest, greatest - 1, info.min, info.min + 1, 5, 6, 7], dtype=kind)


WIDER = {"i1": "i4", "u2": "i4", "i2": "i4", "u4": "i8", "u8": "i8", "f2": "f4"}


def every_type():
    arrays = {}
    for kind in ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
        array = values(kind).reshape(3, 4)
        arrays[f"{kind}.expected"] = array.astype("<" + WIDER.get(kind, kind))
        arrays[f"{kind}.little"] = array.astype("<" + kind)
        arrays[f"{kind}.big"] = array.astype(">" + kind)
        arrays[f"{kind}.fortran"] = np.asfortranarray(array)
    return arrays


def npy(array, version):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


class Pipe(io.RawIOBase):
    """A stream that cannot go back: sizes then follow the contents (data descriptors)."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


def files():
    for name, save in [("every_type", np.savez), ("every_type_packed", np.savez_compressed)]:
        file = io.BytesIO()
        save(file, **every_type())
        yield name + ".npz", file.getvalue()

    for version in [1, 2, 3]:
        yield f"version{version}.npy", npy(np.arange(6, dtype="<i4").reshape(2, 3), (version, 0))
    block = np.arange(24, dtype=">f4").reshape(2, 3, 4)
    yield "fortran_block.npy", npy(np.asfortranarray(block), (1, 0))
    yield "scalar.npy", npy(np.array(2.5), (1, 0))
    yield "empty.npy", npy(np.zeros((0, 3), dtype=np.float32), (1, 0))

    refused = {
        "objects": np.array([{"a": 1}], dtype=object), "texts": np.array(["cat", "dog"]),
        "bytes": np.array([b"cat"]), "times": np.array(["2026-01-31"], dtype="datetime64[D]"),
        "complex": np.array([1j]), "structure": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        "void": np.zeros(2, dtype="V2"), "too_large": np.array([1, 2**63], dtype="u8"),
    }
    file = io.BytesIO()
    np.savez(file, **refused)
    yield "refused.npz", file.getvalue()

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, method in [("stored.npy", zipfile.ZIP_STORED), ("packed.npy", zipfile.ZIP_DEFLATED)]:
            archive.writestr(name, npy(np.arange(6, dtype="u1"), (1, 0)), compress_type=method)
    yield "descriptors.npz", pipe.content

    # Small, for the test that cuts it at every byte: one stored and one packed member, and one that is no array.
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", npy(np.arange(3, dtype="u1"), (1, 0)))
        archive.writestr("ü.npy", npy(np.arange(3, dtype="f4"), (1, 0)), compress_type=zipfile.ZIP_DEFLATED)
        archive.writestr("notes.txt", "nothing")
    yield "small.npz", file.getvalue()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..", "Tests", "Reference", "npy")
    os.makedirs(target, exist_ok=True)
    for name, data in files():
        with open(os.path.join(target, name), "wb") as file:
            file.write(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
