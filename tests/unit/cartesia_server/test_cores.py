import os

import pytest

from cartesia_server.cores import usable_cores


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of 64 cores: writes files of its /proc/self and /sys/fs/cgroup."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: range(64), raising=False)

    def cores(membership, **files):
        (tmp_path / "cgroup").write_text(membership)
        for name, text in files.items():
            path = tmp_path / "groups" / name.replace("__", "/").replace("cpu_", "cpu.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return usable_cores(tmp_path, tmp_path / "groups")

    return cores


def test_without_control_groups_all_cores_count(machine, tmp_path):
    assert usable_cores(tmp_path, tmp_path) == 64
    assert machine("0::/\n") == 64


def test_a_container_counts_its_share_rounded_up(machine):
    assert machine("0::/\n", cpu_max="150000 100000\n") == 2


def test_a_group_without_a_limit_has_none(machine):
    assert machine("0::/\n", cpu_max="max 100000\n") == 64


def test_the_smallest_share_of_a_service_and_of_the_slices_around_it_counts(machine):
    files = {"a__b.service__cpu_max": "max 100000", "a__cpu_max": "300000 100000"}
    assert machine("0::/a/b.service\n", **files) == 3


def test_a_path_outside_the_container_leads_to_its_root(machine):
    assert machine("0::/docker/1f3a\n", cpu_max="10000 100000") == 1


def test_version_1_of_control_groups(machine):
    quota = {"cpu__docker__cpu_cfs_quota_us": "400000", "cpu__docker__cpu_cfs_period_us": "100000"}
    membership = "4:memory:/docker\n3:cpuset:/\n2:cpu,cpuacct:/docker\n0::/\n"
    assert machine(membership, **quota) == 4
    assert machine(membership, **{**quota, "cpu__docker__cpu_cfs_quota_us": "-1"}) == 64
