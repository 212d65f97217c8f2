"""Redirect an unmodified discord.py process to a fake Discord, by environment only, and keep it on loopback.

Put this folder first on PYTHONPATH. Python's `site` imports the module before the bot's first line; nothing happens
where FAKE_DISCORD_URL is unset, and nothing is patched before the bot itself imports discord.

FAKE_DISCORD_URL        base address of the fake: REST at <url>/api/v10, the gateway at the same port
FAKE_DISCORD_GUARD_LOG  a file that gets one line for each connection that was refused

`python -I`, `-E` and `-S` ignore PYTHONPATH or `site`, and so this module.
"""

from __future__ import annotations

import importlib.abc
import ipaddress
import os
import socket
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

URL = os.environ.get("FAKE_DISCORD_URL", "").rstrip("/")


def _patch_http(module: Any) -> None:
    module.Route.BASE = f"{URL}/api/v10"


def _patch_gateway(module: Any) -> None:
    import yarl  # discord.py brings it; other processes may not have it

    module.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(URL.replace("http", "ws", 1) + "/")


def _patch_asset(module: Any) -> None:
    module.Asset.BASE = f"{URL}/cdn"


PATCHES: dict[str, Callable[[Any], None]] = {
    "discord.http": _patch_http,
    "discord.gateway": _patch_gateway,
    "discord.asset": _patch_asset,
}


class AfterImport(importlib.abc.MetaPathFinder):
    """Runs a patch right after the named module's own code has run."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        patch = PATCHES.get(name)
        if patch is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                run = spec.loader.exec_module

                def exec_module(module: ModuleType, run: Callable[[ModuleType], None] = run) -> None:
                    run(module)
                    patch(module)

                setattr(spec.loader, "exec_module", exec_module)  # noqa: B010 - mypy refuses the assignment
                return spec
        return None


def is_local(host: Any) -> bool:
    """Whether an address names this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refused(address: Any) -> None:
    line = f"refused outbound connection to {address}"
    print(f"FAKE_DISCORD: {line}", file=sys.stderr, flush=True)
    if log := os.environ.get("FAKE_DISCORD_GUARD_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def _guard() -> None:
    """Make every attempt to reach beyond loopback fail, and note it."""
    real_getaddrinfo = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if is_local(host):
            return real_getaddrinfo(host, *args, **kwargs)
        _refused(host)
        raise socket.gaierror(socket.EAI_NONAME, "refused: not loopback")

    def guarded(real: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
                _refused(address)
                raise ConnectionRefusedError(f"refused: {address} is not loopback")
            return real(self, address)

        return connect

    replaced: Any = socket
    replaced.getaddrinfo = getaddrinfo
    replaced.socket.connect = guarded(socket.socket.connect)
    replaced.socket.connect_ex = guarded(socket.socket.connect_ex)


if URL:
    sys.meta_path.insert(0, AfterImport())
    _guard()
