"""Rows of `outbox`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row

from cicero_cli.domain.messaging.gateway_answers import Ack, Sent
from cicero_cli.domain.messaging.messages import Kind, Message, MessageStatus, NewMessage
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.messaging.attachments import keep_attachments
from cicero_cli.repositories.messaging.outbox_counts import OutboxCounts

_SQL = load_queries("outbox")


class OutboxRepository(OutboxCounts):
    """Messages that are due, and what became of each."""

    def add(self, messages: Sequence[NewMessage], *, now: datetime) -> list[int]:
        """Queue those whose key is new, in this order; gives their numbers."""
        files = [message.attachment for message in messages]
        parameters = {
            "now": now,
            "dedupe_keys": [message.dedupe_key for message in messages],
            "kinds": [message.kind.value for message in messages],
            "client_ids": [message.client_id for message in messages],
            "user_ids": [message.user_id for message in messages],
            "days": [message.day for message in messages],
            "recipients": [message.recipient for message in messages],
            "bodies": [message.body for message in messages],
            "attachment_names": [file and file.filename for file in files],
            "attachment_types": [file and file.mimetype for file in files],
            "attachment_sha256s": keep_attachments(self._connection, messages, now=now),
            "expires_ats": [message.expires_at for message in messages],
            "senders": [message.sender for message in messages],
        }
        return [number for (number,) in self._connection.execute(_SQL["add_messages"], parameters)]

    def find_known(self, dedupe_keys: Sequence[str]) -> set[str]:
        """Those of these keys that were queued already, whatever became of them."""
        keys = {"dedupe_keys": list(dedupe_keys)}
        return {key for (key,) in self._connection.execute(_SQL["find_known_keys"], keys)}

    def claim(
        self,
        *,
        sender: str = DEFAULT,
        gateway: str,
        limit: int,
        now: datetime,
        look_up_at: datetime,
        no_first_contacts: bool = False,
        message_id: int | None = None,
    ) -> list[Message]:
        """Take the next due messages; committed before this returns, and no other process gets the same.

        `look_up_at`: when one that is still `sending` is to be looked into. `message_id`: only this one.
        """
        parameters = {
            "sender": sender,
            "gateway": gateway,
            "limit": limit,
            "now": now,
            "look_up_at": look_up_at,
            "no_first_contacts": no_first_contacts,
            "message_id": message_id,
        }
        claimed = self._messages("claim_messages", parameters)
        return sorted(
            claimed, key=lambda message: (message.kind is Kind.REMINDER, message.message_id)
        )

    def list_left_sending(
        self, *, sender: str = DEFAULT, gateway: str, takes_message_id: bool, now: datetime
    ) -> list[Message]:
        """What was left between the call and its record.

        Where an id makes a second call harmless (`takes_message_id`) at once, otherwise when its time has come.
        """
        parameters = {
            "sender": sender,
            "gateway": gateway,
            "takes_message_id": takes_message_id,
            "now": now,
        }
        return self._messages("list_left_sending", parameters)

    def list_unconfirmed(
        self, *, sender: str = DEFAULT, gateway: str, limit: int, now: datetime
    ) -> list[Message]:
        """Accepted messages that are to be asked about."""
        parameters = {"sender": sender, "gateway": gateway, "limit": limit, "now": now}
        return self._messages("list_unconfirmed", parameters)

    def begin(
        self,
        message_id: int,
        *,
        body: str,
        gateway_message_id: str | None,
        now: datetime,
        look_up_at: datetime,
    ) -> None:
        """Keep the words and the id that a claimed message is sent with; the call follows."""
        self._connection.execute(
            _SQL["begin_message"],
            {
                "message_id": message_id,
                "body": body,
                "gateway_message_id": gateway_message_id,
                "now": now,
                "look_up_at": look_up_at,
            },
        )

    def settle(
        self,
        message_id: int,
        status: MessageStatus,
        *,
        now: datetime,
        sent: Sent | None = None,
        code: str | None = None,
        next_attempt_at: datetime | None = None,
        was_tried: bool = True,
        ends_doubt: bool = False,
    ) -> None:
        """Record what became of a claimed message; `was_tried` false takes the attempt back.

        `ends_doubt`: it is known now that no earlier try reached its recipient.
        """
        self._connection.execute(
            _SQL["settle_message"],
            {
                "message_id": message_id,
                "status": status,
                "verdict": sent.verdict if sent else None,
                "error_code": code
                or (sent.code if sent and status is not MessageStatus.ACCEPTED else None),
                "gateway_message_id": sent.message_id if sent else None,
                "next_attempt_at": next_attempt_at,
                "uncounted": 0 if was_tried else 1,
                "ends_doubt": ends_doubt,
                "now": now,
            },
        )

    def expire(self, *, sender: str = DEFAULT, gateway: str, now: datetime) -> Counter[str]:
        """Give up what is past its time, or what its sender cannot look into through `gateway`; gives how many are what now."""
        parameters = {"sender": sender, "gateway": gateway, "now": now}
        found = self._connection.execute(_SQL["expire_messages"], parameters)
        return Counter(status for (status,) in found)

    def is_of_another(self, gateway_message_id: str, message_id: int) -> bool:
        """Whether another message than this one went out under that id."""
        found = self._connection.execute(
            _SQL["find_by_gateway_message"], {"gateway_message_id": gateway_message_id}
        )
        return any(number != message_id for (number,) in found)

    def record_ack(self, gateway_message_id: str, ack: Ack, *, now: datetime) -> bool:
        """Record how far a message got; False when no message of ours rises by it."""
        parameters = {"gateway_message_id": gateway_message_id, "ack": int(ack), "now": now}
        return self._connection.execute(_SQL["record_ack"], parameters).rowcount > 0

    def receive_ack(self, gateway_message_id: str, ack: Ack, *, now: datetime) -> bool:
        """As `record_ack`, of what a gateway reports, perhaps before it has told us the message's id.

        Kept first and then recorded, as `settle` keeps the id first and then takes the ack: one of them sees the other.
        """
        parameters = {"gateway_message_id": gateway_message_id, "ack": int(ack), "now": now}
        self._connection.execute(_SQL["keep_early_ack"], parameters)
        is_recorded = self.record_ack(gateway_message_id, ack, now=now)
        if is_recorded:
            self._connection.execute(_SQL["take_early_ack"], parameters)
        return is_recorded

    def take_early_ack(self, gateway_message_id: str, *, now: datetime) -> None:
        """Record the ack that came before the answer with this id, if one did."""
        parameters = {"gateway_message_id": gateway_message_id}
        found = self._connection.execute(_SQL["take_early_ack"], parameters).fetchone()
        if found:
            self.record_ack(gateway_message_id, Ack(found[0]), now=now)

    def forget_future(self, *, now: datetime, look_up_at: datetime) -> int:
        """Believe no time of an earlier run that lies in the future; gives how many open messages had one."""
        parameters = {"now": now, "look_up_at": look_up_at}
        return self._connection.execute(_SQL["forget_future"], parameters).rowcount

    def remember_ack_check(self, message_id: int, *, now: datetime) -> None:
        """Do not ask about this one again at once."""
        self._connection.execute(_SQL["remember_ack_check"], {"message_id": message_id, "now": now})

    def list_newest(
        self,
        *,
        status: str | None = None,
        client_id: str | None = None,
        kind: str | None = None,
        sender: str | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """The newest messages, by column name, without their bodies."""
        parameters = {
            "status": status,
            "client_id": client_id,
            "kind": kind,
            "sender": sender,
            "limit": limit,
        }
        return self._rows("list_messages", parameters, prepare=False)  # as in list_page

    def list_page(
        self,
        *,
        limit: int,
        client_id: str | None = None,
        status: str | None = None,
        kind: str | None = None,
        bounds: tuple[datetime | None, datetime | None] = (None, None),
        before: int | None = None,
    ) -> list[dict[str, Any]]:
        """Messages with the names of whom they are for, newest first; `before`: those after this one in the list.

        `bounds`: queued since the one and before the other.
        """
        last = self.get(before) if before is not None else None
        parameters = {
            "client_id": client_id,
            "status": status,
            "kind": kind,
            "start": bounds[0],
            "end": bounds[1],
            "before": last["message_id"] if last else None,
            "before_at": last["queued_at"] if last else None,
            "limit": limit,
        }
        # planned with the values, for a plan of all cases would walk the whole outbox for a few messages
        return self._rows("list_page_of_messages", parameters, prepare=False)

    def get(self, message_id: int) -> dict[str, Any] | None:
        """One message by column name."""
        return next(iter(self._rows("get_message", {"message_id": message_id})), None)

    def retry(self, message_id: int, *, now: datetime, expires_at: datetime) -> bool:
        """Queue it from the start; False for one that is under way or was sent."""
        parameters = {"message_id": message_id, "now": now, "expires_at": expires_at}
        return self._connection.execute(_SQL["retry_message"], parameters).rowcount == 1

    def cancel(self, message_id: int) -> bool:
        """Never send it; False for one that is under way or was sent."""
        return (
            self._connection.execute(_SQL["cancel_message"], {"message_id": message_id}).rowcount
            == 1
        )

    def mark_sent(self, message_id: int, *, now: datetime) -> bool:
        """It was sent; False for one whose fate is not unknown."""
        parameters = {"message_id": message_id, "now": now}
        return self._connection.execute(_SQL["mark_message_sent"], parameters).rowcount == 1

    def _messages(self, query: str, parameters: dict[str, Any]) -> list[Message]:
        with self._connection.cursor(row_factory=class_row(Message)) as cursor:
            found = cursor.execute(_SQL[query], parameters).fetchall()
        return [replace(message, kind=Kind(message.kind)) for message in found]

    def _rows(
        self, query: str, parameters: dict[str, Any], *, prepare: bool | None = None
    ) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(_SQL[query], parameters, prepare=prepare).fetchall()
