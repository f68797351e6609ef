-- Writes the whole table anew while nobody can read it.
-- Rollback: ALTER TABLE events ALTER COLUMN kind TYPE integer;
ALTER TABLE events ALTER COLUMN kind TYPE bigint;
