#!/usr/bin/env python3
"""Compares the built `moult mask` with the Python reference of the mask law on random settings.

    python3 Scripts/reference/compare_mask.py --moult .build/release/moult [--settings 1000] [--rng-seed 7]

Prints the settings that differ and exits with 1 when there are any.
"""

import argparse
import pathlib
import subprocess
import sys

import masklaw

ROOT = pathlib.Path(__file__).resolve().parents[2]


def command(moult, setting):
    # repr gives the shortest decimal that reads back as the same double.
    options = (f"--{name}={value!r}" for name, value in setting.items())
    return [moult, "mask", *options]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moult", default=str(ROOT / ".build/release/moult"), help="the executable to check")
    parser.add_argument("--settings", type=int, default=1000, help="how many settings (default 1000)")
    parser.add_argument("--rng-seed", type=int, default=7, help="which settings (default 7)")
    arguments = parser.parse_args()
    masklaw.self_check()
    differing = units = 0
    for setting in masklaw.random_settings(arguments.settings, arguments.rng_seed):
        call = command(arguments.moult, setting)
        result = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        units += setting["rows"] * setting["units"]
        if result.returncode != 0 or result.stdout != masklaw.mask_text(**setting):
            differing += 1
            if differing <= 10:
                print(f"differs (exit {result.returncode}): {' '.join(call)}\n{result.stderr.strip()}")
    print(f"moult mask: {arguments.settings - differing} of {arguments.settings} settings equal ({units} units)")
    return 1 if differing or not units else 0


if __name__ == "__main__":
    sys.exit(main())
