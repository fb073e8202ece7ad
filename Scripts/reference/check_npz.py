#!/usr/bin/env python3
"""Reads with NumPy what the test NPZTests.aFileForNumPyIsWritten wrote.

    python3 Scripts/reference/check_npz.py written.npz
"""
import sys
import zipfile

import numpy as np


def main():
    path = sys.argv[1]
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3) / 4
    expected = {name: numbers.astype(name) for name in ["float32", "float64", "int64", "int32", "uint8", "bool"]}
    expected |= {"größe": numbers.T, "scalar": np.float32(2.5), "empty": np.zeros((0, 3), np.float32)}
    for file, arrays in [(path, expected), (path + ".wide.npz", {"float32": numbers})]:
        assert zipfile.ZipFile(file).testzip() is None
        with np.load(file) as content:
            assert sorted(content.files) == sorted(arrays), content.files
            for name, array in arrays.items():
                read = content[name]
                assert read.dtype == array.dtype and read.shape == array.shape, (name, read.dtype, read.shape)
                assert np.array_equal(read, array), name
    print(f"NumPy {np.__version__} reads what Moult wrote")


if __name__ == "__main__":
    main()
