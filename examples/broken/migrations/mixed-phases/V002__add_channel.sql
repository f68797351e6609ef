-- Rollback: ALTER TABLE sales DROP COLUMN channel;
ALTER TABLE sales ADD COLUMN IF NOT EXISTS channel text;
ALTER TABLE sales ALTER COLUMN channel SET DEFAULT 'shop';
UPDATE sales SET channel = 'shop' WHERE channel IS NULL;
ALTER TABLE sales ALTER COLUMN channel SET NOT NULL;
