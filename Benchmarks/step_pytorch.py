#!/usr/bin/env python3
"""Times PyTorch's eager training step: forward, cross-entropy, backward, SGD with momentum, the loss read back.

    python3 Benchmarks/step_pytorch.py [--model 784-256x2-10] [--batch-size 100] [--dropout 0.5] [--threads 2]

The twin of `moult bench step`: normal inputs, one fixed batch, ReLU and dropout after each hidden layer, learning rate
0.05, momentum 0.9. Steps run in blocks with a pause between them; the median is over all timed steps of all blocks.
Prints the same JSON object as `moult bench step --json`. Needs torch.
"""

import argparse
import json
import statistics
import time

import torch


def sizes(model):
    """[784, 256, 256, 10] from `784-256x2-10`."""
    result = []
    for part in model.split("-"):
        width, _, times = part.partition("x")
        result += [int(width)] * int(times or 1)
    return result


class Step:
    """One network with its data and optimizer; `run` times a number of steps."""

    def __init__(self, model, batch_size, dropout, input_dropout, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        widths = sizes(model)
        layers = [torch.nn.Dropout(input_dropout)] if input_dropout else []
        for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            layers.append(torch.nn.Linear(inputs, outputs))
            if index < len(widths) - 2:
                layers.append(torch.nn.ReLU())
                if dropout:
                    layers.append(torch.nn.Dropout(dropout))
        self.network = torch.nn.Sequential(*layers).train()
        self.inputs = torch.randn(batch_size, widths[0])
        self.labels = torch.randint(widths[-1], (batch_size,))
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.05, momentum=0.9)

    def step(self):
        loss = torch.nn.functional.cross_entropy(self.network(self.inputs), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def run(self, seconds, warm_up=10):
        """Microseconds of each step, for about `seconds`, after `warm_up` untimed steps."""
        for _ in range(warm_up):
            self.step()
        times, end = [], time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            start = time.perf_counter_ns()
            self.step()
            times.append((time.perf_counter_ns() - start) / 1000)
        return times


def add_arguments(parser):
    parser.add_argument("--model", default="784-256x2-10", help="layer sizes (default 784-256x2-10)")
    parser.add_argument("--batch-size", type=int, default=100, help="rows of a batch (default 100)")
    parser.add_argument("--dropout", type=float, default=0.5, help="rate after hidden layers (default 0.5)")
    parser.add_argument("--input-dropout", type=float, default=0.0, help="rate on the inputs (default 0)")
    parser.add_argument("--threads", type=int, default=2, help="threads of either side (default 2)")
    parser.add_argument("--blocks", type=int, default=5, help="blocks of steps (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a block (default 2)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    arguments = parser.parse_args()
    step = Step(arguments.model, arguments.batch_size, arguments.dropout, arguments.input_dropout, arguments.threads)
    times = []
    for _ in range(arguments.blocks):
        times += step.run(arguments.seconds)
        time.sleep(0.2)
    print(json.dumps({
        "schema": 1, "event": "bench", "microseconds_median": round(statistics.median(times), 1),
        "microseconds_min": round(min(times), 1), "repetitions": len(times),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
