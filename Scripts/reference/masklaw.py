#!/usr/bin/env python3
"""Moult's mask law in plain Python: which units dropout drops, and every other random draw.

Needs Python 3.9 or later and nothing else. The law itself is explained in Documentation/MaskLaw.md;
this file follows it literally, so that anyone can regenerate the masks of a run without Moult.

    python3 masklaw.py --seed 1 --layer 0 --call 0 --domain 0 --step 0 --rate 0.5 --sample 0 --rows 2 --units 16
    python3 masklaw.py --random-settings 1000 --rng-seed 7     # settings and SHA-256 of their masks, as JSON lines
    python3 masklaw.py --self-check

The first form prints what `moult mask` prints: a line per sample, one character per unit, 0 dropped, 1 kept.
"""

import argparse
import fractions
import hashlib
import json
import math
import random
import sys

WORD = 0xFFFFFFFF  # all words are 32 bits wide
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57  # Salmon et al. 2011, Philox4x32
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
STREAM_TAG = 0x4D4F554C  # "MOUL"
PLANES = 64  # bits of a drop decision
BLOCK = 128  # units that share one Philox call of one plane
FIRST_DRAW_PART = 1024  # parts below are masks, parts from here on are other draws

TRAINING, SAMPLING, SHUFFLING, INITIALIZATION, AUGMENTATION, USER = range(6)


# --- Philox and streams ---------------------------------------------------------------------------------------------


def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words from a counter of four words and a key of two."""
    for _ in range(10):
        p0, p1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & WORD, (p0 >> 32) ^ c3 ^ k1, p0 & WORD
        k0, k1 = (k0 + WEYL_0) & WORD, (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


def stream(seed, layer=0, call=0, domain=TRAINING):
    """The key (K0, K1) of one use of one layer."""
    _check("seed", seed, 64)
    for name, value in (("layer", layer), ("call", call), ("domain", domain)):
        _check(name, value, 32)
    return philox(layer, call, domain, STREAM_TAG, seed & WORD, seed >> 32)[:2]


# --- Masks ----------------------------------------------------------------------------------------------------------


def threshold(rate):
    """floor(rate * 2^64) of the exact value of the double `rate`: an integer from 0 to 2^64."""
    if not 0 <= rate <= 1:
        raise ValueError(f"rate: expected 0 ... 1, got {rate}")
    return math.floor(fractions.Fraction(float(rate)) * 2**PLANES)


def is_dropped(key, step, sample, unit, limit, part=0):
    """The law, word for word, for one unit: assemble 64 bits, compare."""
    value = 0
    for plane in range(PLANES):
        word = philox(unit // BLOCK, sample, step, plane + PLANES * part, *key)[(unit // 32) % 4]
        value |= (word >> (unit % 32) & 1) << (PLANES - 1 - plane)
    return value < limit


def dropped_row(key, step, sample, units, limit, part=0):
    """The same for a whole row, lazily: stops at the first plane that leaves no unit undecided.

    Returns an integer whose bit u is 1 when unit u is dropped.
    """
    _check("step", step, 32), _check("sample", sample, 32), _check("unit", max(units - 1, 0), 39)
    _check("part", part, 10)
    if limit > 2**PLANES - 1:
        return (1 << units) - 1
    row = 0
    for block in range((units + BLOCK - 1) // BLOCK):
        undecided = (1 << min(BLOCK, units - block * BLOCK)) - 1
        dropped = 0
        for plane in range(PLANES):
            rest = limit & ((1 << (PLANES - plane)) - 1)
            if not undecided or not rest:  # equal so far and only zeros to come: not below the limit
                break
            words = philox(block, sample, step, plane + PLANES * part, *key)
            ones = words[0] | words[1] << 32 | words[2] << 64 | words[3] << 96
            if rest >> (PLANES - 1 - plane):
                dropped |= undecided & ~ones
                undecided &= ones
            else:
                undecided &= ~ones
        row |= dropped << (block * BLOCK)
    return row


def mask(seed, layer, call, domain, step, rate, sample, rows, units, part=0):
    """Rows of booleans, True where the unit is kept."""
    key, limit = stream(seed, layer, call, domain), threshold(rate)
    drops = (dropped_row(key, step, sample + row, units, limit, part) for row in range(rows))
    return [[not row >> unit & 1 for unit in range(units)] for row in drops]


def mask_text(**setting):
    """What `moult mask` prints for a setting."""
    return "".join("".join("1" if kept else "0" for kept in row) + "\n" for row in mask(**setting))


# --- Other draws ----------------------------------------------------------------------------------------------------


def words(key, unit, step=0, sample=0, part=FIRST_DRAW_PART):
    """The two 32-bit words (w0, w1) of a unit."""
    _check("unit", unit, 33), _check("step", step, 32), _check("sample", sample, 32)
    if not FIRST_DRAW_PART <= part < 2**26:
        raise ValueError(f"part: expected {FIRST_DRAW_PART} ..< 2^26, got {part}")
    block = philox(unit // 2, sample, step, PLANES * part, *key)
    return block[2 * (unit % 2)], block[2 * (unit % 2) + 1]


def bits64(key, unit, **where):
    """The 64-bit draw v of a unit."""
    w0, w1 = words(key, unit, **where)
    return w1 << 32 | w0


def uniform_double(v):
    """Uniform in [0, 1), 53 bits."""
    return (v >> 11) * 2.0**-53


def uniform_float(v):
    """Uniform in [0, 1), 24 bits: exactly representable as a 32-bit float."""
    return (v >> 40) * 2.0**-24


def gaussian(w0, w1):
    """Standard normal, by the cosine branch of Box and Muller."""
    u1, u2 = (w1 + 0.5) * 2.0**-32, w0 * 2.0**-32
    return math.sqrt(-2 * math.log(u1)) * math.cos(2 * math.pi * u2)


def shuffled(count, seed, epoch):
    """The order in which an epoch visits `count` samples."""
    key, order = stream(seed, 0, 0, SHUFFLING), list(range(count))
    for i in range(count - 1, 0, -1):
        j = bits64(key, i, step=epoch) * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return order


def permuted(index, count, key, step=0, sample=0):
    """The number at place `index` of the keyed permutation of 0 ..< count."""
    a = math.isqrt(count - 1) + 1  # the square root, rounded up
    b = -(-count // a)
    while True:
        low, high = index % a, index // a
        where = {"step": step, "sample": sample}
        for j in range(0, 16 if count < 64 else 8, 2):
            low = (low + (bits64(key, high, part=FIRST_DRAW_PART + j, **where) * a >> 64)) % a
            high = (high + (bits64(key, low, part=FIRST_DRAW_PART + j + 1, **where) * b >> 64)) % b
        index = low + a * high
        if index < count:
            return index


def keyed_order(count, seed, epoch):
    """The order of `count` samples that is computed index by index."""
    key = stream(seed, 1, 0, SHUFFLING)
    return [permuted(index, count, key, epoch) for index in range(count)]


def block_order(count, size, buffered, seed, epoch):
    """The order of `count` samples in blocks of `size`, of which `buffered` are shuffled together."""
    blocks = [list(range(count))[first:first + size] for first in range(0, count, size)]
    places = keyed_order(len(blocks), seed, epoch)
    key, order = stream(seed, 2, 0, SHUFFLING), []
    for group in range(0, len(blocks), buffered):
        samples = [sample for place in places[group:group + buffered] for sample in blocks[place]]
        order += [
            samples[permuted(index, len(samples), key, epoch, group // buffered)] for index in range(len(samples))]
    return order


# --- Command line ---------------------------------------------------------------------------------------------------


def _check(name, value, width):
    if not 0 <= value < 2**width:
        raise ValueError(f"{name}: expected 0 ..< 2^{width}, got {value}")


def random_settings(count, rng_seed):
    """Settings that cover the corners: rates 0 and 1, tiny rates, ragged widths, the last samples and steps."""
    rng = random.Random(rng_seed)
    rates = [0.0, 1.0, 1e-9, 0.1, 1 / 3, 0.5, 0.2, 0.25, 0.3, 0.75, 0.9, 1 - 2**-53, 2.0**-64, 5e-324]
    widths = [1, 2, 7, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 300]
    for _ in range(count):
        rows = rng.choice([1, 1, 2, 3, 5, 8, 17])
        yield {
            "seed": rng.choice([0, 1, rng.getrandbits(32), rng.getrandbits(64), 2**64 - 1]),
            "layer": rng.choice([0, 1, rng.randrange(16), 2**31 + rng.randrange(16), 2**32 - 1]),
            "call": rng.choice([0, 0, 1, rng.randrange(100), 2**32 - 1]),
            "domain": rng.choice([TRAINING, TRAINING, SAMPLING, rng.randrange(6)]),
            "step": rng.choice([0, 1, rng.randrange(10**6), rng.getrandbits(32), 2**32 - 1]),
            "rate": rng.choice(rates + [rng.random()]),
            "sample": rng.choice([0, rng.randrange(1000), rng.randrange(2**31), 2**32 - rows]),
            "rows": rows,
            "units": rng.choice(widths + [rng.randrange(1, 400)]),
        }


def print_random_settings(count, rng_seed):
    for setting in random_settings(count, rng_seed):
        digest = hashlib.sha256(mask_text(**setting).encode()).hexdigest()
        print(json.dumps({**setting, "sha256": digest}))


def self_check():
    """Random123's vectors, and the lazy rows against the definition unit by unit."""
    from_hex = lambda text: [int(word, 16) for word in text.split()]
    vectors = [
        ("0 0 0 0 0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff " * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ]
    for arguments, answer in vectors:
        if list(philox(*from_hex(arguments))) != from_hex(answer):
            raise SystemExit(f"philox({arguments}): expected {answer}")
    units = 0
    for setting in random_settings(40, 5):
        key = stream(*(setting[name] for name in ("seed", "layer", "call", "domain")))
        limit = threshold(setting["rate"])
        row = dropped_row(key, setting["step"], setting["sample"], setting["units"], limit)
        for unit in range(setting["units"]):
            if bool(row >> unit & 1) != is_dropped(key, setting["step"], setting["sample"], unit, limit):
                raise SystemExit(f"unit {unit} differs between the definition and the lazy row: {setting}")
            units += 1
    print(f"masklaw: 3 Philox vectors and {units} units agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    integer = lambda text: int(text, 0)
    parser.add_argument("--seed", type=integer, default=0, help="64-bit seed (default 0)")
    parser.add_argument("--layer", type=integer, default=0, help="ordinal of the layer (default 0)")
    parser.add_argument("--call", type=integer, default=0, help="use of the layer within the step (default 0)")
    parser.add_argument("--domain", type=integer, default=TRAINING, help="0 training, 1 sampling, ... (default 0)")
    parser.add_argument("--step", type=integer, default=0, help="training step or sampling pass (default 0)")
    parser.add_argument("--rate", type=float, default=0.5, help="probability of dropping (default 0.5)")
    parser.add_argument("--sample", type=integer, default=0, help="index of the first sample (default 0)")
    parser.add_argument("--rows", type=integer, default=1, help="number of samples (default 1)")
    parser.add_argument("--units", type=integer, default=32, help="units of a sample (default 32)")
    parser.add_argument("--random-settings", type=int, metavar="N", help="print N settings with their masks' SHA-256")
    parser.add_argument("--rng-seed", type=int, default=0, metavar="S", help="which N settings (default 0)")
    parser.add_argument("--self-check", action="store_true", help="check this file against known answers")
    arguments = vars(parser.parse_args())
    count, rng_seed = arguments.pop("random_settings"), arguments.pop("rng_seed")
    try:
        if arguments.pop("self_check"):
            self_check()
        elif count is not None:
            print_random_settings(count, rng_seed)
        else:
            sys.stdout.write(mask_text(**arguments))
    except ValueError as error:
        print(f"masklaw: {error}", file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
