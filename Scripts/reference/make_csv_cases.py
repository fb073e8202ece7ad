#!/usr/bin/env python3
"""Makes Tests/Reference/csv_cases.json: tables as text, and what pandas reads of them.

    python3 Scripts/reference/make_csv_cases.py [path/to/output]

Made with pandas 3.1.1 and Python 3.11.7. Each case has a seed of its own: running the script again gives the
same bytes. Left out is where the reader differs on purpose: spaces around fields, names that are empty or twice the
same, rows with fields too many or too few.
"""
import io
import json
import os
import random
import sys

import pandas as pd

WORDS = ["a", "red", "x y", "é", "日本", "🐧", "it's", "5\" disk", "say \"hi\"", "\"", "1;2", "p,q", "u|v", "l\nm",
         "r\r\ns", "#1", "\\n", "True", "0x10", "1_000", "1e5 m"]
NUMBERS = ["0", "-0", "1", "+7", ".5", "5.", "-12.25", "6.02e23", "1e-300", "0.1", "123456789012345678901234567890",
           "2.2250738585072014e-308", "179769313486231570000000000000000000000", "00501", "1E5", "3.141592653589793"]


def field(text, delimiter, rng):
    """The text as a field, in quotes where it must be, and sometimes where it need not."""
    if any(c in text for c in (delimiter, "\"", "\n", "\r")) or rng.random() < 0.3:
        return "\"" + text.replace("\"", "\"\"") + "\""
    return text


def case(index):
    rng = random.Random(index)
    delimiter, end = rng.choice(",;\t|"), rng.choice(["\n", "\r\n"])
    columns = rng.randint(2, 5)
    names = [f"{rng.choice(WORDS)} {column}" for column in range(columns)] + ["number"]
    lines = [[field(name, delimiter, rng) for name in names]]
    for _ in range(rng.randint(1, 6)):
        texts = ["" if rng.random() < 0.1 else rng.choice(WORDS) for _ in range(columns)]
        lines.append([field(text, delimiter, rng) for text in texts] + [rng.choice(NUMBERS)])
        if rng.random() < 0.1:
            lines.append([])
    text = end.join(delimiter.join(line) for line in lines) + (end if rng.random() < 0.7 else "")
    options = {"sep": delimiter, "na_filter": False}
    table = pd.read_csv(io.BytesIO(text.encode()), dtype=str, **options)
    numbers = pd.read_csv(io.BytesIO(text.encode()), dtype={"number": float}, **options)
    return {
        "text": text, "delimiter": delimiter, "names": list(table.columns), "rows": table.values.tolist(),
        "numbers": [float(number) for number in numbers["number"]],
    }


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "Reference")
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(folder, "csv_cases.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"pandas": pd.__version__, "cases": [case(index) for index in range(100)]}, file, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    main()
