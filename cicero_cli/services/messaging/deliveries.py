"""Several senders deliver at once, each in a thread and on a connection of its own: one that is stuck holds up no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cicero_cli.errors import BusyError, CiceroError
from cicero_cli.services.messaging.delivery import Delivered


@dataclass
class Deliveries:
    """What became of each sender's run; in neither are those for which another run delivers."""

    done: dict[str, Delivered] = field(default_factory=dict)
    failed: dict[str, CiceroError] = field(default_factory=dict)


def deliver_each(senders: Sequence[str], deliver: Callable[[str], Delivered]) -> Deliveries:
    """Run `deliver` for each of these; the error itself when there is but one, or when another run has them all.

    The threads end with the process, as if it were killed there: the next run settles what was under way (docs/adr/0007).
    """
    if len(senders) == 1:
        return Deliveries(done={senders[0]: deliver(senders[0])})
    deliveries = Deliveries()
    busy: list[BusyError] = []
    bugs: list[BaseException] = []

    def run(name: str) -> None:
        try:
            deliveries.done[name] = deliver(name)
        except BusyError as error:
            busy.append(error)
        except CiceroError as error:
            deliveries.failed[name] = error
        except BaseException as error:  # noqa: BLE001 - raised where the threads are waited for
            bugs.append(error)

    threads = [threading.Thread(target=run, args=(name,), daemon=True) for name in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if bugs:
        raise bugs[0]
    if len(busy) == len(senders):
        raise busy[0]
    return deliveries
