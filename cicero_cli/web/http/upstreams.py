"""The upstream platforms as one worker process asks them: opened when first wanted, patient for seconds only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cicero_cli.bootstrap import open_source
from cicero_cli.core.settings import Settings
from cicero_cli.domain.platforms import Platform
from cicero_cli.gateways.upstream.images import ImageSource
from cicero_cli.services.ports import AccountSource

_TIMEOUTS = (5.0, 12.0)  # to connect, and without a byte: somebody looks at an empty page meanwhile
_LONGEST_SECONDS = 20.0  # for a try
_TRIES = 2
_TURNS = 64


class Upstreams:
    """Sources that all threads of the process share, so that rate and parallel hold for all of them together."""

    def __init__(self, settings: Settings, *, images: ImageSource | None = None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._closing = ExitStack()
        self._sources: dict[Platform, AccountSource] = {}
        self._turns = [threading.Lock() for _ in range(_TURNS)]
        self.images = images or ImageSource(settings.image_hosts)

    def source(self, platform: Platform) -> AccountSource:
        """The platform's upstream; SettingError without a key."""
        with self._lock:
            if platform not in self._sources:
                self._sources[platform] = open_source(
                    self._settings,
                    platform,
                    self._closing,
                    timeouts=_TIMEOUTS,
                    longest_seconds=_LONGEST_SECONDS,
                    tries=_TRIES,
                )
            return self._sources[platform]

    @contextmanager
    def turn(self, platform: Platform, username: str) -> Iterator[None]:
        """One question about an account at a time: who comes second finds what the first has kept."""
        with self._turns[hash((platform, username)) % _TURNS]:
            yield

    def close(self) -> None:
        """Give every connection back."""
        self._closing.close()
