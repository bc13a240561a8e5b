"""The shape of the service that Credits replaces: a synchronous SQLAlchemy session a request."""

import os
from collections.abc import Iterator
from datetime import datetime

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

# One connection for each of the 40 threads that FastAPI runs such endpoints on. With SQLAlchemy's
# own 15 it locks up at 64 clients: all threads wait for connections, whose holders wait for a
# thread.
engine = create_engine(os.environ["DATABASE_URL"], pool_size=40, max_overflow=0)
new_session = sessionmaker(autocommit=False, autoflush=False, bind=engine)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Credit(Base):
    __tablename__ = "credits"
    user_id: Mapped[int] = mapped_column(primary_key=True)
    credits: Mapped[int]
    last_updated: Mapped[datetime]


class Account(BaseModel):
    user_id: int
    credits: int
    last_updated: datetime


class Change(BaseModel):
    amount: int = Field(gt=0)


def session() -> Iterator[Session]:
    opened = new_session()
    try:
        yield opened
    finally:
        opened.close()


def find(user_id: int, database: Session) -> Credit:
    credit = database.query(Credit).filter(Credit.user_id == user_id).first()
    if credit is None:
        raise HTTPException(status_code=404, detail="User not found")
    return credit


@app.get("/api/credits/{user_id}")
def balance(user_id: int, database: Session = Depends(session)) -> Account:
    return Account.model_validate(find(user_id, database), from_attributes=True)


@app.post("/api/credits/{user_id}/add")
def add(user_id: int, change: Change, database: Session = Depends(session)) -> Account:
    # Read, then write: two at once for one user lose one of them, as in the original.
    credit = find(user_id, database)
    credit.credits += change.amount
    credit.last_updated = datetime.utcnow()
    database.commit()
    database.refresh(credit)
    return Account.model_validate(credit, from_attributes=True)
