"""What runs on this machine tells nobody."""

from __future__ import annotations

import os
import subprocess
import sys


def test_onnxruntime_is_told_not_to_report_before_it_starts():
    program = (
        "import sys, cartesia_server, os\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "1"
