#!/usr/bin/env python3
"""Measures Moult, PyTorch, JAX and dense libraries side by side, and prints tables of medians and ratios.

    python3 Benchmarks/compare.py [--groups steps,dropout] [--networks article,deep-128] [--mnist FOLDER] [--quick]
    python3 Benchmarks/compare.py --mnist FOLDER --check

Blocks of all contenders alternate, so that whatever else the machine does meets them all; they get the same inputs.
--check fails when a limit in Thresholds/ is exceeded. Needs numpy and torch; JAX, torch.compile, oneDNN and OpenBLAS
are measured where they work.
"""

import argparse
import dataclasses
import importlib.util
import json
import pathlib
import sys

import dropout
import inference
import products
import report
import scaling
import shared
import start
import steps
import torch
import uncertainty
from measuring import measure

ROOT = pathlib.Path(__file__).resolve().parents[1]
QUICK = {"blocks": 2, "seconds": 0.5}
GROUPS = {
    "steps": steps, "dropout": dropout, "products": products, "inference": inference,
    "uncertainty": uncertainty, "start": start, "scaling": scaling, "shared": shared,
}  # fmt: skip


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", metavar="NAMES", help=f"some of {','.join(GROUPS)}; default: all")
    parser.add_argument("--networks", metavar="NAMES", help=f"of the steps, some of {','.join(steps.NETWORKS)}; "
                        "default: all that can be measured")  # fmt: skip
    parser.add_argument("--only", metavar="TEXT", default="", help="only what has TEXT in its name")
    parser.add_argument("--mnist", metavar="FOLDER", help="MNIST's IDX files, for the networks on its pixels")
    parser.add_argument("--blocks", type=int, default=5, help="blocks of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a block of training steps (default 2); "
                        "those of other groups are a part of it")  # fmt: skip
    parser.add_argument("--threads", type=int, default=2, help="threads of every contender (default 2)")
    parser.add_argument("--quick", action="store_true", help="2 blocks of half a second: a look, not a measurement")
    parser.add_argument("--no-compiled", dest="compiled", action="store_false", help="leave out torch.compile, which "
                        "starts slowly")  # fmt: skip
    parser.add_argument("--no-jax", dest="jax", action="store_false", help="leave JAX out")
    parser.add_argument("--json", metavar="PATH", help="write the results there as JSON")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a limit in Thresholds/ is exceeded")
    parser.add_argument("--moult", default=str(ROOT / ".build/release/moult"), help="the executable to time")
    arguments = parser.parse_args()
    if arguments.quick:
        vars(arguments).update(QUICK)
    if arguments.blocks < 1 or arguments.threads < 1 or not arguments.seconds > 0:
        parser.error("--blocks, --threads and --seconds: expected more than 0")
    if arguments.check and arguments.threads != 2:
        parser.error("--check: the limits in Thresholds/ are for --threads 2")
    arguments.groups = arguments.groups.split(",") if arguments.groups else list(GROUPS)
    for group in arguments.groups:
        if group not in GROUPS:
            parser.error(f"--groups: expected some of {', '.join(GROUPS)}, got {group}")
    if arguments.networks and "steps" not in arguments.groups:
        parser.error("--networks: expected steps among --groups")
    arguments.networks = arguments.networks.split(",") if arguments.networks else [
        name for name, network in steps.NETWORKS.items() if arguments.mnist or not network.mnist]
    for name in arguments.networks:
        if name not in steps.NETWORKS:
            parser.error(f"--networks: expected some of {', '.join(steps.NETWORKS)}, got {name}")
        if steps.NETWORKS[name].mnist and not arguments.mnist:
            parser.error(f"--networks {name}: add --mnist FOLDER")
    if not pathlib.Path(arguments.moult).is_file():
        parser.error(f"--moult {arguments.moult}: no such file; swift build -c release makes it")
    arguments.jax = arguments.jax and importlib.util.find_spec("jax") is not None
    return arguments


def run(arguments, group):
    """Measures the cases of a group and prints their tables: pairs of a case and its results, and notes."""
    measured, notes = [], []
    for case in GROUPS[group].cases(arguments):
        if arguments.only not in case.name:
            continue
        results, missing = measure(arguments, case)
        measured.append((case, results))
        notes += [note for note in missing if note not in notes]
        if group == "steps":
            print(report.network_table(case, results, arguments.threads), flush=True)
        elif group == "scaling":
            print(report.scaling_table(case, results, arguments.threads), flush=True)
    if measured and group not in ("steps", "scaling"):
        print(report.group_table(group, measured, arguments.threads), flush=True)
    return measured, notes


def main():
    arguments = parse()
    torch.set_num_threads(arguments.threads)
    versions = {"torch": torch.__version__}
    if arguments.jax and "steps" in arguments.groups:
        import step_jax

        versions["jax"] = step_jax.start(arguments.threads)
    document = {"schema": 1, "event": "comparison", "threads": arguments.threads, "versions": versions, "groups": {}}
    verdicts, notes, all_hold = [], [], True
    for group in arguments.groups:
        measured, missing = run(arguments, group)
        notes += [note for note in missing if note not in notes]
        for case, results in measured:
            lines, holds = report.check(case, results)
            verdicts += lines
            all_hold = all_hold and holds
        document["groups"][group] = {case.name: {"title": case.title, "contenders": own} for case, own in measured}
    print("\n".join(notes + [", ".join(f"{library} {version}" for library, version in versions.items())]))
    if arguments.check:
        print("\n" + "\n".join(verdicts))
    if arguments.json:
        document["networks"] = {name: dataclasses.asdict(steps.NETWORKS[name]) for name in arguments.networks}
        pathlib.Path(arguments.json).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 1 if arguments.check and not all_hold else 0


if __name__ == "__main__":
    sys.exit(main())
