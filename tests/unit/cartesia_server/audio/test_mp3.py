import pytest

from cartesia_server.audio.mp3 import _crc16, info_frame

# Headers of mono frames: MPEG-1 44.1 kHz 64 kbit/s with a padding byte, MPEG-2 24 kHz 64 kbit/s.
MPEG1 = bytes.fromhex("fffb52c4")
MPEG2 = bytes.fromhex("fff384c4")


@pytest.mark.parametrize(("like", "side", "length"), [(MPEG1, 17, 208), (MPEG2, 9, 192)])
def test_frame_is_complete_and_carries_the_tag(like, side, length):
    frame = info_frame(like, delay=576, padding=700, frames=91)
    assert len(frame) == length
    assert frame[4 + side : 8 + side] == b"Info"
    assert int.from_bytes(frame[8 + side : 12 + side], "big") == 1
    assert int.from_bytes(frame[12 + side : 16 + side], "big") == 91
    delays = int.from_bytes(frame[16 + side + 21 : 16 + side + 24], "big")
    assert (delays >> 12, delays & 0xFFF) == (576, 700)


def test_unknown_count_of_frames_is_not_claimed():
    frame = info_frame(MPEG1, delay=576, padding=0, frames=None)
    assert int.from_bytes(frame[25:29], "big") & 1 == 0
    assert frame[33:42] == b"LAME3.100"


def test_header_loses_its_padding_bit():
    assert info_frame(MPEG1, delay=0, padding=0, frames=None)[:4] == bytes.fromhex("fffb50c4")


def test_checksum_is_over_all_before_it():
    """CRC-16/ARC: run over data and its own checksum, low byte first, it comes to nothing."""
    frame = info_frame(MPEG1, delay=576, padding=700, frames=91)
    end = 4 + 17 + 12 + 36
    checksum = frame[end - 1 : end] + frame[end - 2 : end - 1]
    assert _crc16(b"123456789") == 0xBB3D
    assert _crc16(frame[: end - 2] + checksum) == 0
