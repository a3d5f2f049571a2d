"""The measured handlers on FastAPI, as recommended by the documentation of FastAPI, asyncpg and redis-py.

The same statements as the task board's (`FIND_BOARD`, `TASK_ADD`, given in the environment), one XADD
for an event; a board is kept in Redis as one ready text.
"""

import json
import os
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
import jwt
import redis.asyncio as redis
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel

SECRET = os.environ["JWT_SECRET"]
FIND_BOARD = os.environ["FIND_BOARD"]
TASK_ADD = os.environ["TASK_ADD"]
WRITES = {"burst": 1_000_000, "per_second": 1_000_000}


@asynccontextmanager
async def lifespan(app: FastAPI):
    """Keeps one pool of connections to each store while the application runs."""
    app.state.redis = redis.from_url(os.environ["REDIS_URL"])
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=8, max_size=16) as pool:
        app.state.database = pool
        yield
    await app.state.redis.aclose()


app = FastAPI(lifespan=lifespan)


class NewTask(BaseModel):
    """A task's fields."""

    title: str
    description: str | None = None
    labels: list[str] | None = None


def claims(authorization: Annotated[str, Header()]) -> dict:
    """Who is asking."""
    try:
        return jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error


Claims = Annotated[dict, Depends(claims)]


def generation(who: dict) -> int:
    """The user's generation of tokens, in `g3-5f1c`."""
    return int(who["jti"].partition("-")[0].removeprefix("g"))


@app.get("/healthz")
async def healthz():
    """Does nothing."""
    return {"status": "ok"}


@app.get("/api/boards/{board}")
async def read(board: int, who: Claims, request: Request) -> Response:
    """A board, for its members."""
    database, cache = request.app.state.database, request.app.state.redis
    row = await database.fetchrow(FIND_BOARD, who["user_id"], generation(who), who["jti"], board)
    if row is None or row[0] is None:
        raise HTTPException(404)
    text = await cache.get(f"bench:board:{board}")
    return Response(text, media_type="application/json")


@app.post("/api/boards/{board}/tasks", status_code=201)
async def add(board: int, task: NewTask, who: Claims, request: Request) -> Response:
    """A new task."""
    author = {key: who[key] for key in ("user_id", "jti")}
    author |= {"generation": generation(who), "writes": WRITES}
    row = await request.app.state.database.fetchrow(
        TASK_ADD, json.dumps(author), board, task.model_dump_json(exclude_none=True), None, None
    )
    event, entity = row[0], row[1]
    seq = json.loads(event)["seq"]
    # With an id from Redis: two adds of a board may arrive here in another order than PostgreSQL's.
    await request.app.state.redis.xadd(
        f"bench:board:{board}:events", {"seq": seq, "event": event}, maxlen=10_000, approximate=True
    )
    location = f"/api/boards/{board}/tasks/{json.loads(entity)['id']}"
    return Response(entity, 201, {"location": location}, "application/json")
