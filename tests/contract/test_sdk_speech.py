"""Our library against our server: the runs that the published 2.0.11 is tested with, and errors."""

import asyncio
import io
import struct
import wave

import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import ApiError
from tests.contract.conftest import RAW, VOICE
from tests.contract.scripted import WORD_SECONDS

pytestmark = pytest.mark.anyio

HOW = {"model_id": "sonic-2", "voice": {"mode": "id", "id": VOICE}, "output_format": RAW}
SAID = "One two three."
SECONDS = 3 * WORD_SECONDS


@pytest.fixture
def client(server):
    with Cartesia(api_key="any", base_url=server) as client:
        yield client


@pytest.fixture
async def async_client(server):
    async with AsyncCartesia(api_key="any", base_url=server) as client:
        yield client


def seconds(audio):
    return len(audio) / 2 / 24000


def words_of(outputs):
    return [word for one in outputs if one.word_timestamps for word in one.word_timestamps.words]


def audio_of(outputs):
    return b"".join(one.audio for one in outputs if one.audio)


class TestBytes:
    def test_raw(self, client):
        audio = b"".join(client.tts.bytes(transcript=SAID, **HOW))
        assert seconds(audio) == pytest.approx(SECONDS)

    def test_wav(self, client):
        form = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}
        data = b"".join(client.tts.bytes(transcript=SAID, **{**HOW, "output_format": form}))
        with wave.open(io.BytesIO(data)) as reader:
            assert reader.getnframes() / 44100 == pytest.approx(SECONDS, abs=0.001)

    def test_mp3(self, client):
        form = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
        data = b"".join(client.tts.bytes(transcript=SAID, **{**HOW, "output_format": form}))
        assert struct.unpack(">H", data[:2])[0] & 0xFFE0 == 0xFFE0

    async def test_async(self, async_client):
        chunks = [chunk async for chunk in async_client.tts.bytes(transcript=SAID, **HOW)]
        assert seconds(b"".join(chunks)) == pytest.approx(SECONDS)

    def test_embedding_of_a_voice_speaks_like_it(self, client, engine):
        embedding = client.voices.get(VOICE).embedding
        voice = {"mode": "embedding", "embedding": embedding}
        for _ in client.tts.bytes(transcript=SAID, **{**HOW, "voice": voice}):
            pass
        assert engine.voices[0].tolist() == pytest.approx(embedding, abs=1e-4)

    def test_giving_up_early_frees_the_server(self, client, engine):
        speech = client.tts.bytes(transcript="one wait", **HOW)
        assert next(speech)
        assert engine.holding.wait(20)
        speech.close()
        assert engine.freed.wait(20)


class TestSse:
    def test_every_item_is_audio(self, client):
        items = list(client.tts.sse(transcript=SAID, **HOW))
        assert all(len(item.data) for item in items)
        assert seconds(b"".join(item.audio for item in items)) == pytest.approx(SECONDS)

    async def test_async_with_times(self, async_client):
        stream = async_client.tts.sse(transcript=SAID, add_timestamps=True, **HOW)
        items = [item async for item in stream]
        timed = [item for item in items if item.type == "timestamps"]
        assert words_of(timed) == SAID.split()


class TestSocket:
    def test_stream(self, client):
        socket = client.tts.websocket()
        outputs = list(socket.send(transcript=SAID, stream=True, **HOW))
        socket.close()
        assert all(output.audio for output in outputs)
        assert seconds(audio_of(outputs)) == pytest.approx(SECONDS)

    def test_whole(self, client):
        socket = client.tts.websocket()
        output = socket.send(
            transcript=SAID,
            stream=False,
            add_timestamps=True,
            use_original_timestamps=True,
            **HOW,
        )
        socket.close()
        assert seconds(output.audio) == pytest.approx(SECONDS)
        assert output.word_timestamps.words == SAID.split()
        assert output.word_timestamps.end[-1] <= SECONDS

    async def test_async_stream_and_whole(self, async_client):
        socket = await async_client.tts.websocket()
        stream = await socket.send(transcript=SAID, stream=True, **HOW)
        streamed = audio_of([output async for output in stream])
        whole = await socket.send(transcript=SAID, stream=False, **HOW)
        await socket.close()
        assert streamed == whole.audio

    def test_two_streams_on_one_socket_do_not_mix(self, client):
        socket = client.tts.websocket()
        first = socket.send(transcript="a1 a2 a3", stream=True, add_timestamps=True, **HOW)
        second = socket.send(transcript="b1 b2 b3", stream=True, add_timestamps=True, **HOW)
        taken = [(next(first), next(second)) for _ in range(3)]
        firsts = [one for one, _ in taken] + list(first)
        seconds_ = [two for _, two in taken] + list(second)
        socket.close()
        assert words_of(firsts) == ["a1", "a2", "a3"]
        assert words_of(seconds_) == ["b1", "b2", "b3"]


class TestContexts:
    def test_text_from_a_generator(self, client):
        socket = client.tts.websocket()
        context = socket.context()
        text = ["Hello, ", "my name is ", "Sonic. ", "I am ", "a voice."]
        outputs = list(
            context.send(
                transcript=iter(text), add_timestamps=True, use_original_timestamps=True, **HOW
            )
        )
        assert words_of(outputs) == "".join(text).split()
        assert context.is_closed()
        socket.close()

    async def test_two_sends_and_no_more_inputs(self, async_client):
        socket = await async_client.tts.websocket()
        context = socket.context()
        for text in ("One two. ", "Three."):
            await context.send(transcript=text, continue_=True, add_timestamps=True, **HOW)
        await context.no_more_inputs()
        outputs = [output async for output in context.receive()]
        starts = [s for one in outputs if one.word_timestamps for s in one.word_timestamps.start]
        assert starts == sorted(starts)
        assert seconds(audio_of(outputs)) == pytest.approx(SECONDS)
        assert context.is_closed()
        await socket.close()

    async def test_flushes_divide_the_audio(self, async_client):
        socket = await async_client.tts.websocket()
        context = socket.context()
        segments = []
        for text in ("one", "two three"):
            await context.send(transcript=text, continue_=True, **HOW)
            segments.append(await context.flush())
        await context.send(transcript="four five six", continue_=True, **HOW)
        await context.no_more_inputs()

        async def length(outputs):
            return seconds(audio_of([output async for output in outputs])) / WORD_SECONDS

        first, second = segments
        assert await length(first()) == pytest.approx(1)
        assert await length(second()) == pytest.approx(2)
        assert await length(context.receive()) == pytest.approx(3)
        await socket.close()

    async def test_cancel_reaches_the_engine(self, async_client, engine):
        socket = await async_client.tts.websocket()
        context = socket.context()
        await context.send(transcript="one wait three.", **HOW)
        async for _ in context.receive():
            assert await asyncio.to_thread(engine.holding.wait, 20)
            await context.cancel()
            break
        assert await asyncio.to_thread(engine.freed.wait, 20)
        await socket.close()

    async def test_three_contexts_in_parallel(self, async_client):
        socket = await async_client.tts.websocket()

        async def speak(number):
            context = socket.context()
            text = f"This is number{number}. And on it goes."
            await context.send(transcript=text, add_timestamps=True, continue_=True, **HOW)
            await context.no_more_inputs()
            return [output async for output in context.receive()]

        for number, outputs in enumerate(await asyncio.gather(*map(speak, range(3)))):
            assert f"number{number}." in words_of(outputs)
            assert len(words_of(outputs)) == 7
        await socket.close()


class TestErrors:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"voice": {"mode": "id", "id": ""}}, "voice.id: got ''"),
            ({"output_format": {**RAW, "sample_rate": 40}}, "output_format.sample_rate: got 40"),
            ({"model_id": ""}, "model_id: got ''"),
        ],
    )
    async def test_are_raised_where_they_belong(self, client, async_client, changes, message):
        with pytest.raises(ApiError) as refusal:
            client.tts.bytes(transcript=SAID, **{**HOW, **changes})
        assert refusal.value.status_code == 400
        assert message in refusal.value.body
        with pytest.raises(ApiError, match=message.split(":")[0]):
            await async_client.tts.bytes(transcript=SAID, **{**HOW, **changes})
        socket = client.tts.websocket()
        with pytest.raises(RuntimeError, match=message.split(":")[0]):
            list(socket.send(transcript=SAID, **{**HOW, **changes}))
        socket.close()

    @pytest.mark.parametrize("text", ["...", "?!"])
    def test_nothing_to_say(self, client, text):
        socket = client.tts.websocket()
        with pytest.raises(RuntimeError, match="transcript empty or contains only punctuation"):
            list(socket.send(transcript=text, **HOW))
        socket.close()

    def test_engine_that_fails_in_the_middle_of_a_stream(self, client):
        with pytest.raises(ApiError):
            list(client.tts.sse(transcript="one boom", **HOW))

    def test_error_ends_one_context_of_a_socket(self, client):
        socket = client.tts.websocket()
        with pytest.raises(RuntimeError):
            list(socket.send(transcript="boom", **HOW))
        assert seconds(socket.send(transcript=SAID, stream=False, **HOW).audio) > 0
        socket.close()


class TestVoices:
    def test_list_goes_over_all_pages(self, client):
        everything = [voice.id for voice in client.voices.list()]
        assert [voice.id for voice in client.voices.list(limit=7)] == everything
        assert VOICE in everything

    async def test_async_list_and_get(self, async_client):
        pager = await async_client.voices.list(limit=10, gender="feminine")
        voices = [voice async for voice in pager]
        assert len(voices) > 10
        voice = await async_client.voices.get(voices[0].id)
        assert len(voice.embedding) == 192

    def test_unknown_voice(self, client):
        with pytest.raises(ApiError) as refusal:
            client.voices.get("nobody")
        assert refusal.value.status_code == 404
