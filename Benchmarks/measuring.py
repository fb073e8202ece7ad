"""How contenders are measured: in blocks that alternate, so that whatever else the machine does meets them all."""

import dataclasses
import json
import statistics
import subprocess
import time

# Seconds between blocks of training steps; shorter blocks have shorter pauses.
PAUSE = 0.2
# What a threshold may call the fastest of several contenders, by how their names begin.
FASTEST_OF = {
    "dense products": ("products in ",),
    "fused dense step": ("fused step in ",),
    "dense library": ("product in ", "packed product in "),
    "dense library on plain tensors": ("product in ",),
}


@dataclasses.dataclass(frozen=True)
class Block:
    """The times of one block in microseconds, and what else it told."""

    median: float
    mean: float
    fastest: float
    steps: int
    extra: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Case:
    """One thing that is compared: a row or a table of the results."""

    name: str
    title: str
    # Makes the contenders by name, and notes on those that are missing.
    contenders: callable
    # Where its thresholds are: Thresholds/FILE.json.
    thresholds: str
    # Steps of each block, instead of as many as last for some seconds; then there is one block.
    steps: int = 0
    # The length of a block, in those of a training step.
    length: float = 1.0
    # Scaling: what each contender has to do, in any unit.
    work: dict = dataclasses.field(default_factory=dict)


def timed(step, seconds, steps=None, warm_up=10):
    """Microseconds of each call of `step`: for about `seconds`, or `steps` of them, after `warm_up` untimed ones, fewer
    where these alone take `seconds`."""
    end = time.perf_counter() + seconds
    for number in range(warm_up):
        if steps or number == 0 or time.perf_counter() < end:
            step()
    times, end = [], time.perf_counter() + seconds
    while len(times) < steps if steps else len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter_ns()
        step()
        times.append((time.perf_counter_ns() - start) / 1000)
    return times


class InProcess:
    """Calls `step` again and again; `after()` tells more once a block has ended."""

    def __init__(self, step, after=dict):
        self.step, self.after = step, after

    def block(self, seconds, steps):
        times = timed(self.step, seconds, steps)
        return Block(statistics.median(times), statistics.mean(times), min(times), len(times), self.after())


class Moult:
    """A verb of `moult bench`, a process for each block. Extra fields of its answer are kept if `extra` names them."""

    def __init__(self, arguments, *command, threads=None, extra=()):
        self.command = [arguments.moult, "bench", *map(str, command), "--json"]
        self.command += ["--threads", str(threads or arguments.threads)]
        self.extra = extra

    def block(self, seconds, steps):
        command = self.command + (["--repetitions", str(steps)] if steps else ["--seconds", str(seconds)])
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        answer = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else {}
        return parsed(answer, " ".join(command), self.extra)


def parsed(answer, command, extra=()):
    """The block that a program's JSON object tells of."""
    if answer.get("event") != "bench":
        raise SystemExit(f'{command}: expected an event "bench", got {answer!r}')
    return Block(
        answer["microseconds_median"], answer["microseconds_mean"], answer["microseconds_min"], answer["repetitions"],
        {key: answer[key] for key in extra if key in answer})  # fmt: skip


def measure(arguments, case):
    """For each contender its times and the ratio of Moult's to its own, block by block; and notes."""
    runners, notes = case.contenders()
    blocks = {name: [] for name in runners}
    for _ in range(1 if case.steps else arguments.blocks):
        for name, runner in runners.items():
            blocks[name].append(runner.block(arguments.seconds * case.length, case.steps or None))
            time.sleep(PAUSE * case.length)
    for runner in runners.values():
        getattr(runner, "close", lambda: None)()
    return {name: summary(own, next(iter(blocks.values()))) for name, own in blocks.items()}, notes


def summary(own, ours):
    ratios = [a.median / b.median for a, b in zip(ours, own)]
    result = {
        "microseconds_median": round(statistics.median(block.median for block in own), 2),
        "microseconds_medians": [round(block.median, 2) for block in own],
        "microseconds_mean": round(statistics.median(block.mean for block in own), 2),
        "microseconds_means": [round(block.mean, 2) for block in own],
        "microseconds_min": round(min(block.fastest for block in own), 2),
        "repetitions": sum(block.steps for block in own),
        "moult_ratio": round(statistics.median(ratios), 3),
        "moult_ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
    }
    for key in own[0].extra:
        result[key] = round(statistics.median(block.extra[key] for block in own), 4)
    return result


def ratio(results, one, other, statistic="median"):
    """`one`'s time over `other`'s: the median over blocks, each divided by the other's of the same round."""
    key = f"microseconds_{statistic}s"
    return statistics.median(a / b for a, b in zip(results[one][key], results[other][key]))


def resolved(results, name):
    """The contender that a threshold names: itself, the fastest of a kind, or None where it was not measured."""
    if name in FASTEST_OF:
        names = [contender for contender in results if contender.startswith(FASTEST_OF[name])]
        return min(names, key=lambda contender: results[contender]["microseconds_median"], default=None)
    return name if name in results else None
