"""cartesia 2.0.x: what its README and its own published tests do."""

from __future__ import annotations

import asyncio
import tempfile

from checks import (
    BASE_URL,
    BRITISH,
    KEY,
    RATE,
    TEXT,
    WARM,
    needs,
    run,
    said,
    seconds,
    speech,
    wav_rate,
)

from cartesia import AsyncCartesia, Cartesia
from cartesia.core import ApiError

RAW = {"container": "raw", "encoding": "pcm_f32le", "sample_rate": 44100}
FORMATS = [
    RAW,
    {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 22050},
    {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
]


def client(key: str = KEY) -> Cartesia:
    return Cartesia(api_key=key, base_url=BASE_URL)


def aclient(key: str = KEY) -> AsyncCartesia:
    return AsyncCartesia(api_key=key, base_url=BASE_URL)


def request(**changes):
    return {
        "model_id": "sonic-2",
        "transcript": TEXT,
        "voice": {"id": WARM},
        "output_format": RAW,
        **changes,
    }


def check_status_and_token() -> None:
    assert client().api_status.get().ok
    assert client().auth.access_token(grants={"tts": True}, expires_in=60).token


def _check_file(file: bytes, form: dict) -> None:
    if form["container"] == "raw":
        assert 1 < seconds(file, 44100, 4) < 6
    elif form["container"] == "wav":
        assert wav_rate(file) == 22050
    else:
        assert file[0] == 0xFF, file[:4]
        assert len(file) > 10_000


def check_bytes() -> None:
    for form in FORMATS:
        _check_file(b"".join(client().tts.bytes(**request(output_format=form))), form)


async def check_bytes_async() -> None:
    for form in FORMATS:
        parts = [part async for part in aclient().tts.bytes(**request(output_format=form))]
        _check_file(b"".join(parts), form)


def check_controls() -> None:
    slow, fast = (
        len(
            b"".join(
                client().tts.bytes(
                    **request(
                        voice={
                            "mode": "id",
                            "id": WARM,
                            "experimental_controls": {
                                "speed": speed,
                                "emotion": ["positivity:high"],
                            },
                        }
                    )
                )
            )
        )
        for speed in ("slow", "fast")
    )
    assert slow > 1.2 * fast, (slow, fast)


def check_embedding() -> None:
    numbers = client().voices.get(id=BRITISH).embedding
    assert len(numbers) == 192
    voice = {"mode": "embedding", "embedding": numbers}
    assert seconds(b"".join(client().tts.bytes(**request(voice=voice))), 44100, 4) > 1


def check_sse() -> None:
    chunks = list(client().tts.sse(**request()))
    assert all(chunk.type == "chunk" for chunk in chunks), {chunk.type for chunk in chunks}
    assert all(len(chunk.data) for chunk in chunks)


async def check_sse_async() -> None:
    kinds = [event.type async for event in aclient().tts.sse(**request())]
    assert set(kinds) == {"chunk"}, kinds


def check_sse_timestamps() -> None:
    events = list(client().tts.sse(**request(add_timestamps=True, context_id="some")))
    words = [word for e in events if e.type == "timestamps" for word in e.word_timestamps.words]
    assert words == TEXT.split(), words
    events = list(client().tts.sse(**request(add_phoneme_timestamps=True)))
    assert any(e.type == "phoneme_timestamps" for e in events)


def check_socket() -> None:
    ws = client().tts.websocket()
    audio = b"".join(out.audio for out in ws.send(**request(), stream=True) if out.audio)
    assert 1 < seconds(audio, 44100, 4) < 6
    whole = ws.send(**request(), stream=False, add_timestamps=True, add_phoneme_timestamps=True)
    assert abs(len(whole.audio) - len(audio)) < 44100
    assert whole.word_timestamps.words == TEXT.split()
    assert whole.phoneme_timestamps.phonemes
    for original in (True, False):
        whole = ws.send(
            **request(), stream=False, add_timestamps=True, use_original_timestamps=original
        )
        assert len(whole.word_timestamps.words) == len(TEXT.split())
    ws.close()


def check_socket_context() -> None:
    def texts():
        yield "The quick brown fox "
        yield "jumps over "
        yield "the lazy dog."

    ws = client().tts.websocket()
    context = ws.context()
    fields = request(transcript=texts(), add_timestamps=True)
    outs = list(context.send(**fields))
    words = [word for o in outs if o.word_timestamps for word in o.word_timestamps.words]
    starts = [start for o in outs if o.word_timestamps for start in o.word_timestamps.start]
    assert words == TEXT.split(), words
    assert starts == sorted(starts)
    assert b"".join(o.audio for o in outs if o.audio)
    ws.close()


async def _words(context) -> tuple[list[str], bytes]:
    words, audio = [], b""
    async for out in context.receive():
        if out.audio:
            audio += out.audio
        if out.word_timestamps:
            words += out.word_timestamps.words
    return words, audio


async def check_socket_async() -> None:
    ws = await aclient().tts.websocket()
    outs = [out async for out in await ws.send(**request(), stream=True)]
    assert seconds(b"".join(out.audio for out in outs if out.audio), 44100, 4) > 1
    whole = await ws.send(**request(), stream=False, add_timestamps=True)
    assert whole.word_timestamps.words == TEXT.split()
    await ws.close()


async def check_continuation_async() -> None:
    ws = await aclient().tts.websocket()
    context = ws.context()
    await context.send(
        **request(transcript="The quick brown fox "), continue_=True, add_timestamps=True
    )
    await context.send(
        **request(transcript="jumps over the lazy dog."), continue_=True, add_timestamps=True
    )
    await context.no_more_inputs()
    words, audio = await _words(context)
    assert words == TEXT.split(), words
    assert audio
    await ws.close()


async def check_flush_async() -> None:
    ws = await aclient().tts.websocket()
    context = ws.context()
    parts = []
    await context.send(**request(transcript="The quick brown fox. "), continue_=True)
    parts.append(await context.flush())
    await context.send(**request(transcript="It jumps over the dog. "), continue_=True)
    parts.append(await context.flush())
    await context.send(**request(transcript="That is all."), continue_=True)
    await context.no_more_inputs()
    for receive in parts:
        audio = b"".join([out.audio async for out in receive() if out.audio])
        assert seconds(audio, 44100, 4) > 0.5
    _, rest = await _words(context)
    assert seconds(rest, 44100, 4) > 0.3
    await ws.close()


async def check_cancel_async() -> None:
    ws = await aclient().tts.websocket()
    context = ws.context()
    await context.send(**request(transcript=" ".join([TEXT] * 20)))
    async for out in context.receive():
        if out.audio:
            await context.cancel()
            break
    words, audio = await asyncio.wait_for(_whole(ws), 60)
    assert words == TEXT.split()
    assert audio
    await ws.close()


async def _whole(ws) -> tuple[list[str], bytes]:
    context = ws.context()
    await context.send(**request(), add_timestamps=True)
    return await _words(context)


async def check_three_contexts_async() -> None:
    ws = await aclient().tts.websocket()
    heard = await asyncio.gather(*(_whole(ws) for _ in range(3)))
    assert [words for words, _ in heard] == [TEXT.split()] * 3
    await ws.close()


def check_transcribe() -> None:
    for described in ({}, {"encoding": "pcm_s16le", "sample_rate": RATE}):
        answer = client().stt.transcribe(
            file=speech(),
            model="ink-whisper",
            language="en",
            timestamp_granularities=["word"],
            **described,
        )
        assert said(answer.text), answer.text
        assert answer.words[0].word
        assert answer.duration > 1


async def check_transcribe_async() -> None:
    answer = await aclient().stt.transcribe(file=speech(), model="ink-whisper", language="en")
    assert said(answer.text), answer.text


def _stt(ws) -> str:
    texts = []
    for message in ws.receive():
        if message["type"] == "transcript" and message["is_final"]:
            texts.append(message["text"])
        if message["type"] == "done":
            break
    return " ".join(texts).strip()


def check_hearing() -> None:
    """The README's example: a whole WAV, header and all, then finalize and done, then reading."""
    ws = client().stt.websocket(
        model="ink-whisper",
        language="en",
        encoding="pcm_s16le",
        sample_rate=RATE,
        min_volume=0.1,
        max_silence_duration_secs=0.4,
    )
    wav = speech()
    for start in range(0, len(wav), 640):
        ws.send(wav[start : start + 640])
    ws.send("finalize")
    ws.send("done")
    heard = _stt(ws)
    assert said(heard), heard
    ws.close()


async def check_hearing_async() -> None:
    ws = await aclient().stt.websocket(
        model="ink-whisper", language="en", encoding="pcm_s16le", sample_rate=RATE
    )
    wav = speech()
    for start in range(0, len(wav), 640):
        await ws.send(wav[start : start + 640])
    await ws.send("finalize")
    await ws.send("done")
    texts = [
        message["text"]
        async for message in ws.receive()
        if message["type"] == "transcript" and message["is_final"]
    ]
    assert said(" ".join(texts)), texts
    await ws.close()


def check_voices() -> None:
    pager = client().voices.list(limit=10)
    ids = [voice.id for voice in pager]
    assert len(ids) == len(set(ids)) > 20
    assert WARM in ids
    voice = client().voices.get(WARM)
    assert voice.name
    assert not voice.is_owner
    assert (
        len(
            client()
            .voices.mix(voices=[{"id": WARM, "weight": 1}, {"id": BRITISH, "weight": 1}])
            .embedding
        )
        == 192
    )


def check_own_voices() -> None:
    c = client()
    made = c.voices.clone(
        clip=speech(" ".join([TEXT] * 3)),
        name="Clone",
        description="Of a clip.",
        language="en",
        mode="similarity",
        enhance=False,
    )
    assert made.user_id
    assert made.is_public is False
    changed = c.voices.update(made.id, name="Changed", description="Of a clip.")
    assert changed.name == "Changed"
    audio = b"".join(c.tts.bytes(**request(voice={"mode": "id", "id": made.id})))
    assert seconds(audio, 44100, 4) > 1
    local = c.voices.localize(
        voice_id=made.id,
        name="Abroad",
        description="",
        language="es",
        original_speaker_gender="female",
    )
    created = c.voices.create(
        name="Numbers", description="", embedding=c.voices.get(WARM).embedding
    )
    for voice in (made, local, created):
        c.voices.delete(voice.id)


def _fails(status: int, call) -> None:
    try:
        result = call()
        if hasattr(result, "__next__"):
            next(result)
    except ApiError as error:
        assert error.status_code == status, error
        assert error.body, error
        return
    raise AssertionError("no error")


def check_errors() -> None:
    c = client()
    _fails(400, lambda: c.tts.bytes(**request(voice={"id": ""})))
    _fails(400, lambda: c.tts.bytes(**request(output_format={**RAW, "sample_rate": 40})))
    _fails(400, lambda: c.tts.bytes(**request(model_id="")))
    _fails(400, lambda: c.tts.bytes(**request(transcript="...")))
    _fails(404, lambda: c.voices.get("00000000-0000-0000-0000-000000000000"))
    _fails(401, lambda: client("wrong").voices.get(WARM))
    _fails(401, lambda: client("wrong").tts.bytes(**request()))


def check_socket_errors() -> None:
    ws = client().tts.websocket()
    try:
        list(ws.send(**request(model_id="sonic-99")))
    except RuntimeError as error:
        assert "model_id" in str(error), error
    else:
        raise AssertionError("no error")


async def check_socket_errors_async() -> None:
    ws = await aclient().tts.websocket()
    try:
        [out async for out in await ws.send(**request(transcript="..."))]
    except RuntimeError as error:
        assert "punctuation" in str(error), error
    else:
        raise AssertionError("no error")
    words, _ = await _whole(ws)
    assert words == TEXT.split()
    await ws.close()
    try:
        await aclient("wrong").tts.websocket()
    except RuntimeError as error:
        assert "401" in str(error), error
    else:
        raise AssertionError("no error")


def check_infill() -> None:
    needs("/infill/bytes")
    c, wav = client(), speech()
    file = b"".join(
        c.infill.bytes(
            left_audio=wav,
            right_audio=wav,
            model_id="sonic-2",
            language="en",
            transcript="and then it rests",
            voice_id=WARM,
            output_format_container="wav",
            output_format_sample_rate=RATE,
            output_format_encoding="pcm_s16le",
        )
    )
    assert wav_rate(file) == RATE
    with tempfile.NamedTemporaryFile(suffix=".wav") as clip:
        clip.write(wav)
        clip.flush()
        for side in ("left_audio_path", "right_audio_path"):
            infilled, whole = c.tts.infill(
                model_id="sonic-2",
                language="en",
                transcript="and then it rests",
                voice={"mode": "id", "id": WARM},
                output_format={"container": "wav", "encoding": "pcm_s16le", "sample_rate": RATE},
                **{side: clip.name},
            )
            assert wav_rate(infilled) == RATE
            assert len(whole) > len(infilled)


def check_voice_changer() -> None:
    needs("/voice-changer/bytes")
    file = b"".join(
        client().voice_changer.bytes(
            clip=speech(),
            voice_id=BRITISH,
            output_format_container="wav",
            output_format_sample_rate=RATE,
            output_format_encoding="pcm_s16le",
        )
    )
    assert wav_rate(file) == RATE


run(globals())
