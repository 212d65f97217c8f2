"""Measure ranking over COLLECTION, a folder of corpus.jsonl, queries.jsonl and qrels.tsv, with the project's engine.

    python benchmarks/retrieval.py COLLECTION [--language CODE] [--semantic] [--json FILE]

Prints nDCG@10 (linear gain) of this engine beside plain FTS5, bm25s and tantivy where they are installed (`pip install
bm25s tantivy`), for the questions as they are, with an edit in one long word, and in every long word.
The language, by default what follows the last dash of the folder's name, chooses the stemmer and stop words of bm25s.
With --semantic also this engine with SEMANTIC=on, once every text is encoded (`pip install '.[semantic]'`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.corpus.folder import FileStat
from bot.corpus.reading import ReadFile
from bot.corpus.words import index_text
from bot.encoding import Encoding
from bot.models import Document, Kind, Parsed, Passage, Section
from bot.search.engine import search_passages
from bot.search.meaning import Meaning
from bot.search.semantic import load_encoder
from bot.store.database import Database, open_database
from bot.store.layout import lay_out
from bot.store.vectors import open_vectors
from bot.store.writing import Loading

DEPTH = 10
SEED = 5
LONG_WORD = 5  # letters from which a word is misspelt
CLAMP = 2_000  # characters of a question: those of collections are longer than a member's
READ_LIMIT = 30.0  # seconds
LANGUAGES = {"en": "english", "es": "spanish", "de": "german", "ar": "arabic", "fr": "french", "ru": "russian"}
STOP_WORDS_OF_BM25S = ("en", "de", "es", "fr", "ru", "pt", "nl", "no", "sv", "tr")

Search = Callable[[str], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts by id as (title, text), questions by id, and what is relevant: question to text to gain."""

    texts: dict[str, tuple[str, str]]
    questions: dict[str, str]
    relevant: dict[str, dict[str, int]]


def read_collection(folder: Path) -> Collection:
    """Read a folder; questions without a relevant text are left out."""
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        question, text, gain = line.split("\t")
        if gain.lstrip("-").isdigit() and int(gain) > 0:
            relevant.setdefault(question, {})[text] = int(gain)
    texts = {row["id"]: (row.get("title") or "", row["text"]) for row in corpus}
    return Collection(texts, {row["id"]: row["text"] for row in queries if row["id"] in relevant}, relevant)


def ndcg(ranked: list[str], gains: dict[str, int]) -> float:
    """nDCG@10 with linear gains."""
    found = sum(gains.get(text, 0) / log2(rank + 2) for rank, text in enumerate(ranked[:DEPTH]))
    best = sum(gain / log2(rank + 2) for rank, gain in enumerate(sorted(gains.values(), reverse=True)[:DEPTH]))
    return found / best


def misspelt(text: str, *, every: bool, chance: random.Random) -> str:
    """The text with one edit in one of its long words, or in every one."""
    words = text.split(" ")
    letters = sorted({char for char in text.lower() if char.isalpha()})
    long = [number for number, word in enumerate(words) if len(word) >= LONG_WORD and word.isalpha()]
    for number in long if every else chance.sample(long, min(1, len(long))):
        words[number] = edit(words[number], letters, chance)
    return " ".join(words)


def edit(word: str, letters: list[str], chance: random.Random) -> str:
    """The word with a letter left out, doubled by another, replaced, or two swapped; never its first."""
    while True:
        at = chance.randrange(1, len(word) - 1)
        ways = (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice(letters) + word[at + 1 :],
            word[:at] + chance.choice(letters) + word[at:],
        )
        changed = chance.choice(ways)
        if changed != word:
            return changed


async def load(database: Database, collection: Collection) -> None:
    """Load every text as a document of one passage, as a reload would."""
    top = Section("", 0, (), 0)
    files = [
        ReadFile(
            FileStat(key, "", 0, 0),
            b"",
            0,
            Parsed(Document(key, Kind.ARTICLE, title, sections=(top,), passages=(Passage(text, 0, 1),))),
        )
        for key, (title, text) in collection.texts.items()
    ]
    async with database.corpus.write() as writer:
        loading = await Loading.begin(writer)
        await loading.write(writer, lay_out(files))


@asynccontextmanager
async def all_encoded(database: Database, folder: Path) -> AsyncIterator[Meaning]:
    """The extra's model, with a vector for every text, and time enough for each question."""
    async with open_vectors(folder) as store:
        with closing(Meaning(load_encoder(None), store, budget=READ_LIMIT)) as meaning:
            await Encoding(database.corpus, meaning).catch_up()
            yield meaning


def own_engine(database: Database, paths: list[str], meaning: Meaning | None = None) -> Search:
    """This project's search; row ids count from 1 in the order of loading."""

    async def search(question: str) -> list[str]:
        async with database.corpus.read(limit=READ_LIMIT) as reader:
            found = await search_passages(reader, question, limit=DEPTH, clamp=CLAMP, meaning=meaning)
        return [paths[hit.document - 1] for hit in found.hits]

    return search


def plain_fts5(collection: Collection, language: str) -> Search:
    """SQLite's own: porter, bm25, any of the words; unspaced scripts cut into pairs, else it finds nothing in them."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE plain USING fts5 (text, tokenize = 'porter unicode61')")
    keys = list(collection.texts)
    texts = (f"{title} {text}" for title, text in collection.texts.values())
    connection.executemany("INSERT INTO plain VALUES (?)", [(index_text(text),) for text in texts])

    async def search(question: str) -> list[str]:
        words = re.findall(r"\w+", index_text(question))
        expression = " OR ".join(f'"{word}"' for word in words)
        rows = connection.execute(
            "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT ?", (expression, DEPTH)
        )
        return [keys[row[0] - 1] for row in rows]

    return search


def bm25s_engine(collection: Collection, language: str) -> Search:
    """bm25s with the language's stemmer and stop words, where it has them."""
    import bm25s
    import Stemmer

    def tokens(texts: list[str], *, ids: bool) -> object:
        return bm25s.tokenize(
            [index_text(text) if language in ("zh", "ja", "th") else text for text in texts],
            stopwords=language if language in STOP_WORDS_OF_BM25S else [],
            stemmer=Stemmer.Stemmer(LANGUAGES[language]) if language in LANGUAGES else None,
            token_pattern=r"(?u)\b\w+\b" if language in ("zh", "ja", "th") else r"(?u)\b\w\w+\b",
            show_progress=False,
            return_ids=ids,
        )

    keys = list(collection.texts)
    engine = bm25s.BM25()
    engine.index(
        tokens([f"{title} {text}" for title, text in collection.texts.values()], ids=True), show_progress=False
    )

    async def search(question: str) -> list[str]:
        try:
            found, _ = engine.retrieve(tokens([question], ids=False), k=DEPTH, show_progress=False)
        except ValueError:  # none of the words is known
            return []
        return [keys[number] for number in found[0]]

    return search


def tantivy_engine(collection: Collection, language: str) -> Search:
    """tantivy's English stemmer over one field, any of the words; unspaced scripts cut into pairs."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for number, (title, text) in enumerate(collection.texts.values()):
        writer.add_document(tantivy.Document(number=number, text=index_text(f"{title} {text}")))
    writer.commit()
    index.reload()
    searcher, keys = index.searcher(), list(collection.texts)

    async def search(question: str) -> list[str]:
        words = " ".join(re.findall(r"\w+", index_text(question)))
        query, _ = index.parse_query_lenient(words, ["text"])
        return [keys[searcher.doc(address)["number"][0]] for _, address in searcher.search(query, DEPTH).hits]

    return search


async def measure(search: Search, questions: dict[str, str], collection: Collection) -> dict[str, float]:
    """Mean nDCG@10, and milliseconds a question."""
    scores, times = [], []
    for key, question in questions.items():
        began = time.perf_counter()
        ranked = await search(question)
        times.append((time.perf_counter() - began) * 1000)
        scores.append(ndcg(ranked, collection.relevant[key]))
    cuts = quantiles(times, n=20)
    return {"ndcg": mean(scores), "p50": cuts[9], "p95": cuts[18]}


async def run(folder: Path, language: str, *, semantic: bool) -> dict[str, dict[str, dict[str, float]]]:
    """Engine to variant of the questions to numbers."""
    collection = read_collection(folder)
    chance = random.Random(SEED)
    variants = {
        "clean": collection.questions,
        "one": {key: misspelt(text, every=False, chance=chance) for key, text in collection.questions.items()},
        "every": {key: misspelt(text, every=True, chance=chance) for key, text in collection.questions.items()},
    }
    results: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as place:
        async with open_database(Path(place)) as database:
            await load(database, collection)
            search = own_engine(database, list(collection.texts))
            results["cuepoint"] = {name: await measure(search, asked, collection) for name, asked in variants.items()}
            if semantic:
                async with all_encoded(database, Path(place)) as meaning:
                    search = own_engine(database, list(collection.texts), meaning)
                    results["+ meaning"] = {
                        name: await measure(search, asked, collection) for name, asked in variants.items()
                    }
    for name, make in (("FTS5", plain_fts5), ("bm25s", bm25s_engine), ("tantivy", tantivy_engine)):
        try:
            search = make(collection, language)
        except ImportError:
            print(f"{name} is not installed: left out")
            continue
        results[name] = {variant: await measure(search, asked, collection) for variant, asked in variants.items()}
    return results


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--language", default="")
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    after_dash = arguments.collection.name.rpartition("-")[2]
    language = arguments.language or (after_dash if len(after_dash) == len("en") else "en")
    results = asyncio.run(run(arguments.collection, language, semantic=arguments.semantic))
    print(f"{arguments.collection.name}, nDCG@10 (relative to clean)")
    print(f"{'':10} {'clean':>7} {'one typo':>18} {'every long word':>18} {'p50 / p95 ms':>16}")
    for name, variants in results.items():
        clean = variants["clean"]
        loss = {key: (value["ndcg"] / clean["ndcg"] - 1) * 100 for key, value in variants.items()}
        print(
            f"{name:10} {clean['ndcg']:7.4f} {variants['one']['ndcg']:9.4f} {loss['one']:+7.2f}%"
            f" {variants['every']['ndcg']:9.4f} {loss['every']:+7.2f}% {clean['p50']:8.1f} / {clean['p95']:.1f}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps({arguments.collection.name: results}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
