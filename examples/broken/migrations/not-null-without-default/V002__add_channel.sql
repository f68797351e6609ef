-- Rollback: ALTER TABLE sales DROP COLUMN channel;
ALTER TABLE sales ADD COLUMN IF NOT EXISTS channel text NOT NULL DEFAULT 'shop';
