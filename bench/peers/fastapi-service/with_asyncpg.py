"""FastAPI with asyncpg: a balance is one SELECT, an add one UPDATE. It keeps no ledger."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

BALANCE = "SELECT user_id, credits, last_updated FROM credits WHERE user_id = $1"
ADD = (
    "UPDATE credits SET credits = credits + $1, last_updated = now() WHERE user_id = $2 "
    "RETURNING user_id, credits, last_updated")


class Account(BaseModel):
    user_id: int
    credits: int
    last_updated: datetime


class Change(BaseModel):
    amount: int = Field(gt=0)


@asynccontextmanager
async def connected(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"]) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=connected)


async def answer(statement: str, *values: int) -> Account:
    row = await app.state.pool.fetchrow(statement, *values)
    if row is None:
        raise HTTPException(status_code=404, detail="User not found")
    return Account.model_construct(**row)


@app.get("/api/credits/{user_id}")
async def balance(user_id: int) -> Account:
    return await answer(BALANCE, user_id)


@app.post("/api/credits/{user_id}/add")
async def add(user_id: int, change: Change) -> Account:
    return await answer(ADD, change.amount, user_id)
