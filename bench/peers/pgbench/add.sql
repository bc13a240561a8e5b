-- The balance and its ledger entry in one statement, and so in one round trip and one commit: the
-- cheapest way to write both. A new last_transaction_id is what keeps the trigger for changes past
-- the service still.
\set user random(1, :users)
WITH changed AS (
  UPDATE credits SET credits = credits + 1,
      last_updated = greatest(clock_timestamp(), last_updated),
      last_transaction_id = nextval('credit_transaction_ids')
    WHERE user_id = :user AND closed_at IS NULL
    RETURNING user_id, credits, last_updated, last_transaction_id
)
INSERT INTO credit_transactions
    (user_id, transaction_id, kind, amount, balance_after, created_at)
  SELECT user_id, last_transaction_id, 'add', 1, credits, last_updated FROM changed
  RETURNING user_id, balance_after, created_at, transaction_id;
