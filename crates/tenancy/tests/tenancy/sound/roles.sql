-- Each tenant connects as a role of its own.
CREATE ROLE tenants;
CREATE TABLE documents (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant text NOT NULL DEFAULT current_user, title text NOT NULL, UNIQUE (tenant, title));
CREATE TABLE pages (document_id int NOT NULL REFERENCES documents ON DELETE CASCADE, number int NOT NULL, body text NOT NULL, PRIMARY KEY (document_id, number));
ALTER TABLE documents ENABLE ROW LEVEL SECURITY; ALTER TABLE documents FORCE ROW LEVEL SECURITY;
ALTER TABLE pages ENABLE ROW LEVEL SECURITY; ALTER TABLE pages FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON documents TO tenants USING (tenant = current_user);
CREATE POLICY own ON pages TO tenants USING (document_id IN (SELECT id FROM documents d WHERE d.tenant = current_user));
GRANT SELECT, INSERT, UPDATE, DELETE ON documents, pages TO tenants;
