"""What holds the threads of a pool back, so that no test depends on timing."""

import asyncio
import threading


class Gate:
    """Work that occupies a thread of the pool until it is opened."""

    def __init__(self):
        self.entered = threading.Event()
        self._open = threading.Event()

    def __call__(self, cancel):
        self.entered.set()
        self._open.wait()

    def open(self):
        self._open.set()


async def held(pool, **options):
    """Start a gate on the pool and wait until its thread is inside."""
    gate = Gate()
    task = asyncio.create_task(pool.run(gate, **options))
    await asyncio.to_thread(gate.entered.wait)
    return gate, task


async def drain(stream):
    async for _ in stream:
        pass
