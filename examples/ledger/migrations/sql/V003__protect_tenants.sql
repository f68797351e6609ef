-- A tenant sees its own row and nothing else; the back office makes new ones.
-- Rollback: DROP POLICY own_tenant ON tenants; ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_tenant ON tenants;
CREATE POLICY own_tenant ON tenants USING (id = current_tenant());
GRANT SELECT ON tenants TO ledger_app;
