-- Rows belong to users, and the claims are those of a hosted platform.
CREATE ROLE anon;
CREATE ROLE authenticated;
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO anon, authenticated;
CREATE TABLE auth.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
  $$ SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''), nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, nickname text NOT NULL, settings jsonb NOT NULL DEFAULT '{}');
CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users, body text NOT NULL, pinned boolean NOT NULL DEFAULT false);
CREATE TABLE note_tags (note_id uuid NOT NULL REFERENCES notes ON DELETE CASCADE, tag text NOT NULL, PRIMARY KEY (note_id, tag));
CREATE TABLE audit (id bigserial PRIMARY KEY, user_id uuid NOT NULL DEFAULT auth.uid(), what text NOT NULL);
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY; ALTER TABLE auth.users FORCE ROW LEVEL SECURITY;
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY; ALTER TABLE profiles FORCE ROW LEVEL SECURITY;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;
ALTER TABLE note_tags ENABLE ROW LEVEL SECURITY; ALTER TABLE note_tags FORCE ROW LEVEL SECURITY;
ALTER TABLE audit ENABLE ROW LEVEL SECURITY; ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY self ON profiles TO authenticated USING ((SELECT auth.uid()) = id) WITH CHECK ((SELECT auth.uid()) = id);
CREATE POLICY "own notes: read" ON notes FOR SELECT TO authenticated USING (auth.uid() = user_id);
CREATE POLICY "own notes: add" ON notes FOR INSERT TO authenticated WITH CHECK (auth.uid() = user_id);
CREATE POLICY "own notes: change" ON notes FOR UPDATE TO authenticated USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);
CREATE POLICY "own notes: drop" ON notes FOR DELETE TO authenticated USING (auth.uid() = user_id);
CREATE POLICY "tags of own notes" ON note_tags TO authenticated USING (EXISTS (SELECT 1 FROM notes n WHERE n.id = note_id AND n.user_id = auth.uid()));
CREATE POLICY "own trail" ON audit FOR INSERT TO authenticated WITH CHECK (user_id = auth.uid());
CREATE POLICY "own trail: read" ON audit FOR SELECT TO authenticated USING (user_id = auth.uid());
GRANT SELECT, INSERT, UPDATE, DELETE ON profiles, notes, note_tags TO authenticated;
GRANT SELECT, INSERT ON audit TO authenticated;
GRANT SELECT ON notes TO anon;
CREATE FUNCTION my_notes() RETURNS SETOF notes LANGUAGE sql STABLE AS 'SELECT * FROM public.notes';
CREATE FUNCTION owns(p_note_id uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS 'SELECT EXISTS (SELECT 1 FROM public.notes n WHERE n.id = p_note_id AND n.user_id = auth.uid())';
REVOKE EXECUTE ON FUNCTION owns(uuid) FROM PUBLIC;
