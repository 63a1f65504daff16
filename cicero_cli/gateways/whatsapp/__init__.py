"""WhatsApp gateways, one module each behind one Protocol (services/ports.py).

One call is one attempt, and every outcome of a send is a `Sent`: what comes next is the outbox's to decide. A `code`
or `hint` never holds a number, a text, a key or anything else that a gateway echoed.
"""

from __future__ import annotations
