-- When an entry changed last.
-- Rollback: DROP TRIGGER stamp_changed ON entries; DROP FUNCTION stamp_changed(); ALTER TABLE entries DROP COLUMN changed_at;

ALTER TABLE entries ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();

CREATE OR REPLACE FUNCTION stamp_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.changed_at := now();
        RETURN NEW;
    END
    $$;

DROP TRIGGER IF EXISTS stamp_changed ON entries;
CREATE TRIGGER stamp_changed BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION stamp_changed();
