-- Tenants are the values of a type, or of a condition.
CREATE ROLE app;
CREATE TYPE code AS ENUM ('acme', 'globex', 'initech');
CREATE TABLE docs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant code NOT NULL, body text);
CREATE TABLE marks (id int PRIMARY KEY, tenant code NOT NULL, doc_id bigint NOT NULL, CHECK (tenant IN ('acme', 'globex')));
ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
ALTER TABLE marks ENABLE ROW LEVEL SECURITY; ALTER TABLE marks FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON docs USING (tenant::text = current_setting('app.tenant_id', true));
CREATE POLICY p ON marks USING (tenant::text = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON docs, marks TO app;
