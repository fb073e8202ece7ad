#!/usr/bin/env python3
"""Writes Tests/Reference/runs-6e33e26: what `moult train` of that commit left, to be loaded for ever.

    python3 Scripts/reference/make_run_fixtures.py --moult PATH

PATH must have been built from commit 6e33e26. Finished runs have a file predictions-N.csv for N passes (0: dropout off);
stopped ones have a checkpoint after eleven steps, and expected.json holds the tensors that they end with. Needs Python only.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import tempfile

from run_digests import DATA, ROOT, digests

OUTPUT = ROOT / "Tests/Reference/runs-6e33e26"
SHARED = ["--quiet", "--seed", "7", "--split-seed", "5", "--schedule", "constant", "--no-report", "--epochs", "6"]
TABLE = ["penguins.csv", *SHARED, "--batch-size", "33"]
IMAGES = ["images.npz", *SHARED, "--batch-size", "50", "--validation-share", "0.1"]
FINISHED = {
    "classes": [*TABLE, "--optimizer", "adam", "--model", "15-20-13-3", "--target", "species", "--variant", "concrete"],
    "regression": [*TABLE, "--optimizer", "adamw", "--learning-rate", "0.01", "--target", "body_mass_g", "--dropout", "0.1",
                   "--model", "13-20-13-1"],
    "images": [*IMAGES, "--model", "675-16-10", "--dropout", "0.5"],
}  # fmt: skip
STOPPED = {
    "stopped-classes": FINISHED["classes"],
    "stopped-images": [*IMAGES, "--model", "675-7-10", "--variant", "multi-sample", "--patience", "4"],
}
STEPS = 11
ROWS = 40  # of each file of predictions
KEPT = ["checkpoint.safetensors", "config.json", "metrics.csv", "metrics.jsonl", "model.safetensors"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moult", required=True, help="the executable")
    moult = parser.parse_args().moult
    expected = {}
    shutil.rmtree(OUTPUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:

        def run(*arguments):
            done = subprocess.run([moult, *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{arguments}: exit {done.returncode}: {done.stderr}")

        def keep(name):
            (OUTPUT / name).mkdir(parents=True)
            for file in KEPT:
                if pathlib.Path(folder, name, file).exists():
                    shutil.copy(pathlib.Path(folder, name, file), OUTPUT / name)

        shutil.copy(DATA["TABLE"], f"{folder}/penguins.csv")
        shutil.copy(DATA["IMAGES"], f"{folder}/images.npz")
        for name, settings in FINISHED.items():
            run("train", *settings, "--out", name)
            keep(name)
            for passes in ["0", "20"]:
                run("predict", name, settings[0], "--samples", passes, "--seed", "3", "--out", "predictions.csv")
                lines = pathlib.Path(folder, "predictions.csv").read_text().splitlines(keepends=True)
                (OUTPUT / name / f"predictions-{passes}.csv").write_text("".join(lines[: 1 + ROWS]))
        for name, settings in STOPPED.items():
            run("train", *settings, "--out", "whole", "--force")
            expected[name] = digests(f"{folder}/whole/model.safetensors")
            run("train", *settings, "--out", name, "--time-limit", "1e-9")
            for _ in range(STEPS - 1):
                run("train", "--resume", name, "--quiet", "--no-report", "--time-limit", "1e-9")
            keep(name)
    (OUTPUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
