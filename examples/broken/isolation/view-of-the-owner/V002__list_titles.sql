-- A view asks with the rights of its owner unless it says security_invoker.
-- Rollback: DROP VIEW titles;
CREATE VIEW titles AS SELECT tenant_id, id, title FROM notes;
GRANT SELECT ON titles TO notes_app;
