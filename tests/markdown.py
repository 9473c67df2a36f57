"""Reads code blocks out of Markdown, so that what the documents show is what the tests run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block of a document.

    Attributes:
        heading: text of the heading above it.
        language: what follows the opening fence.
        code: its lines.
        line: of its first line, for tracebacks.
    """

    heading: str
    language: str
    code: str
    line: int


def code_blocks(path: Path, language: str) -> list[CodeBlock]:
    """Every block of a document in `language`, in reading order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        if match.group(2) != language:
            continue
        prose = _FENCE.sub("", text[: match.start()])
        headings = _HEADING.findall(prose)
        line = text.count("\n", 0, match.start(3)) + 1
        found.append(CodeBlock(headings[-1] if headings else "", language, match.group(3), line))
    return found


def run_block(block: CodeBlock, path: Path, namespace: dict[str, object]) -> None:
    """Run Python of a document; tracebacks point into the document."""
    padding = "\n" * (block.line - 1)
    exec(compile(padding + block.code, str(path), "exec", dont_inherit=True), namespace)
