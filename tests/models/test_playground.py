"""The playground in a real browser, before a server with real models."""

import json
import wave

import jiwer
import numpy as np

from cartesia_server.audio.decode import decode_upload
from tests.browser import browser, needs_browser
from tests.models.test_whisper import plain

pytestmark = needs_browser

RATE = 16000
CLIP = "ls-1688-142285-0004"


def test_who_speaks_into_the_microphone_reads_it_and_who_writes_hears_it(
    real_server, speech_dir, tmp_path
):
    lines = (speech_dir / "manifest.jsonl").read_text().splitlines()
    said = next(entry for entry in map(json.loads, lines) if entry["id"] == CLIP)
    samples = decode_upload(speech_dir / said["file"], max_seconds=60)
    samples = np.concatenate((samples, np.zeros(6 * RATE, np.float32)))
    with wave.open(str(tmp_path / "said.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())

    with browser(flags=[f"--use-file-for-fake-audio-capture={tmp_path / 'said.wav'}"]) as page:
        page.open(f"{real_server}/playground/")
        page.wait("document.querySelector('.voice :checked')")
        page.run("location.hash = 'listen'")
        page.click("#listen-toggle")
        page.wait("document.querySelector('#turns li')")
        page.click("#listen-toggle")
        assert jiwer.wer(plain(said["text"]), plain(page.text("#turns p"))) <= 0.2

        page.run("location.hash = 'speak'")
        page.enter("#text", "Nineteen words? No, on 5 May it was 12.")
        page.run(
            """{
              const layer = document.querySelector("#read-along");
              window.said = new Set();
              new MutationObserver(() => {
                for (const word of layer.querySelectorAll(".said"))
                  window.said.add(word.textContent);
              }).observe(layer, { subtree: true, attributes: true });
            }"""
        )
        page.click("#speak-form .primary")
        page.wait("document.querySelector('#speak-status').textContent.includes('of speech')")
        marked = page.run("[...window.said]")
        assert marked == ["Nineteen", "words?", "No,", "on", "5", "May", "it", "was", "12."]
        assert page.complaints == []
