-- A claim in JSON lists the tenants, each of which has a partition of its own; views call them otherwise.
CREATE ROLE app;
CREATE TABLE readings (tenant text NOT NULL, sensor int NOT NULL, value real NOT NULL, PRIMARY KEY (tenant, sensor)) PARTITION BY LIST (tenant);
CREATE TABLE readings_acme PARTITION OF readings FOR VALUES IN ('acme');
CREATE TABLE readings_globex PARTITION OF readings FOR VALUES IN ('globex');
CREATE TABLE alarms (id int PRIMARY KEY, tenant text NOT NULL, note text, closed_by text);
ALTER TABLE readings ENABLE ROW LEVEL SECURITY; ALTER TABLE readings FORCE ROW LEVEL SECURITY;
ALTER TABLE alarms ENABLE ROW LEVEL SECURITY; ALTER TABLE alarms FORCE ROW LEVEL SECURITY;
CREATE FUNCTION claims() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
CREATE POLICY own ON readings USING (tenant IN (SELECT jsonb_array_elements_text(claims() -> 'tenants')));
CREATE POLICY own ON alarms USING ((claims() -> 'tenants') ? tenant);
CREATE VIEW my_alarms WITH (security_barrier, security_invoker) AS SELECT a.id AS number, a.tenant AS workspace, a.note AS text FROM alarms a;
GRANT SELECT, INSERT, UPDATE, DELETE ON readings, alarms, my_alarms TO app;
