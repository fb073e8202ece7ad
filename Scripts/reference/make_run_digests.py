#!/usr/bin/env python3
"""Writes Tests/Reference/run_digests.json and run_digests.npz: what training gave at a commit, bit for bit.

    python3 Scripts/reference/make_run_digests.py --moult PATH --commit HASH [--only PATTERN]

Each of the 15 ways to train a fully connected network (none, and every variant that applies) trains on images and on a
table; some more runs have other settings. --only records runs whose names match anew and leaves the others as they are.
Needs Python only. Settings are chosen so that the weights do not depend on the C library: a constant learning rate,
because the cosine schedule calls its `cos`. What its `log` and `exp` in Double decide is the initial value of a
variational or concrete layer, rounded to Float, and mixup's shares.
"""

import argparse
import fnmatch
import gzip
import io
import json
import pathlib
import struct
import subprocess
import tempfile
import zipfile

from run_digests import DATA, REFERENCE, ROOT, train

# Sizes that are no multiples of 16, and more outputs than a panel of packed weights has.
SHARED = ["--seed", "16", "--no-report", "--quiet", "--schedule", "constant", "--warm-up", "0"]
IMAGES = ["IMAGES", *SHARED, "--model", "675-200-131-10", "--batch-size", "97", "--epochs", "2", "--patience", "0",
          "--validation-share", "0"]  # fmt: skip
TABLE = ["TABLE", *SHARED, "--target", "species", "--model", "15-75-38-3", "--batch-size", "33", "--epochs", "3",
         "--patience", "0", "--validation-share", "0.15", "--test-share", "0.15", "--split-seed", "5"]  # fmt: skip
SGD = ["--optimizer", "sgd", "--momentum", "0.9", "--learning-rate", "0.02", "--weight-decay", "0"]
ADAM = ["--optimizer", "adam", "--learning-rate", "0.002", "--weight-decay", "0"]
# Each variant at its default rate.
RATES = {
    "none": 0, "dropout": 0.5, "batch-dropout": 0.2, "group-dropout": 0.5, "alpha-dropout": 0.1, "gaussian-dropout": 0.5,
    "gaussian-noise": 0.3, "concrete": 0.5, "variational-dropout": 0.5, "variational-linear": 0.5, "dropconnect": 0.5,
    "multi-sample": 0.5, "standout": 0.5, "r-drop": 0.5, "mixup": 0.5,
}  # fmt: skip


def runs():
    """The name of each run and its settings."""
    for name, rate in RATES.items():
        variant = ["--dropout", str(rate)] + (["--variant", name] if name != "none" else [])
        yield f"{name}, images, sgd", IMAGES + SGD + variant
        yield f"{name}, table, adam", TABLE + ADAM + variant
    regularized = ["--max-norm", "0.8", "--input-dropout", "0.2", "--label-smoothing", "0.1", "--dropout", "0.3"]
    yield "all of the recipe, images, adamw", IMAGES + [
        "--optimizer", "adamw", "--learning-rate", "0.001", "--weight-decay", "0.01", "--warm-up", "0.5", *regularized
    ]  # fmt: skip
    yield "no hidden layer, images, sgd", [
        *IMAGES, *SGD, "--model", "675-10", "--dropout", "0", "--input-dropout", "0.4"]  # fmt: skip
    yield "rate 1/3, images, adam", IMAGES + ADAM + ["--dropout", "0.3333333333333333", "--class-weights", "balanced"]
    yield "regression, table, adamw", [
        *TABLE, "--target", "body_mass_g", "--model", "13-75-38-1", "--optimizer", "adamw", "--learning-rate", "0.01",
        "--weight-decay", "0.02", "--dropout", "0.1"]  # fmt: skip


def images():
    """A few of the bundled digits without three rows and one column, so that a line has 675 numbers, as a .npz file."""
    folder = ROOT / "Sources/CMoultDigits/Data"
    pixels = gzip.decompress((folder / "train-images-10k-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / "train-labels-10k-idx1-ubyte.gz").read_bytes())[8:]

    def part(first, last):
        rows = (pixels[(28 * sample + row) * 28 :][: 28] for sample in range(first, last) for row in range(28))
        cut = b"".join(row[:27] for number, row in enumerate(rows) if 2 <= number % 28 < 27)
        return cut, labels[first:last], last - first

    def npy(kind, shape, content):
        header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
        header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
        return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content

    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, (first, last) in {"train": (0, 211), "test": (211, 251)}.items():
            cut, own, count = part(first, last)
            for letter, content in [("x", npy("|u1", (count, 25, 27), cut)), ("y", npy("|u1", (count,), own))]:
                entry = zipfile.ZipInfo(f"{letter}_{name}.npy", (1980, 1, 1, 0, 0, 0))
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return output.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moult", required=True, help="the executable, built at --commit")
    parser.add_argument("--commit", required=True, help="what the executable was built from")
    parser.add_argument("--only", metavar="PATTERN", help="record only the runs whose names match")
    arguments = parser.parse_args()

    listed = subprocess.run([arguments.moult, "train", "--list-variants", "--json"], check=True, capture_output=True)
    applies = {v["name"] for v in map(json.loads, listed.stdout.splitlines()) if v["applies"]}
    if applies != set(RATES) - {"none"}:
        raise SystemExit(f"expected the variants {sorted(set(RATES) - {'none'})}, got {sorted(applies)}")
    old = json.loads(REFERENCE.read_text())["runs"] if arguments.only else []
    if not arguments.only:
        pathlib.Path(DATA["IMAGES"]).write_bytes(images())
    kept = {run["name"]: run for run in old if not fnmatch.fnmatch(run["name"], arguments.only)}
    recorded = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, settings) in enumerate(runs()):
            tensors = {} if name in kept else train(arguments.moult, settings, f"{folder}/{number}")
            recorded.append(kept.get(name) or {
                "name": name, "commit": arguments.commit, "arguments": " ".join(settings), "tensors": tensors})  # fmt: skip
    REFERENCE.write_text(json.dumps({"schema": 1, "runs": recorded}, indent=1) + "\n")


if __name__ == "__main__":
    main()
