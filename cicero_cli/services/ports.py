"""What services need from outside, as small Protocols: the gateways fit them, and so does a test's fake."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cicero_cli.domain.clients import Client
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.posts import Engagement, Listing
from cicero_cli.domain.usage import Meter


class PostSource(Protocol):
    """One upstream platform. Both calls may be made from several threads at once.

    QuotaError: ask this host nothing more. SettingError: key or plan is wrong, ask nothing more. RejectedError: this
    account or post will not be shown. Any other UpstreamError: this one failed, others may not.
    """

    platform: Platform
    host: str

    def list_posts(self, client: Client, *, since: datetime, meter: Meter) -> Listing:
        """The client's posts published at or after `since`."""
        ...

    def read_engagement(self, post_key: str, *, meter: Meter) -> Engagement:
        """Who liked or commented on one post."""
        ...
