"""The databases that the peers work on: filled and aged once, and copied anew for each turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .postgres import Postgres

USERS = 100_000
_FIRST_CREDITS = 1000
_AGEING_PASSES = 8
_AGED_SHARE = 0.25

# The tables of the service that Credits replaces, which hold all that the peers need.
_PLAIN_SCHEMA = """
CREATE TABLE users (
  user_id serial PRIMARY KEY, email varchar(255) UNIQUE NOT NULL, name varchar(100) NOT NULL);
CREATE TABLE credits (
  user_id integer PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  credits integer NOT NULL DEFAULT 0,
  last_updated timestamp NOT NULL DEFAULT current_timestamp);
"""

_FILL_USERS = """
INSERT INTO users (email, name)
  SELECT 'user' || n || '@example.org', 'User ' || n FROM generate_series(1, {users}) AS n;
"""
_FILL_PLAIN = f"INSERT INTO credits (user_id, credits) SELECT user_id, {_FIRST_CREDITS} FROM users;"

# Balance and entry agree, so that the trigger, which would write the entry, need not see to it.
_FILL_LEDGER = f"""
SET session_replication_role = replica;
INSERT INTO credits (user_id, credits, last_transaction_id)
  SELECT user_id, {_FIRST_CREDITS}, nextval('credit_transaction_ids') FROM users;
INSERT INTO credit_transactions
    (user_id, transaction_id, kind, amount, balance_after, created_at)
  SELECT user_id, last_transaction_id, 'opening', credits, credits, last_updated FROM credits;
RESET session_replication_role;
"""

# Tables that have been written to for a while have room in their pages, freshly loaded ones have
# none, and are dearer to write. Each pass rewrites a random quarter of the balances.
_AGE = f"""
UPDATE credits SET last_updated = last_updated WHERE random() < {_AGED_SHARE};
VACUUM ANALYZE credits;
"""


@dataclass(frozen=True)
class Template:
    """A filled database that others are copied from."""

    name: str
    has_ledger: bool


LEDGER = Template("template_ledger", has_ledger=True)
PLAIN = Template("template_plain", has_ledger=False)


@dataclass(frozen=True)
class Totals:
    """What is in a database, in whole credits."""

    balances: int
    entries: int = 0
    """The amounts of all ledger entries together."""
    adds: int = 0
    """Ledger entries of the kind `add`."""


def make(
    postgres: Postgres, template: Template, schema: Path, users: int = USERS
) -> None:
    postgres.run("postgres", f"CREATE DATABASE {template.name}")
    fill = _FILL_LEDGER if template.has_ledger else _FILL_PLAIN
    postgres.run(
        template.name, schema.read_text() if template.has_ledger else _PLAIN_SCHEMA)
    postgres.run(
        template.name,
        "SELECT setseed(0.5);" + _FILL_USERS.format(users=users) + fill + "VACUUM ANALYZE;"
        + _AGE * _AGEING_PASSES)


def renew(postgres: Postgres, database: str, template: Template) -> None:
    """The database as it was at first."""
    postgres.run(
        "postgres",
        f"DROP DATABASE IF EXISTS {database} WITH (FORCE);\n"
        f"CREATE DATABASE {database} TEMPLATE {template.name};")


def checkpoint(postgres: Postgres) -> None:
    """Ends all writing that was left for later, and makes the next turn write whole pages to the
    WAL at first, whoever has it."""
    postgres.run("postgres", "CHECKPOINT")


def totals(postgres: Postgres, database: str, template: Template) -> Totals:
    sql = "SELECT sum(credits) FROM credits"
    if template.has_ledger:
        sql = (
            f"SELECT ({sql}), sum(amount), count(*) FILTER (WHERE kind = 'add') "
            "FROM credit_transactions")
    return Totals(*map(int, postgres.run(database, sql)[0]))


def balance(postgres: Postgres, database: str, user: int) -> int:
    return int(postgres.run(database, f"SELECT credits FROM credits WHERE user_id = {user}")[0][0])
