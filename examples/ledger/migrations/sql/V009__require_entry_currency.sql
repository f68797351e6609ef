-- Contract: from here on every entry has a currency. The default keeps the version before it working.
-- Rollback: ALTER TABLE entries ALTER COLUMN currency DROP NOT NULL;

ALTER TABLE entries ALTER COLUMN currency SET NOT NULL;
