-- Members share a workspace; drafts are a user's alone, whose ID is read as one of a type that no column has.
CREATE ROLE app;
CREATE FUNCTION me() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE FUNCTION workspace() RETURNS int LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.workspace_id', true), '')::int $$;
CREATE TABLE workspaces (id int PRIMARY KEY, label text NOT NULL);
CREATE TABLE members (workspace_id int NOT NULL REFERENCES workspaces, user_id text NOT NULL, PRIMARY KEY (workspace_id, user_id));
CREATE TABLE drafts (id int PRIMARY KEY, user_id text NOT NULL, body text);
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY; ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY; ALTER TABLE members FORCE ROW LEVEL SECURITY;
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY; ALTER TABLE drafts FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON workspaces USING (id = workspace());
CREATE POLICY own ON members USING (workspace_id = workspace());
CREATE POLICY own ON drafts USING (me()::text = user_id);
GRANT SELECT ON workspaces, members TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO app;
