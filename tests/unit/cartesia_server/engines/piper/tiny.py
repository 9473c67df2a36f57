"""A voice built like Piper's, small enough to be made for each test."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper, parser

# ruff: noqa: RUF001 -- phonetic letters look like others

CHANNELS = 4
LETTERS = "_^$ ,.:;!?abdefhijklmnoprstuvwzæðŋɑɔəɚɛɡɪɹʃʊʌʒˈˌːθ"
RATE = 16000
HOP = 4

_TEXT = """
<ir_version: 8, opset_import: ["" : 15]>
tiny (int64[batch, phonemes] input, int64[batch] input_lengths, float[3] scales%s)
  => (float[1, 1, steps] output) {
  one = Constant <value_ints = [1]> ()
  two = Constant <value_ints = [2]> ()
  noise_scale = Gather <axis = 0> (scales, index_noise)
  length_scale = Gather <axis = 0> (scales, index_length)
  whim_scale = Gather <axis = 0> (scales, index_whim)

  row = Gather (table, input)
  lengths = Cast <to = 1> (input_lengths)
  counts = Div (lengths, lengths)
  embedded = Mul (row, counts)
  x = Transpose <perm = [0, 2, 1]> (embedded)
  stats = Conv <pads = [1, 1]> (x, stats_weight)
  means, spreads = Split <axis = 1> (stats)

  shape = Shape (x)
  batch, channels, count = Split <axis = 0> (shape)
  whim_shape = Concat <axis = 0> (one, two, count)
  whim_like = ConstantOfShape (whim_shape)
  drawn = RandomNormalLike (whim_like)
  scaled = Mul (drawn, whim_scale)
  both = ReduceSum <keepdims = 1> (scaled, one)
  slow = Conv <pads = [1, 1]> (x, slow_weight)
  sum = Add (slow, both)
  grown = Exp (sum)
  long = Mul (grown, length_scale)
  durations = Ceil (long)

  total = ReduceSum <keepdims = 0> (durations)
  until = Cast <to = 7> (total)
  frames = Range (start_at, until, step_by)
  ends = CumSum (durations, axis_two)
  begins = Sub (ends, durations)
  column = Unsqueeze (frames, row_axes)
  position = Cast <to = 1> (column)
  not_yet = Less (position, ends)
  before = Less (position, begins)
  begun = Not (before)
  inside = And (not_yet, begun)
  path = Cast <to = 1> (inside)

  means_rows = Transpose <perm = [0, 2, 1]> (means)
  means_frames = MatMul (path, means_rows)
  mean = Transpose <perm = [0, 2, 1]> (means_frames)
  spread_rows = Transpose <perm = [0, 2, 1]> (spreads)
  spread_frames = MatMul (path, spread_rows)
  spread = Transpose <perm = [0, 2, 1]> (spread_frames)
  noise = RandomNormalLike (mean)
  deviation = Exp (spread)
  deviated = Mul (noise, deviation)
  small = Mul (deviated, noise_scale)
  latent = Add (mean, small)

  flat = Unsqueeze (frames, mask_axes)
  valid = Less (flat, until)
  mask = Cast <to = 1> (valid)
  bent = Conv <pads = [4, 4]> (latent, flow_weight)
  masked = Mul (bent, mask)
  turned = Tanh (masked)
  flowed = Add (latent, turned)
  ready = Mul (flowed, mask)
  pre = Conv <pads = [3, 3]> (ready, pre_weight)
  %s
  up = ConvTranspose <strides = [4], pads = [2, 2]> (lit, up_weight)
  left = Conv <pads = [4, 4], dilations = [4]> (up, left_weight)
  right = Conv <pads = [1, 1]> (up, right_weight)
  joined = Add (left, right)
  post = Conv <pads = [3, 3]> (joined, post_weight)
  output = Tanh (post)
}
"""
_PLAIN = "lit = LeakyRelu (pre)"
_SPOKEN = """speaker = Gather (speakers, sid)
  tall = Unsqueeze (speaker, two)
  told = Conv (tall, told_weight)
  lit = Add (pre, told)"""


def voice(*, speakers: int = 1, mend: tuple[str, str] = ("", "")) -> bytes:
    """The ONNX file.

    Args:
        speakers: of the voice.
        mend: a piece of the graph's text, and what to put in its place.
    """
    many = speakers > 1
    text = _TEXT % (", int64[batch] sid" if many else "", _SPOKEN if many else _PLAIN)
    model = parser.parse_model(text.replace(*mend) if mend[0] else text)
    drawn = np.random.default_rng(7)

    def weight(*shape: int) -> Any:
        values = drawn.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
        return values.astype(np.float32)

    constants = {
        "index_noise": np.array(0),
        "index_length": np.array(1),
        "index_whim": np.array(2),
        "start_at": np.array(0),
        "step_by": np.array(1),
        "axis_two": np.array(2),
        "row_axes": np.array([0, 2]),
        "mask_axes": np.array([0, 1]),
        "table": weight(len(LETTERS), CHANNELS),
        "stats_weight": weight(2 * CHANNELS, CHANNELS, 3),
        "slow_weight": weight(1, CHANNELS, 3),
        "flow_weight": weight(CHANNELS, CHANNELS, 9),
        "pre_weight": weight(CHANNELS, CHANNELS, 7),
        "up_weight": weight(CHANNELS, CHANNELS, 8),
        "left_weight": weight(CHANNELS, CHANNELS, 3),
        "right_weight": weight(CHANNELS, CHANNELS, 3),
        "post_weight": weight(1, CHANNELS, 7),
        "speakers": weight(speakers, CHANNELS),
        "told_weight": weight(CHANNELS, CHANNELS, 1),
    }
    used = {name for node in model.graph.node for name in node.input}
    model.graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items() if name in used
    )
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def config(*, noise: float = 0.0, **changes: Any) -> bytes:
    """The JSON file: without noise, so that results can be compared."""
    content = {
        "audio": {"sample_rate": RATE, "quality": "x_low"},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US", "name_english": "English"},
        "inference": {"noise_scale": noise, "length_scale": 1.0, "noise_w": noise},
        "phoneme_type": "espeak",
        "phoneme_id_map": {letter: [number] for number, letter in enumerate(LETTERS)},
        "dataset": "tiny",
        "num_speakers": 1,
        "speaker_id_map": {},
        **changes,
    }
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()
