"""The runs whose tensors Tests/Reference/run_digests.json pins, and their digests. Needs Python only.

A run is `moult train` with explicit settings. The digest of a tensor of its model.safetensors is the type, the shape and
the remainder of the bytes, one little-endian number, divided by the prime 2^64 - 59. So neither the header's order nor
its metadata count, and a test computes the same in a few lines.
"""

import json
import os
import pathlib
import struct
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "Tests/Reference/run_digests.json"
DATA = {
    "IMAGES": str(ROOT / "Tests/Reference/run_digests.npz"),
    "TABLE": str(ROOT / "Examples/data/penguins.csv"),
}
PRIME = 2**64 - 59
INSTRUCTION_SETS = ["portable", "avx2", "avx512"]


def digests(path):
    """The digest of each tensor of a safetensors file, by name."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header, start = json.loads(content[8 : 8 + length]), 8 + length
    result = {}
    for name, entry in sorted(header.items()):
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        remainder = int.from_bytes(content[start + first : start + last], "little") % PRIME
        result[name] = f"{entry['dtype']} {entry['shape']} {remainder:016x}"
    return result


def train(moult, arguments, folder, threads=None, isa=None):
    """Trains with the settings of a run and gives the digests of its tensors."""
    environment = {**os.environ, "MOULT_THREADS": str(threads or 2)}
    environment.pop("MOULT_ISA", None)
    if isa:
        environment["MOULT_ISA"] = isa
    command = [moult, "train", *(DATA.get(word, word) for word in arguments), "--out", str(folder)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr}")
    return digests(f"{folder}/model.safetensors")


def supported(moult):
    """The instruction sets that this machine has."""
    done = subprocess.run([moult, "info", "--json"], capture_output=True, text=True, check=True)
    best = json.loads(done.stdout.splitlines()[0])["instruction_set"]
    return INSTRUCTION_SETS[: INSTRUCTION_SETS.index(best) + 1]
