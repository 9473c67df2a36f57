"""What numpy is told before it starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys, cartesia_server, os
assert 'numpy' not in sys.modules
print(os.environ['OPENBLAS_NUM_THREADS'])
"""


@pytest.mark.parametrize(("given", "told"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "4"}, "4")])
def test_numpy_multiplies_on_one_thread_unless_the_user_says_otherwise(given, told):
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"} | given
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == told
