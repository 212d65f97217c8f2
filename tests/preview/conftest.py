"""The preview over the invented corpus: its application, and a client that does what the page does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.curation import Curator
from bot.library import Library
from bot.preview.app import Preview, make_app
from bot.preview.guard import TOKEN_HEADER
from bot.store.database import Database

if TYPE_CHECKING:
    from playwright.async_api import Browser

Post = Callable[..., Awaitable[Any]]


@pytest.fixture
def preview(library: Library, curator: Curator, database: Database) -> Preview:
    """The preview of the loaded library."""
    return Preview(library, curator, database.state)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser, one for all tests that ask for it; they skip themselves where there is none."""
    from tests.preview.browsing import launched

    async with launched() as browser:
        yield browser


class Page:
    """A page that was loaded: it has the token, and posts as a browser would."""

    def __init__(self, client: TestClient[Any, Any], token: str) -> None:
        self.client = client
        self.token = token
        self.origin = str(client.make_url("")).rstrip("/")

    async def send(self, name: str, body: object, **headers: str) -> ClientResponse:
        """The response to a post; `headers` take the place of the page's own."""
        own = {TOKEN_HEADER: self.token, "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        return await self.client.post(f"/api/{name}", json=body, headers={**own, **given})

    async def post(self, path: str, /, **body: object) -> Any:
        """The answer to a post that is right."""
        response = await self.send(path, body)
        assert response.status == 200, await response.text()
        return await response.json()

    async def command(self, name: str, /, moderator: bool = False, **options: object) -> Any:
        """The reply to a command."""
        return await self.post("command", name=name, options=options, moderator=moderator)


async def load(client: TestClient[Any, Any]) -> Page:
    """Load the page."""
    html = await (await client.get("/")).text()
    token = re.search(r'name="cuepoint-token" content="([0-9a-f]{32})"', html)
    assert token is not None
    return Page(client, token[1])


@pytest.fixture
async def client(preview: Preview) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(make_app(preview))) as client:
        yield client


@pytest.fixture
async def page(client: TestClient[Any, Any]) -> Page:
    return await load(client)
