"""``/pronunciation-dicts``: words that are read otherwise than they are written."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from datetime import datetime

from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel


class PronunciationItem(WireModel):
    """One word or phrase.

    Attributes:
        text: as it is written.
        pronunciation: what to read in its place: words, or phonemes as ``<<k|a|r>>``.
        alias: the same, under the name that older versions give it.
        case_sensitive: whether capitals make another word; they do when absent.
    """

    text: str
    pronunciation: str | None = None
    alias: str | None = None
    case_sensitive: bool | None = None


class PronunciationItemParams(TypedDict):
    """`PronunciationItem` as a dictionary."""

    text: str
    pronunciation: NotRequired[str | None]
    alias: NotRequired[str | None]
    case_sensitive: NotRequired[bool | None]


class PronunciationDict(WireModel):
    """A dictionary of pronunciations.

    Attributes:
        id: names it in requests for speech, as ``pronunciation_dict_id``.
        name: what people call it.
        owner_id: whose it is.
        pinned: whether a user has pinned it.
        items: its words.
        created_at: when it came to be.
    """

    id: str
    name: str
    owner_id: str
    pinned: bool
    items: list[PronunciationItem]
    created_at: datetime


class PronunciationDictParams(TypedDict):
    """`PronunciationDict` as a dictionary."""

    id: str
    name: str
    owner_id: str
    pinned: bool
    items: list[PronunciationItemParams]
    created_at: datetime


class PronunciationDicts(WireModel):
    """One page of the list of dictionaries.

    Attributes:
        data: dictionaries, newest first.
        has_more: whether there are more beyond them.
    """

    data: list[PronunciationDict]
    has_more: bool


class PronunciationDictsParams(TypedDict):
    """`PronunciationDicts` as a dictionary."""

    data: list[PronunciationDictParams]
    has_more: bool


class CreatePronunciationDictRequest(WireModel):
    """Body of ``POST /pronunciation-dicts``.

    Attributes:
        name: what people call it.
        items: its words; none when absent.
    """

    name: str
    items: list[PronunciationItem] | None = None


class CreatePronunciationDictRequestParams(TypedDict):
    """`CreatePronunciationDictRequest` as a dictionary."""

    name: str
    items: NotRequired[list[PronunciationItemParams] | None]


class UpdatePronunciationDictRequest(WireModel):
    """Body of ``PATCH /pronunciation-dicts/{id}``; what is absent stays.

    Attributes:
        name: what people call it.
        items: all of its words, in place of those it had.
    """

    name: str | None = None
    items: list[PronunciationItem] | None = None


class UpdatePronunciationDictRequestParams(TypedDict):
    """`UpdatePronunciationDictRequest` as a dictionary."""

    name: NotRequired[str | None]
    items: NotRequired[list[PronunciationItemParams] | None]
