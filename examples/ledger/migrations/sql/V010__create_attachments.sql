-- Receipts belong to an entry, and through it to a tenant.
-- Rollback: DROP TABLE attachments;

CREATE TABLE IF NOT EXISTS attachments (
    tenant_id uuid NOT NULL,
    entry_id bigint NOT NULL,
    name text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (tenant_id, entry_id, name),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES entries (tenant_id, id) ON DELETE CASCADE
);

ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_attachments ON attachments;
CREATE POLICY own_attachments ON attachments
    USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, DELETE ON attachments TO ledger_app;
