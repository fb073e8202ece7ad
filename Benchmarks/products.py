"""Dense products alone: Moult's, through a layer and through matmul, beside those of dense libraries."""

import pathlib

import dense
import limits
import numpy
from measuring import Case, InProcess, Moult

# Samples, inputs, outputs: those of the networks, then small, tall and wide ones, and single samples.
SHAPES = [
    (100, 784, 256), (100, 256, 256), (128, 784, 1024), (128, 1024, 1024), (1024, 1024, 1024), (128, 4096, 4096),
    (32, 64, 64), (100, 256, 10), (10_000, 256, 256), (16, 1024, 1024), (1, 784, 256), (1, 1024, 1024),
]  # fmt: skip
KINDS = ["forward", "input-gradient", "weight-gradient"]


def cases(arguments):
    for shape in SHAPES:
        for kind in KINDS:
            yield Case(
                f"{'x'.join(map(str, shape))} {kind}", "",
                lambda shape=shape, kind=kind: contenders(arguments, shape, kind), "products", length=0.1)  # fmt: skip


def contenders(arguments, shape, kind):
    samples, size_in, size_out = shape
    command = ["matmul", "--shape", f"{samples},{size_out},{size_in}", "--density", 1, "--product", kind]
    result = {
        "moult": Moult(arguments, *command),
        "moult matmul": Moult(arguments, *command, "--through", "matmul"),
    }
    path = pathlib.Path(dense.folder().name) / "operands"
    generator = numpy.random.default_rng(0)
    dense.write(path, generator.standard_normal((1, samples, size_in), dtype="float32"), numpy.zeros((1, samples)))
    # Over weights in the layout that the library likes best, as Moult's layers keep theirs.
    found, notes = dense.contenders(kind, path, [size_in, size_out], arguments.threads, "packed product in ")
    result.update(found)
    for library, product in limits.in_torch().items():
        result[f"product in {library}"] = InProcess(
            lambda product=product, operands=limits.operands(kind, *shape): product(*operands))
    return result, notes
