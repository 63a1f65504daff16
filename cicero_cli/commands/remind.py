"""`cicero remind`: personal messages to those who have posts left."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.due import say_late
from cicero_cli.console.options import ClientsOption, DryRunOption, DueOption, command
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import say
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from datetime import datetime

    from cicero_cli.domain.schedule import DueSlot
    from cicero_cli.services.messaging.reminders import Reminders
    from cicero_cli.services.messaging.sending_plan import SendingPlan

_COLUMNS = {
    "client_id": "client",
    "stage": "stage",
    "users": "users",
    "queued": "queued",
    "until": "until",
}

_LONG = 3600  # seconds, from which on more senders are worth a word
_MINUTES_TOLD = 90


def register(root: typer.Typer) -> None:
    """`cicero remind` stands beside the nouns."""
    command(root, "remind", example="cicero remind --dry-run")(remind)


def remind(
    *,
    client: ClientsOption = None,
    dry_run: DryRunOption = False,
    due: DueOption = False,
    on_days_off: Annotated[
        bool, typer.Option("--on-days-off", help="Also where today is a day off.")
    ] = False,
) -> None:
    """Queue a reminder for each user who has posts of today left; `outbox deliver` sends it."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.periods import local_day
    from cicero_cli.services.operations.due import Job, find_due, mark_done
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero, nullcontext() if dry_run else cicero.store.job_lock("remind"):
        job = Job("remind", cicero.settings.remind_at, own=attrgetter("remind_at"))
        slots: dict[str, DueSlot] = {}
        if due:
            clients = choose_clients(cicero.store, client, may_be_none=True)
            slots = find_due(cicero.store, clients, job, now=now)
            # a reminder is of today's posts: nobody wants yesterday's last one
            slots = {
                each.client_id: slots[each.client_id]
                for each in clients
                if each.client_id in slots
                and slots[each.client_id].day == local_day(now, each.zone)
            }
            clients = [each for each in clients if each.client_id in slots]
            if not clients:
                return
            say_late(slots, now=now)
        # here, because a wake-up with nothing due does not pay for them
        from cicero_cli.domain.messaging.wordings import REMINDER_TEMPLATE
        from cicero_cli.services.attendance.laphar import load_template
        from cicero_cli.services.messaging.obligations import Obligations
        from cicero_cli.services.messaging.reminders import (
            list_days_off,
            queue_reminders,
            write_reminders,
        )
        from cicero_cli.services.messaging.self_check import SelfCheckLinks
        from cicero_cli.services.messaging.sending_plan import plan_queue

        cicero.text_limit()  # which says what to set where nobody can send
        if not due:
            clients = choose_clients(cicero.store, client)
        off = {} if on_days_off else list_days_off(cicero.store, clients, now=now)
        clients = [each for each in clients if each.client_id not in off]
        template = load_template(cicero.settings.templates, REMINDER_TEMPLATE)
        obligations = Obligations(cicero.store)
        links = SelfCheckLinks.of(cicero.settings)
        reminders = [
            write_reminders(
                cicero.store,
                one,
                template=template,
                times=cicero.settings.remind_at,
                now=now,
                user_cap=cicero.settings.wa_user_cap,
                obligations=obligations,
                links=links,
            )
            for one in clients
        ]
        settings = cicero.settings
        plan = plan_queue(
            cicero.store, reminders, gateway=settings.whatsapp, settings=settings, now=now
        )
        without_number = cicero.store.users.count_without_number(
            [one.client.client_id for one in reminders]
        )
        if clients:
            say(_plan_line(plan, now))
        queued = {} if dry_run else queue_reminders(cicero.store, reminders, now=now)
        if not dry_run:
            mark_done(cicero.store, job, slots)
    if clients or not due:
        finish(_reminded(reminders, queued, plan, without_number, off, dry_run=dry_run))


def _plan_line(plan: SendingPlan, now: datetime) -> Text:
    """Such as: 389 reminders: sender default, about 4 h 52 min (until 17:02 WIB); five senders would take 58 minutes."""
    if not plan.messages:
        return Text("no reminder is new")
    line = Text(
        "{count:,} reminder: {senders}, about {duration} (until {until:%H:%M} WIB)",
        plural="{count:,} reminders: {senders}, about {duration} (until {until:%H:%M} WIB)",
        count=plan.messages,
        senders=_senders(plan),
        duration=_duration(plan.seconds),
        until=plan.ends_at(now).astimezone(HOME_ZONE),
    )
    if plan.will_expire:
        line = Text(
            "{plan}; {expiring:,} will expire unsent (CICERO_WA_GAP_USER, CICERO_WA_DAILY_CAP, cicero wa add)",
            plan=line,
            expiring=plan.will_expire,
        )
    if len(plan.by_sender) == 1 and plan.seconds > _LONG:
        line = Text(
            "{plan}; five senders would take {duration}",
            plan=line,
            duration=_duration(plan.seconds / 5),
        )
    return line


def _senders(plan: SendingPlan) -> Text:
    if len(plan.by_sender) == 1:
        return Text("sender {name}", name=next(iter(plan.by_sender)))
    each = ", ".join(f"{name} {one.messages:,}" for name, one in plan.by_sender.items())
    return Text("{number} senders at once ({each})", number=len(plan.by_sender), each=each)


def _duration(seconds: float) -> Text:
    minutes = round(seconds / 60)
    if minutes < _MINUTES_TOLD:
        return Text("{count:,} minute", plural="{count:,} minutes", count=minutes)
    hours, minutes = divmod(minutes, 60)
    return Text("{hours} h {minutes} min", hours=hours, minutes=minutes)


def _reminded(
    reminders: list[Reminders],
    queued: dict[str, int],
    plan: SendingPlan,
    without_number: dict[str, int],
    off: dict[str, str],
    *,
    dry_run: bool,
) -> Outcome:
    rows = [
        {
            "client_id": one.client.client_id,
            "stage": one.stage.value,
            "users": len(one.messages),
            "queued": queued.get(one.client.client_id, 0),
            "without_number": without_number.get(one.client.client_id, 0),
            "until": one.slot.ends_at.astimezone(one.client.zone),
        }
        for one in reminders
    ]
    notes: list[str] = [
        Text(
            "{client_id}: {number:,} without a number get no reminder (cicero user list --client "
            "{client_id})",
            client_id=client_id,
            number=number,
        )
        for client_id, number in without_number.items()
    ]
    off_lines: list[str] = [
        Text(
            "{client_id}: today is a day off ({name}), so nobody is reminded (--on-days-off)",
            client_id=client_id,
            name=name,
        )
        for client_id, name in off.items()
    ]
    text = None
    if reminders:
        notes += off_lines
    else:
        text = join_texts(off_lines, "\n")
    if dry_run and reminders:
        notes.append("nothing was queued")
        text = join_texts(
            [
                Text("to {recipient}:\n{body}", recipient=message.recipient, body=message.body)
                for one in reminders
                for message in one.messages
            ],
            "\n\n",
        )
    return Outcome(
        rows=rows,
        columns=_COLUMNS,
        document={
            "reminders": rows,
            "seconds": plan.seconds,
            "will_expire": plan.will_expire,
            "senders": [{"sender": name, **asdict(one)} for name, one in plan.by_sender.items()],
            "days_off": [{"client_id": client_id, "name": name} for client_id, name in off.items()],
        },
        text=text,
        notes=notes,
    )
