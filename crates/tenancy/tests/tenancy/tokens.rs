//! Who speaks is looked up by what somebody presents.

use crate::found::check;
use trueup_postgres::{Server, ServerOptions};

/// Rows of tenants that a function finds; `{own}` is its body.
fn schema(keys: &str, own: &str) -> String {
    format!(
        "CREATE ROLE app; CREATE TABLE tenants (id uuid PRIMARY KEY, name text);
         CREATE TABLE users (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants);
         {keys}
         CREATE TABLE docs (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, v int);
         CREATE FUNCTION own() RETURNS uuid STABLE SECURITY DEFINER {own};
         ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE users ENABLE ROW LEVEL SECURITY;
         ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE keys ENABLE ROW LEVEL SECURITY;
         ALTER TABLE tenants FORCE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;
         ALTER TABLE docs FORCE ROW LEVEL SECURITY; ALTER TABLE keys FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON tenants FOR SELECT USING (id = own());
         CREATE POLICY p ON users FOR SELECT USING (tenant_id = own());
         CREATE POLICY p ON docs USING (tenant_id = own());
         GRANT SELECT ON tenants, users TO app; GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app;"
    )
}

#[test]
fn what_is_presented_leads_to_the_tenant() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let keys = "CREATE TABLE keys (token text PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, active boolean NOT NULL);";
    let hashed = "CREATE TABLE keys (id bigint PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, key_hash text NOT NULL UNIQUE);";
    let sessions = "CREATE TABLE keys (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, expires_at timestamptz NOT NULL, revoked_at timestamptz);";
    let plain = "LANGUAGE plpgsql AS $$ DECLARE t uuid; BEGIN SELECT k.tenant_id INTO t FROM keys k WHERE k.token = current_setting('app.token', true) AND k.active; RETURN t; END $$";
    let header = "LANGUAGE sql AS $$ SELECT tenant_id FROM keys WHERE key_hash = encode(sha256(convert_to(current_setting('request.headers', true)::json ->> 'x-api-key', 'UTF8')), 'hex') $$";
    let variable = "LANGUAGE plpgsql AS $$ DECLARE t uuid; sid uuid := nullif(current_setting('app.session', true), '')::uuid; BEGIN SELECT u.tenant_id INTO t FROM keys s JOIN users u ON u.id = s.user_id WHERE sid = s.id AND s.expires_at > now() AND s.revoked_at IS NULL; RETURN t; END $$";
    let called = "LANGUAGE sql AS $$ SELECT tenant_of(current_setting('app.token', true)) $$";
    let tenant_of = "CREATE FUNCTION tenant_of(presented text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT tenant_id FROM keys k WHERE k.key_hash = md5(presented) $$; REVOKE EXECUTE ON FUNCTION tenant_of FROM PUBLIC;";
    let wrapper = "CREATE FUNCTION presented() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.token', true) $$;";
    let wrapped = "LANGUAGE sql AS $$ SELECT tenant_id FROM keys k WHERE k.key_hash = md5(presented()) $$";
    let fails_open =
        plain.replace("RETURN t;", "RETURN coalesce(t, (SELECT max(id::text)::uuid FROM tenants));");
    let in_policy = "CREATE POLICY h ON docs FOR SELECT USING (EXISTS (SELECT FROM keys k WHERE k.token = current_setting('app.token', true)));
        CREATE POLICY k ON keys FOR SELECT USING (token = current_setting('app.token', true)); GRANT SELECT ON keys TO app";
    check(
        &server,
        &[
            ("a token", "docs", "", schema(keys, plain)),
            ("a hashed key in a header", "docs", "", schema(hashed, header)),
            ("a session, through a variable", "docs", "", schema(sessions, variable)),
            ("an argument", "docs", "", schema(&format!("{hashed} {tenant_of}"), called)),
            ("a function that reads it", "docs", "", schema(&format!("{hashed} {wrapper}"), wrapped)),
            (
                "who presents another's token is that other",
                "login",
                "vacuous",
                format!(
                    "{} CREATE FUNCTION login(token text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT tenant_id FROM keys k WHERE k.token = login.token $$",
                    schema(keys, plain)
                ),
            ),
            ("a token that is no longer good", "docs", "select, blind delete", schema(keys, &fails_open)),
            ("any token will do", "docs", "select", format!("{} {in_policy}", schema(keys, plain))),
        ],
    );
}
