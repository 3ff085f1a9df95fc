"""A server for the tests of the page: the tasks run in this process, behind the guards of the real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from web.app import create_app
from web.settings import Settings
from web.workers import Inline

BASE = "http://127.0.0.1:8765"
TOKEN = "a-token-of-the-tests-0123456789"


def client_for(settings: Settings) -> TestClient:
    return TestClient(create_app(settings, Inline(settings)), base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with client_for(Settings()) as made:
        yield made


@pytest.fixture(scope="session")
def small() -> Iterator[TestClient]:
    """A server that takes no more than a thousand bytes."""
    with client_for(Settings(max_body=1000)) as made:
        yield made


@pytest.fixture(scope="session")
def closed() -> Iterator[TestClient]:
    """A server behind a proxy, that wants its token."""
    with client_for(Settings(names=("127.0.0.1", "corrin.example.org"), token=TOKEN)) as made:
        yield made
