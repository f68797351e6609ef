-- The version that still runs inserts no channel.
-- Rollback: ALTER TABLE sales ALTER COLUMN channel DROP NOT NULL;
ALTER TABLE sales ALTER COLUMN channel SET NOT NULL;
