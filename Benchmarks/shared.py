"""Masks that a whole batch shares beside elementwise ones: Moult alone, its products without the units all samples drop."""

from measuring import Case, Moult

MODEL = "784-1024x3-10"
INPUT_DROPOUT = 0.2
BATCH_SIZES = [64, 128, 256, 1024]


def cases(arguments):
    for batch_size in BATCH_SIZES:
        yield Case(
            f"{MODEL}, batch {batch_size}", "",
            lambda batch_size=batch_size: contenders(arguments, batch_size), "shared", length=0.5)  # fmt: skip


def contenders(arguments, batch_size):
    def step(variant):
        return Moult(
            arguments, "step", "--model", MODEL, "--batch-size", batch_size, "--input-dropout", INPUT_DROPOUT,
            "--variant", variant)  # fmt: skip

    return {"moult": step("batch-dropout"), "moult elementwise": step("dropout")}, []
