#!/usr/bin/env python3
"""Makes Tests/Reference/regularizers.json: constraints and penalties by Keras, singular values by NumPy.

Needs keras (with the torch backend) and numpy:

    KERAS_BACKEND=torch python3 Scripts/reference/make_regularizers.py
"""

import json
import pathlib

import keras
import numpy as np

generator = np.random.default_rng(1)


def numbers(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "values": [float(value) for value in array.ravel()]}


def dense_cases():
    """Kernels of dense layers in Keras's layout [in, out], and what Keras makes of them."""
    for shape in [(5, 3), (1, 4), (7, 7)]:
        kernel = generator.normal(size=shape).astype(np.float32)
        with_zeros = kernel.copy()
        with_zeros[:, 0] = 0  # the incoming weights of the first unit
        for name, constraint, argument in [
            ("max_norm", keras.constraints.MaxNorm(1.25), 1.25),
            ("unit_norm", keras.constraints.UnitNorm(), None),
        ]:
            for value in (kernel, with_zeros):
                result = keras.ops.convert_to_numpy(constraint(keras.ops.convert_to_tensor(value)))
                yield {"name": name, "argument": argument, "kernel": numbers(value), "result": numbers(result)}
        for name, regularizer in [
            ("l1", keras.regularizers.L1(0.03)),
            ("l2", keras.regularizers.L2(0.07)),
            ("l1l2", keras.regularizers.L1L2(l1=0.03, l2=0.07)),
        ]:
            result = keras.ops.convert_to_numpy(regularizer(keras.ops.convert_to_tensor(kernel)))
            yield {"name": name, "argument": None, "kernel": numbers(kernel), "result": numbers(result)}
        largest = np.linalg.svd(kernel.astype(np.float64), compute_uv=False)[0]
        yield {"name": "spectral", "argument": None, "kernel": numbers(kernel), "result": numbers(largest)}


def main():
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/regularizers.json"
    head = {"made_by": "Scripts/reference/make_regularizers.py", "keras": keras.__version__, "numpy": np.__version__}
    lines = ",\n".join(json.dumps(case) for case in dense_cases())
    path.write_text(json.dumps(head)[:-1] + ',"cases":[\n' + lines + "\n]}\n")


main()
