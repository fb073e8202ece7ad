#!/usr/bin/env python3
"""Holds a run's logs against its metrics.jsonl, number by number, with the readers that people use.

    python3 Scripts/reference/check_logs.py RUN/metrics.jsonl [--events RUN/events.tfevents] [--csv RUN/metrics.csv]

Events are read by TensorBoard's own event accumulator (single precision, as TensorBoard keeps numbers), the CSV by pandas and
NumPy (exactly). Exits with 1 at the first difference. Needs tensorboard for --events, pandas and numpy for --csv; a reader
that is not installed is named and skipped. Tried with tensorboard 2.21.0, pandas 3.1.1 and NumPy 2.4.6.
"""

import argparse
import json
import sys

FIGURES = {
    "loss/train": "train_loss",
    "loss/validation": "validation_loss",
    "accuracy/train": "train_accuracy",
    "accuracy/validation": "validation_accuracy",
    "loss/train_evaluation": "train_evaluation_loss",
    "accuracy/train_evaluation": "train_evaluation_accuracy",
    "learning_rate": "learning_rate",
    "samples_per_second": "samples_per_second",
}


def rates(record):
    return {f"dropout_rate/{name}": rate for name, rate in (record.get("dropout_rates") or {}).items()}


def scalars(record):
    """What the event file must hold for an epoch."""
    found = {tag: record[name] for tag, name in FIGURES.items() if record.get(name) is not None}
    if record["validation_loss"] is not None and "train_evaluation_loss" in record:
        found["gap/loss"] = record["validation_loss"] - record["train_evaluation_loss"]
    return found | rates(record)


def check_events(path, records):
    try:
        import numpy
        from tensorboard.backend.event_processing import event_accumulator
    except ImportError as error:
        return print(f"check_logs: {path} not read: {error}")
    accumulator = event_accumulator.EventAccumulator(path, size_guidance={event_accumulator.SCALARS: 0})
    accumulator.Reload()
    assert accumulator.file_version == 2.0, f"file version {accumulator.file_version}"
    expected = {}
    for record in records:
        for tag, value in scalars(record).items():
            expected.setdefault(tag, []).append((record["steps"], float(numpy.float32(value))))
    tags = accumulator.Tags()["scalars"]
    assert sorted(tags) == sorted(expected), f"tags {sorted(tags)}, expected {sorted(expected)}"
    for tag, values in expected.items():
        found = [(event.step, event.value) for event in accumulator.Scalars(tag)]
        assert found == values, f"{tag}: {found}, expected {values}"
    print(f"TensorBoard: {len(tags)} curves, {sum(map(len, expected.values()))} numbers agree")


def check_csv(path, records):
    rows = []
    for record in records:
        row = {key: value for key, value in record.items() if key not in ("schema", "event", "dropout_rates")}
        rows.append(row | rates(record))
    try:
        import pandas
    except ImportError as error:
        return print(f"check_logs: {path} not read: {error}")
    # From version 3 on pandas reads numbers exactly by itself.
    exactly = {} if int(pandas.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}
    table = pandas.read_csv(path, **exactly)
    assert set(table.columns) == set(rows[0]), f"columns {list(table.columns)}, expected {list(rows[0])}"
    assert len(table) == len(rows), f"{len(table)} rows, expected {len(rows)}"
    for index, row in enumerate(rows):
        for name, value in row.items():
            found = table[name][index]
            same = pandas.isna(found) if value is None else found == value
            assert same, f"row {index + 1}, {name}: {found}, expected {value}"
    print(f"pandas: {len(table)} rows of {len(table.columns)} columns agree")

    import numpy

    array = numpy.genfromtxt(path, delimiter=",", skip_header=1, ndmin=2)
    assert array.shape == (len(rows), len(table.columns)), f"shape {array.shape}"
    assert numpy.array_equal(array, table.to_numpy(dtype=float), equal_nan=True), "NumPy and pandas differ"
    print(f"NumPy: {array.shape[0]} x {array.shape[1]} numbers agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("metrics", help="metrics.jsonl")
    parser.add_argument("--events", help="an event file")
    parser.add_argument("--csv", help="metrics.csv")
    arguments = parser.parse_args()
    with open(arguments.metrics, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    try:
        if arguments.events:
            check_events(arguments.events, records)
        if arguments.csv:
            check_csv(arguments.csv, records)
    except AssertionError as error:
        print(f"check_logs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
