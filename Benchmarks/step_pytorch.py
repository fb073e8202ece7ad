#!/usr/bin/env python3
"""Times PyTorch's training step: forward, cross-entropy, backward, SGD with momentum, the loss read back.

    python3 Benchmarks/step_pytorch.py [--model 784-256x2-10] [--batch-size 100] [--dropout 0.5] [--threads 2]

The twin of `moult bench step`: ReLU and dropout after each hidden layer, learning rate 0.05, momentum 0.9. Alone it
takes one fixed batch of normal inputs; compare.py hands it the batches that Moult gets. Steps run in blocks with a
pause between them; the median is over all timed steps of all blocks. Prints a JSON object with the fields of
`moult bench step --json`. Needs torch.
"""

import argparse
import itertools
import json
import statistics
import time

import torch
from measuring import timed

LEARNING_RATE, MOMENTUM = 0.05, 0.9


def sizes(model):
    """[784, 256, 256, 10] from `784-256x2-10`."""
    result = []
    for part in model.split("-"):
        width, _, times = part.partition("x")
        result += [int(width)] * int(times or 1)
    return result


class Step:
    """One network with its batches and optimizer; `run` times a number of steps."""

    def __init__(self, model, inputs, labels, dropout, input_dropout, compiled=False):
        """`inputs: [batches, N, in]` and `labels: [batches, N]`, which steps go through in turn."""
        torch.manual_seed(1)
        widths = sizes(model)
        layers = [torch.nn.Dropout(input_dropout)] if input_dropout else []
        for index, (size_in, size_out) in enumerate(zip(widths, widths[1:])):
            layers.append(torch.nn.Linear(size_in, size_out))
            if index < len(widths) - 2:
                layers.append(torch.nn.ReLU())
                if dropout:
                    layers.append(torch.nn.Dropout(dropout))
        self.network = network = torch.nn.Sequential(*layers).train()
        self.optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
        loss = torch.nn.functional.cross_entropy
        if widths[-1] == 1:
            # A regression, as in Moult: the first input of each sample.
            loss, labels = torch.nn.functional.mse_loss, inputs[..., :1].contiguous()
        self.batches = itertools.cycle(list(zip(inputs, labels)))
        self.loss = lambda x, y: loss(network(x), y)
        if compiled:
            self.loss = torch.compile(self.loss)

    def step(self):
        loss = self.loss(*next(self.batches))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def evaluate(self, batches):
        """The mean loss over `batches` of (inputs, labels) in evaluation mode."""
        self.network.eval()
        with torch.inference_mode():
            losses = [self.loss(x, y).item() for x, y in batches]
        self.network.train()
        return statistics.mean(losses)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="784-256x2-10", help="layer sizes (default 784-256x2-10)")
    parser.add_argument("--batch-size", type=int, default=100, help="rows of a batch (default 100)")
    parser.add_argument("--dropout", type=float, default=0.5, help="rate after hidden layers (default 0.5)")
    parser.add_argument("--input-dropout", type=float, default=0.0, help="rate on the inputs (default 0)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default 2)")
    parser.add_argument("--blocks", type=int, default=5, help="blocks of steps (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a block (default 2)")
    parser.add_argument("--compiled", action="store_true", help="through torch.compile")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    widths = sizes(arguments.model)
    inputs = torch.randn(1, arguments.batch_size, widths[0])
    labels = torch.randint(widths[-1], (1, arguments.batch_size))
    step = Step(arguments.model, inputs, labels, arguments.dropout, arguments.input_dropout, arguments.compiled)
    times = []
    for _ in range(arguments.blocks):
        times += timed(step.step, arguments.seconds)
        time.sleep(0.2)
    print(json.dumps({
        "schema": 1, "event": "bench", "microseconds_median": round(statistics.median(times), 1),
        "microseconds_mean": round(statistics.mean(times), 1), "microseconds_min": round(min(times), 1), "repetitions": len(times),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
