#!/usr/bin/env python3
"""Runs the commands that Documentation/MaskLaw.md shows and compares what they print. Needs Python only.

    python3 Scripts/reference/check_transcripts.py
"""

import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def transcripts(text):
    """Pairs of a command and the lines shown below it, from the ```console blocks."""
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.S):
        for part in block.split("$ ")[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def main():
    wrong = count = 0
    for command, shown in transcripts((ROOT / "Documentation/MaskLaw.md").read_text()):
        result = subprocess.run([sys.executable, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True)
        count += 1
        if result.stdout != shown:
            wrong += 1
            print(f"$ {command}\nshown:\n{shown}printed:\n{result.stdout}{result.stderr}")
    print(f"MaskLaw.md: {count - wrong} of {count} transcripts are what the commands print")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
