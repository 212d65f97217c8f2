"""What the corpus page asks and gets: what is loaded, findings for moderators only, timelines, links, scores."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.curation import Curator
from bot.preview.app import Preview, make_app
from tests.invented import BEES, PAGES, anchor, page, write_corpus

Client = TestClient[Any, Any]
STATIC = Path(__file__).parents[2] / "bot" / "preview" / "static"
LIBRARIES = {"vendor/d3/d3.min.js": "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1"}  # D3 7.9.2
HOSTILE = "<img src=x onerror=alert(1)></script>"
FILES = {
    **PAGES,
    "hostile.md": page(f'"{HOSTILE}"', f"See [[{HOSTILE}]]. Far {anchor('99:99:99')} and near {anchor('00:01:00')}."),
    f"{HOSTILE.replace('/', '')}.md": "---\ntitle: never closed\n",
}


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """The invented corpus, a page with a wrong time and markup, and a rejected file with markup in its name."""
    return write_corpus(tmp_path / "corpus", FILES)


async def get(client: Client, name: str, /, **given: str) -> Any:
    """The answer to a question that is right."""
    response = await client.get(f"/api/corpus/{name}", params=given)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_the_page_is_served_with_its_token(client: Client) -> None:
    response = await client.get("/corpus")
    assert response.status == 200
    assert re.search(r'name="cuepoint-token" content="[0-9a-f]{32}"', await response.text())
    assert "require-trusted-types-for 'script'" in response.headers["Content-Security-Policy"]


async def test_what_is_loaded_is_told_by_source_with_the_kinds_of_findings(client: Client) -> None:
    told = await get(client, "summary")
    assert {source["source"]: source["pages"] for source in told["sources"]} == {"hivetalks": 2, "coastcast": 1, "": 1}
    assert (told["generation"], told["videos"], told["closed"], told["plays"]) == (1, 2, "", True)
    kinds = {kind["code"]: (kind["name"], kind["severity"], kind["count"]) for kind in told["kinds"]}
    assert kinds["time-doubtful"] == ("doubtful times, shown without a link", "warning", 1)
    assert kinds["front-matter-open"][1] == "rejected"


async def test_a_finding_comes_with_its_lines_and_what_to_do(client: Client) -> None:
    found = await get(client, "findings", path="corpus/hostile.md", code="time-doubtful")
    (group,) = found["lines"]
    (finding,) = group["findings"]
    assert (found["total"], found["changed"], finding["line"]) == (1, False, 6)
    assert finding["action"] == "shown without a link"
    assert finding["remedy"].startswith("Find the place")
    (line,) = [line for line in group["quoted"] if line["is_it"]]
    assert [words for words, is_it in line["pieces"] if is_it] == ["99:99:99"]
    assert HOSTILE in "".join(words for words, _ in line["pieces"])


async def test_the_lines_are_those_that_were_loaded_and_it_is_said_that_the_file_changed(
    client: Client, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"hostile.md": "another file altogether"})
    found = await get(client, "findings", path="corpus/hostile.md", code="time-doubtful")
    assert found["changed"]
    assert "99:99:99" in json.dumps(found["lines"][0]["quoted"])


async def test_the_lines_of_a_rejected_file_are_shown_too(client: Client) -> None:
    (file,) = (await get(client, "files", severity="rejected"))["files"]
    assert file["path"] == f"corpus/{HOSTILE.replace('/', '')}.md"
    found = await get(client, "findings", path=file["path"])
    assert found["lines"][0]["quoted"][0]["pieces"] == [["---", False]]


@pytest.mark.parametrize(
    "path", ["", "corpus/../../../etc/passwd", "/etc/passwd", "corpus/nosuch.md", "\0", "x" * 7000]
)
async def test_no_other_file_is_ever_read(client: Client, path: str) -> None:
    assert (await get(client, "findings", path=path))["lines"] == []


async def test_where_nobody_is_a_moderator_findings_and_paths_are_not_given(preview: Preview) -> None:
    async with TestClient(TestServer(make_app(replace(preview, closed="This is a copy.")))) as client:
        for name in ("files", "findings?path=corpus/hostile.md"):
            response = await client.get(f"/api/corpus/{name}")
            assert (response.status, await response.text()) == (403, "This is a copy.")
        told = await get(client, "summary")
        assert (told["kinds"], told["closed"]) == ([], "This is a copy.")
        video = await get(client, "video", id=BEES)
        marks = [mark for track in video["tracks"] for mark in track["marks"]]
        assert {track["path"] for track in video["tracks"]} == {""}
        assert {(mark["reason"], mark["line"]) for mark in marks} == {("", 0)}
        assert "corpus/" not in json.dumps([video, await get(client, "videos"), await get(client, "links")])


async def test_findings_are_for_this_machine_alone(client: Client) -> None:
    response = await client.get("/api/corpus/files", headers={"X-Forwarded-For": "192.0.2.1"})
    assert response.status == 403
    assert "127.0.0.1" in await response.text()


async def test_a_foreign_host_gets_nothing(client: Client) -> None:
    for path in ("/corpus", "/api/corpus/summary", "/api/corpus/search?q=bees"):
        assert (await client.get(path, headers={"Host": "evil.example"})).status == 403


async def test_every_mark_and_result_opens_what_members_get(client: Client, page: Any) -> None:
    video = await get(client, "video", id=BEES)
    opens = [mark["opens"] or track["opens"] for track in video["tracks"] for mark in track["marks"]]
    opens += [result["opens"] for result in (await get(client, "search", q="bees"))["results"]]
    nodes = (await get(client, "links"))["nodes"]
    opens += [(await get(client, "links", topic=node["key"]))["opens"] for node in nodes]
    for carried in dict.fromkeys(opens):
        assert (await page.post("action", id=carried))["embeds"], carried


async def test_a_search_tells_the_parts_and_the_marked_words(client: Client) -> None:
    found = await get(client, "search", q="waggle dance")
    first = found["results"][0]
    assert sum(first["parts"].values()) == pytest.approx(first["score"])
    assert "dance" in "".join(words for words, is_it in first["pieces"] if is_it).lower()
    assert [word["word"] for word in found["words"]] == ["waggle", "dance"]
    assert len(first["words"]) == 2


async def test_what_is_gone_is_said_with_what_to_do(client: Client) -> None:
    for path, said in (("video?id=nosuchvideo", "Choose another"), ("links?topic=0000", "Choose another")):
        response = await client.get(f"/api/corpus/{path}")
        assert response.status == 404
        assert said in await response.text()


@pytest.mark.parametrize("asked", ["files?severity=x", "videos?order=x", "findings?severity=%00"])
async def test_what_the_page_never_asks_is_refused(client: Client, asked: str) -> None:
    assert (await client.get(f"/api/corpus/{asked}")).status == 400


@pytest.mark.parametrize("offset", ["-1", "x", "9" * 400, "²", "1e9", ""])
async def test_any_offset_gives_a_view(client: Client, offset: str) -> None:
    for name in ("files", "videos", "search?q=bees", "findings?path=corpus/hostile.md"):
        separator = "&" if "?" in name else "?"
        assert (await client.get(f"/api/corpus/{name}{separator}offset={offset}")).status == 200


async def test_a_view_is_bounded_however_much_there_is(client: Client, curator: Curator, corpus_folder: Path) -> None:
    body = "\n\n".join(f"See [[nowhere {number}]]." for number in range(300))
    write_corpus(corpus_folder, {f"many/p{number}.md": page(f"P {number}", body) for number in range(30)})
    await curator.reload()
    assert len((await get(client, "files"))["files"]) == 20
    found = await get(client, "findings", path="corpus/many/p1.md")
    assert (sum(len(line["findings"]) for line in found["lines"]), found["total"]) == (50, 300)
    assert len((await get(client, "links"))["nodes"]) <= 36


@pytest.mark.parametrize("name", LIBRARIES)
def test_the_plotting_library_is_the_published_file(name: str) -> None:
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == LIBRARIES[name]
    assert (STATIC / name).with_name("LICENSE").is_file()


def test_nothing_is_loaded_from_elsewhere() -> None:
    ours = [
        path for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".html") and "vendor" not in path.parts
    ]
    assert len(ours) > 20
    for path in ours:
        found = re.findall(
            r"(?:src|href|from|import|url)\s*[=(]?\s*[\"'(](https?:)?//[^\"')]*", path.read_text("utf-8")
        )
        assert found == [], path
