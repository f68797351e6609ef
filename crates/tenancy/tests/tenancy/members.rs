//! What users may do depends on a row of theirs: sound ways, and holes for those who may much.

use crate::found::check;
use trueup_postgres::{Server, ServerOptions};

/// Members with a role, which counts once they have accepted; an owner writes members.
const MEMBERS: &str = "CREATE ROLE app;
    CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
    CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
    CREATE TABLE members (tenant_id bigint NOT NULL REFERENCES tenants, user_id bigint NOT NULL REFERENCES users, role varchar(20) NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer','editor','owner')), accepted_at timestamptz, PRIMARY KEY (tenant_id, user_id));
    CREATE TABLE docs (id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, body text NOT NULL);
    CREATE FUNCTION me() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.user_id', true), '')::bigint $$;
    CREATE FUNCTION rank(t bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT role FROM members WHERE tenant_id = t AND user_id = me() AND accepted_at IS NOT NULL $$;
    CREATE FUNCTION has_rank(t bigint, wanted text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT EXISTS (SELECT FROM members m WHERE m.tenant_id = t AND m.user_id = me() AND m.accepted_at IS NOT NULL AND m.role = ANY (wanted)) $$;
    ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
    ALTER TABLE members ENABLE ROW LEVEL SECURITY; ALTER TABLE members FORCE ROW LEVEL SECURITY;
    ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
    ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;
    CREATE POLICY r ON users USING (id = me());
    CREATE POLICY r ON tenants FOR SELECT USING (rank(id) IS NOT NULL);
    CREATE POLICY u ON tenants FOR UPDATE USING (rank(id) = 'owner');
    CREATE POLICY r ON members FOR SELECT USING (rank(tenant_id) IS NOT NULL OR user_id = me());
    CREATE POLICY i ON members FOR INSERT WITH CHECK (rank(tenant_id) = 'owner');
    CREATE POLICY u ON members FOR UPDATE USING (rank(tenant_id) = 'owner');
    CREATE POLICY d ON members FOR DELETE USING (rank(tenant_id) = 'owner' AND user_id <> me());
    CREATE POLICY r ON docs FOR SELECT USING (rank(tenant_id) IS NOT NULL);
    CREATE POLICY i ON docs FOR INSERT WITH CHECK (has_rank(tenant_id, ARRAY['editor','owner']));
    CREATE POLICY u ON docs FOR UPDATE USING (has_rank(tenant_id, '{editor,owner}'));
    CREATE POLICY d ON docs FOR DELETE USING (rank(tenant_id) IN ('owner'));
    GRANT SELECT ON users TO app; GRANT SELECT, UPDATE ON tenants TO app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON members, docs TO app;";

/// What somebody may do stands in a row of a list of roles, and the profile of a user names the tenant.
const PROFILES: &str = "CREATE ROLE app; CREATE SCHEMA auth;
    CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
    CREATE TABLE companies (id uuid PRIMARY KEY, name text NOT NULL);
    CREATE TABLE roles (id uuid PRIMARY KEY, name text NOT NULL);
    CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users, company_id uuid NOT NULL REFERENCES companies, role_id uuid NOT NULL REFERENCES roles, role text NOT NULL CHECK (role IN ('super_admin','admin','employee')));
    CREATE TABLE payslips (id uuid PRIMARY KEY, company_id uuid NOT NULL REFERENCES companies, amount numeric NOT NULL);
    CREATE FUNCTION uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    CREATE FUNCTION my_company() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT company_id FROM profiles WHERE id = uid() $$;
    CREATE FUNCTION my_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT role FROM profiles WHERE id = uid() $$;
    CREATE FUNCTION manages() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM profiles p JOIN roles r ON r.id = p.role_id WHERE p.id = uid() AND r.name IN ('manager', 'admin')); END $$;
    ALTER TABLE companies ENABLE ROW LEVEL SECURITY; ALTER TABLE companies FORCE ROW LEVEL SECURITY;
    ALTER TABLE profiles ENABLE ROW LEVEL SECURITY; ALTER TABLE profiles FORCE ROW LEVEL SECURITY;
    ALTER TABLE payslips ENABLE ROW LEVEL SECURITY; ALTER TABLE payslips FORCE ROW LEVEL SECURITY;
    CREATE POLICY r ON companies FOR SELECT USING (id = my_company());
    CREATE POLICY r ON profiles FOR SELECT USING (company_id = my_company());
    CREATE POLICY w ON profiles USING (company_id = my_company() AND my_role() = 'admin');
    CREATE POLICY r ON payslips FOR SELECT USING (company_id = my_company() AND my_role() IN ('admin'));
    CREATE POLICY w ON payslips USING (company_id = my_company() AND manages());
    GRANT SELECT ON companies TO app; GRANT SELECT, INSERT, UPDATE, DELETE ON profiles, payslips TO app;";

/// Condition that asks what the user is, and not where.
fn anywhere(what: &str) -> String {
    format!("EXISTS (SELECT FROM members m WHERE m.user_id = me() AND {what})")
}

#[test]
fn what_a_policy_allows_to_some_is_tried_as_one_of_them() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let hole = |name: &'static str, about: &'static str, wanted: &'static str, sql: String| {
        (name, about, wanted, format!("{MEMBERS} {sql}"))
    };
    let owner = "rank(m.tenant_id) = 'owner'";
    check(
        &server,
        &[
            ("an owner writes members", "docs", "", MEMBERS.to_owned()),
            ("profiles and lists of roles", "payslips", "", PROFILES.to_owned()),
            (
                "a role of a list opens all",
                "payslips",
                "select, insert, blind update",
                format!("{PROFILES} CREATE POLICY h ON payslips USING (manages())"),
            ),
            hole(
                "an owner of any deletes",
                "docs",
                "blind delete",
                format!("CREATE POLICY h ON docs FOR DELETE USING ({})", anywhere(owner)),
            ),
            hole(
                "who has accepted anything reads",
                "docs",
                "select",
                format!(
                    "CREATE POLICY h ON docs FOR SELECT USING ({})",
                    anywhere("m.accepted_at IS NOT NULL")
                ),
            ),
            hole(
                "an editor of any writes",
                "docs",
                "insert",
                format!("CREATE POLICY h ON docs FOR INSERT WITH CHECK ({})", anywhere("m.role = 'editor'")),
            ),
            hole(
                "who likes becomes a member",
                "members",
                "insert",
                "CREATE POLICY h ON members FOR INSERT WITH CHECK (user_id = me())".to_owned(),
            ),
            hole(
                "an owner of any makes members",
                "members",
                "insert",
                format!(
                    "CREATE FUNCTION is_owner() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT {} $$;
                     CREATE POLICY h ON members FOR INSERT WITH CHECK (is_owner())",
                    anywhere("m.role = 'owner'")
                ),
            ),
            hole(
                "a function asks for the right alone",
                "docs_for",
                "function",
                format!(
                    "CREATE FUNCTION docs_for(t bigint) RETURNS SETOF docs LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT * FROM docs WHERE tenant_id = t AND {} $$",
                    anywhere("m.role = 'owner' AND m.accepted_at IS NOT NULL")
                ),
            ),
        ],
    );
}
