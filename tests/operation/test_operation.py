"""/healthz and /metrics over HTTP: what they answer, whom, and what happens where the port is taken."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.curation import Curator
from bot.errors import SettingsError, StoreError
from bot.library import Library
from bot.operation import Operation
from bot.operation.serving import listening, make_app
from bot.preview import app as preview_app
from bot.preview.app import Preview
from bot.store.database import Database

Client = TestClient[Any, Any]


@pytest.fixture
def operation(database: Database, library: Library) -> Operation:
    return Operation(database, library, on_discord=True)


@pytest.fixture
async def client(operation: Operation) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(operation, "127.0.0.1"))) as client:
        yield client


async def health(client: Client) -> tuple[int, dict[str, bool], dict[str, str]]:
    """The status, which parts are ready, and how each is."""
    response = await client.get("/healthz")
    told = await response.json()
    assert told["ready"] == (response.status == 200)
    parts = told["parts"]
    return (
        response.status,
        {name: part["ready"] for name, part in parts.items()},
        {name: part["state"] for name, part in parts.items()},
    )


async def test_ready_once_connected_loaded_and_answering(
    client: Client, operation: Operation, library: Library, database: Database, corpus_folder: Any
) -> None:
    status, ready, state = await health(client)
    assert (status, ready) == (503, {"gateway": False, "corpus": False, "database": True})
    assert state == {"gateway": "not connected", "corpus": "loading", "database": "answering"}
    await Curator(database, [corpus_folder], library.refresh).reload()
    operation.connected(True)
    status, ready, state = await health(client)
    assert (status, ready) == (200, {"gateway": True, "corpus": True, "database": True})
    assert state["corpus"] == "loaded, generation 1"
    operation.connected(False)
    assert (await health(client))[0] == 503


async def test_an_empty_corpus_is_not_ready_and_says_what_to_do(
    client: Client, operation: Operation, library: Library
) -> None:
    await library.refresh()
    operation.connected(True)
    status, ready, state = await health(client)
    assert (status, ready["corpus"]) == (503, False)
    assert "put .md or .txt files" in state["corpus"]


async def test_a_database_that_does_not_answer_is_named(
    client: Client, operation: Operation, curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        raise StoreError("The library could not be read (disk I/O error).")

    monkeypatch.setattr(database.state, "probe", fail)
    operation.connected(True)
    status, ready, state = await health(client)
    assert (status, ready) == (503, {"gateway": True, "corpus": True, "database": False})
    assert state["database"].startswith("state.db: The library could not be read")


async def test_metrics_are_text_for_prometheus(client: Client, curator: Curator) -> None:
    response = await client.get("/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    text = await response.text()
    for name in ("cuepoint_gateway_connected 0.0", "cuepoint_build_info{", "cuepoint_corpus_generation 1.0"):
        assert name in text


async def test_nothing_can_be_changed_there(client: Client) -> None:
    for path in ("/healthz", "/metrics"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert (await client.request(method, path)).status == 405
    assert (await client.get("/")).status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9464", "cuepoint", "192.168.0.5", ""])
async def test_a_foreign_host_gets_nothing(client: Client, host: str) -> None:
    for path in ("/healthz", "/metrics"):
        response = await client.get(path, headers={"Host": host})
        assert response.status in (400, 403)
        assert "cuepoint_" not in await response.text()


@pytest.mark.parametrize(("host", "status"), [("cuepoint:9464", 200), ("10.0.0.2:9464", 200), ("evil.example", 403)])
async def test_where_others_may_come_a_container_may_ask_by_its_name(
    operation: Operation, host: str, status: int
) -> None:
    async with TestClient(TestServer(make_app(operation, "0.0.0.0"))) as client:
        assert (await client.get("/metrics", headers={"Host": host})).status == status


async def test_a_port_that_is_taken_is_named_with_what_to_do(operation: Operation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"cannot listen at 127.0.0.1, port {port} .*HTTP_PORT"):
            async with listening(make_app(operation, "127.0.0.1"), "127.0.0.1", port):
                pytest.fail("it listens")


async def test_the_preview_answers_too_without_a_gateway(
    database: Database, library: Library, curator: Curator
) -> None:
    operation = Operation(database, library, on_discord=False)
    preview = Preview(library, curator, database.state, operation=operation)
    async with TestClient(TestServer(preview_app.make_app(preview))) as client:
        assert await health(client) == (
            200,
            {"corpus": True, "database": True},
            {"corpus": "loaded, generation 1", "database": "answering"},
        )
        text = await (await client.get("/metrics")).text()
        assert "cuepoint_corpus_items" in text
        assert "gateway" not in text
        assert (await client.get("/metrics", headers={"Host": "evil.example"})).status == 403


async def test_a_request_too_long_to_read_is_refused_and_not_quoted_in_the_log(
    operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(make_app(operation, "127.0.0.1"), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /?q=/timestamp+my+secret+" + b"x" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await writer.drain()
        assert b" 400 " in await reader.readline()
        writer.close()
    assert "secret" not in caplog.text
