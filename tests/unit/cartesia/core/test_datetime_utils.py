"""Times as the API writes them."""

from __future__ import annotations

import datetime as dt

from cartesia.core import serialize_datetime


def test_utc_is_written_with_z_and_other_offsets_in_full() -> None:
    noon = dt.datetime(2024, 11, 13, 12, 0, 0, 500000)
    assert serialize_datetime(noon.replace(tzinfo=dt.timezone.utc)) == "2024-11-13T12:00:00.500000Z"
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert serialize_datetime(noon.replace(tzinfo=east)) == "2024-11-13T12:00:00.500000+05:30"


def test_a_time_without_a_zone_is_local() -> None:
    local = dt.datetime(2024, 11, 13, 12)
    read = dt.datetime.fromisoformat(serialize_datetime(local).replace("Z", "+00:00"))
    assert read == local.astimezone()
