#!/usr/bin/env python3
"""Times the training step with each variant of dropout and prints its ratio to plain dropout's.

    python3 Benchmarks/variants.py [--moult PATH] [--rounds 5] [--seconds 0.3] [--threads 2] [--check]

The article's network, `moult bench step --variant NAME`, a process for each block, variants in turns; the ratio is the
median over the rounds. --check fails when a limit is exceeded. Needs Python only.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Variants that do what dropout does, element by element, and those that add products.
LIMITS = {
    "none": None, "dropout": None, "batch-dropout": 1.5, "group-dropout": 1.5, "alpha-dropout": 1.5,
    "gaussian-dropout": 1.5, "gaussian-noise": 1.5, "concrete": 1.5, "variational-dropout": 1.5, "standout": 1.5,
    "dropconnect": None, "multi-sample": None, "variational-linear": 3.0,
}  # fmt: skip


def block(arguments, name):
    command = [arguments.moult, "bench", "step", "--json", "--seconds", str(arguments.seconds)]
    command += ["--threads", str(arguments.threads)]
    command += ["--dropout", "0"] if name == "none" else ["--variant", name, "--dropout", "0.5"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])["microseconds_median"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moult", default=str(ROOT / ".build/release/moult"), help="the executable")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="length of each block (default 0.3)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a limit is exceeded")
    arguments = parser.parse_args()
    times = {name: [] for name in LIMITS}
    for _ in range(arguments.rounds):
        for name, own in times.items():
            own.append(block(arguments, name))
    print("| variant | µs | ÷ dropout | limit |\n|---|---:|---:|---:|")
    exceeded = False
    for name, own in times.items():
        ratio = statistics.median(a / b for a, b in zip(own, times["dropout"]))
        limit = LIMITS[name]
        exceeded = exceeded or (limit is not None and ratio > limit)
        print(f"| {name} | {statistics.median(own):.0f} | {ratio:.2f} | {limit or ''} |")
    return 1 if arguments.check and exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
