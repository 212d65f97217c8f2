"""What an undo sets aside, and how a change of both databases and of files is made as one. Kept in state.db.

A change writes its plan here before corpus.db is committed with the generation that the plan names. Afterwards, or at
the next start, the two are compared: where the corpus has that generation the rest of the plan is done, else dropped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from bot.corpus import folder
from bot.corpus.folder import FileStat
from bot.corpus.reading import KnownFile, hash_of, is_unchanged
from bot.store.database import Store
from bot.store.state import get_fact, set_facts

_UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A state of the folders that was undone, by its fingerprint, and when (Unix time)."""

    fingerprint: str
    at: int

    def holds(self, files: Sequence[FileStat], known: Mapping[str, KnownFile]) -> bool:
        """Whether the folders are as they were when they were undone."""
        return fingerprint(folder_hashes(files, known)) == self.fingerprint

    def changed(self, files: Sequence[FileStat], known: Mapping[str, KnownFile], path: str, digest: str) -> SetAside:
        """The same with another text in one file, or without it where `digest` is empty."""
        hashes = folder_hashes(files, known)
        if fingerprint(hashes) != self.fingerprint:
            return self  # the folders have changed since: the next reload loads them in any case
        hashes.pop(path, None)
        return replace(self, fingerprint=fingerprint(hashes | ({path: digest} if digest else {})))


@dataclass(frozen=True, slots=True)
class Plan:
    """What else is true once the corpus has `generation`: what is set aside then, and names in the uploads folder.

    `moves` are (written beside it, its name) pairs, `drops` are names of files to delete.
    """

    generation: int
    aside: SetAside | None
    moves: tuple[tuple[str, str], ...] = ()
    drops: tuple[str, ...] = ()


async def read_aside(state: Store) -> SetAside | None:
    """What is set aside now."""
    text = await get_fact(state, "set_aside")
    return SetAside(**json.loads(text)) if text else None


async def read_generation(state: Store) -> int:
    """The last generation that was finished; it outlives corpus.db."""
    return int(await get_fact(state, "generation") or 0)


async def read_plan(state: Store) -> Plan | None:
    """The plan of a change that was not finished."""
    text = await get_fact(state, "plan")
    if not text:
        return None
    plan = json.loads(text)
    aside = SetAside(**plan["aside"]) if plan["aside"] else None
    moves = tuple((fresh, name) for fresh, name in plan["moves"])
    return Plan(plan["generation"], aside, moves, tuple(plan["drops"]))


async def write_plan(state: Store, plan: Plan) -> None:
    """Say what is about to be done."""
    await set_facts(state, {"plan": json.dumps(asdict(plan))})


async def drop_plan(state: Store) -> None:
    """Say that it was not done."""
    await set_facts(state, {"plan": ""})


async def fulfil_plan(state: Store, plan: Plan) -> None:
    """Say that it was done."""
    aside = json.dumps(asdict(plan.aside)) if plan.aside else ""
    await set_facts(state, {"plan": "", "set_aside": aside, "generation": str(plan.generation)})


def folder_hashes(files: Sequence[FileStat], known: Mapping[str, KnownFile]) -> dict[str, str]:
    """The hash of every file; of one whose size and time are those that are known, without reading it."""
    hashes: dict[str, str] = {}
    for file in files:
        before = known.get(file.path)
        if before is not None and is_unchanged(file, before):
            hashes[file.path] = before.hash.hex()
            continue
        try:
            hashes[file.path] = hash_of(folder.read(file)).hex()
        except OSError:
            hashes[file.path] = _UNREADABLE
    return hashes


def fingerprint(hashes: Mapping[str, str]) -> str:
    """One hash for a state of the folders: which files there are, and what is in them."""
    lines = "".join(f"{path}\0{digest}\n" for path, digest in sorted(hashes.items()))
    return hash_of(lines.encode("utf-8", "surrogatepass")).hex()
