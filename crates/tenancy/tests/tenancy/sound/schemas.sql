-- The first schema of the search path has the name of the tenant.
CREATE ROLE app;
CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text);
ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON docs USING (tenant_id = current_schema());
GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app;
