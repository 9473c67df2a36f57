"""What the benchmarks share: tables, the machine in words, and the file of results."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")

_INTRODUCTION = """\
# Results

The last run of each benchmark, with the command that repeats it. Ratios carry further than
seconds: they were measured in one run, on one machine.
"""


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *others]) + " |"

    rule = "|".join(["-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:])])
    return "\n".join([line(titles), f"|{rule}|", *map(line, rows)])


def machine() -> str:
    """Processor, cores, load, system and Python, in words.

    VNNI are the instructions by which some processors multiply 8-bit numbers several times faster.
    """
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        told = information.read_text()
        found = re.search(r"^model name\s*: (.+)$", told, re.MULTILINE)
        model = found.group(1).strip() if found else model
        if re.search(r"^flags.*\bavx(512)?_vnni\b", told, re.MULTILINE):
            model += " with VNNI"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    busy = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{busy}, {platform.system()}, {python}"


def record(heading: str, command: str, text: str) -> None:
    """Put a run in the place of the last one in the file of results.

    Args:
        heading: Names the benchmark.
        command: What repeats the run, from the root of the repository.
        text: The result, in Markdown.
    """
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _INTRODUCTION
    section = f"## {heading}\n\n`{command}`\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _: section + "\n", old)
    else:
        new = f"{old.rstrip()}\n\n{section}"
    RESULTS.write_text(new.rstrip() + "\n", encoding="utf-8")
