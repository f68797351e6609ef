-- Rollback: ALTER TABLE items DROP CONSTRAINT items_tenant_fk;
ALTER TABLE items ADD CONSTRAINT items_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (id) NOT VALID;
