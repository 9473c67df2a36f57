"""How many processor cores this process may use."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def usable_cores(proc: Path = Path("/proc/self"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """The cores that this process may use at once; at least 1.

    A container or a service that is given two of a machine's sixty-four cores still sees them all.
    Sixty-four threads would then use up its share in an instant and stand still until the next, so
    on Linux the share counts, too, rounded up.

    Args:
        proc: folder in which the system says of which control groups this process is.
        groups: folder in which it shows those groups.
    """
    seen = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shares = [math.ceil(share) for share in _shares(proc, groups)]
    return max(1, min([seen, *shares]))


def _shares(proc: Path, groups: Path) -> Iterator[float]:
    """Cores' worth of time that this process's control groups, and those around them, allow."""
    try:
        memberships = (proc / "cgroup").read_text("utf-8").splitlines()
    except OSError:  # not Linux
        return
    for membership in memberships:
        _, controllers, path = membership.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        # Version 2 of control groups names no controllers, and has one tree for all of them.
        root = groups / "cpu" if controllers else groups
        place = PurePosixPath(path.lstrip("/"))
        # A container may see its own group as the root, under whichever path it has outside.
        for group in {root / place, *(root / parent for parent in place.parents), root}:
            share = _quota(group)
            if share is not None:
                yield share


def _quota(group: Path) -> float | None:
    """The share of one group; None where it has no limit."""
    try:
        if (group / "cpu.max").is_file():
            quota, period = (group / "cpu.max").read_text("utf-8").split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text("utf-8")
            period = (group / "cpu.cfs_period_us").read_text("utf-8")
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError):  # no such group here, or "max"
        return None
