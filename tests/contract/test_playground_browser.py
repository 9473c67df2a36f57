"""The playground in a real browser, before a server with scripted engines."""

import base64
import io
import shutil
import subprocess
import sys
import wave

import httpx
import numpy as np
import pytest

from cartesia_server.embedded import embedded
from cartesia_server.sessions.resolve import FIRST_PIECE
from cartesia_server.settings import Settings
from cartesia_server.voices.emotions import EMOTIONS
from tests.browser import browser, needs_browser
from tests.contract.scripted import LEVEL, scripted_engines

pytestmark = needs_browser

CONTROL = 2  # of the DevTools protocol's modifiers
LOADED = "document.querySelector('.voice :checked')"
IDLE = "document.querySelector('#stop').disabled"
SPEAK = "#speak-form .primary"
WORDS = ["one", "two", "three", "four", "five", "six", "seven"]


def wav(samples, rate=16000):
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes((np.asarray(samples) * 32767).astype("<i2").tobytes())
    return file.getvalue()


@pytest.fixture(scope="module")
def tone():
    """Two seconds that the scripted ear takes for a voice, and four of silence."""
    time = np.arange(2 * 16000) / 16000
    return wav(np.concatenate((0.3 * np.sin(2 * np.pi * 200 * time), np.zeros(4 * 16000))))


@pytest.fixture(scope="module")
def chromium(tone, tmp_path_factory):
    heard = tmp_path_factory.mktemp("microphone") / "tone.wav"
    heard.write_bytes(tone)
    with browser(flags=[f"--use-file-for-fake-audio-capture={heard}"]) as page:
        yield page


@pytest.fixture
def page(chromium, server):
    """The page, fresh. No test may leave it with a complaint, or have it ask elsewhere."""
    chromium.complaints.clear()
    chromium.addresses.clear()
    chromium.look(1200, 900)
    chromium.open("about:blank")
    chromium.open(f"{server}/playground/")
    chromium.wait(LOADED)
    yield chromium
    assert chromium.complaints == []
    place = server.removeprefix("http")
    # The browser's own buttons for sound are pictures in `data:`.
    known = (f"http{place}/", f"ws{place}/", f"blob:http{place}/", "about:blank", "data:image/")
    assert [url for url in chromium.addresses if not url.startswith(known)] == []


def downloaded(page):
    """The samples of the file that the page offers."""
    page.run(
        """{
          const make = URL.createObjectURL;
          URL.createObjectURL = (blob) => { window.offered = blob; return make.call(URL, blob); };
          document.querySelector("#download").click();
          URL.createObjectURL = make;
        }"""
    )
    text = page.run(
        """window.offered.arrayBuffer().then((buffer) =>
          btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("")))"""
    )
    with wave.open(io.BytesIO(base64.b64decode(text))) as reader:
        assert reader.getparams()[:3] == (1, 2, 24000)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2")


def test_a_browser_that_opens_the_server_sees_the_page(page, server):
    page.open(server + "/")
    page.wait(LOADED)
    assert page.run("location.pathname") == "/playground/"
    assert page.text("#server").startswith("Version ")


def test_text_is_spoken_and_its_words_are_marked_meanwhile(page, engine):
    page.enter("#text", " ".join(WORDS))
    page.run(
        """{
          window.marked = [];
          new MutationObserver(() => {
            const now = document.querySelector("#read-along .now")?.textContent;
            if (now && now !== window.marked.at(-1)) window.marked.push(now);
          }).observe(document.querySelector("#read-along"), { subtree: true, attributes: true });
        }"""
    )
    page.click(SPEAK)
    page.wait("document.querySelector('#speak-status').textContent.includes('First sound')")
    page.wait(IDLE)
    assert engine.said == WORDS
    first, length, gaps = page.text("#speak-status").split(" · ")
    assert 0 < float(first.removeprefix("First sound after ").removesuffix(" s")) < 60
    assert length == "0.70 s of speech"
    assert gaps.endswith(("no gaps", "gap", "gaps"))
    marked = page.run("window.marked")
    assert marked == [word for word in WORDS if word in marked]  # in order, none twice
    assert marked  # all of them, but for those that a busy machine skips
    assert page.run("document.querySelectorAll('#read-along mark').length") == 0
    samples = downloaded(page)
    assert len(samples) == round(0.7 * 24000)
    assert np.median(samples) == round(LEVEL * 32767)


def test_a_second_text_goes_over_the_same_socket(page):
    for text in ("one two", "three four"):
        page.enter("#text", text)
        page.click(SPEAK)
        page.wait(IDLE)
    assert [url.startswith("ws:") for url in page.addresses].count(True) == 1


def test_stop_ends_the_work_on_the_server_and_keys_do_as_buttons(page, engine):
    page.enter("#text", "one wait two")
    page.run("document.querySelector('#text').focus()")
    page.press("Enter", 13, modifiers=CONTROL)
    page.wait("!" + IDLE)
    assert engine.holding.wait(60)
    page.press("Escape", 27)
    page.wait(IDLE)
    assert engine.freed.wait(60)
    assert page.text("#speak-status") == "Stopped"
    assert engine.said in ([], ["one"])


def test_a_new_text_takes_the_place_of_the_one_that_is_spoken(page, engine):
    page.enter("#text", "one wait two")
    page.click(SPEAK)
    assert engine.holding.wait(60)
    page.enter("#text", "three four")
    page.click(SPEAK)
    assert engine.freed.wait(60)
    page.wait("document.querySelector('#speak-status').textContent.includes('of speech')")
    assert "two" not in engine.said
    assert len(downloaded(page)) == round(0.2 * 24000)


def test_what_goes_wrong_is_said(page):
    page.enter("#text", "boom")
    page.click(SPEAK)
    page.wait("document.querySelector('#speak-status.problem')")
    assert page.text("#speak-status").startswith("the server failed at this request")
    page.enter("#text", "?!")
    page.click(SPEAK)
    page.wait("document.querySelector('#speak-status').textContent.includes('transcript')")
    assert page.run(IDLE)


# How the page plays, on a context that renders into memory: what is heard, sample by sample.
RENDER = """(async () => {
  const { Playback, SAMPLE_RATE } = await import("./playback.js");
  const context = new OfflineAudioContext(1, 2 * SAMPLE_RATE, SAMPLE_RATE);
  const playback = new Playback(context);
  %s
  const heard = (await context.startRendering()).getChannelData(0);
  return [Array.from(heard), playback.gaps, playback.firstSound, playback.seconds];
})()"""


def test_pieces_join_without_a_seam(page):
    heard, gaps, first_sound, seconds = page.run(
        RENDER
        % """
        const wave = Float32Array.from({ length: SAMPLE_RATE }, (_, at) => Math.sin(at / 17) / 2);
        wave.fill(0, 0, 480);
        for (let at = 0, size = 1; at < wave.length; at += size, size = (size * 7 + 13) % 1999 + 1)
          playback.add(wave.slice(at, at + size));
        """
    )
    wave_ = np.sin(np.arange(24000) / 17) / 2
    wave_[:480] = 0
    lead = round(0.03 * 24000)
    np.testing.assert_allclose(heard[lead : lead + 24000], wave_, atol=1e-6)
    assert not np.any(heard[:lead])
    assert not np.any(heard[lead + 24000 :])
    assert gaps == 0
    assert seconds == pytest.approx(1)
    assert first_sound == pytest.approx(0.03 + 0.02, abs=1e-3)


def test_a_piece_that_comes_late_is_counted_and_nothing_is_lost(page):
    heard, gaps, *_ = page.run(
        RENDER
        % """
        playback.add(new Float32Array(2400).fill(0.5));
        context.suspend(0.5).then(() => {
          playback.add(new Float32Array(2400).fill(0.5));
          context.resume();
        });
        """
    )
    assert gaps == 1
    assert np.count_nonzero(np.isclose(heard, 0.5)) == 4800


def test_stopping_is_silent_at_once_and_without_a_click(page):
    heard, *_ = page.run(
        RENDER
        % """
        playback.add(new Float32Array(SAMPLE_RATE).fill(0.5));
        context.suspend(0.512).then(() => { playback.stop(); context.resume(); });
        """
    )
    stopped = round(0.512 * 24000)
    assert heard[stopped - 1] == pytest.approx(0.5)
    assert not np.any(np.abs(heard[stopped + 300 :]) > 1e-6)
    assert np.abs(np.diff(heard[stopped - 10 :])).max() < 0.01


def test_voices_are_found_by_name_and_language(page):
    rows = "[...document.querySelectorAll('.voice strong')].map((name) => name.textContent)"
    everyone = page.run(rows)
    assert page.text("#voice-count") == f"{len(everyone)} voices"
    page.enter("#voice-search", "british man")
    assert 0 < len(page.run(rows)) < len(everyone)
    page.enter("#voice-search", "nobody at all")
    assert page.text("#voice-count") == "No voice matches"
    page.enter("#voice-search", "")
    page.enter("#voice-language", "es")
    page.click(".voice input")
    assert "¡Hola!" in page.run("document.querySelector('#text').value")
    page.enter("#text", "Mine.")
    page.enter("#voice-language", "")
    page.click(".voice input")
    assert page.run("document.querySelector('#text').value") == "Mine."


def test_what_it_offers_is_what_the_server_takes(page, http):
    choices = page.run("import('./choices.js').then((all) => ({ ...all }))")
    assert {value for value, _ in choices["MODELS"]} <= set(FIRST_PIECE)
    assert set(choices["EMOTIONS"]) <= set(EMOTIONS)
    voices = http.get("/voices", params={"limit": 100}).json()["data"]
    assert {voice["language"] for voice in voices} <= set(choices["SAMPLES"])
    assert {tag.split("-")[0] for tag in choices["CLONED"]} <= set(choices["SAMPLES"])


HARD = 'Joe\'s "one" \\n costs $5 `now`\nund für 你 🎈'


@pytest.fixture
def settings_made(page):
    page.enter("#text", HARD)
    page.enter("#emotion", "happy")
    page.enter("#speed", "1.25")
    return page


def snippet(page, language, panel="speak-code"):
    page.click(f"#{panel} [value={language}]")
    return page.text(f"#{panel} code")


def test_the_python_lines_do_the_same(settings_made, engine, tmp_path):
    code = snippet(settings_made, "Python")
    assert '"speed": 1.25, "emotion": "happy"' in code
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, timeout=120)
    with wave.open(str(tmp_path / "speech.wav")) as reader:
        assert reader.getnframes() > 0
    assert " ".join(engine.said).startswith("Joe's")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_line_does_the_same(settings_made, engine, tmp_path):
    code = snippet(settings_made, "curl")
    subprocess.run(["sh", "-c", code], check=True, cwd=tmp_path, timeout=120)
    assert (tmp_path / "speech.wav").read_bytes()[:4] == b"RIFF"
    assert " ".join(engine.said).startswith("Joe's")


def test_the_javascript_does_the_same(settings_made, engine):
    code = snippet(settings_made, "JavaScript")
    settings_made.run(f"(async () => {{ {code} }})()")
    assert " ".join(engine.said).startswith("Joe's")
    # What is chosen for one program holds for all.
    assert settings_made.run("document.querySelector('#clone-code [value=JavaScript]').checked")
    assert "/voices/clone" in settings_made.text("#clone-code code")


def test_listening_shows_turns(page):
    page.click("nav a[href='#listen']")
    page.click("#listen-toggle")
    page.wait("document.querySelector('#listen-status').textContent == 'Listening'")
    page.wait("document.querySelector('#listen-level').value > 0.5")
    page.wait("document.querySelectorAll('#turns li').length == 2")
    assert page.text("#turns li p").startswith("word")
    assert "turn.start" in page.text("#turns li small")
    assert "turn.end" in page.text("#turns li small")
    page.click("#listen-toggle")
    page.wait("document.querySelector('#listen-status').textContent == 'Stopped'")
    assert page.text("#listen-toggle") == "Start listening"


def test_a_recording_is_heard_with_the_times_of_its_words(page, tone, tmp_path):
    (tmp_path / "tone.wav").write_bytes(tone)
    page.run("location.hash = 'listen'")
    page.choose_file("#file", tmp_path / "tone.wav")
    page.wait("!document.querySelector('#file-result').hidden")
    assert page.text("#file-words").split() == ["word"] * 6
    assert page.text("#file-times tr:nth-child(2)") == "word1.001.50"
    assert page.text("#file-status").startswith("tone.wav: 6.0 s, heard in ")
    (tmp_path / "text.wav").write_text("no sound")
    page.choose_file("#file", tmp_path / "text.wav")
    page.wait("document.querySelector('#file-status.problem')")
    page.complaints.clear()  # the refusal itself, which the browser notes too


def test_a_voice_is_cloned_tried_used_and_deleted(page, buzz, http, engine, tmp_path):
    (tmp_path / "buzz.wav").write_bytes(buzz)
    page.run("location.hash = 'voices'")
    page.choose_file("#clip", tmp_path / "buzz.wav")
    page.enter("#clone-name", "Bee <b>")
    page.click("#clone-form .primary")
    assert page.text("#clone-status") == ""  # not without consent
    page.click("#clone-consent")
    page.click("#clone-form .primary")
    page.wait("document.querySelector('#own-voices li')")
    assert page.text("#clone-status").startswith("Bee <b> is ready. Similarity to the clip: ")
    assert page.text("#own-voices strong") == "Bee <b>"
    page.click("#own-voices [aria-label^=Try]")
    page.wait("document.querySelector('#own-status').textContent == 'Heard'")
    assert "watch" in engine.said
    page.click("#own-voices [aria-label^=Use]")
    page.wait("!document.querySelector('#speak').hidden")
    mine = http.get("/voices", params={"is_owner": "true"}).json()["data"]
    assert page.run("document.querySelector('.voice :checked').value") == mine[0]["id"]
    page.run("window.confirm = () => true")
    page.click("#own-voices [aria-label^=Delete]")
    page.wait("!document.querySelector('#own-voices li')")
    assert http.get("/voices", params={"is_owner": "true"}).json()["data"] == []


def test_a_clip_is_recorded(page):
    page.run("location.hash = 'voices'")
    page.click("#record")
    page.wait("document.querySelector('#record').textContent.includes('(2 s)')")
    page.click("#record")
    page.wait("document.querySelector('#clip-audio').duration > 1.5")
    assert page.text("#record") == "Record"


def test_every_control_has_a_name_and_narrow_screens_need_no_scrolling_sideways(page):
    roles = ("button", "textbox", "combobox", "slider", "radio", "checkbox", "link", "searchbox")
    for section in ("speak", "listen", "voices"):
        page.run(f"location.hash = '{section}'")
        page.wait(f"!document.querySelector('#{section}').hidden")
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
        controls = [node for node in nodes if node.get("role", {}).get("value") in roles]
        assert len(controls) > 5
        assert [node for node in controls if not node["name"]["value"]] == []
        page.look(320, 640)
        assert page.run("document.documentElement.scrollWidth") <= 320
        page.look(1200, 900)


def test_on_plain_http_from_another_machine_all_but_the_microphone_works(server, engine):
    with browser(flags=["--host-resolver-rules=MAP box.test 127.0.0.1"]) as page:
        page.open(server.replace("127.0.0.1", "box.test") + "/playground/")
        page.wait(LOADED)
        assert not page.run("isSecureContext")
        page.enter("#text", "one two")
        page.click(SPEAK)
        page.wait("document.querySelector('#speak-status').textContent.includes('of speech')")
        assert engine.said == ["one", "two"]
        page.click("#speak-code button")
        page.wait("document.querySelector('#speak-code [role=status]').textContent")
        assert page.run("getSelection().toString()").startswith("from cartesia import Cartesia")
        page.click("#listen-toggle")
        page.wait("document.querySelector('#listen-status.problem')")
        assert "//localhost:" in page.text("#listen-status")
        assert page.complaints == []


def test_where_the_microphone_is_refused_the_page_says_so(server):
    with browser(microphone=False) as page:
        page.open(f"{server}/playground/#listen")
        page.wait(LOADED)
        page.click("#listen-toggle")
        page.wait("document.querySelector('#listen-status.problem')")
        assert "keeps the microphone from this page" in page.text("#listen-status")
        assert page.text("#listen-toggle") == "Start listening"


def test_with_keys_the_page_asks_for_one_and_sockets_get_tokens(chromium, tmp_path):
    settings = Settings(threads=2, data_dir=tmp_path, api_keys=("sk_secret",))
    with embedded(settings, engines=scripted_engines()) as url:
        chromium.addresses.clear()
        chromium.open(f"{url}/playground/")
        chromium.wait("document.querySelector('#key-dialog').open")
        chromium.enter("#key", "ключ")  # which no header can carry
        assert chromium.run("document.querySelector('#key').checkValidity()") is False
        chromium.enter("#key", "sk_wrong")
        chromium.click("#key-form .primary")
        chromium.wait("!document.querySelector('#key-problem').hidden")
        chromium.enter("#key", "sk_secret")
        chromium.click("#key-form .primary")
        chromium.wait(LOADED)
        assert "X-API-Key: $CARTESIA_API_KEY" in snippet(chromium, "curl")
        assert "CARTESIA_API_KEY" in snippet(chromium, "curl", "listen-code")
        chromium.enter("#text", "one two")
        chromium.click(SPEAK)
        chromium.wait("document.querySelector('#speak-status').textContent.includes('of speech')")
        sockets = [address for address in chromium.addresses if address.startswith("ws:")]
        assert len(sockets) == 1
        token = httpx.URL(sockets[0]).params["access_token"]
        with httpx.Client(base_url=url, headers={"X-API-Key": token}) as http:
            assert http.get("/voices").status_code == 403
            assert http.post("/stt").status_code == 403  # of this kind of socket only
        assert not [address for address in chromium.addresses if "sk_" in address]
        # A reload needs no key again; another tab would.
        chromium.run("location.reload()")
        chromium.wait(LOADED)
        assert chromium.run("localStorage.length") == 0
