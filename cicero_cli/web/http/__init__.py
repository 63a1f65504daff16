"""How a request comes in (guard, permissions, lanes) and how an answer goes out (answers, refusals, headers); knows no noun."""
