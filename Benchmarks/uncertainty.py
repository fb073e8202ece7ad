"""Monte Carlo dropout: mean and variance of the class probabilities over 100 passes, Moult beside PyTorch.

The article's network and 10,000 images: MNIST's test set with --mnist, else normal inputs. PyTorch runs the loop that
people write: all layers in training mode, gradients off, softmax, running sums of the probabilities and of their
squares. It gets the images a thousand at a time, which is faster than all at once. The last case is one image.
"""

import tempfile

import batches
import start
import step_pytorch
import torch
from measuring import Case, InProcess, Moult

MODEL = "784-256x2-10"
SAMPLES = 100
# Names with the rows of the input, and how many of them PyTorch gets at once.
SIZES = {"10000 images": (10_000, 1_000), "1 image": (1, 1)}


def cases(arguments):
    for name, (rows, at_once) in SIZES.items():
        yield Case(
            name, "", lambda rows=rows, at_once=at_once: contenders(arguments, rows, at_once), "uncertainty",
            length=2.0 if rows > 1 else 0.25)  # fmt: skip


def contenders(arguments, rows, at_once):
    if arguments.mnist:
        inputs, labels = batches.mnist(arguments.mnist, 1, rows, "t10k")
    else:
        inputs, labels = batches.normal(1, rows, step_pytorch.sizes(MODEL)[0], 10)
    file = tempfile.NamedTemporaryFile(suffix=".safetensors")
    batches.write(file.name, inputs, labels)
    network = step_pytorch.Step(MODEL, torch.tensor(inputs), torch.tensor(labels), 0.5, 0).network
    parts = torch.tensor(inputs[0]).split(at_once)
    command = ["predict", "--model", MODEL, "--samples", SAMPLES, "--inputs", file.name]
    moult = Moult(arguments, *command)
    moult.file = file  # is there as long as somebody reads it
    result = {"moult": moult, "pytorch": InProcess(lambda: [predicted(network, part) for part in parts])}
    if rows > 1:
        threads = ["--repetitions", 5, "--threads", arguments.threads]
        result["moult, whole process"] = start.Launches(arguments.moult, "bench", *command, *threads)
    return result, []


def predicted(network, x):
    """Mean and variance of the probabilities, with dropout on."""
    with torch.no_grad():
        first = second = 0
        for _ in range(SAMPLES):
            probabilities = torch.softmax(network(x), dim=-1)
            first = first + probabilities
            second = second + probabilities * probabilities
        mean = first / SAMPLES
        return mean, second / SAMPLES - mean * mean
