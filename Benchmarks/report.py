"""Results as Markdown, and whether the thresholds hold."""

import fnmatch
import json
import math
import pathlib

from measuring import ratio, resolved

THRESHOLDS = pathlib.Path(__file__).parent / "Thresholds"
# A median this many times the fastest step means that the machine did something else.
DISTURBED = 1.5
ABSOLUTE = {"microseconds_median": "µs", "peak_mebibytes": "MiB"}


def network_table(case, results, threads):
    """A row for each contender."""
    lines = [
        f"### {case.name}: {case.title}, {threads} threads\n",
        "| | median µs | block medians µs | mean µs | fastest µs | steps | Moult takes | range |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for contender, own in results.items():
        medians, span = own["microseconds_medians"], own["moult_ratio_range"]
        lines.append(
            f"| {contender} | {own['microseconds_median']:,.0f} | {min(medians):,.0f}–{max(medians):,.0f} "
            f"| {own['microseconds_mean']:,.0f} | {own['microseconds_min']:,.0f} | {own['repetitions']:,} "
            f"| **{own['moult_ratio']:.2f}** × | {span[0]:.2f}–{span[1]:.2f} |")
    for contender, own in results.items():
        if "test_loss" in own:
            lines.append(f"\n{contender}: loss {own['train_loss']:.4f} on the batches trained on, "
                         f"{own['test_loss']:.4f} on the test set")  # fmt: skip
    if case.steps:
        lines.append(f"\nMoult's mean step is {ratio(results, 'moult', 'pytorch', 'mean'):.3f} × PyTorch's")
    disturbed = disturbed_ones(results)
    if disturbed:
        lines.append(f"\nDisturbed, so the ratios prove little: {', '.join(disturbed)}")
    return "\n".join(lines) + "\n"


def disturbed_ones(results):
    return [
        name for name, own in results.items() if own["microseconds_median"] > DISTURBED * own["microseconds_min"]]


def group_table(group, measured, threads):
    """A row for each case: Moult's median, and for each contender its median and the ratio."""
    names = list(dict.fromkeys(name for _, results in measured for name in results))
    lines = [
        f"### {group}, {threads} threads: µs of each, and Moult's as a multiple of it\n",
        "| | " + " | ".join(names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    for case, results in measured:
        cells = []
        for name in names:
            own = results.get(name)
            if own is None:
                cells.append("")
                continue
            memory = f", {own['peak_mebibytes']:.0f} MiB" if "peak_mebibytes" in own else ""
            times = "" if name == names[0] else f", **{own['moult_ratio']:.2f}** ×"
            cells.append(f"{own['microseconds_median']:,.1f}{memory}{times}")
        lines.append(f"| {case.name} | " + " | ".join(cells) + " |")
    disturbed = [f"{case.name} ({name})" for case, results in measured for name in disturbed_ones(results)]
    if disturbed:
        lines.append(f"\nDisturbed, so the ratios prove little: {', '.join(disturbed)}")
    return "\n".join(lines) + "\n"


def scaling_table(case, results, threads):
    lines = [
        f"### scaling by {case.name}, {threads} threads\n",
        "| | µs | µs per unit of work, the first as 1 |",
        "|---|---:|---:|",
    ]
    labels = list(results)
    unit = results[labels[0]]["microseconds_min"] / case.work[labels[0]]
    for label in labels:
        own = results[label]
        share = own["microseconds_min"] / case.work[label] / unit
        lines.append(f"| {label} | {own['microseconds_median']:,.1f} | {share:.2f} |")
    lines.append(f"\nTime grows as work to the power {growth(case, results):.2f}")
    return "\n".join(lines) + "\n"


def growth(case, results):
    """The exponent of the power law that fits the fastest times best, in least squares of the logarithms."""
    points = [(math.log(case.work[label]), math.log(own["microseconds_min"])) for label, own in results.items()]
    x, y = (sum(values) / len(points) for values in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def check(case, results):
    """Lines about this case's thresholds, and whether all that were measured hold."""
    lines, all_hold = [], True

    disturbed = disturbed_ones(results)

    def judge(what, value, most, unit="", by=()):
        nonlocal all_hold
        verdict = "EXCEEDED" if value > most else "DISTURBED" if set(by) & set(disturbed) else "holds"
        all_hold = all_hold and verdict == "holds"
        lines.append(f"- {verdict}: {case.name}, {what} {value:.4g} ≤ {most}{unit}")

    document = json.loads((THRESHOLDS / f"{case.thresholds}.json").read_text())
    for threshold in mine(case, document.get("moult_ratios", [])):
        ours, statistic = threshold.get("moult", "moult"), threshold.get("statistic", "median")
        contender = resolved(results, threshold["to"])
        what = f"{ours} / {contender or threshold['to']}" + (f" ({statistic})" if statistic != "median" else "")
        if contender is None or ours not in results:
            lines.append(f"- not measured: {case.name}, {what} ≤ {threshold['at_most']}")
        else:
            judge(what, ratio(results, ours, contender, statistic), threshold["at_most"], by=(ours, contender))
    for threshold in mine(case, document.get("moult_at_most", [])):
        contender = threshold.get("of", "moult")
        for key, unit in ABSOLUTE.items():
            if key in threshold and contender in results:
                judge(f"{contender} {key}", results[contender][key], threshold[key], f" {unit}")
    for threshold in mine(case, document.get("growth_at_most", [])):
        judge("growth", growth(case, results), threshold["exponent"])
    return lines, all_hold


def mine(case, thresholds):
    """Those for all cases of a file, and those whose pattern this one's name matches."""
    return [threshold for threshold in thresholds if fnmatch.fnmatchcase(case.name, threshold.get("cases", "*"))]
