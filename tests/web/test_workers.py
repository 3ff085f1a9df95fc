"""Readers in processes of their own: one that takes too long is ended and replaced."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.refusals import RefusalError
from web.settings import Settings
from web.workers import Readers

pytestmark = pytest.mark.slow


def test_a_reader_that_takes_too_long_is_replaced_and_the_next_request_is_answered():
    async def story() -> tuple[str, bytes]:
        readers = Readers(Settings(workers=1, note_seconds=0.5))
        await readers.start()
        try:
            long = json.dumps({"text": "A/P: B12 deficiency, iron deficiency anemia.\n" * 20_000}).encode()
            with pytest.raises(RefusalError) as stopped:
                await readers.run("suggest", long, {})
            assert not readers.is_warm
            answer = await readers.run("code", b"", {"code": "D51.0"})
        finally:
            await readers.stop()
        return stopped.value.kind, answer

    # in a thread of its own: a browser test before this one may have left its loop running here
    with ThreadPoolExecutor(1) as thread:
        kind, answer = thread.submit(lambda: asyncio.run(story())).result()
    assert kind == "too_slow"
    assert json.loads(answer)["code"] == "D51.0"
