-- A name that fits into the head of a page.
-- Rollback: ALTER TABLE tenants DROP COLUMN short_name;

ALTER TABLE tenants ADD COLUMN IF NOT EXISTS short_name text CHECK (length(short_name) <= 20);
