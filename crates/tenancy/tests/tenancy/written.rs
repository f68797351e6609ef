//! Sound schemas as others write them: what they are proven by does not depend on how a text is laid out.

use crate::{fresh, wrongs};
use trueup_postgres::{Server, ServerOptions};
use trueup_tenancy::{Options, Verdict, prove_within};

/// Each schema with the subjects that have to be proven.
const SCHEMAS: &[(&str, &str, &[&str])] = &[
    (
        "functions in lower case, over lines",
        "CREATE ROLE web; CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO web;
        CREATE TABLE auth.users (id uuid PRIMARY KEY, email text UNIQUE);
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
            select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
        CREATE TYPE member_role AS ENUM ('viewer', 'member', 'owner', 'admin');
        CREATE TABLE organizations (id uuid PRIMARY KEY, name text NOT NULL);
        CREATE TABLE members (organization_id uuid NOT NULL REFERENCES organizations, user_id uuid NOT NULL REFERENCES auth.users,
            role member_role NOT NULL DEFAULT 'member', PRIMARY KEY (organization_id, user_id));
        CREATE TABLE projects (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations, name text NOT NULL);
        CREATE FUNCTION my_orgs() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$
            select organization_id from public.members where user_id = (select auth.uid()) $$;
        CREATE FUNCTION is_member(org uuid, roles member_role[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$
            select exists (select 1 from public.members m
              where m.organization_id = org
                and m.user_id = (select auth.uid())
                and m.role = any(roles)) $$;
        ALTER TABLE organizations ENABLE ROW LEVEL SECURITY; ALTER TABLE members ENABLE ROW LEVEL SECURITY;
        ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
        CREATE POLICY r ON organizations FOR SELECT USING (id IN (SELECT my_orgs()));
        CREATE POLICY r ON members FOR SELECT USING (organization_id IN (SELECT my_orgs()));
        CREATE POLICY r ON projects FOR SELECT USING (organization_id IN (SELECT my_orgs()));
        CREATE POLICY w ON projects FOR INSERT WITH CHECK (is_member(organization_id, '{owner,admin}'));
        CREATE POLICY u ON projects FOR UPDATE USING (is_member(organization_id, '{owner,admin,member}'));
        CREATE POLICY d ON projects FOR DELETE USING (is_member(organization_id, ARRAY['admin'::member_role, 'owner']));
        GRANT SELECT ON organizations, members TO web; GRANT SELECT, INSERT, UPDATE, DELETE ON projects TO web",
        &["members", "organizations", "projects"],
    ),
    (
        "a type of its own, cast to what it is made of",
        "CREATE ROLE app; CREATE SCHEMA kinds; GRANT USAGE ON SCHEMA kinds TO app;
        CREATE DOMAIN kinds.slug AS text CHECK (VALUE ~ '^[a-z][a-z0-9-]{2,30}$');
        CREATE TABLE brands (slug kinds.slug PRIMARY KEY, region text NOT NULL);
        CREATE TABLE stock (id int PRIMARY KEY, tenant_slug kinds.slug NOT NULL REFERENCES brands, sku text NOT NULL);
        ALTER TABLE brands ENABLE ROW LEVEL SECURITY; ALTER TABLE stock ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON brands FOR SELECT USING (slug = current_setting('app.tenant_slug', true)::kinds.slug);
        CREATE POLICY p ON stock USING (tenant_slug = current_setting('app.tenant_slug', true)::kinds.slug);
        GRANT SELECT ON brands TO app; GRANT SELECT, INSERT, UPDATE, DELETE ON stock TO app",
        &["brands", "stock"],
    ),
    (
        "a key of the claims that is called as a table",
        "CREATE ROLE web; CREATE TABLE teams (id uuid PRIMARY KEY, name text);
        CREATE TABLE boards (id uuid PRIMARY KEY, team_id uuid NOT NULL REFERENCES teams, title text);
        CREATE FUNCTION my_teams() RETURNS uuid[] LANGUAGE sql STABLE AS $$
            SELECT coalesce(array_agg(x::uuid), '{}') FROM jsonb_array_elements_text(
                nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' -> 'teams') x $$;
        ALTER TABLE teams ENABLE ROW LEVEL SECURITY; ALTER TABLE boards ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON teams FOR SELECT USING (id = ANY (my_teams()));
        CREATE POLICY p ON boards USING (team_id = ANY (my_teams()));
        GRANT SELECT ON teams TO web; GRANT SELECT, INSERT, UPDATE, DELETE ON boards TO web",
        &["boards", "teams"],
    ),
    (
        "functions alone may be called",
        "CREATE ROLE app; CREATE SCHEMA data; CREATE SCHEMA api; GRANT USAGE ON SCHEMA api TO app;
        CREATE TABLE data.tenants (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE data.items (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES data.tenants, name text NOT NULL);
        CREATE FUNCTION api.me() RETURNS int LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::int $$;
        CREATE FUNCTION api.items() RETURNS SETOF data.items LANGUAGE sql STABLE SECURITY DEFINER SET search_path = data AS $$
            SELECT * FROM data.items WHERE tenant_id = api.me() $$;
        REVOKE ALL ON ALL FUNCTIONS IN SCHEMA api FROM PUBLIC; GRANT EXECUTE ON ALL ROUTINES IN SCHEMA api TO app",
        &["api.items()"],
    ),
];

#[test]
fn sound_schemas_are_proven_however_they_are_written() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    for (name, sql, proven) in SCHEMAS {
        let database = server.create().unwrap();
        let mut client = fresh(&database);
        // Roles belong to the server: they go with the transaction.
        client.batch_execute(&format!("BEGIN; {sql}")).unwrap();
        let report = prove_within(&mut client, &Options::default()).unwrap();
        for subject in *proven {
            let verdict = report.explain(subject).map(|subject| subject.verdict);
            assert_eq!(verdict, Some(Verdict::Proven), "{name}: {subject}: {:#?}", wrongs(&report));
        }
        let told: Vec<&str> = report.subjects.iter().map(|subject| subject.name.as_str()).collect();
        assert!(!told.contains(&"my_teams()"), "{name}: it reads no table: {told:?}");
        let leaks: Vec<_> = report.subjects.iter().flat_map(|subject| subject.leaks()).collect();
        assert!(leaks.is_empty(), "{name}: {:#?}", wrongs(&report));
    }
}
