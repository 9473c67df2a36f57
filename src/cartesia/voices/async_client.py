"""Voices."""

from __future__ import annotations

from collections.abc import Sequence

from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.file import File
from cartesia.core.pagination import PendingAsyncPager
from cartesia.core.request_options import RequestOptions
from cartesia.wire.embedding import Embedding, NumberArray
from cartesia.wire.tts import SupportedLanguage
from cartesia.wire.voices import (
    BaseVoiceId,
    CloneMode,
    EmbeddingResponse,
    Gender,
    GenderPresentation,
    LocalizeDialect,
    LocalizeTargetLanguage,
    MixVoiceSpecifier,
    MixVoiceSpecifierParams,
    Voice,
    VoiceExpandOptions,
    VoiceId,
    VoiceMetadata,
)

from . import endpoints


class AsyncVoicesClient:
    """Lists, makes and changes voices: `client.voices`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        is_owner: bool | None = None,
        is_starred: bool | None = None,
        gender: GenderPresentation | None = None,
        expand: Sequence[VoiceExpandOptions] | None = None,
        request_options: RequestOptions | None = None,
    ) -> PendingAsyncPager[Voice]:
        """List voices.

        Args:
            limit: Voices on a page, from 1 to 100.
            starting_after: An id: the list begins after that voice.
            ending_before: An id: the list ends before that voice.
            is_owner: Only voices that belong to the caller, or only others.
            is_starred: Only voices that the caller starred, or only others.
            gender: Only voices that sound `masculine`, `feminine` or `gender_neutral`.
            expand: What voices show besides: `embedding`, `is_starred`.
            request_options: Settings of these calls.

        Returns:
            An iterable of all voices, that fetches page after page.

        Raises:
            ApiError: A call failed.

        Example::

            async for voice in client.voices.list():
                print(voice.id, voice.name)
        """
        endpoint = endpoints.list_page(
            limit=limit,
            starting_after=starting_after,
            ending_before=ending_before,
            is_owner=is_owner,
            is_starred=is_starred,
            gender=gender,
            expand=expand,
        )
        return self._transport.pages(endpoint, request_options)

    async def get(self, id: VoiceId, *, request_options: RequestOptions | None = None) -> Voice:
        """Get a voice.

        Args:
            id: Of the voice.
            request_options: Settings of this call.

        Raises:
            NotFoundError: There is no such voice.
            ApiError: The call failed.
        """
        return await self._transport.call(endpoints.get(id), request_options)

    async def clone(
        self,
        *,
        clip: File,
        name: str,
        language: SupportedLanguage,
        mode: CloneMode,
        description: str | None = OMIT,
        enhance: bool | None = OMIT,
        base_voice_id: BaseVoiceId | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> VoiceMetadata:
        """Make a voice from a recording of somebody.

        When the connection breaks, it is not repeated: the voice may have been made.

        Args:
            clip: The recording of one person, up to five minutes: an open file, bytes, a path
                object, or a tuple of a name and one of these.
            name: Of the new voice.
            language: That is spoken in the recording.
            mode: `similarity` to sound as close as can be, `stability` for steadier speech.
            description: Of the new voice.
            enhance: Clean the recording of noise before.
            base_voice_id: A voice that the new one is derived from.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.
        """
        endpoint = endpoints.clone(
            clip=clip,
            name=name,
            language=language,
            mode=mode,
            description=description,
            enhance=enhance,
            base_voice_id=base_voice_id,
        )
        return await self._transport.call(endpoint, request_options)

    async def create(
        self,
        *,
        name: str,
        description: str,
        embedding: Embedding | NumberArray,
        language: SupportedLanguage | None = OMIT,
        base_voice_id: BaseVoiceId | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> Voice:
        """Make a voice from a point in the voice space.

        When the connection breaks, it is not repeated: the voice may have been made.

        Args:
            name: Of the new voice.
            description: Of the new voice.
            embedding: 192 numbers, such as `mix` gives: a list, or an array of numpy.
            language: That the voice speaks.
            base_voice_id: A voice that the new one is derived from.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.
        """
        endpoint = endpoints.create(
            name=name,
            description=description,
            embedding=embedding,
            language=language,
            base_voice_id=base_voice_id,
        )
        return await self._transport.call(endpoint, request_options)

    async def update(
        self,
        id: VoiceId,
        *,
        name: str,
        description: str,
        request_options: RequestOptions | None = None,
    ) -> Voice:
        """Change the name and the description of a voice.

        Args:
            id: Of the voice.
            name: The new name.
            description: The new description.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.
        """
        return await self._transport.call(
            endpoints.update(id, name=name, description=description), request_options
        )

    async def delete(self, id: VoiceId, *, request_options: RequestOptions | None = None) -> None:
        """Delete a voice.

        Args:
            id: Of the voice.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.
        """
        await self._transport.call(endpoints.delete(id), request_options)

    async def localize(
        self,
        *,
        voice_id: str,
        name: str,
        description: str,
        language: LocalizeTargetLanguage,
        original_speaker_gender: Gender,
        dialect: LocalizeDialect | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> VoiceMetadata:
        """Make a voice that speaks another language as a given one speaks its own.

        When the connection breaks, it is not repeated: the voice may have been made.

        Args:
            voice_id: The given voice.
            name: Of the new voice.
            description: Of the new voice.
            language: That the new voice speaks.
            original_speaker_gender: `male` or `female`.
            dialect: Of the language.
            request_options: Settings of this call.

        Raises:
            ApiError: The call failed.
        """
        endpoint = endpoints.localize(
            voice_id=voice_id,
            name=name,
            description=description,
            language=language,
            original_speaker_gender=original_speaker_gender,
            dialect=dialect,
        )
        return await self._transport.call(endpoint, request_options)

    async def mix(
        self,
        *,
        voices: Sequence[MixVoiceSpecifier | MixVoiceSpecifierParams],
        request_options: RequestOptions | None = None,
    ) -> EmbeddingResponse:
        """Mix voices.

        Args:
            voices: Each with its weight, by id or by a point in the voice space.
            request_options: Settings of this call.

        Returns:
            The point of the mix in the voice space, for `create` or to speak with.

        Raises:
            ApiError: The call failed.

        Example::

            mixed = await client.voices.mix(
                voices=[
                    {"id": "694f9389-aac1-45b6-b726-9d9369183238", "weight": 0.25},
                    {"id": "a0e99841-438c-4a64-b679-ae501e7d6091", "weight": 0.75},
                ]
            )
        """
        return await self._transport.call(endpoints.mix(voices=voices), request_options)
