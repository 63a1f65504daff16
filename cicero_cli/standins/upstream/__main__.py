"""The stand-in in a process of its own, until interrupted; the first line says where."""

from __future__ import annotations

import argparse
from pathlib import Path

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.loopback import serve_until_interrupted
from cicero_cli.standins.rosters import choose_engaged, read_handles
from cicero_cli.standins.upstream.accounts import plan_account
from cicero_cli.standins.upstream.server import StandIn


def main() -> None:
    """Serve made-up accounts on both platforms until interrupted; the first line says where."""
    parser = argparse.ArgumentParser(prog="python -m cicero_cli.standins.upstream")
    parser.description = "Stand in for both upstream APIs, with accounts polres.000, polres.001, …"
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--posts", type=int, default=10, help="a day and account")
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--likes", type=int, default=1000, help="and commenters, for each post")
    parser.add_argument("--people", type=Path, help="a CSV file: its people engage too, not all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--padded", action="store_true", help="bodies as large as real ones")
    options = parser.parse_args()
    handles = {
        platform: read_handles(options.people, platform) if options.people else []
        for platform in Platform
    }
    accounts = [
        plan_account(
            platform,
            f"polres.{number:03d}",
            now=clock.now(),
            posts_a_day=options.posts,
            days=options.days,
            strangers=options.likes,
            chosen=choose_engaged(handles[platform], options.posts),
            seed=options.seed,
        )
        for platform in Platform
        for number in range(options.accounts)
    ]
    serve_until_interrupted(
        StandIn(
            accounts,
            latency_seconds=options.latency_ms / 1000,
            is_padded=options.padded,
            port=options.port,
        )
    )


if __name__ == "__main__":
    main()
