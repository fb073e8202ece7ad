"""How Moult's time grows with the work: batch, layers, Monte Carlo samples, and width squared times density."""

from measuring import Case, Moult
from step_pytorch import sizes

BATCH_SIZES = [128, 256, 512, 1024, 2048]
LAYERS = [1, 2, 4, 8]
SAMPLES = [1, 4, 16, 64]
WIDTHS = [512, 1024, 2048, 4096]
DENSITIES = [0.5, 0.25, 0.125]


def cases(arguments):
    yield case(arguments, "batch", {
        str(n): (n, ["step", "--model", "784-1024x3-10", "--batch-size", n, "--input-dropout", 0.2])
        for n in BATCH_SIZES
    })  # fmt: skip
    yield case(arguments, "layers", {
        f"{n} x 512": (weights(f"512-512x{n}-10"), ["step", "--model", f"512-512x{n}-10", "--batch-size", 128])
        for n in LAYERS
    })  # fmt: skip
    yield case(arguments, "samples", {
        str(n): (n, ["predict", "--batch-size", 100, "--samples", n]) for n in SAMPLES
    })  # fmt: skip
    yield case(arguments, "width squared times density", {
        f"{width} at {density}": (
            width**2 * density, ["matmul", "--shape", f"128,{width},{width}", "--density", density])
        for density in DENSITIES for width in WIDTHS
    })  # fmt: skip


def case(arguments, name, measured):
    return Case(
        name, "", lambda: ({label: Moult(arguments, *command) for label, (_, command) in measured.items()}, []),
        "scaling", length=0.2, work={label: work for label, (work, _) in measured.items()})  # fmt: skip


def weights(model):
    widths = sizes(model)
    return sum(a * b for a, b in zip(widths, widths[1:]))
