-- The version that still runs inserts no channel.
-- Rollback: ALTER TABLE sales ALTER COLUMN channel SET DEFAULT 'shop';
ALTER TABLE sales ALTER COLUMN channel DROP DEFAULT;
