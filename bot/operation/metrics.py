"""What is counted, for Prometheus: names, labels and buckets. Knows no HTTP.

Every label's values are bounded: names that are declared in the code, outcomes, kinds. What somebody asked, who and
where never become one.
"""

from __future__ import annotations

import platform
import time
from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot import __version__
from bot.errors import CuepointError, NotAllowed, ReadTooSlow, StoreError
from bot.library import Library
from bot.models import Outcome

# Seconds: autocomplete takes the first, members' replies those up to 2 s (their limit), reloads the last.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 10.0, 60.0)


class Kind(StrEnum):
    """What somebody did."""

    COMMAND = "command"
    MESSAGE = "message"  # an entry of a message's Apps menu
    PRESS = "press"  # of a button or a menu
    COMPLETION = "completion"


class Came(StrEnum):
    """What came of it."""

    ANSWERED = "answered"
    MISSED = "missed"  # nothing in the library says so
    DECLINED = "declined"  # it cannot be answered as it stands; the reply says what to change
    REFUSED = "refused"  # they may not do that
    SLOW = "slow"  # cut off at a time limit, or by a stop
    FAILED = "failed"  # a database or the code: the log says more


class Call:
    """One thing that is being done."""

    def __init__(self) -> None:
        self.missed = False


class Metrics:
    """Counts in memory, in a registry of its own."""

    def __init__(self, library: Library, *, on_discord: bool = True) -> None:
        """`on_discord`: there is a connection to Discord to tell of."""
        ours = self._registry = CollectorRegistry(auto_describe=True)
        names = ("kind", "name")
        self._calls = Counter(
            "cuepoint_commands", "What was asked, and what came of it.", (*names, "outcome"), registry=ours
        )
        self._seconds = Histogram(
            "cuepoint_command_seconds", "Time to a reply, without sending it.", names, buckets=BUCKETS, registry=ours
        )
        self._changes = Counter(
            "cuepoint_reloads", "Reloads and other changes of the corpus.", ("change", "outcome"), registry=ours
        )
        shown = ours if on_discord else None
        self._connected = Gauge("cuepoint_gateway_connected", "1 while connected to Discord.", registry=shown)
        self._connects = Counter("cuepoint_gateway_connects", "How often Discord was reached.", registry=shown)
        build = Info("cuepoint_build", "What runs here.", registry=ours)
        build.info({"version": __version__, "python": platform.python_version()})
        ProcessCollector(registry=ours)
        ours.register(_Corpus(library))

    @contextmanager
    def calling(self, kind: Kind, name: str) -> Iterator[Call]:
        """Count and time what the block does, by what it raises. `name` has to be one of a fixed set."""
        call, started, came = Call(), time.perf_counter(), Came.FAILED
        try:
            yield call
            came = Came.MISSED if call.missed else Came.ANSWERED
        except BaseException as error:
            came = _came(error)
            raise
        finally:
            self._calls.labels(kind, name, came).inc()
            self._seconds.labels(kind, name).observe(time.perf_counter() - started)

    def changed(self, change: str, outcome: Outcome) -> None:
        """Count a change of the corpus, or a check of one. `change` has to be one of a fixed set."""
        self._changes.labels(change, outcome).inc()

    def connected(self, is_up: bool) -> None:
        """Note that the connection to Discord has come or gone."""
        self._connected.set(is_up)
        if is_up:
            self._connects.inc()

    def text(self, accept: str) -> tuple[bytes, str]:
        """Everything in the form that an Accept header asks for, and that form's content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class _Corpus(Collector):
    """What is loaded: from memory, whatever a scrape comes upon."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        sizes = self._library.sizes
        items, moments, generation, loaded = self._families()
        if sizes is not None:
            for kind, count in (
                *sizes.documents,
                ("video", sizes.videos),
                ("passage", sizes.passages),
                ("take", sizes.takes),
            ):
                items.add_metric((kind,), count)
            for trust, count in sizes.moments:
                moments.add_metric((trust,), count)
            generation.add_metric((), sizes.generation)
            loaded.add_metric((), sizes.loaded_at)
        return items, moments, generation, loaded

    def _families(self) -> tuple[GaugeMetricFamily, ...]:
        return (
            GaugeMetricFamily("cuepoint_corpus_items", "What is loaded, by kind.", labels=("kind",)),
            GaugeMetricFamily("cuepoint_corpus_moments", "Moments by the trust in their time.", labels=("trust",)),
            GaugeMetricFamily("cuepoint_corpus_generation", "Which corpus is loaded; each change is one more."),
            GaugeMetricFamily("cuepoint_corpus_changed_timestamp_seconds", "When the corpus last changed."),
        )


def _came(error: BaseException) -> Came:
    if isinstance(error, NotAllowed):
        return Came.REFUSED
    if isinstance(error, ReadTooSlow | CancelledError):
        return Came.SLOW
    if isinstance(error, CuepointError) and not isinstance(error, StoreError):
        return Came.DECLINED
    return Came.FAILED
