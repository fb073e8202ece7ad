#!/usr/bin/env python3
"""Trains on a file ten times as large as the memory that the process may use, and on samples in memory, in turns.

    swift build -c release --package-path Examples --product Streaming
    python3 Benchmarks/streaming.py [--limit 128] [--times 10] [--hidden 128,512,768,1024] [--rounds 3] [--check]

The file holds rows of 784 float32 numbers. Before each round its pages are dropped from the page cache, so that all
samples come from the disk; a cgroup limits the memory of the process together with its page cache. Samples in memory
are a part of the same file, without a limit. Prints a line for each width of the network: milliseconds of a step, the
speed of streaming divided by the speed in memory, and megabytes of samples per second. --check exits with 1 if the
ratio is below 0.9 where a step takes 2 ms or more. Needs Python only, and for the limit the right to make a cgroup or
systemd-run.
"""

import argparse
import array
import contextlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
WIDTH, CLASSES, BATCH = 784, 10, 128
LEAST_RATIO, FROM_MILLISECONDS = 0.9, 2.0


def write_npy(path, description, shape, chunks):
    text = f"{{'descr': '{description}', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))},), }}"
    header = text + " " * (-(len(text) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def write_samples(folder, byte_count):
    """Files of random inputs and labels; the numbers repeat after some hundred rows, at another place of the row."""
    rng = random.Random(1)
    count = byte_count // (4 * WIDTH)
    pool = array.array("f", (rng.gauss(0, 1) for _ in range(1 << 18)))
    pool = (pool + pool).tobytes()

    def rows():
        for _ in range(count):
            start = 4 * rng.randrange(1 << 18)
            yield pool[start:start + 4 * WIDTH]

    labels = array.array("i", (rng.randrange(CLASSES) for _ in range(count)))
    inputs, answers = folder / "inputs.npy", folder / "labels.npy"
    write_npy(inputs, "<f4", (count, WIDTH), rows())
    write_npy(answers, "<i4", (count,), [labels.tobytes()])
    return inputs, answers, count


def drop_pages(*paths):
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


@contextlib.contextmanager
def limited(byte_count):
    """Yields the words before a command that limit its memory, a function for the child, and what limits it."""
    places = [
        (pathlib.Path("/sys/fs/cgroup"), "memory.max", "cgroup v2"),
        (pathlib.Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "cgroup v1"),
    ]
    for root, file, name in places:
        if not (root / "cgroup.procs").exists():
            continue
        group = root / f"moult-streaming-{os.getpid()}"
        try:
            group.mkdir()
            (group / file).write_text(str(byte_count))
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        try:
            yield [], lambda: (group / "cgroup.procs").write_text(str(os.getpid())), name
        finally:
            group.rmdir()
        return
    if shutil.which("systemd-run"):
        user = [] if os.geteuid() == 0 else ["--user"]
        yield ["systemd-run", *user, "--scope", "-q", "-p", f"MemoryMax={byte_count}"], None, "systemd-run"
    else:
        yield [], None, "NOTHING: no right to make a cgroup, and no systemd-run"


def run(command, before=None):
    """The program's answer, and the megabytes that it has read from the disk and had resident at most."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=before)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: ended with {process.returncode}")
    return {**json.loads(output), "disk": usage.ru_inblock * 512 / 1e6, "resident": usage.ru_maxrss / 1024}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "Examples/.build/release/Streaming"))
    parser.add_argument("--limit", type=int, default=128, help="MiB of memory (default 128)")
    parser.add_argument("--times", type=float, default=10, help="size of the file, in limits (default 10)")
    parser.add_argument("--hidden", default="128,512,768,1024", help="widths of the network's hidden layers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--prefetched", type=int, help="batches that are read ahead, if not as many as usual")
    parser.add_argument("--folder", help="where the file is written (default: the system's temporary folder)")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a ratio is too low")
    arguments = parser.parse_args()
    limit = arguments.limit << 20
    failed = False
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        inputs, labels, count = write_samples(pathlib.Path(folder), int(limit * arguments.times))
        sizes = f"{inputs.stat().st_size / 2**20:.0f} MiB, {count} samples"
        ahead = ["--prefetched", str(arguments.prefetched)] if arguments.prefetched else []
        with limited(limit) as (prefix, enter, name):
            print(f"{sizes}; memory limited to {arguments.limit} MiB by {name}\n")
            print("| hidden | ms in memory | ms streaming | speed ratio (range) | MB/s | MB from disk | MiB resident |")
            print("|---:|---:|---:|---:|---:|---:|---:|")
            for hidden in arguments.hidden.split(","):
                rounds = []
                for _ in range(arguments.rounds):
                    end = [str(inputs), str(labels), "--hidden", hidden, "--batch", str(BATCH)]
                    memory = run([arguments.program, "memory", *end, "--samples", str(min(count, 100_000))])
                    drop_pages(inputs, labels)
                    rounds.append((memory, run([*prefix, arguments.program, "stream", *end, *ahead], enter)))
                ratios = [a["step_milliseconds"] / b["step_milliseconds"] for a, b in rounds]

                def middle(side, key):
                    return statistics.median(pair[side][key] for pair in rounds)

                ratio, step = statistics.median(ratios), middle(0, "step_milliseconds")
                failed = failed or ratio < LEAST_RATIO and step >= FROM_MILLISECONDS
                print(
                    f"| {hidden} | {step:.2f} | {middle(1, 'step_milliseconds'):.2f} "
                    f"| {ratio:.2f} ({min(ratios):.2f} … {max(ratios):.2f}) | {middle(1, 'megabytes_per_second'):.0f} "
                    f"| {middle(1, 'disk'):.0f} | {middle(1, 'resident'):.0f} |", flush=True)
    return 1 if arguments.check and failed else 0


if __name__ == "__main__":
    sys.exit(main())
