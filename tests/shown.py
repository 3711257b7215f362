"""Comparison of what a program prints with what a document or notebook shows."""

import doctest
import re

# durations, rates and where a kernel came from differ from run to run and machine to machine
VARYING = [
    (r"(?<= s )\([^()]*\)", "PHASES"),
    (r"(on disk|not compiled|(loaded|compiled) in [\d.]+ \w+)", "ORIGIN"),
    (r"\d[\d.e+-]* (s|ms|us|GFLOP/s|GB/s)\b", "N UNIT"),
    (r"\d[\d.]*e-0[5-9] of the largest value, in .*", "ROUNDING"),
    (r", \d+ threads", ""),
    (r" +", " "),
    (r"\d+ (of \d+ )?x \w+( and scalar)?(, \d+ x \w+)*( in \w+)?( and OpenBLAS)?", "VECTORS"),  # those of the processor
]
CHECKED = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def alike(want: str, got: str) -> bool:
    """Whether ``got`` is what ``want`` shows; ``...`` there stands for anything."""
    for pattern, word in VARYING:
        want, got = re.sub(pattern, word, want), re.sub(pattern, word, got)
    return doctest.OutputChecker().check_output(want.strip() + "\n", got.strip() + "\n", CHECKED)
