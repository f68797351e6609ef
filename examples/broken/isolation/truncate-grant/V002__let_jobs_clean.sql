-- TRUNCATE asks no policy.
-- Rollback: REVOKE TRUNCATE ON notes FROM notes_app;
GRANT TRUNCATE ON notes TO notes_app;
