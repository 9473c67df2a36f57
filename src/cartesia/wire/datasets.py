"""Datasets: collections of recordings for fine-tuning."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing import Literal, TypeAlias

from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel

FilePurpose: TypeAlias = Literal["fine_tune"] | str
"""What a file of a dataset is for; values unknown here pass."""


class CreateDatasetRequest(WireModel):
    """Body of ``POST /datasets``.

    Attributes:
        name: name of the new dataset.
        description: description of the new dataset (later API versions).
    """

    name: str
    description: str | None = None


class CreateDatasetRequestParams(TypedDict):
    """`CreateDatasetRequest` as a dictionary."""

    name: str
    description: NotRequired[str | None]


class Dataset(WireModel):
    """A collection of files.

    Attributes:
        id: stable identifier.
        name: what its owner called it.
        created_at: ISO 8601 time of creation.
        description: how its owner described it (later API versions).
    """

    id: str
    name: str
    created_at: str
    description: str | None = None


class DatasetParams(TypedDict):
    """`Dataset` as a dictionary."""

    id: str
    name: str
    created_at: str
    description: NotRequired[str | None]


class DatasetFile(WireModel):
    """A file of a dataset.

    Attributes:
        id: stable identifier.
        filename: name under which it was uploaded.
        created_at: ISO 8601 time of upload.
        size: length in bytes (later API versions).
    """

    id: str
    filename: str
    created_at: str
    size: int | None = None


class DatasetFileParams(TypedDict):
    """`DatasetFile` as a dictionary."""

    id: str
    filename: str
    created_at: str
    size: NotRequired[int | None]


class PaginatedDatasets(WireModel):
    """One page of datasets.

    Attributes:
        data: the datasets of this page.
        has_more: whether another page follows.
    """

    data: list[Dataset]
    has_more: bool


class PaginatedDatasetsParams(TypedDict):
    """`PaginatedDatasets` as a dictionary."""

    data: list[DatasetParams]
    has_more: bool


class PaginatedDatasetFiles(WireModel):
    """One page of a dataset's files.

    Attributes:
        data: the files of this page.
        has_more: whether another page follows.
    """

    data: list[DatasetFile]
    has_more: bool


class PaginatedDatasetFilesParams(TypedDict):
    """`PaginatedDatasetFiles` as a dictionary."""

    data: list[DatasetFileParams]
    has_more: bool
