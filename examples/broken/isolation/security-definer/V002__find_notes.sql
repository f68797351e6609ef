-- Runs as its owner, whom row security does not stop, and does not ask whose notes they are.
-- Rollback: DROP FUNCTION find_notes(text);
CREATE FUNCTION find_notes(wanted text DEFAULT '') RETURNS SETOF notes
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT * FROM notes WHERE title ILIKE '%' || wanted || '%' $$;
GRANT EXECUTE ON FUNCTION find_notes(text) TO notes_app;
