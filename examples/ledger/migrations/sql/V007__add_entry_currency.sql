-- Expand: entries get a currency. The version that runs knows nothing of it and goes on inserting.
-- Rollback: ALTER TABLE entries DROP COLUMN currency;

ALTER TABLE entries ADD COLUMN IF NOT EXISTS currency text;
ALTER TABLE entries ALTER COLUMN currency SET DEFAULT 'EUR';
