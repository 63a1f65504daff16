"""The API and the page of `cicero serve`.

How to add a noun
=================
A module in web/api, with its router, its schemas and its functions; add the router to `ROUTERS` in app.py. SQL stays in
sql/queries and a repository, decisions in `services` or `domain`; a function here takes words in, makes one call, answers.

    router = GuardedRouter(prefix="/api/dashboard", tag="dashboard")

    class Stats(Schema):                       # what OpenAPI shows; not used to make the JSON
        client_id: str
        users: int

    class NoteBody(Body):                      # what is sent as JSON: strict types, `UNSENT` as default
        text: str

    class StatsQuery(Schema):                  # unknown parameters are ignored
        tanggal: date | None = None

    @router.read("/stats", role=Role.VIEWER, client=Client.NAMED, schema=Envelope[Stats])
    def stats(call: Call, query: Annotated[StatsQuery, Query()]) -> Response:
        \"\"\"Count today's posts and users of a client.\"\"\"
        users = call.store.users.count(call.one_client)
        return answer({"client_id": call.one_client, "users": users})

    @router.write("PUT", "/users/{user_id}", role=Role.OPERATOR, client=Client.USER, schema=Envelope[User])
    def change(call: Call, user_id: str, body: UserChanges) -> Response: ...

Access. `role` is the least role that may call; PUBLIC ones must also be in http/permissions.PUBLIC_ROUTES, and a write that viewers may
do in permissions.VIEWER_WRITES. `client` says whose data it is: NAMED (one client: `call.one_client`), OWN (those of the caller:
narrow by `call.client_ids`, None means all), USER (of the user that `user_id` in the path names; looked up already), NONE.
Name the parameter `client_id` wherever a client comes in: whatever the route declares, one that the caller may not see is a
403 before your function runs. It is in `call` by then, so it need not be a parameter of yours.

Threads and time. Functions are plain ones. They run in a thread of their lane with `call.store` on a connection of that
lane: QUICK for milliseconds, WRITE for writes, HEAVY for months and exports, UPSTREAM for what asks Instagram or TikTok,
SIGN_IN for hashing (a log-in begins in QUICK and asks http/devices.py which line to stand in).
Statements that take longer than the lane allows end as 503; a client that hangs up has its statement stopped.

A GET that may be either begins in QUICK and says `call.move_to(Lane.HEAVY)` once it knows (a miss in the cache, a long span):
it is called again from the top in that lane, so what is cached never stands in line with what is not.

Answers. `answer(data, message=…, **fields_beside_data)`; dataclasses and `msgspec.Raw(json_from_postgres)` will do, and the
schema is for the document only: keep them equal (schemathesis checks). Errors are raised: any CiceroError, or
HTTPException(404); http/refusals.py says what becomes of each. Document a status of your own with `responses={502: …}`.

Cache. `call.cache.get/set/count` is Redis, for what may be lost at any moment; `remembered` of http/clients_and_days.py keeps whole answers.

Writes are refused (429) when the same one was done within five minutes; `repeatable=True` for those that may repeat.
Services that change something take `by=call.actor` and record it in their own transaction.

Pages. `GuardedRouter(tag="page", pages=Pages(…))` takes the token from a cookie instead (permissions.Pages); everything else
holds, except that forms may repeat and the document does not show them. A form that people fill in names a function as
`show_unsigned=`: it shows what was typed again, with a good token, to who sends it from before a new log-in, and saves nothing.
"""

from __future__ import annotations
