-- The version that still runs inserts no channel, and no row that is there has one.
-- Rollback: ALTER TABLE sales DROP COLUMN channel;
ALTER TABLE sales ADD COLUMN IF NOT EXISTS channel text NOT NULL;
