-- The tenants themselves, and how a session says for whom it speaks. A tenant sees its own row and nothing else.
-- Rollback: DROP TABLE tenants; DROP FUNCTION current_tenant();

-- Empty in a session that never said it, and after the transaction that did.
CREATE OR REPLACE FUNCTION current_tenant() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

CREATE TABLE IF NOT EXISTS tenants (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_tenant ON tenants;
CREATE POLICY own_tenant ON tenants USING (id = current_tenant());
