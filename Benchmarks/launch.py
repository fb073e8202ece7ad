"""Launches a command for some seconds, and prints what a launch took and the most memory that one had.

    python3 -I -S launch.py SECONDS COMMAND...

A process of its own, because a child counts the memory of what it was forked from: the fewer imports the better.
"""

import os
import sys
import time

FEWEST = 3


def launch(command):
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with status {status}")
    return 1e6 * (time.perf_counter() - start), usage.ru_maxrss / 1024


def main():
    seconds, command = float(sys.argv[1]), sys.argv[2:]
    launch(command)  # Brings the files into the cache.
    results, end = [], time.perf_counter() + seconds
    while len(results) < FEWEST or time.perf_counter() < end:
        results.append(launch(command))
    times = sorted(took for took, _ in results)
    count = len(times)
    print(
        '{"event": "bench", "microseconds_median": %.1f, "microseconds_mean": %.1f, "microseconds_min": %.1f, '
        '"repetitions": %d, "peak_mebibytes": %.1f}'
        % ((times[count // 2] + times[(count - 1) // 2]) / 2, sum(times) / count, times[0], count,
           max(peak for _, peak in results)))  # fmt: skip


main()
