"""Prediction of the article's network: Moult without gradients beside PyTorch in inference_mode."""

import itertools

import step_pytorch
import torch
from measuring import Case, InProcess, Moult

MODEL = "784-256x2-10"
BATCH_SIZES = [1, 100]
BATCHES = 10


def cases(arguments):
    for batch_size in BATCH_SIZES:
        yield Case(
            f"batch {batch_size}", "", lambda batch_size=batch_size: contenders(arguments, batch_size), "inference",
            length=0.5)  # fmt: skip


def contenders(arguments, batch_size):
    inputs = torch.randn(BATCHES, batch_size, step_pytorch.sizes(MODEL)[0])
    network = step_pytorch.Step(MODEL, inputs, inputs, 0.5, 0).network.eval()
    batches = itertools.cycle(inputs)

    def predict():
        with torch.inference_mode():
            return network(next(batches))

    return {
        "moult": Moult(arguments, "predict", "--model", MODEL, "--batch-size", batch_size),
        "pytorch": InProcess(predict),
    }, []
