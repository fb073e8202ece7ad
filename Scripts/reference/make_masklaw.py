#!/usr/bin/env python3
"""Writes Tests/Reference/masklaw.json, the known answers that pin the mask law. Needs Python only.

    python3 Scripts/reference/make_masklaw.py

Integers of 64 bits and bit patterns are hexadecimal strings; the file's "format" entries say how to read each section.
A change in this file's output is a breaking change of the law (Documentation/MaskLaw.md).
"""

import json
import pathlib
import platform
import random
import struct

import masklaw

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/masklaw.json"

# Random123 (Salmon et al. 2011), tests/kat_vectors, philox4x32 with 10 rounds.
PHILOX = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def hex64(value):
    return f"{value:016x}"


def double_bits(value):
    return struct.pack(">d", value).hex()


def packed(row):
    """Kept units as hexadecimal bytes: unit u is bit u % 8 of byte u / 8, 1 = kept; bits past the row are 0."""
    number = sum(kept << unit for unit, kept in enumerate(row))
    return number.to_bytes((len(row) + 7) // 8, "little").hex()


def philox_section():
    for counter, key, output in PHILOX:
        words = [int(word, 16) for word in (counter + " " + key).split()]
        answer = " ".join(f"{word:08x}" for word in masklaw.philox(*words))
        assert answer == output, (counter, key, answer)
        yield {"counter": counter.split(), "key": key.split(), "output": output.split()}


def streams_section():
    settings = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    settings += [(0, 0, 0, domain) for domain in range(1, 6)]
    settings += [(2**64 - 1, 2**32 - 1, 2**32 - 1, 5), (0x0123456789ABCDEF, 2**31, 3, 1), (2**32, 7, 0, 0)]
    for seed, layer, call, domain in settings:
        key = masklaw.stream(seed, layer, call, domain)
        yield {
            "seed": hex64(seed), "layer": layer, "call": call, "domain": domain,
            "key": [f"{word:08x}" for word in key],
        }  # fmt: skip


def thresholds_section():
    for rate in [0.0, 5e-324, 2.0**-65, 2.0**-64, 1e-9, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 1 - 2.0**-53, 1.0]:
        limit = masklaw.threshold(rate)
        yield {"rate": rate, "rateBits": double_bits(rate), "threshold": f"{limit:x}"}


def masks_section():
    base = {"seed": 1, "layer": 0, "call": 0, "domain": 0, "step": 0, "rate": 0.5, "sample": 0, "rows": 2, "units": 40}
    changes = [{}]
    changes += [{"rate": rate} for rate in (0.0, 1e-9, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.75, 0.9, 1 - 2.0**-53, 1.0)]
    widths = (1, 31, 32, 33, 127, 128, 129, 256, 300)
    changes += [{"units": units, "rate": rate} for units in widths for rate in (0.5, 0.1)]
    changes += [{"part": part, "rate": rate} for part in (1, 2, 1023) for rate in (0.5, 0.3)]
    changes += [{"seed": 2**64 - 1}, {"seed": 2**32}, {"layer": 2**32 - 1}, {"call": 9}, {"domain": 1}, {"domain": 4}]
    changes += [{"step": 2**32 - 1}, {"sample": 2**32 - 2}, {"step": 123456789, "sample": 99}]
    rng = random.Random(2)
    changes += [next(masklaw.random_settings(1, rng.getrandbits(32))) for _ in range(15)]
    for change in changes:
        setting = {**base, "part": 0, **change}
        rows = [packed(row) for row in masklaw.mask(**setting)]
        yield {**setting, "seed": hex64(setting["seed"]), "rateBits": double_bits(setting["rate"]), "kept": rows}


def draws_section():
    noise = {"seed": 0xDEADBEEFCAFEF00D, "domain": masklaw.AUGMENTATION, "layer": 3}
    places = [
        {"seed": 0, "domain": masklaw.INITIALIZATION, "layer": 0},
        {"seed": 1, "domain": masklaw.USER, "layer": 0},
        {**noise, "step": 1000, "sample": 77, "part": 1025},
    ]
    for place in places:
        where = {"step": 0, "sample": 0, "part": masklaw.FIRST_DRAW_PART, **place, "call": 0}
        key = masklaw.stream(where["seed"], where["layer"], 0, where["domain"])
        at = {name: where[name] for name in ("step", "sample", "part")}
        bits = [masklaw.bits64(key, unit, **at) for unit in range(16)]
        yield {
            **where, "seed": hex64(where["seed"]), "bits": [hex64(v) for v in bits],
            "uniformDouble": [masklaw.uniform_double(v) for v in bits],
            "uniformFloat": [masklaw.uniform_float(v) for v in bits],
            "gaussian": [masklaw.gaussian(*masklaw.words(key, unit, **at)) for unit in range(16)],
            "lastUnit": {"unit": 2**33 - 1, "bits": hex64(masklaw.bits64(key, 2**33 - 1, **at))},
        }  # fmt: skip


def shuffles_section():
    settings = [(0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 0, 10), (0, 1, 10), (1, 0, 10), (2**64 - 1, 3, 100)]
    for seed, epoch, count in settings:
        yield {"seed": hex64(seed), "epoch": epoch, "count": count, "order": masklaw.shuffled(count, seed, epoch)}


def orders_section():
    whole = [(0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 0, 3), (1, 0, 10), (1, 1, 10), (2**64 - 1, 3, 100)]
    for seed, epoch, count in whole:
        order = masklaw.keyed_order(count, seed, epoch) if count else []
        yield {"seed": hex64(seed), "epoch": epoch, "count": count, "order": order}
    blocks = [(1, 0, 10, 3, 2), (1, 1, 10, 3, 2), (2, 0, 24, 4, 3), (3, 5, 7, 10, 2), (4, 0, 61, 5, 4), (5, 0, 6, 1, 9)]
    for seed, epoch, count, size, buffered in blocks:
        order = masklaw.block_order(count, size, buffered, seed, epoch)
        block = {"block": size, "buffered": buffered}
        yield {"seed": hex64(seed), "epoch": epoch, "count": count, **block, "order": order}


def main():
    sections = {
        "philox": list(philox_section()), "streams": list(streams_section()), "thresholds": list(thresholds_section()),
        "masks": list(masks_section()), "draws": list(draws_section()), "shuffles": list(shuffles_section()),
        "orders": list(orders_section()),
    }  # fmt: skip
    about = {
        "script": "Scripts/reference/make_masklaw.py",
        "python": platform.python_version(),
        "format": {
            "seed": "hexadecimal, 64 bits",
            "rateBits": "hexadecimal bit pattern of the double `rate`, most significant digit first",
            "threshold": "hexadecimal floor(rate * 2^64), up to 65 bits",
            "kept": "a string per sample: bytes in hexadecimal, unit u is bit u % 8 of byte u / 8, 1 = kept",
            "orders": "orders that are computed index by index; of blocks of samples, if `block` says how large they are",
            "draws": "entry u of each list belongs to unit u; gaussian is exact up to the platform's log and cos",
        },
    }
    lines = [f'"about": {json.dumps(about, indent=2)}']
    for name, entries in sections.items():
        body = ",\n".join("  " + json.dumps(entry) for entry in entries)
        lines.append(f'"{name}": [\n{body}\n]')
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{OUTPUT.name}: " + ", ".join(f"{len(entries)} {name}" for name, entries in sections.items()))


if __name__ == "__main__":
    main()
