from __future__ import annotations

import pytest

from cartesia.core.endpoint import Answer, Endpoint, Request
from cartesia.core.pagination import (
    AsyncPager,
    BasePage,
    Listing,
    PendingAsyncPager,
    SyncPager,
    following,
)


def pages(*contents: list[int]) -> SyncPager[int]:
    rest = contents[1:]
    return SyncPager(
        has_next=bool(rest), items=contents[0], get_next=(lambda: pages(*rest)) if rest else None
    )


def async_pages(*contents: list[int]) -> AsyncPager[int]:
    rest = contents[1:]

    async def get_next() -> AsyncPager[int]:
        return async_pages(*rest)

    return AsyncPager(has_next=bool(rest), items=contents[0], get_next=get_next if rest else None)


def test_iteration_goes_through_all_pages() -> None:
    pager = pages([1, 2], [3], [4, 5])
    assert isinstance(pager, BasePage)
    assert list(pager) == [1, 2, 3, 4, 5]
    assert [page.items for page in pager.iter_pages()] == [[1, 2], [3], [4, 5]]
    assert list(pages([])) == []


def test_an_empty_page_is_the_end() -> None:
    assert list(pages([1], [], [2])) == [1]


def test_after_the_last_page_there_is_none() -> None:
    pager = pages([1], [2])
    second = pager.next_page()
    assert second is not None
    assert second.items == [2]
    assert (second.has_next, second.next_page()) == (False, None)


def test_a_page_can_be_made_as_in_2x() -> None:
    pager: SyncPager[int] = SyncPager(has_next=True, items=None, get_next=lambda: None)
    assert list(pager) == []
    assert pager.next_page() is None
    assert SyncPager(has_next=False, items=[1], get_next=lambda: pages([2])).next_page() is None


@pytest.mark.anyio
async def test_asynchronous_pages_do_the_same() -> None:
    pager = async_pages([1, 2], [3])
    assert [item async for item in pager] == [1, 2, 3]
    assert [page.items async for page in pager.iter_pages()] == [[1, 2], [3]]
    second = await pager.next_page()
    assert second is not None
    assert (second.items, await second.next_page()) == ([3], None)
    assert [item async for item in async_pages([1], [], [2])] == [1]


@pytest.mark.anyio
async def test_a_list_can_be_awaited_or_iterated_over() -> None:
    fetched = []

    async def fetch() -> AsyncPager[int]:
        fetched.append(1)
        return async_pages([1], [2])

    pending = PendingAsyncPager(fetch)
    assert fetched == []
    assert (await pending).items == [1]
    assert [item async for item in PendingAsyncPager(fetch)] == [1, 2]
    assert len(fetched) == 2


def test_the_next_page_is_the_same_request_further_on() -> None:
    def parse(_: Answer) -> Listing[int]:
        raise AssertionError

    endpoint = Endpoint(Request("GET", "voices/", query={"limit": 1}), parse)
    after = following(endpoint, Listing([1], {"starting_after": "a"}))
    assert after is not None
    assert after.request == Request("GET", "voices/", query={"limit": 1, "starting_after": "a"})
    assert following(endpoint, Listing([1], None)) is None
    # A server that leads back to the page that it just gave would go on for ever.
    assert following(after, Listing([1], {"starting_after": "a"})) is None
