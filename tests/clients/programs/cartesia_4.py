"""cartesia 3.5 and 4.2: the newer Python client, on the parts that both have."""

from __future__ import annotations

import contextlib

from checks import (
    BASE_URL,
    BRITISH,
    KEY,
    RATE,
    TEXT,
    WARM,
    Skip,
    needs,
    pcm,
    run,
    said,
    seconds,
    speech,
    wav_rate,
    websocket_url,
)

import cartesia
from cartesia import AsyncCartesia, Cartesia

RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24000}
MP3 = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
VOICE = {"mode": "id", "id": WARM}
NEWEST = int(cartesia.__version__.split(".")[0]) >= 4
STREAM = {"encoding": "pcm_s16le", "sample_rate": RATE}


def client(key: str = KEY, **options) -> Cartesia:
    return Cartesia(api_key=key, base_url=BASE_URL, websocket_base_url=websocket_url(), **options)


def aclient(key: str = KEY) -> AsyncCartesia:
    return AsyncCartesia(api_key=key, base_url=BASE_URL, websocket_base_url=websocket_url())


def request(**changes):
    return {
        "model_id": "sonic-3",
        "transcript": TEXT,
        "voice": VOICE,
        "output_format": RAW,
        **changes,
    }


def check_status() -> None:
    assert client().get_status().ok


def check_token_instead_of_a_key() -> None:
    token = client().access_token.create(grants={"tts": True}, expires_in=60).token
    browser = Cartesia(token=token, base_url=BASE_URL)
    assert seconds(browser.tts.generate(**request()).read(), 24000, 2) > 1
    try:
        browser.voices.get(WARM)
    except cartesia.PermissionDeniedError as error:
        assert "token" in str(error)
    else:
        raise AssertionError("no error")


def check_generate() -> None:
    assert 1 < seconds(client().tts.generate(**request()).read(), 24000, 2) < 6
    assert wav_rate(client().tts.generate(**request(output_format=WAV)).read()) == 24000
    assert client().tts.generate(**request(output_format=MP3)).read()[0] == 0xFF
    config = {"speed": 1.3, "volume": 0.8, "emotion": "Happy"}
    fast = client().tts.generate(**request(generation_config=config, language="en")).read()
    assert seconds(fast, 24000, 2) > 0.8
    assert b"".join(client().tts.bytes(**request()))


async def check_generate_async() -> None:
    answer = await aclient().tts.generate(**request())
    assert seconds(await answer.read(), 24000, 2) > 1


def check_a_bare_voice_and_a_locale() -> None:
    if not NEWEST:
        raise Skip("from 4.x on")
    audio = client().tts.generate(**request(voice=WARM, locale="en-GB", normalization="auto"))
    assert seconds(audio.read(), 24000, 2) > 1


def check_sse() -> None:
    events = list(
        client().tts.generate_sse(
            **request(add_timestamps=True, add_phoneme_timestamps=True, context_id="mine")
        )
    )
    kinds = {event.type for event in events}
    assert kinds == {"chunk", "timestamps", "phoneme_timestamps", "done"}, kinds
    assert events[-1].type == "done"
    assert {event.context_id for event in events} == {"mine"}
    words = [w for e in events if e.type == "timestamps" for w in e.word_timestamps.words]
    assert words == TEXT.split(), words


async def check_sse_async() -> None:
    stream = await aclient().tts.generate_sse(**request())
    kinds = [event.type async for event in stream]
    assert set(kinds) == {"chunk", "done"}, kinds


def _received(context) -> tuple[bytes, list[str], list[str]]:
    audio, words, kinds = b"", [], []
    for event in context.receive():
        kinds.append(event.type)
        assert event.type != "error", event
        if event.type == "chunk":
            audio += event.audio
        if event.type == "timestamps":
            words += event.word_timestamps.words
    return audio, words, kinds


def check_socket_contexts() -> None:
    with client().tts.websocket_connect() as connection:
        context = connection.context(
            model_id="sonic-3", voice=VOICE, output_format=RAW, language="en", add_timestamps=True
        )
        for text in ("The quick brown fox ", "jumps over ", "the lazy dog."):
            context.push(text)
        context.no_more_inputs()
        audio, words, kinds = _received(context)
        assert kinds[-1] == "done"
        assert words == TEXT.split(), words
        assert seconds(audio, 24000, 2) > 1
        context = connection.context(model_id="sonic-3", voice=VOICE, output_format=RAW)
        context.send(transcript=TEXT, voice=VOICE, continue_=False)
        assert _received(context)[0]


def check_socket_flush() -> None:
    with client().tts.websocket_connect() as connection:
        context = connection.context(
            model_id="sonic-3", voice=VOICE, output_format=RAW, max_buffer_delay_ms=0
        )
        context.push("The quick brown fox.")
        context.push("", flush=True)
        context.push("The lazy dog.")
        context.no_more_inputs()
        ids = []
        kinds = []
        for event in context.receive():
            kinds.append(event.type)
            if event.type in ("chunk", "flush_done"):
                ids.append(event.flush_id)
        assert kinds.count("flush_done") == 1, kinds
        assert set(ids) == {1, 2}, ids
        assert kinds[-1] == "done"


def check_socket_cancel() -> None:
    with client().tts.websocket_connect() as connection:
        context = connection.context(model_id="sonic-3", voice=VOICE, output_format=RAW)
        context.push(" ".join([TEXT] * 20))
        for event in context.receive():
            if event.type == "chunk":
                context.cancel()
                break
        other = connection.context(model_id="sonic-3", voice=VOICE, output_format=RAW)
        other.push(TEXT)
        other.no_more_inputs()
        assert _received(other)[0]


def check_socket_errors() -> None:
    with client().tts.websocket_connect() as connection:
        context = connection.context(model_id="sonic-99", voice=VOICE, output_format=RAW)
        context.push(TEXT)
        event = next(iter(context.receive()))
        assert event.type == "error", event
        assert event.error_code == "model_not_found"
        assert event.title
        assert "sonic-99" in event.message
        assert event.request_id
    with contextlib.suppress(Exception), client("wrong").tts.websocket_connect():
        raise AssertionError("no error") from None


def check_socket_of_version_2() -> None:
    socket = client().tts.websocket()
    audio = b"".join(out.audio for out in socket.send(**request()) if out.audio)
    assert seconds(audio, 24000, 2) > 1
    socket.close()


async def check_socket_async() -> None:
    async with aclient().tts.websocket_connect() as connection:
        context = connection.context(
            model_id="sonic-3", voice=VOICE, output_format=RAW, add_timestamps=True
        )
        await context.push("The quick brown fox ")
        await context.push("jumps over the lazy dog.")
        await context.no_more_inputs()
        words, audio = [], b""
        async for event in context.receive():
            assert event.type != "error", event
            if event.type == "chunk":
                audio += event.audio
            if event.type == "timestamps":
                words += event.word_timestamps.words
        assert words == TEXT.split(), words
        assert audio


def check_transcribe() -> None:
    answer = client().stt.transcribe(
        file=speech(), model="ink-whisper", language="en", timestamp_granularities=["word"]
    )
    assert said(answer.text), answer.text
    assert answer.words
    headerless = client().stt.transcribe(file=pcm(), model="ink-whisper", **STREAM)
    assert said(headerless.text), headerless.text


def _heard(connection, commands: list[str]) -> tuple[str, list[str]]:
    audio = pcm()
    for start in range(0, len(audio), 3200):
        connection.send_raw(audio[start : start + 3200])
    for command in commands:
        connection.send(command)
    texts, kinds = [], []
    for event in connection:
        kinds.append(event.type)
        assert event.type != "error", event
        if event.type == "transcript" and event.is_final:
            texts.append(event.text)
        if event.type == "done":
            break
    return "".join(texts), kinds


def check_hearing() -> None:
    for model in ("ink-2", "ink-whisper"):
        with client().stt.manual_finalize.websocket(model=model, language="en", **STREAM) as stt:
            text, kinds = _heard(stt, ["finalize", "close"])
            assert said(text), text
            assert "flush_done" in kinds
            assert kinds[-1] == "done"


async def check_hearing_async() -> None:
    async with aclient().stt.manual_finalize.websocket(
        model="ink-2", keyterm=["fox", "lazy dog"], **STREAM
    ) as stt:
        await stt.send_raw(pcm())
        await stt.send("finalize")
        await stt.send("close")
        text = ""
        async for event in stt:
            if event.type == "transcript" and event.is_final:
                text += event.text
            if event.type == "done":
                break
        assert said(text), text


def check_turns() -> None:
    needs("/stt/turns/websocket")
    audio = pcm() + bytes(3 * 2 * RATE)
    with client().stt.auto_finalize.websocket(model="ink-2", **STREAM) as stt:
        for start in range(0, len(audio), 3200):
            stt.send_raw(audio[start : start + 3200])
        stt.send({"type": "config", "turn": {"end_timeout_ms": 3000}})
        stt.send({"type": "close"})
        events = list(stt)
    kinds = [event.type for event in events if event.type != "turn.update"]
    assert kinds == ["connected", "turn.start", "turn.eager_end", "turn.end"], kinds
    assert said(events[-1].transcript), events[-1]
    assert len({event.request_id for event in events}) == 1


def check_turns_of_bad_settings() -> None:
    needs("/stt/turns/websocket")
    with client().stt.auto_finalize.websocket(
        model="ink-2", turn_eager_end_threshold=0.3, turn_end_threshold=0.4, **STREAM
    ) as stt:
        error = next(iter(stt))
    assert (error.type, error.status_code) == ("error", 400), error
    assert "turn_end_threshold" in error.message


async def check_turns_async() -> None:
    needs("/stt/turns/websocket")
    async with aclient().stt.auto_finalize.websocket(
        model="ink-2", turn_end_timeout_ms=3000, keyterm=["lazy dog"], **STREAM
    ) as stt:
        await stt.send_raw(pcm())
        await stt.send({"type": "close"})
        events = [event async for event in stt]
    assert events[-1].type == "turn.end", events
    assert said(events[-1].transcript), events[-1]


def check_voices() -> None:
    ids = [voice.id for voice in client().voices.list(limit=10)]
    assert len(ids) == len(set(ids)) > 20
    assert BRITISH in ids
    voice = client().voices.get(WARM)
    assert voice.name
    assert voice.is_owner is False
    assert voice.language == "en"
    assert voice.gender == "feminine"
    if NEWEST:
        assert (voice.access, voice.visibility) == ("public", "all")
        assert voice.tagline
        assert voice.locales[0].locale == "en-US"
    else:
        assert voice.is_public is True
    women = client().voices.list(gender="feminine", q="british")
    assert {v.gender for v in women} == {"feminine"}


def check_own_voices() -> None:
    c = client()
    made = c.voices.clone(clip=speech(" ".join([TEXT] * 3)), name="Clone", language="en")
    try:
        assert made.user_id
        assert c.voices.update(made.id, name="Changed").name == "Changed"
        assert c.voices.update(made.id, gender="feminine").gender == "feminine"
        assert c.voices.update(made.id, gender=None).gender is None
        assert c.voices.update(made.id, accent="british").accent == "british"
        assert made.id in [v.id for v in c.voices.list(is_owner=True)]
        if NEWEST:
            local = c.voices.localize(voice_id=made.id, name="Abroad", accent="castilian")
            added = c.voices.add_accents(made.id, accents=["castilian"])
            assert [one.locale for one in added.locales] == ["en-GB", "es-ES"]
            left = c.voices.delete_accent("castilian", id=made.id)
            assert [one.locale for one in left.locales] == ["en-GB"]
        else:
            local = c.voices.localize(
                voice_id=made.id,
                name="Abroad",
                description="",
                language="es",
                original_speaker_gender="female",
            )
        assert local.language == "es"
        c.voices.delete(local.id)
        audio = c.tts.generate(**request(voice={"mode": "id", "id": made.id})).read()
        assert seconds(audio, 24000, 2) > 1
    finally:
        c.voices.delete(made.id)


def check_accents() -> None:
    if not NEWEST:
        raise Skip("from 4.x on")
    accents = client().voices.list_accents().accents
    assert {"british", "general-american"} <= {accent.id for accent in accents}


def check_pronunciation_dictionaries() -> None:
    needs("/pronunciation-dicts")
    c = client()
    made = c.pronunciation_dicts.create(name="Names", items=[{"text": "fox", "alias": "wolf"}])
    try:
        assert made.id in [one.id for one in c.pronunciation_dicts.list(limit=1)]
        assert c.pronunciation_dicts.retrieve(made.id).items[0].text == "fox"
        changed = c.pronunciation_dicts.update(made.id, name="Animals")
        assert changed.name == "Animals"
        wav = c.tts.generate(**request(pronunciation_dict_id=made.id, output_format=WAV)).read()
        heard = c.stt.transcribe(file=wav, model="ink-whisper", language="en").text
        assert "wolf" in heard.lower(), heard
    finally:
        c.pronunciation_dicts.delete(made.id)


def check_errors() -> None:
    c = client(max_retries=0)
    for changes in (
        {"model_id": "sonic-99"},
        {"transcript": "..."},
        {"output_format": {**RAW, "sample_rate": 40}},
    ):
        try:
            c.tts.generate(**request(**changes))
        except cartesia.BadRequestError as error:
            assert str(next(iter(changes))).split("_")[0] in str(error), error
        else:
            raise AssertionError("no error")
    try:
        c.tts.generate(**request(extra_body={"max_buffer_delay_ms": 10}))
    except cartesia.BadRequestError as error:
        assert "max_buffer_delay_ms" in str(error)
    else:
        raise AssertionError("no error")
    try:
        client("wrong").voices.get(WARM)
    except cartesia.AuthenticationError as error:
        assert error.status_code == 401
    else:
        raise AssertionError("no error")
    try:
        c.voices.get("not-a-uuid")
    except cartesia.NotFoundError as error:
        if NEWEST:
            assert error.body["title"] == "Not found"
            assert error.body["request_id"]
            assert error.body["doc_url"]
    else:
        raise AssertionError("no error")


def check_what_the_server_has_not() -> None:
    c = client()
    for call in (c.datasets.list, c.fine_tunes.list, c.agents.list):
        try:
            call()
        except cartesia.InternalServerError as error:
            assert error.status_code == 501
            assert "this server" in str(error.body), error.body
        else:
            raise AssertionError("no error")


def check_infill() -> None:
    needs("/infill/bytes")
    for given in ({"left_audio": speech()}, {"left_audio": speech(), "right_audio": speech()}):
        file = client().tts.infill(
            **given,
            model_id="sonic-2",
            language="en",
            transcript="and then it rests",
            voice_id=WARM,
            output_format=WAV,
        )
        assert wav_rate(file.read()) == 24000


def check_voice_changer() -> None:
    needs("/voice-changer/sse")
    form = {
        "output_format_container": "raw",
        "output_format_encoding": "pcm_s16le",
        "output_format_sample_rate": RATE,
    }
    changed = client().voice_changer.generate(clip=speech(), voice_id=BRITISH, **form)
    assert seconds(changed.read(), RATE, 2) > 1
    events = list(client().voice_changer.generate_sse(clip=speech(), voice_id=BRITISH, **form))
    assert events[-1].done
    assert any(getattr(event, "data", None) for event in events)


run(globals())
