"""The programs in Dense/: a training step without dropout fused over a dense library, and its products alone.

    python3 Benchmarks/dense.py

compares the losses of the fused step with those of PyTorch over some steps, on the same batches from the same weights.
"""

import functools
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
from measuring import parsed

SOURCES = pathlib.Path(__file__).parent / "Dense"
VERIFIED = [("784-256x2-10", 100), ("20-33x3-7", 13)]
VERIFIED_STEPS = 8
TOLERANCE = 1e-4


def openblas():
    """How to compile against the OpenBLAS that NumPy's packages bring, or None: Debian's is years older."""
    folder = pathlib.Path(numpy.__file__).parents[1] / "numpy.libs"
    for path in glob.glob(f"{folder}/libscipy_openblas64_*.so"):
        return ["-DOPENBLAS(name)=scipy_##name##64_", "-DOPENBLAS_INT=int64_t", path, f"-Wl,-rpath,{folder}"]
    return None


# For each library its source and what the compiler needs to know.
LIBRARIES = {"oneDNN": ("onednn.c", lambda: ["-ldnnl"]), "OpenBLAS": ("openblas.c", openblas)}


@functools.cache
def program(library):
    """The path of the program for `library`, compiled anew in each run; and why there is none."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    source, find = LIBRARIES[library]
    options = find()
    if compiler is None or options is None:
        return None, f"{library}: no C compiler" if compiler is None else f"{library}: not found beside NumPy"
    path = pathlib.Path(folder().name) / library
    command = [compiler, "-O3", "-march=native", "-fopenmp", str(SOURCES / "step.c"), str(SOURCES / source)]
    done = subprocess.run(command + options + ["-lm", "-o", str(path)], stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        reason = next((line for line in done.stderr.splitlines() if "error" in line), "the compiler failed")
        return None, f"{library}: {reason}"
    return path, None


@functools.cache
def folder():
    return tempfile.TemporaryDirectory(prefix="moult-benchmarks-")


def write(path, inputs, labels):
    """`inputs: [batches, N, in]` and `labels: [batches, N]` as Dense/step.c reads them."""
    with open(path, "wb") as file:
        for array, dtype in [(inputs.shape[:2], "<i4"), (inputs, "<f4"), (labels, "<i4")]:
            file.write(numpy.ascontiguousarray(array, dtype=dtype).tobytes())


class Dense:
    """One process of the program, which waits between blocks. It starts, and chooses its layouts, at the first block."""

    def __init__(self, library, mode, path, sizes, threads):
        self.command = [str(program(library)[0]), mode, str(path), ",".join(map(str, sizes)), str(threads)]
        self.process = None

    def block(self, seconds, steps):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{seconds} {steps or 0}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        return parsed(json.loads(line) if line else {}, " ".join(self.command))

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def contenders(mode, path, sizes, threads, prefix):
    """A contender for each library that is there, and notes on the others."""
    found, notes = {}, []
    for library in LIBRARIES:
        executable, reason = program(library)
        if executable:
            # OpenBLAS has one layout, the plain one.
            name = prefix.removeprefix("packed ") if library == "OpenBLAS" else prefix
            found[name + library] = Dense(library, mode, path, sizes, threads)
        else:
            notes.append(f"not measured: {prefix}{reason}")
    return found, notes


def verify():
    """Prints the largest difference of the losses for each library and network; whether all are small enough."""
    import batches
    import torch
    from step_pytorch import Step, sizes

    holds = True
    for model, rows in VERIFIED:
        widths = sizes(model)
        inputs, labels = batches.normal(3, rows, widths[0], widths[-1])
        torch_step = Step(model, torch.from_numpy(inputs), torch.from_numpy(labels), 0, 0)
        write(pathlib.Path(folder().name) / "verify.bin", inputs, labels)
        weights = pathlib.Path(folder().name) / "weights.bin"
        weights.write_bytes(b"".join(p.detach().numpy().tobytes() for p in torch_step.network.parameters()))
        expected = [torch_step.step() for _ in range(VERIFIED_STEPS)]
        for library in LIBRARIES:
            executable, reason = program(library)
            if executable is None:
                print(f"not verified: {reason}")
                continue
            command = [str(executable), "step", f"{folder().name}/verify.bin", ",".join(map(str, widths)), "2"]
            done = subprocess.run(
                command + [str(weights), str(VERIFIED_STEPS)], stdout=subprocess.PIPE, text=True, check=True)
            got = [float(line) for line in done.stdout.split()]
            difference = max(abs(a - b) for a, b in zip(got, expected, strict=True))
            holds = holds and difference <= TOLERANCE
            verdict = "agrees" if difference <= TOLERANCE else "DIFFERS"
            print(f"{library} {verdict}: {model}, batch {rows}, losses {expected[0]:.6f} to {expected[-1]:.6f}, "
                  f"largest difference {difference:.1e}")  # fmt: skip
    return holds


if __name__ == "__main__":
    sys.exit(0 if verify() else 1)
