-- Tables in parts, members of workspaces, and a guard that refuses.
CREATE ROLE service;
CREATE ROLE owner_role;
CREATE TABLE workspaces (id uuid PRIMARY KEY, label text NOT NULL);
CREATE TABLE people (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TABLE members (workspace_id uuid NOT NULL REFERENCES workspaces, user_id uuid NOT NULL REFERENCES people, role text NOT NULL CHECK (role IN ('viewer', 'editor')),
  PRIMARY KEY (workspace_id, user_id));
CREATE TABLE events (workspace_id uuid NOT NULL REFERENCES workspaces, id bigint NOT NULL, happened_on date NOT NULL, kind text NOT NULL, payload jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, id, happened_on)) PARTITION BY RANGE (happened_on);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE readings (workspace_id uuid NOT NULL REFERENCES workspaces, region text NOT NULL, sensor int NOT NULL, value real NOT NULL) PARTITION BY LIST (region);
CREATE TABLE readings_eu PARTITION OF readings FOR VALUES IN ('eu');
CREATE TABLE readings_us PARTITION OF readings FOR VALUES IN ('us');
CREATE FUNCTION is_member(w uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$ SELECT EXISTS (SELECT 1 FROM public.members m WHERE m.workspace_id = w AND m.user_id = nullif(current_setting('app.user_id', true), '')::uuid) $$;
CREATE FUNCTION may_edit(w uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$ SELECT EXISTS (SELECT 1 FROM public.members m WHERE m.workspace_id = w AND m.role = 'editor' AND m.user_id = nullif(current_setting('app.user_id', true), '')::uuid) $$;
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY; ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
ALTER TABLE people ENABLE ROW LEVEL SECURITY; ALTER TABLE people FORCE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY; ALTER TABLE members FORCE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY; ALTER TABLE events FORCE ROW LEVEL SECURITY;
ALTER TABLE readings ENABLE ROW LEVEL SECURITY; ALTER TABLE readings FORCE ROW LEVEL SECURITY;
CREATE POLICY member ON workspaces FOR SELECT USING (is_member(id));
CREATE POLICY self ON people USING (id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY member ON members FOR SELECT USING (is_member(workspace_id));
CREATE POLICY member ON events USING (is_member(workspace_id)) WITH CHECK (is_member(workspace_id));
CREATE POLICY member ON readings FOR SELECT USING (is_member(workspace_id));
CREATE POLICY editor_add ON readings FOR INSERT WITH CHECK (may_edit(workspace_id));
CREATE POLICY editor ON readings FOR UPDATE USING (may_edit(workspace_id)) WITH CHECK (may_edit(workspace_id));
CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN IF NEW.workspace_id <> OLD.workspace_id THEN RAISE EXCEPTION 'rows stay where they are'; END IF; RETURN NEW; END $$;
CREATE TRIGGER stay BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION stay();
GRANT SELECT ON workspaces, members TO service;
GRANT SELECT, UPDATE ON people TO service;
GRANT SELECT, INSERT, UPDATE, DELETE ON events TO service;
GRANT SELECT, INSERT, UPDATE ON readings TO service;
