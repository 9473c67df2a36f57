"""Text to phonemes by espeak-ng, through plain ctypes.

The library keeps one voice and one text in global variables: a lock lets one caller in at a time,
and the whole process shares one `Espeak`. A sentence takes a fraction of a millisecond.
"""

from __future__ import annotations

import ctypes
import functools
import os
import re
import threading

_RETRIEVAL = 1  # AUDIO_OUTPUT_RETRIEVAL: no sound device is opened
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report a missing data folder instead of exit(1)
_UTF8 = 1  # espeakCHARS_UTF8
_IPA_WITH_TIES = 0x02 | 0x80 | 0x0361 << 8

# "(en)", ties included: marks words read by another language's rules.
_LANGUAGE_SWITCH = re.compile(r"\([^()]*\)")


class EspeakError(RuntimeError):
    """espeak-ng could not be started, or lacks a voice."""


class Espeak:
    """espeak-ng loaded from its wheel. Take the shared one from `espeak`."""

    def __init__(self) -> None:
        import espeakng_loader

        data = espeakng_loader.get_data_path()
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        library.espeak_Initialize.argtypes = [
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_int,
        ]
        library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        library.espeak_TextToPhonemes.argtypes = [
            ctypes.POINTER(ctypes.c_void_p),
            ctypes.c_int,
            ctypes.c_int,
        ]
        library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        if library.espeak_Initialize(_RETRIEVAL, 0, os.fsencode(data), _DONT_EXIT) < 0:
            raise EspeakError(f"espeak-ng cannot read its data in {data}")
        self._library = library
        self._voice = ""
        self._lock = threading.Lock()

    def phonemes(self, text: str, voice: str) -> list[str]:
        """Phonemes of a text, one string per word as espeak groups them.

        Groups are not always the words of the text: ``of the`` is one, ``25`` is two.

        Args:
            text: plain text; what is unpronounceable is left out.
            voice: espeak-ng's name, ``gmw/en-US``.

        Returns:
            IPA with stress marks before the syllable and ties (U+0361) inside diphthongs and
            affricates.

        Raises:
            EspeakError: there is no such voice.
        """
        buffer = ctypes.create_string_buffer(text.replace("\0", " ").encode(errors="replace"))
        rest = ctypes.c_void_p(ctypes.addressof(buffer))
        clauses: list[str] = []
        with self._lock:
            self._use(voice)
            while rest.value:  # one clause a call; the pointer moves on and ends as NULL
                clause = self._library.espeak_TextToPhonemes(
                    ctypes.byref(rest), _UTF8, _IPA_WITH_TIES
                )
                clauses.append(clause.decode(errors="ignore") if clause else "")
        return _LANGUAGE_SWITCH.sub("", " ".join(clauses)).split()

    def _use(self, voice: str) -> None:
        if voice != self._voice:
            if self._library.espeak_SetVoiceByName(voice.encode()):
                raise EspeakError(f"espeak-ng has no voice {voice!r}")
            self._voice = voice


_starting = threading.Lock()


def espeak() -> Espeak:
    """The process's one espeak-ng, started when first asked for."""
    with _starting:  # two at once crash the process
        return _shared()


@functools.cache
def _shared() -> Espeak:
    return Espeak()
