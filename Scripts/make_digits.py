#!/usr/bin/env python3
"""Makes Sources/CMoultDigits/Data from a folder of the four MNIST files (*-idx?-ubyte.gz).

    python3 Scripts/make_digits.py path/to/mnist [path/to/output]

Takes the first 10,000 training images and labels and the whole test set and writes them as IDX, compressed with
gzip -9. The output is deterministic for one zlib (no name and no time in the gzip header); what counts are the SHA-256
sums of the uncompressed bytes, which are printed and which the tests check. Needs nothing but Python.
"""
import gzip
import hashlib
import os
import struct
import sys
import zlib

TRAINING_SAMPLES = 10_000
FILES = {
    "train-images-idx3-ubyte": "train-images-10k-idx3-ubyte.gz",
    "train-labels-idx1-ubyte": "train-labels-10k-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte": "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte": "t10k-labels-idx1-ubyte.gz",
}


def first_samples(idx, count):
    """The IDX file `idx` cut to its first `count` samples."""
    rank = idx[3]
    sizes = struct.unpack(f">{rank}I", idx[4:4 + 4 * rank])
    bytes_per_sample = 1
    for size in sizes[1:]:
        bytes_per_sample *= size
    start = 4 + 4 * rank
    if len(idx) != start + sizes[0] * bytes_per_sample or sizes[0] < count:
        raise SystemExit(f"unexpected IDX sizes {sizes} for {len(idx)} bytes")
    return idx[:4] + struct.pack(f">{rank}I", count, *sizes[1:]) + idx[start:start + count * bytes_per_sample]


def gzip_file(data):
    """`data` as a gzip file whose header names no file, no time and no operating system."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    body = deflate.compress(data) + deflate.flush()
    header = b"\x1f\x8b\x08\x00" + struct.pack("<I", 0) + b"\x02\xff"
    return header + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    source = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[2] if len(sys.argv) == 3 else os.path.join(here, "..", "Sources", "CMoultDigits", "Data")
    os.makedirs(target, exist_ok=True)
    for name, output in FILES.items():
        with gzip.open(os.path.join(source, name + ".gz")) as file:
            data = file.read()
        if name.startswith("train"):
            data = first_samples(data, TRAINING_SAMPLES)
        compressed = gzip_file(data)
        with open(os.path.join(target, output), "wb") as file:
            file.write(compressed)
        print(f"{hashlib.sha256(data).hexdigest()}  {output[:-3]}  ({len(data)} bytes, {len(compressed)} compressed)")


if __name__ == "__main__":
    main()
