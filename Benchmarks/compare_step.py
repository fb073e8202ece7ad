#!/usr/bin/env python3
"""Compares the training step of Moult and of eager PyTorch side by side, and prints a Markdown table.

    python3 Benchmarks/compare_step.py [--moult .build/release/moult] [--blocks 5] [--max-ratio 1.0]

Blocks of `moult bench step` and of step_pytorch.Step alternate, so that whatever else the machine does meets both. The
table shows the median of the block medians and the fastest step of all; the ratio is the median over the pairs of
blocks. With --max-ratio the exit status is 1 when that ratio is above it. Needs torch.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import step_pytorch
import torch

ROOT = pathlib.Path(__file__).resolve().parents[1]


def moult_block(arguments):
    options = {
        "--model": arguments.model, "--batch-size": arguments.batch_size, "--dropout": arguments.dropout,
        "--threads": arguments.threads,
    }  # fmt: skip
    if arguments.input_dropout:
        options["--input-dropout"] = arguments.input_dropout
    command = [arguments.moult, "bench", "step", "--json"]
    command += [str(word) for option in options.items() for word in option]
    output = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout
    answer = json.loads(output.splitlines()[-1])
    if answer.get("event") != "bench":
        raise SystemExit(f"{' '.join(command)}: expected an event \"bench\", got {output!r}")
    return answer["microseconds_median"], answer["microseconds_min"], answer["repetitions"]


def pytorch_block(step, arguments):
    times = step.run(arguments.seconds)
    return statistics.median(times), min(times), len(times)


def row(name, blocks):
    medians = [median for median, _, _ in blocks]
    fastest, steps = min(fastest for _, fastest, _ in blocks), sum(count for _, _, count in blocks)
    span = f"{min(medians):,.0f}–{max(medians):,.0f}"
    return f"| {name} | {statistics.median(medians):,.0f} | {span} | {fastest:,.0f} | {steps:,} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    step_pytorch.add_arguments(parser)
    parser.add_argument("--moult", default=str(ROOT / ".build/release/moult"), help="the executable to time")
    parser.add_argument("--max-ratio", type=float, help="fail above this median ratio Moult / PyTorch")
    arguments = parser.parse_args()
    step = step_pytorch.Step(
        arguments.model, arguments.batch_size, arguments.dropout, arguments.input_dropout, arguments.threads)
    ours, theirs = [], []
    for _ in range(arguments.blocks):
        ours.append(moult_block(arguments))
        time.sleep(0.2)
        theirs.append(pytorch_block(step, arguments))
        time.sleep(0.2)
    ratios = [mine[0] / other[0] for mine, other in zip(ours, theirs)]
    ratio = statistics.median(ratios)
    print(f"Training step of {arguments.model}, batch {arguments.batch_size}, dropout {arguments.dropout}, "
          f"{arguments.threads} threads, {arguments.blocks} alternating blocks\n")
    print("| | median µs | block medians µs | fastest µs | steps |\n|---|---:|---:|---:|---:|")
    print(row("Moult", ours))
    print(row(f"PyTorch {torch.__version__} eager", theirs))
    print(f"\nRatio Moult / PyTorch: **{ratio:.2f}** (pairs {min(ratios):.2f}–{max(ratios):.2f})")
    return 1 if arguments.max_ratio is not None and ratio > arguments.max_ratio else 0


if __name__ == "__main__":
    sys.exit(main())
