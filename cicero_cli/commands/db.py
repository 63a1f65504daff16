"""`cicero init` and `cicero db`: the database's tables, its backups, its server."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cicero_cli.console.migrated import migrated_outcome
from cicero_cli.console.options import DryRunOption, YesOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import confirm
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.errors import BadValueError, InputError
from cicero_cli.words import Text, reason_of

app = group()


def register(root: typer.Typer) -> None:
    """`cicero init` stands beside the nouns, not under `db`: it is the first thing that anybody types."""
    command(root, "init", example="cicero init")(init)


def init() -> None:
    """Make this machine ready: the database, its tables; safe to repeat."""
    applied, where, _ = _migrate()
    finish(
        Outcome(
            text=Text(
                "Ready: {where} ({count} migration applied).",
                plural="Ready: {where} ({count} migrations applied).",
                where=where,
                count=len(applied),
            ),
            document={"database": where, "applied": applied},
            notes=["next: cicero client add POLRES_A --nama 'Polres A' --insta polres.a"],
        )
    )


@command(app, "migrate", example="cicero db migrate")
def migrate() -> None:
    """Apply the migrations that the database lacks; safe to start twice at once.

    Where that brings the roster of the day, it lists every past day whose figures are others than before.
    """
    applied, where, moved = _migrate()
    finish(migrated_outcome(applied, where, moved))


@command(app, "status", example="cicero db status --json")
def status() -> None:
    """Show how large the database is and how fast it grows; or which migrations it lacks.

    It grows as fast as the sizes say that each `db backup` keeps.
    """
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.console.sizes import sizes_outcome
    from cicero_cli.core import clock
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database.migrations import read_status
    from cicero_cli.services.operations.sizes import read_sizes

    settings = load_settings(os.environ)
    with open_connection(settings) as connection:
        schema = read_status(connection)
        is_current = schema.applied == schema.known
        data_dir = None if settings.server_url else settings.data_dir
        sizes = read_sizes(connection, data_dir, now=clock.now()) if is_current else None
    rows = [
        {"migration": version, "state": _state(version, schema.known, schema.applied)}
        for version in sorted({*schema.known, *schema.applied})
    ]
    if sizes is not None:
        finish(sizes_outcome(rows, sizes))
        return
    notes = ["run: cicero db migrate"] if schema.pending else []
    finish(Outcome(rows=rows, document={"migrations": rows}, notes=notes))


def _state(version: str, known: tuple[str, ...], applied: tuple[str, ...]) -> str:
    if version not in known:
        return Text("unknown to this cicero, which is too old")
    return "applied" if version in applied else "pending"


def _migrate() -> tuple[list[str], str, list[dict[str, Any]]]:
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database.migrations import migrate as apply_pending
    from cicero_cli.repositories.database.store import Store
    from cicero_cli.services.operations.upgrade import HISTORY, list_moved_figures

    settings = load_settings(os.environ)
    moved: list[dict[str, Any]] = []
    with open_connection(settings, may_create=True) as connection:
        applied = apply_pending(connection)
        if HISTORY in applied:
            moved = [
                {"client_id": client_id, "platform": platform.value, **asdict(figures)}
                for client_id, platform, figures in list_moved_figures(Store(connection))
            ]
    where = (
        Text("the database of DATABASE_URL")
        if settings.server_url
        else Text("the embedded database in {data_dir}", data_dir=settings.data_dir)
    )
    return list(applied), where, moved


@command(app, "backup", example="cicero db backup --to /mnt/nas --keep 30")
def backup(
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="DIR", help="Into this folder. Default: that of CICERO_BACKUP_TO."
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            min=1,
            max=10_000,
            metavar="N",
            help="Keep the newest N, remove older ones. Default: CICERO_BACKUP_KEEP.",
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only if there is none of last night (CICERO_NIGHT_AT).")
    ] = False,
) -> None:
    """Write the whole database into one file, read it back, and remove the oldest ones."""
    from cicero_cli.core import clock
    from cicero_cli.core.settings import load_settings

    settings = load_settings(os.environ)
    folder, now = Path(to) if to else settings.backup_to, clock.now()
    if due:
        from cicero_cli.services.operations.backups import is_backup_due

        if not is_backup_due(folder, settings.night_at, now=now):
            return
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.repositories.database.backups import keep_backup
    from cicero_cli.repositories.database.locks import job_lock
    from cicero_cli.repositories.database.migrations import read_status
    from cicero_cli.repositories.operations.sizes import save_table_sizes

    with open_connection(settings) as connection, job_lock(connection, "db backup"):
        kept = keep_backup(connection, folder, keep=keep or settings.backup_keep, now=now)
        schema = read_status(connection)
        if schema.applied == schema.known:
            save_table_sizes(connection, day=local_day(now, HOME_ZONE))
    finish(
        Outcome(
            text=Text(
                "{path}: {megabytes:,.1f} MB, read back whole.",
                path=kept.path,
                megabytes=kept.size / 1e6,
            ),
            document={
                "file": str(kept.path),
                "bytes": kept.size,
                "removed": [str(path) for path in kept.removed],
            },
            notes=[Text("removed: {path}", path=path) for path in kept.removed],
        )
    )


@command(app, "restore", example="cicero db restore cicero-20261127T190000Z.dump --database trial")
def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `db backup` wrote.")],
    *,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="NAME",
            help="Into this one of the same server, made if it is not there. Default: the configured one.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the file, to its last byte.")
    ] = False,
) -> None:
    """Bring a backup into an empty database, all of it or nothing."""
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database.backups import (
        check_backup,
        restore_backup,
        restore_beside,
    )

    path = Path(file)
    if check:
        check_backup(path)
        finish(Outcome(text=Text("{path} is whole.", path=path), document={"file": file}))
        return
    note = "next: cicero db migrate"
    with open_connection(load_settings(os.environ), may_create=True) as connection:
        if database is None:
            restore_backup(connection, path)
        else:
            url = restore_beside(connection, database, path)
            note = Text("the one in use is as it was; this one: DATABASE_URL='{url}'", url=url)
    finish(
        Outcome(
            text=Text("{path} was restored.", path=path),
            document={"file": file, "database": database},
            notes=[note],
        )
    )


@command(app, "prune", example="cicero db prune --keep 400d --dry-run")
def prune(
    *,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="DAYS",
            help="Hold the last so many days whole. Default: CICERO_KEEP.",
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only if it was not done last night (CICERO_NIGHT_AT).")
    ] = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Remove what is past its time: strangers' likes and comments, readings, runs, settled messages, audit lines.

    Figures stay: counts, posts, and what people who were ever on a roster did.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.core.setting_values import read_keep
    from cicero_cli.core.settings import load_settings
    from cicero_cli.services.operations.pruning import is_pruning_due
    from cicero_cli.services.operations.pruning import prune as prune_past

    settings = load_settings(os.environ)
    try:
        days = settings.keep if keep is None else read_keep(keep)
    except BadValueError as error:
        raise InputError(
            "--keep {keep}: {reason}", keep=keep, reason=reason_of(error), field="keep"
        ) from error
    if not (dry_run or due):
        confirm(
            Text("Remove what is older than {days} days, for ever (figures stay)?", days=days),
            yes=yes,
        )
    with open_app() as cicero, cicero.store.job_lock("db prune"):
        store, now = cicero.store, clock.now()
        if due and not is_pruning_due(store, settings.night_at, now=now):
            return
        with store.rehearsal() if dry_run else nullcontext():
            gone = prune_past(store, days, now=now)
            held_from = store.pruning.held_from()
    finish(
        Outcome(
            rows=[{"what": kind, "rows": count} for kind, count in gone.items()],
            document={"held_from": held_from, "removed": gone, "dry_run": dry_run},
            notes=[
                Text("dry run: nothing was removed")
                if dry_run
                else Text(
                    "what was read since {held_from:%Y-%m-%d} is held whole; --as-of before it is refused",
                    held_from=held_from,
                )
            ],
        )
    )


@command(app, "stop", example="cicero db stop")
def stop() -> None:
    """Stop the embedded server, as before an update; the next command starts it."""
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database import embedded

    settings = load_settings(os.environ)
    if settings.server_url is not None:
        raise InputError(
            "the server of DATABASE_URL is not cicero's to stop", hint="ask whoever runs it"
        )
    embedded.stop(settings.data_dir)
    finish(Outcome(text=Text("The embedded server is stopped."), document={"stopped": True}))
