-- Two columns name the tenant together: its code is one among those of an organization only.
CREATE ROLE app;
CREATE TABLE tenants (org_id int, code text, title text NOT NULL, PRIMARY KEY (org_id, code));
CREATE TABLE docs (org_id int NOT NULL, tenant_code text NOT NULL, no int NOT NULL, body text, PRIMARY KEY (org_id, tenant_code, no),
  FOREIGN KEY (org_id, tenant_code) REFERENCES tenants);
CREATE TABLE marks (org_id int NOT NULL, tenant_code text NOT NULL, name text NOT NULL, weight int, UNIQUE (org_id, tenant_code, name));
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
ALTER TABLE marks ENABLE ROW LEVEL SECURITY; ALTER TABLE marks FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (org_id = nullif(current_setting('app.org', true), '')::int AND code = current_setting('app.code', true));
CREATE POLICY own ON docs USING (org_id = nullif(current_setting('app.org', true), '')::int AND tenant_code = current_setting('app.code', true));
CREATE POLICY own ON marks USING (org_id = nullif(current_setting('app.org', true), '')::int AND tenant_code = current_setting('app.code', true));
GRANT SELECT ON tenants TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON docs, marks TO app;
