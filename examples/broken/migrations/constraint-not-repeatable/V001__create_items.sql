-- Rollback: DROP TABLE items; DROP TABLE tenants;
CREATE TABLE IF NOT EXISTS tenants (id bigint PRIMARY KEY);
CREATE TABLE IF NOT EXISTS items (id bigint PRIMARY KEY, tenant_id bigint);
