"""Calls a server with the client that openapi-python-client made of its /openapi.json.

Run by scripts/conformance: pytest finds the generated package `credits_client` in PYTHONPATH, and
the server's address in CREDITS_URL.
"""

import os
import uuid
from http import HTTPStatus

import pytest

from credits_client import AuthenticatedClient, Client
from credits_client.api.credits_ import add_credits, deduct_credits, get_balance, reset_credits
from credits_client.api.schema import update_schema
from credits_client.api.users import create_user, get_user, list_users
from credits_client.models import (
    Account,
    AmountBody,
    InsufficientCreditsProblem,
    NewUser,
    Problem,
    Receipt,
    ResetBody,
    SchemaUpdateBody,
    User,
)


@pytest.fixture(scope="module")
def client():
    with AuthenticatedClient(
        base_url=os.environ["CREDITS_URL"], token=os.environ["CREDITS_ADMIN_TOKEN"]
    ) as client:
        yield client


@pytest.fixture
def user(client):
    email = f"{uuid.uuid4()}@example.com"
    user = create_user.sync(client=client, body=NewUser(email=email, name="Ada Lovelace"))
    assert isinstance(user, User)
    assert user.email == email
    return user.user_id


def add(client, user, amount, **rest):
    return add_credits.sync(user, client=client, body=AmountBody(amount=amount), **rest)


def test_a_new_user_has_nothing_and_is_found(client, user):
    account = get_balance.sync(user, client=client)
    assert isinstance(account, Account)
    assert (account.user_id, account.credits_) == (user, 0)
    assert get_user.sync(user, client=client).name == "Ada Lovelace"


def test_the_balance_follows_the_writes(client, user):
    added = add(client, user, 100)
    assert isinstance(added, Receipt)
    assert added.credits_ == 100
    deducted = deduct_credits.sync(user, client=client, body=AmountBody(amount=30, reason="Spent"))
    assert deducted.credits_ == 70
    assert deducted.transaction_id > added.transaction_id
    assert get_balance.sync(user, client=client).credits_ == 70
    reset = reset_credits.sync(user, client=client, body=ResetBody())
    assert reset.credits_ == 0
    assert get_balance.sync(user, client=client).last_updated == reset.last_updated


def test_too_little_is_402_with_its_numbers(client, user):
    add(client, user, 10)
    answer = deduct_credits.sync_detailed(user, client=client, body=AmountBody(amount=25))
    assert answer.status_code == HTTPStatus.PAYMENT_REQUIRED
    problem = answer.parsed
    assert isinstance(problem, InsufficientCreditsProblem)
    assert (problem.available, problem.requested, problem.shortfall) == (10, 25, 15)
    assert get_balance.sync(user, client=client).credits_ == 10


def test_a_retry_with_its_key_moves_nothing(client, user):
    key = str(uuid.uuid4())
    first = add_credits.sync_detailed(
        user, client=client, body=AmountBody(amount=5), idempotency_key=key)
    second = add_credits.sync_detailed(
        user, client=client, body=AmountBody(amount=5), idempotency_key=key)
    assert first.parsed == second.parsed
    assert second.headers["Idempotent-Replayed"] == "true"
    assert get_balance.sync(user, client=client).credits_ == 5


def test_a_user_who_is_not_there_is_a_problem(client):
    answer = get_balance.sync_detailed(2**62, client=client)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert isinstance(answer.parsed, Problem)
    assert answer.parsed.detail == "User not found"
    assert answer.parsed.request_id == answer.headers["X-Request-Id"]


def test_a_page_leads_to_the_next(client, user):
    add(client, user, 1)
    page = list_users.sync(client=client, limit=1)
    assert len(page.users) == 1
    assert page.next_cursor is not None
    following = list_users.sync(client=client, limit=1, cursor=page.next_cursor)
    assert following.users[0].user_id > page.users[0].user_id


def test_the_schema_needs_a_key(client):
    body = SchemaUpdateBody(sql="CREATE TABLE scratch_4711 (); DROP TABLE scratch_4711")
    with Client(base_url=os.environ["CREDITS_URL"]) as anonymous:
        refusal = update_schema.sync_detailed(client=anonymous, body=body)
    assert refusal.status_code == HTTPStatus.UNAUTHORIZED
    assert update_schema.sync(client=client, body=body).detail == "Schema updated"
