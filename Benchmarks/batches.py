"""The inputs of a comparison: batches made or read from MNIST, and the safetensors file that hands them to Moult."""

import gzip
import json
import pathlib
import struct

import numpy


def normal(batches, batch_size, inputs, classes):
    generator = numpy.random.default_rng(0)
    x = generator.standard_normal((batches, batch_size, inputs), dtype="float32")
    return x, generator.integers(classes, size=(batches, batch_size))


def mnist(folder, batches, batch_size, part="train"):
    """The first images of `part`, train or t10k; pixels from 0 to 1."""
    pixels = _idx(folder, f"{part}-images", 16).reshape(-1, 784)
    labels = _idx(folder, f"{part}-labels", 8)
    count = batches * batch_size
    if len(pixels) < count or len(labels) < count:
        raise SystemExit(f"--mnist {folder}: expected {count} images and labels, got {len(pixels)} and {len(labels)}")
    x = pixels[:count].astype("float32") / 255
    return x.reshape(batches, batch_size, 784), labels[:count].astype("int64").reshape(batches, batch_size)


def _idx(folder, stem, header):
    for path in sorted(pathlib.Path(folder).glob(f"{stem}*idx*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return numpy.frombuffer(data, dtype="uint8", offset=header)
    raise SystemExit(f"--mnist {folder}: expected a file {stem}-idx*-ubyte or .gz in it, got none")


def write(path, inputs, labels):
    """`inputs: [batches, N, in]` and `labels: [batches, N]` as safetensors."""
    tensors = {"inputs": ("F32", inputs.astype("<f4")), "labels": ("I64", labels.astype("<i8"))}
    header, offset = {}, 0
    for name, (dtype, array) in tensors.items():
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, array in tensors.values():
            file.write(numpy.ascontiguousarray(array).tobytes())
