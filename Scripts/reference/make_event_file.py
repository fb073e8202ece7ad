#!/usr/bin/env python3
"""Writes Tests/Reference/logs/two_epochs.tfevents with TensorBoard's own messages and record writer.

    python3 Scripts/reference/make_event_file.py

The two epochs are those of TensorBoardLogTests.swift. Made with tensorboard 2.21.0 and protobuf 7.36.2; needs tensorboard.
"""

import io
import pathlib

from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer import record_writer

EPOCHS = [
    (
        3,
        1001.25,
        [
            ("loss/train", 0.1),
            ("loss/validation", 0.375),
            ("accuracy/train", 0.75),
            ("gap/loss", 0.375 - 0.25),
            ("loss/train_evaluation", 0.25),
            ("accuracy/train_evaluation", 0.8125),
            ("learning_rate", 1e-7),
            ("samples_per_second", 64),
        ],
    ),
    (
        300,
        1002.5,
        [
            ("loss/train", -2.5),
            ("learning_rate", 0.5),
            ("samples_per_second", 64),
            ("dropout_rate/a", 1),
            ("dropout_rate/größe", 0.25),
        ],
    ),
]


def main():
    buffer = io.BytesIO()
    writer = record_writer.RecordWriter(buffer)
    writer.write(event_pb2.Event(wall_time=1000.0, file_version="brain.Event:2").SerializeToString())
    for step, wall_time, scalars in EPOCHS:
        event = event_pb2.Event(wall_time=wall_time, step=step)
        for tag, value in scalars:
            event.summary.value.add(tag=tag, simple_value=value)
        writer.write(event.SerializeToString())
    path = pathlib.Path(__file__).parents[2] / "Tests/Reference/logs/two_epochs.tfevents"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(buffer.getvalue())
    print(f"{path.name}: {len(buffer.getvalue())} bytes")


if __name__ == "__main__":
    main()
