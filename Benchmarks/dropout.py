"""Dropout alone: Moult's forward pass beside a copy of the same tensor and PyTorch's F.dropout."""

import dataclasses
import json
import subprocess

import torch
from measuring import Case, InProcess, Moult, parsed

# Rows and units. The last is out of any cache: 64 M numbers, 256 MiB to read and as many to write.
SHAPES = [(128, 50), (100, 256), (1024, 1024), (65_536, 1024)]
RATES = [0.5, 0.25, 0.1, 0.3]


class WithCopy(Moult):
    """`moult bench dropout` measures a copy by turns with dropout; its times are kept for the contender `copy`."""

    def block(self, seconds, steps):
        command = self.command + ["--seconds", str(seconds)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.answer = json.loads(done.stdout) if done.returncode == 0 else {}
        return parsed(self.answer, " ".join(command))


class Copy:
    """The copy of the block just measured."""

    def __init__(self, moult):
        self.moult = moult

    def block(self, seconds, steps):
        block, answer = parsed(self.moult.answer, ""), self.moult.answer
        return dataclasses.replace(
            block, median=answer["copy_microseconds_median"], mean=answer["copy_microseconds_mean"],
            fastest=answer["copy_microseconds_min"])  # fmt: skip


def cases(arguments):
    for rows, units in SHAPES:
        for rate in RATES:
            yield Case(
                f"{rows}x{units} at {rate}", "", lambda rows=rows, units=units, rate=rate: contenders(
                    arguments, rows, units, rate), "dropout", length=0.25)  # fmt: skip


def contenders(arguments, rows, units, rate):
    moult = WithCopy(arguments, "dropout", "--elements", rows * units, "--row", units, "--rate", rate)
    x = torch.randn(rows, units)
    return {
        "moult": moult,
        "copy": Copy(moult),
        "pytorch": InProcess(lambda: torch.nn.functional.dropout(x, rate, training=True)),
    }, []
