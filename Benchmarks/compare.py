#!/usr/bin/env python3
"""Measures the training step of Moult, PyTorch and JAX side by side, and prints a table of medians and ratios.

    python3 Benchmarks/compare.py [--networks article,deep-128] [--mnist FOLDER] [--compiled] [--quick]
    python3 Benchmarks/compare.py --check

Blocks of steps of all contenders alternate, so that whatever else the machine does meets them all; they get the same
batches from one file. Beside them stand the physical limits: the step's dense products alone, and a copy of the
weights. --check fails when a ratio in Thresholds/ is exceeded. Needs numpy and torch; JAX is measured if installed.
"""

import argparse
import dataclasses
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import batches
import limits
import step_pytorch
import torch

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAUSE = 0.2
BATCHES = 8
QUICK = {"blocks": 2, "seconds": 0.5}
# A median this many times the fastest step means that the machine did something else.
DISTURBED = 1.5


@dataclasses.dataclass(frozen=True)
class Network:
    model: str
    batch_size: int
    input_dropout: float = 0.0
    dropout: float = 0.5
    mnist: bool = False
    # Steps of a whole training run, in order from its first, instead of blocks of some seconds.
    epochs: int = 0


NETWORKS = {
    "article": Network("784-256x2-10", 100),
    "article-mnist": Network("784-256x2-10", 100, mnist=True),
    "deep-128": Network("784-1024x3-10", 128, 0.2),
    "deep-1024": Network("784-1024x3-10", 1024, 0.2),
    "wide-128": Network("784-4096x2-10", 128, 0.2),
    "deep-mnist-run": Network("784-1024x3-10", 128, 0.2, mnist=True, epochs=10),
}
MNIST_SIZE = 60_000


class Moult:
    """`moult bench step`, a process for each block."""

    def __init__(self, arguments, network, path, dropout, threads):
        self.command = [arguments.moult, "bench", "step", "--json", "--inputs", str(path), "--model", network.model]
        self.command += ["--batch-size", str(network.batch_size), "--threads", str(threads)]
        self.command += ["--dropout", str(network.dropout if dropout else 0)]
        self.command += ["--input-dropout", str(network.input_dropout if dropout else 0)]

    def block(self, seconds, steps):
        command = self.command + (["--repetitions", str(steps)] if steps else ["--seconds", str(seconds)])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        answer = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else {}
        if answer.get("event") != "bench":
            raise SystemExit(f"{' '.join(command)}: expected an event \"bench\", got {done.stdout!r}")
        return answer["microseconds_median"], answer["microseconds_min"], answer["repetitions"]


class InProcess:
    """Anything with `run(seconds, steps)` that gives the times of its steps."""

    def __init__(self, runner):
        self.runner = runner

    def block(self, seconds, steps):
        times = self.runner.run(seconds, steps)
        return statistics.median(times), min(times), len(times)


def contenders(arguments, network, path, inputs, labels):
    """Each contender by its name, which is also what Thresholds/ calls it."""
    x, y = torch.from_numpy(inputs), torch.from_numpy(labels)

    def pytorch(dropout, compiled=False):
        rates = (network.dropout, network.input_dropout) if dropout else (0, 0)
        return InProcess(step_pytorch.Step(network.model, x, y, *rates, compiled=compiled))

    def jax(dropout):
        import step_jax

        rates = (network.dropout, network.input_dropout) if dropout else (0, 0)
        return InProcess(step_jax.Step(network.model, inputs, labels, *rates))

    result = {
        "moult": Moult(arguments, network, path, True, arguments.threads),
        "pytorch": pytorch(True),
        "moult without dropout": Moult(arguments, network, path, False, arguments.threads),
        "pytorch without dropout": pytorch(False),
    }
    if arguments.threads > 1:
        result["moult on one thread"] = Moult(arguments, network, path, True, 1)
    if arguments.compiled:
        result["torch.compile"] = pytorch(True, compiled=True)
        result["torch.compile without dropout"] = pytorch(False, compiled=True)
    if arguments.jax:
        result["jax"] = jax(True)
        result["jax without dropout"] = jax(False)
    result["products in torch.mm"] = InProcess(limits.Products(network.model, network.batch_size, limits.mm))
    if limits.has_onednn():
        result["products in oneDNN"] = InProcess(limits.Products(network.model, network.batch_size, limits.onednn))
    result["copy of the weights"] = InProcess(limits.Copy(network.model))
    return result


def measure(arguments, network):
    """Blocks of (median, fastest, steps) for each contender."""
    widths = step_pytorch.sizes(network.model)
    count = MNIST_SIZE // network.batch_size if network.epochs else BATCHES
    if network.mnist:
        inputs, labels = batches.mnist(arguments.mnist, count, network.batch_size)
    else:
        inputs, labels = batches.normal(count, network.batch_size, widths[0], widths[-1])
    steps = network.epochs * count or None
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "batches.safetensors"
        batches.write(path, inputs, labels)
        runners = contenders(arguments, network, path, inputs, labels)
        blocks = {name: [] for name in runners}
        for _ in range(1 if steps else arguments.blocks):
            for name, runner in runners.items():
                blocks[name].append(runner.block(arguments.seconds, steps if "copy" not in name else None))
                time.sleep(PAUSE)
    return blocks


def summary(blocks):
    """For each contender its times and the ratio of Moult's step with dropout to its own, block by block."""
    result = {}
    for name, own in blocks.items():
        ratios = [ours[0] / theirs[0] for ours, theirs in zip(blocks["moult"], own)]
        medians = [median for median, _, _ in own]
        result[name] = {
            "microseconds_median": round(statistics.median(medians), 1),
            "microseconds_medians": [round(median, 1) for median in medians],
            "microseconds_min": round(min(fastest for _, fastest, _ in own), 1),
            "repetitions": sum(steps for _, _, steps in own),
            "moult_ratio": round(statistics.median(ratios), 3),
            "moult_ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
        }
    return result


def fastest_products(results):
    """The name of the faster dense library in this run."""
    names = [name for name in results if name.startswith("products")]
    return min(names, key=lambda name: results[name]["microseconds_median"])


def markdown(name, network, results, threads):
    kind = "MNIST pixels" if network.mnist else "normal inputs"
    if network.epochs:
        kind += f", all steps of {network.epochs} epochs"
    rates = f"dropout {network.dropout}" + (f", on inputs {network.input_dropout}" if network.input_dropout else "")
    lines = [
        f"### {name}: {network.model}, batch {network.batch_size}, {kind}, {rates}, {threads} threads\n",
        "| | median µs | block medians µs | fastest µs | steps | Moult takes | range |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for contender, own in results.items():
        medians, span = own["microseconds_medians"], own["moult_ratio_range"]
        lines.append(
            f"| {contender} | {own['microseconds_median']:,.0f} | {min(medians):,.0f}–{max(medians):,.0f} "
            f"| {own['microseconds_min']:,.0f} | {own['repetitions']:,} "
            f"| **{own['moult_ratio']:.2f}** × | {span[0]:.2f}–{span[1]:.2f} |")
    disturbed = [
        contender for contender, own in results.items()
        if own["microseconds_median"] > DISTURBED * own["microseconds_min"]]  # fmt: skip
    if disturbed:
        lines.append(f"\nDisturbed, so the ratios prove little: {', '.join(disturbed)}")
    return "\n".join(lines) + "\n"


def check(name, results):
    """Lines about this network's thresholds, and whether all that were measured hold."""
    lines, holds = [], True
    for threshold in json.loads((ROOT / f"Benchmarks/Thresholds/{name}.json").read_text())["moult_ratios"]:
        against, most = threshold["to"], threshold["at_most"]
        contender = fastest_products(results) if against == "dense products" else against
        if contender not in results:
            lines.append(f"- not measured: {name}, Moult / {against} ≤ {most}")
            continue
        ratio = results[contender]["moult_ratio"]
        verdict = "holds" if ratio <= most else "EXCEEDED"
        holds = holds and ratio <= most
        lines.append(f"- {verdict}: {name}, Moult / {contender} {ratio:.3f} ≤ {most}")
    return lines, holds


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", metavar="NAMES", help=f"some of {','.join(NETWORKS)}; default: all that can be "
                        "measured but the last")  # fmt: skip
    parser.add_argument("--mnist", metavar="FOLDER", help="MNIST's IDX files, for the networks on its pixels")
    parser.add_argument("--blocks", type=int, default=5, help="blocks of steps of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a block (default 2)")
    parser.add_argument("--threads", type=int, default=2, help="threads of every contender (default 2)")
    parser.add_argument("--quick", action="store_true", help="2 blocks of half a second: a look, not a measurement")
    parser.add_argument("--compiled", action="store_true", help="torch.compile too, which starts slowly")
    parser.add_argument("--no-jax", dest="jax", action="store_false", help="leave JAX out")
    parser.add_argument("--json", metavar="PATH", help="write the results there as JSON")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a ratio in Thresholds/ is exceeded")
    parser.add_argument("--moult", default=str(ROOT / ".build/release/moult"), help="the executable to time")
    arguments = parser.parse_args()
    if arguments.quick:
        vars(arguments).update(QUICK)
    if arguments.blocks < 1 or arguments.threads < 1 or not arguments.seconds > 0:
        parser.error("--blocks, --threads and --seconds: expected more than 0")
    if arguments.check and arguments.threads != 2:
        parser.error("--check: the ratios in Thresholds/ are for --threads 2")
    names = arguments.networks.split(",") if arguments.networks else [
        name for name, network in NETWORKS.items() if not network.epochs and (arguments.mnist or not network.mnist)]
    for name in names:
        if name not in NETWORKS:
            parser.error(f"--networks: expected some of {', '.join(NETWORKS)}, got {name}")
        if NETWORKS[name].mnist and not arguments.mnist:
            parser.error(f"--networks {name}: add --mnist FOLDER")
    if not pathlib.Path(arguments.moult).is_file():
        parser.error(f"--moult {arguments.moult}: no such file; swift build -c release makes it")
    arguments.networks = names
    arguments.jax = arguments.jax and importlib.util.find_spec("jax") is not None
    return arguments


def main():
    arguments = parse()
    torch.set_num_threads(arguments.threads)
    versions = {"torch": torch.__version__}
    if arguments.jax:
        import step_jax

        versions["jax"] = step_jax.start(arguments.threads)
    results, verdicts, all_hold = {}, [], True
    for name in arguments.networks:
        results[name] = summary(measure(arguments, NETWORKS[name]))
        print(markdown(name, NETWORKS[name], results[name], arguments.threads), flush=True)
        lines, holds = check(name, results[name])
        verdicts += lines
        all_hold = all_hold and holds
    print(", ".join(f"{library} {version}" for library, version in versions.items()))
    if arguments.check:
        print("\n" + "\n".join(verdicts))
    if arguments.json:
        document = {
            "schema": 1, "event": "comparison", "threads": arguments.threads, "versions": versions,
            "networks": {
                name: {**dataclasses.asdict(NETWORKS[name]), "contenders": own} for name, own in results.items()},
        }  # fmt: skip
        pathlib.Path(arguments.json).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 1 if arguments.check and not all_hold else 0


if __name__ == "__main__":
    sys.exit(main())
