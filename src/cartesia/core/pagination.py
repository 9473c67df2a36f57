"""Lists that come page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from .endpoint import Endpoint

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """What an endpoint makes of a page.

    Attributes:
        items: The items of this page.
        next_query: Query parameters that lead to the next page; None at the end of the list.
        request_id: The server's name for the request, if it gives one.
    """

    items: list[T]
    next_query: Mapping[str, Any] | None
    request_id: str | None = None


@dataclass
class BasePage(Generic[T]):
    """One page of a list.

    Attributes:
        has_next: Whether another page follows.
        items: The items of this page.
        request_id: The server's name for the request of this page, for its logs and for support.
    """

    has_next: bool
    items: list[T] | None
    request_id: str | None = field(default=None, kw_only=True, compare=False)


@dataclass
class SyncPage(BasePage[T]):
    """One page of a list.

    Attributes:
        get_next: Fetches the next page.
    """

    get_next: Callable[[], SyncPager[T] | None] | None


@dataclass
class AsyncPage(BasePage[T]):
    """One page of a list.

    Attributes:
        get_next: Fetches the next page.
    """

    get_next: Callable[[], Awaitable[AsyncPager[T] | None]] | None


class SyncPager(SyncPage[T]):
    """A page of a list; iterating over it gives the items of this page and of all that follow."""

    def __iter__(self) -> Iterator[T]:
        for page in self.iter_pages():
            yield from page.items or ()

    def iter_pages(self) -> Iterator[SyncPager[T]]:
        """Give this page and all that follow."""
        page: SyncPager[T] | None = self
        while page is not None:
            yield page
            page = page.next_page()
            if page is not None and not page.items:
                return

    def next_page(self) -> SyncPager[T] | None:
        """Fetch the next page; None at the end of the list."""
        return self.get_next() if self.has_next and self.get_next else None


class AsyncPager(AsyncPage[T]):
    """A page of a list; iterating over it gives the items of this page and of all that follow."""

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.iter_pages():
            for item in page.items or ():
                yield item

    async def iter_pages(self) -> AsyncIterator[AsyncPager[T]]:
        """Give this page and all that follow."""
        page: AsyncPager[T] | None = self
        while page is not None:
            yield page
            page = await page.next_page()
            if page is not None and not page.items:
                return

    async def next_page(self) -> AsyncPager[T] | None:
        """Fetch the next page; None at the end of the list."""
        return await self.get_next() if self.has_next and self.get_next else None


class PendingAsyncPager(Generic[T]):
    """A list that is fetched when it is awaited, which gives a pager, or iterated over."""

    def __init__(self, fetch: Callable[[], Awaitable[AsyncPager[T]]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, None, AsyncPager[T]]:
        return self._fetch().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self:
            yield item


def following(endpoint: Endpoint[Listing[T]], page: Listing[T]) -> Endpoint[Listing[T]] | None:
    """The call for the page after this one, or None at the end of the list."""
    request = endpoint.request
    query = {**request.query, **(page.next_query or {})}
    # A server that leads back to where we are would keep a loop going for ever.
    if page.next_query is None or query == request.query:
        return None
    return replace(endpoint, request=request._replace(query=query))
