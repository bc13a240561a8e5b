-- The tables of Credits. The service applies them at its start; `credits migrate` or `psql -v
-- ON_ERROR_STOP=1 -f schema.sql postgresql://...` does it by hand. PostgreSQL 14 or later.
--
-- May be run at any time: on an empty database, on an older version of these tables, and on the
-- tables of the FastAPI service that Credits replaces, with their data:
--   users(user_id SERIAL, email, name), credits(user_id INTEGER, credits INTEGER, last_updated TIMESTAMP).
-- It is one transaction, so it happens whole or not at all. It loses nothing: ids and balances widen
-- to bigint, timestamps without a zone are read as UTC (and none as still to come), and each balance
-- that is not 0 gets the first entry of its user's ledger (kind `opening`). A balance that no ledger
-- could explain (below zero, or above 2^53 - 1) stops it with the list of users.

BEGIN ISOLATION LEVEL READ COMMITTED;

-- Of several instances that start at once, one applies this file and the others find it applied.
DO $$ BEGIN PERFORM pg_advisory_xact_lock(7235701120251); END $$;

-- "already exists, skipping" is what running it again is meant to find.
SET LOCAL client_min_messages = warning;

-- Traffic queues behind a table lock that is waited for: rather give up, and be applied again.
SET LOCAL lock_timeout = '30s';

-- Work where the tables are, or else where new ones go, and nowhere else: CREATE TABLE IF NOT EXISTS
-- would make empty tables in front of those in a later schema of the search path.
DO $$
DECLARE
  home name;
BEGIN
  SELECT n.nspname INTO home FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = coalesce(to_regclass('users'), to_regclass('credits'));
  PERFORM set_config(
    'search_path', quote_ident(coalesce(home, current_schema())) || ', pg_temp', true);
END
$$;

-- Users -------------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS users (
  user_id bigserial PRIMARY KEY,
  email varchar(255) UNIQUE NOT NULL,
  name varchar(100) NOT NULL
);

-- When the users of an older table came is not known; they were there at every midnight so far.
ALTER TABLE users ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL
  DEFAULT '1970-01-01 00:00:00+00';
ALTER TABLE users ALTER COLUMN created_at SET DEFAULT clock_timestamp();

-- A deleted user keeps the row, which the numbers hang on; name and e-mail then say nothing.
ALTER TABLE users ADD COLUMN IF NOT EXISTS deleted_at timestamptz;

-- Balances ----------------------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS credits (
  user_id bigint PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
  credits bigint NOT NULL DEFAULT 0,
  last_updated timestamptz NOT NULL DEFAULT now()
);

-- Traffic may take them the other way round, and PostgreSQL then ends one of the two: whoever applies
-- this file while the service runs applies it again, as the service itself does.
LOCK TABLE users, credits IN ACCESS EXCLUSIVE MODE;

-- The entry that made the balance what it is. The service writes both in one statement; a change of
-- the balance alone is somebody else's, and the triggers below record it.
ALTER TABLE credits ADD COLUMN IF NOT EXISTS last_transaction_id bigint;

-- Since when the balance of a deleted user is closed: it stays what it was, and the service neither
-- shows nor changes it. Here and not only in `users`, because writes ask `credits` alone; NULL, and
-- not false, because it then takes no room in the row.
ALTER TABLE credits ADD COLUMN IF NOT EXISTS closed_at timestamptz;

-- The ledger --------------------------------------------------------------------------------------

CREATE SEQUENCE IF NOT EXISTS credit_transaction_ids AS bigint;

-- Append-only. The key begins with the user, so that the table can be sharded by it. It has no
-- foreign key to users: an entry outlives its user, and its insert need not lock the user's row.
CREATE TABLE IF NOT EXISTS credit_transactions (
  user_id bigint NOT NULL,
  transaction_id bigint NOT NULL DEFAULT nextval('credit_transaction_ids'),
  -- One constant and not a list: PostgreSQL reads the checks anew for each statement that inserts.
  kind text NOT NULL
    CONSTRAINT credit_transactions_kind_known
    CHECK (kind = ANY ('{add, deduct, reset, daily_grant, opening, external,
      transfer_out, transfer_in, reversal}')),
  amount bigint NOT NULL,
  balance_after bigint NOT NULL
    CONSTRAINT credit_transactions_balance_within_limits
    CHECK (balance_after BETWEEN 0 AND 9007199254740991),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason text,
  metadata json,
  idempotency_key text,
  grant_day date,
  -- Another schedule's grant than the daily one, and the day it is of; `grant_day` is then empty.
  grant_schedule text,
  schedule_day date,
  -- The other side of a transfer; the entry that a reversal undoes.
  related_user_id bigint,
  related_transaction_id bigint,
  CONSTRAINT credit_transactions_related_whole
    CHECK ((related_user_id IS NULL) = (related_transaction_id IS NULL)),
  PRIMARY KEY (user_id, transaction_id)
);

-- Version 1 knew neither transfers nor reversals. Its entries are read once for the checks.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'credit_transactions'::regclass
      AND attname = 'related_user_id' AND NOT attisdropped) THEN
    ALTER TABLE credit_transactions
      ADD COLUMN related_user_id bigint,
      ADD COLUMN related_transaction_id bigint,
      ADD CONSTRAINT credit_transactions_related_whole
        CHECK ((related_user_id IS NULL) = (related_transaction_id IS NULL)),
      DROP CONSTRAINT IF EXISTS credit_transactions_kind_known,
      ADD CONSTRAINT credit_transactions_kind_known
        CHECK (kind = ANY ('{add, deduct, reset, daily_grant, opening, external,
          transfer_out, transfer_in, reversal}'));
  END IF;
END
$$;

-- Version 2 knew the daily schedule only, whose entries stay as they are.
ALTER TABLE credit_transactions ADD COLUMN IF NOT EXISTS grant_schedule text;
ALTER TABLE credit_transactions ADD COLUMN IF NOT EXISTS schedule_day date;

-- A retried write finds the first one here, for as long as the ledger is kept.
CREATE UNIQUE INDEX IF NOT EXISTS credit_transactions_idempotency
  ON credit_transactions (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- An entry is reversed once.
CREATE UNIQUE INDEX IF NOT EXISTS credit_transactions_reversed_once
  ON credit_transactions (user_id, related_transaction_id) WHERE kind = 'reversal';

-- A day's grant reaches a user once, whoever runs it.
CREATE UNIQUE INDEX IF NOT EXISTS credit_transactions_grant_once
  ON credit_transactions (user_id, grant_day) WHERE grant_day IS NOT NULL;

-- The same for every other schedule. Two indexes, because the first is on older tables already, and
-- to build it anew would read a whole ledger.
CREATE UNIQUE INDEX IF NOT EXISTS credit_transactions_schedule_once
  ON credit_transactions (user_id, grant_schedule, schedule_day) WHERE grant_schedule IS NOT NULL;

-- Grants ------------------------------------------------------------------------------------------

-- What is granted when. `weekday` counts from Monday, 1, to Sunday, 7; where a month is shorter than
-- `day_of_month` its last day counts. The amount of `daily` is DAILY_GRANT_AMOUNT, which the service
-- writes here once the days that were due before have the amount that stood here.
CREATE TABLE IF NOT EXISTS grant_schedules (
  name text PRIMARY KEY CONSTRAINT name_is_small_letters_digits_dashes
    CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  amount bigint NOT NULL CONSTRAINT amount_is_1_to_1000000000000
    CHECK (amount BETWEEN 1 AND 1000000000000),
  cadence text NOT NULL CONSTRAINT cadence_is_daily_weekly_or_monthly
    CHECK (cadence IN ('daily', 'weekly', 'monthly')),
  time_utc time NOT NULL DEFAULT '00:00',
  weekday smallint CONSTRAINT weekday_is_1_monday_to_7_sunday CHECK (weekday BETWEEN 1 AND 7),
  day_of_month smallint CONSTRAINT day_of_month_is_1_to_31 CHECK (day_of_month BETWEEN 1 AND 31),
  -- The days themselves included.
  active_from date NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC')::date + 1
    CONSTRAINT active_from_is_1970_to_9999
    CHECK (active_from BETWEEN '1970-01-01' AND '9999-12-31'),
  active_to date CONSTRAINT active_to_is_1970_to_9999
    CHECK (active_to BETWEEN '1970-01-01' AND '9999-12-31'),
  CONSTRAINT weekday_stands_with_weekly_only
    CHECK ((cadence = 'weekly') = (weekday IS NOT NULL)),
  CONSTRAINT day_of_month_stands_with_monthly_only
    CHECK ((cadence = 'monthly') = (day_of_month IS NOT NULL)),
  -- Its day is `grant_day`, and its moment that day's midnight.
  CONSTRAINT daily_stays_daily_at_midnight
    CHECK (name <> 'daily' OR cadence = 'daily' AND time_utc = '00:00')
);

INSERT INTO grant_schedules (name, amount, cadence, active_from)
  VALUES ('daily', 5, 'daily', '1970-01-01') ON CONFLICT (name) DO NOTHING;

-- A row for each day of a schedule. Users above `last_user_id` are still to be divided into chunks;
-- the counts are those of the chunks that are gone from `grant_chunks`.
CREATE TABLE IF NOT EXISTS daily_grants (
  schedule text NOT NULL DEFAULT 'daily',
  day date NOT NULL,
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
  status text NOT NULL DEFAULT 'running'
    CONSTRAINT daily_grants_status_check
    CHECK (status IN ('pending', 'running', 'done', 'skipped')),
  last_user_id bigint NOT NULL DEFAULT 0,
  eligible bigint NOT NULL DEFAULT 0,
  granted bigint NOT NULL DEFAULT 0,
  capped bigint NOT NULL DEFAULT 0,
  started_at timestamptz,
  finished_at timestamptz,
  -- Who was created before it gets the grant; NULL is the day's midnight.
  due_at timestamptz,
  actor text,
  CONSTRAINT daily_grants_pkey PRIMARY KEY (schedule, day)
);

-- Version 2 had the daily schedule only, and rows of days that had begun.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'daily_grants'::regclass
      AND attname = 'schedule' AND NOT attisdropped) THEN
    ALTER TABLE daily_grants
      ADD COLUMN schedule text NOT NULL DEFAULT 'daily',
      ADD COLUMN due_at timestamptz,
      ADD COLUMN actor text,
      ALTER COLUMN started_at DROP NOT NULL,
      ALTER COLUMN started_at DROP DEFAULT,
      DROP CONSTRAINT IF EXISTS daily_grants_status_check,
      ADD CONSTRAINT daily_grants_status_check
        CHECK (status IN ('pending', 'running', 'done', 'skipped')),
      DROP CONSTRAINT IF EXISTS daily_grants_pkey,
      ADD CONSTRAINT daily_grants_pkey PRIMARY KEY (schedule, day);
  END IF;
END
$$;

-- The users of a running day, in ranges of their ids. An instance locks a row for as long as it
-- grants the range, and others pass it by; `granted` is NULL until then.
CREATE TABLE IF NOT EXISTS grant_chunks (
  schedule text NOT NULL,
  day date NOT NULL,
  first_user_id bigint NOT NULL,
  last_user_id bigint NOT NULL,
  granted bigint,
  capped bigint,
  CONSTRAINT grant_chunks_pkey PRIMARY KEY (schedule, day, first_user_id)
);

-- Changes of the schema ---------------------------------------------------------------------------

CREATE TABLE IF NOT EXISTS schema_changes (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sql text NOT NULL,
  request_id text NOT NULL,
  duration_ms double precision NOT NULL
);

-- What became of each: until version 3 only what was applied stood here. `diff` and `rows_changed`
-- are arrays; NULL where the SQL failed before there was anything to tell.
ALTER TABLE schema_changes ADD COLUMN IF NOT EXISTS actor text;
ALTER TABLE schema_changes ADD COLUMN IF NOT EXISTS outcome text NOT NULL DEFAULT 'applied';
ALTER TABLE schema_changes ADD COLUMN IF NOT EXISTS diff json;
ALTER TABLE schema_changes ADD COLUMN IF NOT EXISTS rows_changed json;
-- Who did it: the key (`key:4`), `admin` for ADMIN_TOKEN, or NULL where no key was needed. In audit_log
-- and daily_grants also `command line`, `credits grant` or `timer`.
ALTER TABLE credit_transactions ADD COLUMN IF NOT EXISTS actor text;

-- Keys --------------------------------------------------------------------------------------------

-- A key is kept as its SHA-256 and can be recognised by its hint; nobody finds the key from either.
CREATE TABLE IF NOT EXISTS api_keys (
  key_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(100) NOT NULL,
  hint text NOT NULL,
  hash text NOT NULL
    CONSTRAINT api_keys_hash_once UNIQUE
    CONSTRAINT api_keys_hash_is_sha256 CHECK (hash ~ '^[0-9a-f]{64}$'),
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by text,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- What keys and administrators did. Append-only.
CREATE TABLE IF NOT EXISTS audit_log (
  audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text,
  action text NOT NULL,
  target text NOT NULL,
  request_id text,
  detail json
);

-- One row: which version of this file the tables are, and since when there is a ledger (the first
-- midnight after it is the first whose grant is made up by itself).
CREATE TABLE IF NOT EXISTS credits_schema (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version integer NOT NULL,
  installed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Upgrade of what was found -----------------------------------------------------------------------

DO $$
DECLARE
  unexplained text;
  unexplained_count bigint;
  sequence text := pg_get_serial_sequence('users', 'user_id');
BEGIN
  -- Widen only what is narrow: changing a type rewrites the table, even to the type it has.
  IF (SELECT atttypid FROM pg_attribute
      WHERE attrelid = 'users'::regclass AND attname = 'user_id') <> 'bigint'::regtype THEN
    ALTER TABLE users ALTER COLUMN user_id TYPE bigint;
  END IF;
  IF (SELECT atttypid FROM pg_attribute
      WHERE attrelid = 'credits'::regclass AND attname = 'user_id') <> 'bigint'::regtype THEN
    ALTER TABLE credits ALTER COLUMN user_id TYPE bigint;
  END IF;
  IF (SELECT atttypid FROM pg_attribute
      WHERE attrelid = 'credits'::regclass AND attname = 'credits') <> 'bigint'::regtype THEN
    ALTER TABLE credits ALTER COLUMN credits TYPE bigint;
  END IF;
  IF (SELECT atttypid FROM pg_attribute
      WHERE attrelid = 'credits'::regclass AND attname = 'last_updated')
      <> 'timestamptz'::regtype THEN
    ALTER TABLE credits ALTER COLUMN last_updated DROP DEFAULT;
    -- Local times may be ahead of it: entries after a time still to come would all bear that time.
    ALTER TABLE credits ALTER COLUMN last_updated TYPE timestamptz
      USING least(last_updated AT TIME ZONE 'UTC', now());
    ALTER TABLE credits ALTER COLUMN last_updated SET DEFAULT now();
  END IF;

  -- A SERIAL column's sequence ends at 2^31 - 1 until it is told otherwise.
  IF sequence IS NOT NULL THEN
    EXECUTE format('ALTER SEQUENCE %s AS bigint', sequence);
    -- Rows that were imported with their ids leave it behind.
    PERFORM setval(sequence::regclass, max(user_id)) FROM users
      HAVING max(user_id) > coalesce(pg_sequence_last_value(sequence::regclass), 0);
  END IF;

  SELECT count(*), string_agg(format('user %s: %s', user_id, credits), ', ' ORDER BY user_id)
      FILTER (WHERE place <= 100)
    INTO unexplained_count, unexplained
    FROM (SELECT *, row_number() OVER (ORDER BY user_id) AS place
      FROM credits WHERE credits NOT BETWEEN 0 AND 9007199254740991) AS unexplainable;
  IF unexplained_count > 0 THEN
    RAISE EXCEPTION 'balances outside 0 ... 9007199254740991 of % users: %',
        unexplained_count, unexplained || CASE WHEN unexplained_count > 100 THEN ' ...' ELSE '' END
      USING HINT = 'Correct these rows of the table credits, then apply schema.sql again. '
        'Nothing has been changed.';
  END IF;

  IF NOT EXISTS (SELECT FROM pg_constraint
      WHERE conrelid = 'credits'::regclass AND conname = 'credits_within_limits') THEN
    ALTER TABLE credits ADD CONSTRAINT credits_within_limits
      CHECK (credits BETWEEN 0 AND 9007199254740991);
  END IF;
EXCEPTION WHEN feature_not_supported THEN
  RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'feature_not_supported',
    HINT = 'Something of yours, such as a view, stands on a column that has to widen. Drop it, '
      'apply schema.sql, and create it again. Nothing has been changed.';
END
$$;

-- A balance without an entry is from before the ledger.
WITH found AS (
  SELECT user_id, credits, last_updated, nextval('credit_transaction_ids') AS transaction_id
    FROM credits c WHERE last_transaction_id IS NULL AND credits <> 0
      AND NOT EXISTS (SELECT FROM credit_transactions t WHERE t.user_id = c.user_id)
), opened AS (
  INSERT INTO credit_transactions (user_id, transaction_id, kind, amount, balance_after, created_at)
  SELECT user_id, transaction_id, 'opening', credits, credits, last_updated FROM found
)
UPDATE credits SET last_transaction_id = found.transaction_id
  FROM found WHERE credits.user_id = found.user_id;

-- The service updates `credits` on its heap page (HOT) only while neither balance nor time is indexed.

-- Changes past the service ------------------------------------------------------------------------

-- Somebody else's INSERT, UPDATE or DELETE of a balance becomes an entry too (kind `external`), so
-- that the ledger adds up whoever writes. The service's own writes name a new entry in
-- `last_transaction_id`, by which the WHEN clauses spare them. Inserts are recorded after the row
-- stands, because INSERT ... ON CONFLICT fires a BEFORE trigger also for the row that it then does
-- not insert. The function runs as its owner: who may write balances needs no rights on the ledger.

CREATE OR REPLACE FUNCTION credits_record_external_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  last record;
  entry_id bigint;
  moment timestamptz := clock_timestamp();
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.user_id <> OLD.user_id THEN
      RAISE EXCEPTION 'a balance cannot change its user' USING ERRCODE = 'restrict_violation',
        HINT = 'Deduct it from the one and add it to the other.';
    END IF;
    NEW.last_updated := greatest(NEW.last_updated, OLD.last_updated);
    IF NEW.credits = OLD.credits OR NEW.last_transaction_id IS NOT NULL
        AND NEW.last_transaction_id IS DISTINCT FROM OLD.last_transaction_id THEN
      RETURN NEW;
    END IF;
    entry_id := nextval('credit_transaction_ids');
    NEW.last_updated := greatest(moment, OLD.last_updated);
    NEW.last_transaction_id := entry_id;
    INSERT INTO credit_transactions
        (user_id, transaction_id, kind, amount, balance_after, created_at)
      VALUES (NEW.user_id, entry_id, 'external', NEW.credits - OLD.credits, NEW.credits,
        NEW.last_updated);
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT transaction_id, balance_after, created_at INTO last FROM credit_transactions
      WHERE user_id = NEW.user_id ORDER BY transaction_id DESC LIMIT 1;
    -- A row that is written together with its entry, or that comes back from a copy as it was.
    IF last.transaction_id = NEW.last_transaction_id AND last.balance_after = NEW.credits THEN
      RETURN NULL;
    END IF;
    entry_id := nextval('credit_transaction_ids');
    moment := greatest(moment, last.created_at);
    INSERT INTO credit_transactions
        (user_id, transaction_id, kind, amount, balance_after, created_at)
      VALUES (NEW.user_id, entry_id, 'external', NEW.credits - coalesce(last.balance_after, 0),
        NEW.credits, moment);
    UPDATE credits SET last_transaction_id = entry_id, last_updated = moment
      WHERE user_id = NEW.user_id;
  ELSE
    INSERT INTO credit_transactions
        (user_id, transaction_id, kind, amount, balance_after, created_at)
      VALUES (OLD.user_id, nextval('credit_transaction_ids'), 'external', -OLD.credits, 0,
        greatest(moment, OLD.last_updated));
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER credits_external_update BEFORE UPDATE ON credits FOR EACH ROW
  WHEN (NEW.credits IS DISTINCT FROM OLD.credits AND (NEW.last_transaction_id IS NULL
      OR NEW.last_transaction_id IS NOT DISTINCT FROM OLD.last_transaction_id)
    OR NEW.user_id <> OLD.user_id OR NEW.last_updated < OLD.last_updated)
  EXECUTE FUNCTION credits_record_external_change();

CREATE OR REPLACE TRIGGER credits_external_insert AFTER INSERT ON credits FOR EACH ROW
  WHEN (NEW.credits <> 0)
  EXECUTE FUNCTION credits_record_external_change();

CREATE OR REPLACE TRIGGER credits_external_delete AFTER DELETE ON credits FOR EACH ROW
  WHEN (OLD.credits <> 0)
  EXECUTE FUNCTION credits_record_external_change();

-- The ledger has no UPDATE and no DELETE path, and balances do not vanish in bulk.
CREATE OR REPLACE FUNCTION credits_refuse_rewrite() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the table is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation',
      HINT = 'Add to it instead: a balance is corrected by a new entry.';
END
$$;

CREATE OR REPLACE TRIGGER credit_transactions_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_transactions
  FOR EACH STATEMENT EXECUTE FUNCTION credits_refuse_rewrite();
-- For a session that plays a replica (session_replication_role), too.
ALTER TABLE credit_transactions ENABLE ALWAYS TRIGGER credit_transactions_append_only;

CREATE OR REPLACE TRIGGER schema_changes_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON schema_changes
  FOR EACH STATEMENT EXECUTE FUNCTION credits_refuse_rewrite();

CREATE OR REPLACE TRIGGER audit_log_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION credits_refuse_rewrite();

CREATE OR REPLACE TRIGGER credits_no_truncate BEFORE TRUNCATE ON credits
  FOR EACH STATEMENT EXECUTE FUNCTION credits_refuse_rewrite();

INSERT INTO credits_schema (version) VALUES (3)
  ON CONFLICT (only_row) DO UPDATE SET version = excluded.version;

COMMIT;
