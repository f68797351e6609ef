//! Holes.

/// A hole that is made in a sound schema.
pub struct Mutant {
    pub name: &'static str,
    /// Where it has to be found.
    pub about: &'static str,
    /// What has to be found there: probes that leak and findings, each of them. Others may be found as well.
    pub found: &'static str,
    pub sql: &'static str,
}

const fn hole(name: &'static str, about: &'static str, found: &'static str, sql: &'static str) -> Mutant {
    Mutant { name, about, found, sql }
}

/// In the schema in which a column names the tenant.
pub const COLUMN: &[Mutant] = &[
    hole("row security is off", "orders", "select, insert, move, blind update, blind delete, no-row-security", "ALTER TABLE orders DISABLE ROW LEVEL SECURITY"),
    hole("the owner is not held", "orders", "row-security-not-forced", "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY"),
    hole("permissive policies are joined by OR", "orders", "select", "CREATE POLICY paid ON orders FOR SELECT USING (status = 'new')"),
    hole("everything is allowed", "orders", "select, insert, move, blind update, blind delete", "ALTER POLICY own ON orders USING (true)"),
    hole("reading is open", "customers", "select", "CREATE POLICY open ON customers FOR SELECT TO reporting USING (true)"),
    hole("what is written is not asked", "orders", "insert, move", "ALTER POLICY own ON orders WITH CHECK (true)"),
    hole("deleting is open", "invoices", "blind delete", "ALTER POLICY own_delete ON invoices USING (true)"),
    hole("changing is open", "invoices", "move, blind update", "ALTER POLICY own_change ON invoices USING (true)"),
    hole("what is changed may become anybody's", "invoices", "move", "ALTER POLICY own_change ON invoices WITH CHECK (true)"),
    hole("adding is open", "invoices", "insert", "ALTER POLICY own_add ON invoices WITH CHECK (true)"),
    hole(
        "blind deletes reach everything",
        "orders", "blind delete",
        "DROP POLICY own ON orders;
         CREATE POLICY r ON orders FOR SELECT USING (tenant_id = current_tenant());
         CREATE POLICY i ON orders FOR INSERT WITH CHECK (tenant_id = current_tenant());
         CREATE POLICY u ON orders FOR UPDATE USING (tenant_id = current_tenant());
         CREATE POLICY d ON orders FOR DELETE USING (status IN ('new', 'paid'))",
    ),
    hole(
        "blind changes reach everything",
        "customers", "move",
        "DROP POLICY own ON customers;
         CREATE POLICY r ON customers FOR SELECT USING (tenant_id = current_tenant());
         CREATE POLICY i ON customers FOR INSERT WITH CHECK (tenant_id = current_tenant());
         CREATE POLICY u ON customers FOR UPDATE USING (true) WITH CHECK (true);
         CREATE POLICY d ON customers FOR DELETE USING (tenant_id = current_tenant())",
    ),
    hole("the wrong column is compared", "orders", "select, insert, move, blind update, blind delete", "ALTER POLICY own ON orders USING (tenant_id = tenant_id)"),
    hole("an unset claim opens all", "orders", "select, insert, blind update, blind delete", "ALTER POLICY own ON orders USING (current_setting('app.tenant_id', true) IS NULL OR tenant_id = current_tenant())"),
    hole("an empty claim opens all", "orders", "select, insert, blind update, blind delete", "ALTER POLICY own ON orders USING (coalesce(current_setting('app.tenant_id', true), 'x') = '' OR tenant_id = current_tenant())"),
    hole("no claim opens all", "customers", "select, blind delete", "ALTER POLICY own ON customers USING (current_tenant() IS NULL OR tenant_id = current_tenant())"),
    hole(
        "rows without tenant are everybody's",
        "customers", "nullable-tenant",
        "ALTER TABLE customers ALTER tenant_id DROP NOT NULL; ALTER POLICY own ON customers USING (tenant_id IS NULL OR tenant_id = current_tenant())",
    ),
    hole("tenants see each other", "tenants", "select", "ALTER POLICY own ON tenants USING (true)"),
    hole("tenants may be renamed", "tenants", "blind update", "GRANT UPDATE (name) ON tenants TO app; CREATE POLICY rename ON tenants FOR UPDATE USING (true)"),
    hole("a view runs as its owner", "order_totals", "view", "ALTER VIEW order_totals RESET (security_invoker)"),
    hole("a view counts all", "totals", "view", "CREATE VIEW totals AS SELECT count(*) AS n FROM orders; GRANT SELECT ON totals TO reporting"),
    hole("a view can be written", "all_customers", "view", "CREATE VIEW all_customers AS SELECT * FROM customers; GRANT DELETE ON all_customers TO app"),
    hole(
        "a view adds as its owner",
        "adding", "view",
        "CREATE VIEW adding WITH (security_barrier) AS SELECT * FROM customers WHERE tenant_id = current_tenant(); GRANT INSERT ON adding TO app",
    ),
    hole(
        "a view gives away as its owner",
        "changing", "view",
        "CREATE VIEW changing WITH (security_barrier) AS SELECT * FROM invoices WHERE tenant_id = current_tenant(); GRANT SELECT, UPDATE ON changing TO app",
    ),
    hole(
        "a trigger adds as its owner",
        "my_customers", "view",
        "CREATE FUNCTION add_it() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO public.customers (id, tenant_id, email, country) VALUES (NEW.id, NEW.tenant_id, NEW.email, NEW.country); RETURN NEW; END $$;
         CREATE TRIGGER t INSTEAD OF INSERT ON my_customers FOR EACH ROW EXECUTE FUNCTION add_it()",
    ),
    hole(
        "a rule adds as its owner",
        "ruled", "view",
        "CREATE VIEW ruled WITH (security_barrier) AS SELECT * FROM customers WHERE tenant_id = current_tenant(); GRANT INSERT ON ruled TO app;
         CREATE RULE ins AS ON INSERT TO ruled DO INSTEAD INSERT INTO customers (id, tenant_id, email, country) VALUES (NEW.id, NEW.tenant_id, NEW.email, NEW.country)",
    ),
    hole("a materialized view is granted", "kept", "view, materialized-view-grant", "CREATE MATERIALIZED VIEW kept AS SELECT tenant_id, total FROM orders; GRANT SELECT ON kept TO app"),
    hole("a function counts as its owner", "order_count()", "function, security-definer", "ALTER FUNCTION order_count() SECURITY DEFINER"),
    hole("a function takes the tenant from its caller", "paid_orders(uuid)", "function, security-definer", "ALTER FUNCTION paid_orders(uuid) SECURITY DEFINER"),
    hole("a function deletes as its owner", "cancel_order(bigint)", "function, security-definer", "ALTER FUNCTION cancel_order(bigint) SECURITY DEFINER"),
    hole(
        "a function finds an address as its owner",
        "has_customer(text)", "function, security-definer",
        "CREATE FUNCTION has_customer(p_email text) RETURNS boolean LANGUAGE sql SECURITY DEFINER
         AS 'SELECT EXISTS (SELECT 1 FROM public.customers c WHERE c.email = p_email)'",
    ),
    hole(
        "a function builds its statement",
        "any_order(bigint)", "function, security-definer",
        "CREATE FUNCTION any_order(p_id bigint) RETURNS SETOF orders LANGUAGE plpgsql SECURITY DEFINER
         AS $$ BEGIN RETURN QUERY EXECUTE 'SELECT * FROM public.orders WHERE id = $1' USING p_id; END $$",
    ),
    hole("a procedure changes as its owner", "pay(bigint)", "function, security-definer", "CREATE PROCEDURE pay(p_order_id bigint) LANGUAGE sql SECURITY DEFINER AS 'UPDATE public.orders SET status = ''paid'', total = 1 WHERE id = p_order_id'"),
    hole("the table may be emptied", "orders", "truncate, truncate-grant", "GRANT TRUNCATE ON orders TO app"),
    hole("everything is granted", "customers", "truncate, truncate-grant", "GRANT ALL ON customers TO app"),
    hole("a role is not asked", "app", "bypasses-row-security", "ALTER ROLE app BYPASSRLS"),
    hole("a role is a superuser", "app", "superuser", "ALTER ROLE app SUPERUSER"),
    hole("a role may become one that is not asked", "app", "member-of-bypass", "GRANT backup TO app"),
    hole("tables to come are open", "default privileges", "default-privilege", "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app"),
    hole("a foreign key does not hold the tenant", "orders", "reference, loose-foreign-key", "ALTER TABLE orders DROP CONSTRAINT orders_tenant_id_customer_id_fkey, ADD FOREIGN KEY (customer_id) REFERENCES customers (id)"),
    hole("a key is unique among tenants", "customers", "unique-key oracle", "ALTER TABLE customers ADD UNIQUE (email)"),
    hole("an index is unique among tenants", "invoices", "unique-key oracle", "CREATE UNIQUE INDEX ON invoices (number)"),
    hole("a global table can be added to", "countries", "write to a global table", "GRANT INSERT ON countries TO app"),
    hole("a global table can be changed", "countries", "write to a global table", "GRANT UPDATE (name) ON countries TO reporting"),
    hole("a global table can be deleted from", "countries", "write to a global table", "GRANT DELETE ON countries TO app"),
    hole("a table belongs to nobody", "rates", "undeclared-global", "CREATE TABLE rates (currency text PRIMARY KEY, rate numeric); GRANT SELECT ON rates TO app"),
    hole("a new table has no policies", "shipments", "select, insert, no-row-security", "CREATE TABLE shipments (id int PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, note text); GRANT SELECT, INSERT ON shipments TO app"),
    hole("a new child has no policies", "lines", "select, no-row-security", "CREATE TABLE lines (id int PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), what text NOT NULL); GRANT SELECT ON lines TO app"),
    hole("a table is open to everybody", "orders", "select", "GRANT SELECT ON orders TO PUBLIC; CREATE POLICY everybody ON orders FOR SELECT TO PUBLIC USING (total > 0)"),
    hole(
        "a claim is set for the session",
        "sign_in(uuid)", "session-claim",
        "CREATE FUNCTION sign_in(t uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant_id', t::text, false); END $$",
    ),
    hole("a function speaks as somebody", "fixed()", "fixed-claim", "CREATE FUNCTION fixed() RETURNS bigint LANGUAGE sql SET app.tenant_id = '00000000-0000-4000-8000-000000000001' AS 'SELECT count(*) FROM public.orders'"),
    hole(
        "a guard is blinded by row security",
        "orders", "reference, blind-guard, loose-foreign-key",
        "ALTER TABLE orders DROP CONSTRAINT orders_tenant_id_customer_id_fkey, ADD FOREIGN KEY (customer_id) REFERENCES customers (id);
         CREATE FUNCTION same_tenant() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF EXISTS (SELECT 1 FROM public.customers c WHERE c.id = NEW.customer_id AND c.tenant_id <> NEW.tenant_id) THEN RAISE EXCEPTION 'of another tenant'; END IF;
           RETURN NEW; END $$;
         CREATE TRIGGER same_tenant BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION same_tenant()",
    ),
    hole(
        "who adds is asked for the user alone",
        "remarks", "insert",
        "CREATE TABLE remarks (id int PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, created_by uuid NOT NULL, body text);
         ALTER TABLE remarks ENABLE ROW LEVEL SECURITY; ALTER TABLE remarks FORCE ROW LEVEL SECURITY;
         CREATE POLICY r ON remarks FOR SELECT USING (tenant_id = current_tenant());
         CREATE POLICY w ON remarks FOR INSERT WITH CHECK (created_by = nullif(current_setting('app.user_id', true), '')::uuid);
         GRANT SELECT, INSERT ON remarks TO app",
    ),
    hole(
        "who adds is asked for the user alone, and a key holds the tenant",
        "remarks", "insert",
        "CREATE TABLE remarks (id int PRIMARY KEY, tenant_id uuid NOT NULL, customer_id uuid NOT NULL, created_by uuid NOT NULL, FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id));
         ALTER TABLE remarks ENABLE ROW LEVEL SECURITY; ALTER TABLE remarks FORCE ROW LEVEL SECURITY;
         CREATE POLICY r ON remarks FOR SELECT USING (tenant_id = current_tenant());
         CREATE POLICY w ON remarks FOR INSERT WITH CHECK (created_by = nullif(current_setting('app.user_id', true), '')::uuid);
         GRANT SELECT, INSERT ON remarks TO app",
    ),
    hole("shared rows are everybody's", "orders", "select, blind delete", "ALTER TABLE orders ADD shared boolean NOT NULL DEFAULT false; ALTER POLICY own ON orders USING (shared OR tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"),
    hole("rows that are gone are everybody's", "orders", "select, blind delete", "ALTER TABLE orders ADD deleted_at timestamptz; ALTER POLICY own ON orders USING (deleted_at IS NOT NULL OR tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"),
    hole("a status opens rows", "orders", "select", "CREATE POLICY paid ON orders FOR SELECT USING (status = 'paid')"),
    hole(
        "a label opens rows for deletes alone",
        "customers", "blind delete",
        "CREATE TYPE st AS ENUM ('draft', 'public'); ALTER TABLE customers ADD st st NOT NULL DEFAULT 'draft';
         CREATE POLICY pub ON customers FOR DELETE USING (st = 'public')",
    ),
    hole("two signs open rows", "customers", "select", "ALTER TABLE customers ADD shared boolean NOT NULL DEFAULT false, ADD done boolean NOT NULL DEFAULT false; CREATE POLICY pub ON customers FOR SELECT USING (shared AND done)"),
    hole("a level opens rows", "customers", "select", "ALTER TABLE customers ADD level int NOT NULL DEFAULT 0; CREATE POLICY pub ON customers FOR SELECT USING (level < 0)"),
    hole("no row can be made", "orders", "vacuous", "ALTER TABLE orders ADD CHECK (total = 1 AND total = 2)"),
    hole("a policy lets nobody in", "orders", "vacuous", "ALTER POLICY own ON orders USING (tenant_id = current_tenant() AND status = 'gone')"),
    hole(
        "a function asks for a sign of the row",
        "invoices", "select",
        "ALTER TABLE invoices ADD is_open boolean NOT NULL DEFAULT false;
         CREATE FUNCTION open_invoice(n text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT EXISTS (SELECT 1 FROM public.invoices i WHERE i.number = n AND i.is_open)';
         CREATE POLICY shared ON invoices FOR SELECT USING (open_invoice(number))",
    ),
    hole(
        "a function asks for a sign of the tenant",
        "customers", "select",
        "ALTER TABLE tenants ADD is_public boolean NOT NULL DEFAULT false;
         CREATE FUNCTION public_tenant(t uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT EXISTS (SELECT 1 FROM public.tenants x WHERE x.id = t AND x.is_public)';
         CREATE POLICY shared ON customers FOR SELECT USING (public_tenant(tenant_id))",
    ),
    hole(
        "a view with other names adds as its owner",
        "renamed", "view",
        "CREATE VIEW renamed WITH (security_barrier) AS SELECT id AS key, tenant_id AS workspace, email AS mail, country AS land FROM customers WHERE tenant_id = current_tenant(); GRANT INSERT ON renamed TO app",
    ),
    hole(
        "a view with other names changes as its owner",
        "renamed", "view",
        "CREATE VIEW renamed AS SELECT c.id AS key, c.tenant_id AS workspace, c.email AS mail FROM customers c; GRANT UPDATE (mail) ON renamed TO app",
    ),
    hole(
        "a table of another server is granted",
        "elsewhere", "foreign-table-grant",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE elsewhere (id uuid, tenant_id uuid) SERVER far; GRANT SELECT ON elsewhere TO app",
    ),
];

/// In the schema in which a path leads to the tenant.
pub const PATH: &[Mutant] = &[
    hole(
        "row security is off",
        "comments",
        "select, insert, move, blind update, blind delete, no-row-security",
        "ALTER TABLE comments DISABLE ROW LEVEL SECURITY",
    ),
    hole(
        "the owner is not held",
        "tasks",
        "row-security-not-forced",
        "ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY",
    ),
    hole(
        "the path is not followed to its end",
        "comments",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY org ON comments USING (EXISTS (SELECT 1 FROM tasks t WHERE t.id = comments.task_id OR true))",
    ),
    hole(
        "the path is not tied",
        "tasks",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY org ON tasks USING (EXISTS (SELECT 1 FROM projects p WHERE p.organization_id = claim_org()))",
    ),
    hole(
        "any child is allowed",
        "tasks",
        "select, insert, move, blind update, blind delete",
        "CREATE POLICY anybody ON tasks TO web USING (project_id IS NOT NULL)",
    ),
    hole(
        "done tasks are open",
        "tasks",
        "select",
        "CREATE POLICY done ON tasks FOR SELECT TO web USING (NOT done)",
    ),
    hole(
        "what is written is not asked",
        "tasks",
        "insert, move",
        "ALTER POLICY org ON tasks WITH CHECK (true)",
    ),
    hole(
        "what is written is not asked at the top",
        "projects",
        "insert, move",
        "ALTER POLICY org ON projects WITH CHECK (organization_id IS NOT NULL)",
    ),
    hole(
        "recent comments are open to deletes",
        "comments",
        "blind delete",
        "CREATE POLICY recent ON comments FOR DELETE TO web USING (created_at > now() - interval '1 day')",
    ),
    hole(
        "changes are open",
        "comments",
        "move, blind update",
        "CREATE POLICY fix ON comments FOR UPDATE TO web USING (length(body) > 0)",
    ),
    hole(
        "the table may be emptied",
        "comments",
        "truncate, truncate-grant",
        "GRANT TRUNCATE ON comments TO web",
    ),
    hole(
        "a view runs as its owner",
        "open_tasks",
        "view",
        "ALTER VIEW open_tasks SET (security_invoker = off)",
    ),
    hole(
        "a function writes as its owner",
        "add_comment(integer, text)",
        "function, security-definer",
        "ALTER FUNCTION add_comment(int, text) SECURITY DEFINER",
    ),
    hole(
        "a role may become the owner",
        "web",
        "member-of-bypass",
        "CREATE ROLE boss BYPASSRLS; GRANT boss TO web",
    ),
    hole(
        "everybody reads",
        "projects",
        "select",
        "GRANT SELECT ON projects TO PUBLIC; CREATE POLICY all_of_it ON projects FOR SELECT USING (true)",
    ),
    hole(
        "organizations may be renamed",
        "organizations",
        "blind update",
        "CREATE POLICY rename ON organizations FOR UPDATE TO web USING (true)",
    ),
    hole(
        "a second parent is not asked",
        "tasks",
        "reference",
        "ALTER TABLE tasks ADD blocks int REFERENCES tasks",
    ),
    hole(
        "a title is unique among tenants",
        "tasks",
        "unique-key oracle",
        "ALTER TABLE tasks ADD UNIQUE (title)",
    ),
    hole(
        "a claim is set for the session",
        "enter(text)",
        "session-claim",
        "CREATE FUNCTION enter(c text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('request.jwt.claims', c, false) $$",
    ),
];

/// In the schema in which rows belong to users.
pub const USERS: &[Mutant] = &[
    hole(
        "row security is off",
        "notes",
        "select, insert, move, blind update, blind delete, no-row-security",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
    ),
    hole(
        "the owner is not held",
        "profiles",
        "row-security-not-forced",
        "ALTER TABLE profiles NO FORCE ROW LEVEL SECURITY",
    ),
    hole(
        "profiles are open",
        "profiles",
        "select",
        "CREATE POLICY everyone ON profiles FOR SELECT TO authenticated USING (true)",
    ),
    hole(
        "pinned notes are open",
        "notes",
        "select",
        "CREATE POLICY pinned ON notes FOR SELECT TO anon USING (NOT pinned)",
    ),
    hole(
        "anybody who is signed in",
        "notes",
        "select",
        "ALTER POLICY \"own notes: read\" ON notes USING (auth.uid() IS NOT NULL)",
    ),
    hole(
        "who adds is not asked",
        "notes",
        "insert",
        "ALTER POLICY \"own notes: add\" ON notes WITH CHECK (auth.uid() IS NOT NULL)",
    ),
    hole(
        "notes may be given away",
        "notes",
        "move",
        "ALTER POLICY \"own notes: change\" ON notes WITH CHECK (true)",
    ),
    hole(
        "changes are open",
        "notes",
        "open-policy",
        "ALTER POLICY \"own notes: change\" ON notes USING (true)",
    ),
    hole(
        "deletes are open",
        "notes",
        "blind delete",
        "ALTER POLICY \"own notes: drop\" ON notes USING (NOT pinned)",
    ),
    hole(
        "tags are not tied",
        "note_tags",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY \"tags of own notes\" ON note_tags USING (EXISTS (SELECT 1 FROM notes n WHERE n.user_id = auth.uid()))",
    ),
    hole(
        "the trail is written for others",
        "audit",
        "insert",
        "ALTER POLICY \"own trail\" ON audit WITH CHECK (true)",
    ),
    hole(
        "the trail can be read",
        "audit",
        "select",
        "CREATE POLICY trail ON audit FOR SELECT TO authenticated USING (what <> '')",
    ),
    hole(
        "a function reads as its owner",
        "my_notes()",
        "function, security-definer",
        "ALTER FUNCTION my_notes() SECURITY DEFINER",
    ),
    hole(
        "users are granted",
        "auth.users",
        "select",
        "GRANT SELECT ON auth.users TO authenticated; CREATE POLICY p ON auth.users FOR SELECT USING (true)",
    ),
    hole("the table may be emptied", "notes", "truncate, truncate-grant", "GRANT ALL ON notes TO anon"),
    hole(
        "a view of users",
        "emails",
        "view",
        "CREATE VIEW emails AS SELECT id, email FROM auth.users; GRANT SELECT ON emails TO anon",
    ),
    hole(
        "a name is unique among users",
        "profiles",
        "unique-key oracle",
        "CREATE UNIQUE INDEX ON profiles (nickname)",
    ),
    hole(
        "a claim that the user writes",
        "notes",
        "select, insert, move, blind update, blind delete",
        "CREATE POLICY admin ON notes TO authenticated USING (auth.jwt() ->> 'sub' <> '')",
    ),
];

/// In the schema in which tables lie in parts.
pub const PARTS: &[Mutant] = &[
    hole(
        "a part is granted",
        "events_2025",
        "select, partition-grant",
        "GRANT SELECT ON events_2025 TO service",
    ),
    hole(
        "a part can be written",
        "events_2026",
        "insert, blind update, blind delete, partition-grant",
        "GRANT INSERT, UPDATE, DELETE ON events_2026 TO service",
    ),
    hole(
        "a part of a list is granted",
        "readings_us",
        "select, partition-grant",
        "GRANT SELECT ON readings_us TO service",
    ),
    hole(
        "a new part is granted",
        "readings_asia",
        "select, partition-grant",
        "CREATE TABLE readings_asia PARTITION OF readings FOR VALUES IN ('asia'); GRANT SELECT ON readings_asia TO service",
    ),
    hole(
        "row security is off",
        "events",
        "select, insert, blind update, blind delete, no-row-security",
        "ALTER TABLE events DISABLE ROW LEVEL SECURITY",
    ),
    hole(
        "the owner is not held",
        "readings",
        "row-security-not-forced",
        "ALTER TABLE readings NO FORCE ROW LEVEL SECURITY",
    ),
    hole(
        "parts are open",
        "readings",
        "select",
        "CREATE POLICY eu ON readings FOR SELECT USING (region IN ('eu', 'us'))",
    ),
    hole(
        "what is written is not asked",
        "readings",
        "insert",
        "ALTER POLICY editor_add ON readings WITH CHECK (true)",
    ),
    hole(
        "readings may be given away",
        "readings",
        "move",
        "ALTER POLICY editor ON readings WITH CHECK (value IS NOT NULL)",
    ),
    hole("members see all members", "members", "select", "ALTER POLICY member ON members USING (true)"),
    hole(
        "a guard alone",
        "events",
        "blind delete",
        "DROP POLICY member ON events; CREATE POLICY r ON events FOR SELECT USING (is_member(workspace_id)); CREATE POLICY w ON events FOR DELETE USING (true)",
    ),
    hole(
        "membership is not asked",
        "events",
        "select, insert, blind update, blind delete",
        "CREATE OR REPLACE FUNCTION is_member(w uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT EXISTS (SELECT 1 FROM public.members m WHERE m.workspace_id = w) $$",
    ),
    hole(
        "membership of anything",
        "events",
        "select, insert, blind update, blind delete",
        "CREATE OR REPLACE FUNCTION is_member(w uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT EXISTS (SELECT 1 FROM public.members m WHERE m.user_id = nullif(current_setting('app.user_id', true), '')::uuid) $$",
    ),
    hole(
        "users join by themselves",
        "members",
        "insert",
        "GRANT INSERT ON members TO service; CREATE POLICY join_in ON members FOR INSERT WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid)",
    ),
    hole(
        "anybody joins",
        "members",
        "insert",
        "GRANT INSERT ON members TO service; CREATE POLICY join_in ON members FOR INSERT WITH CHECK (true)",
    ),
    hole("people are open", "people", "select", "CREATE POLICY all_people ON people FOR SELECT USING (true)"),
    hole(
        "people can be changed",
        "people",
        "blind update",
        "CREATE POLICY change ON people FOR UPDATE USING (true)",
    ),
    hole(
        "the table may be emptied",
        "readings",
        "truncate, truncate-grant",
        "GRANT TRUNCATE ON readings TO service",
    ),
    hole(
        "a role may become the owner",
        "service",
        "member-of-bypass",
        "ALTER TABLE events OWNER TO owner_role; GRANT owner_role TO service",
    ),
    hole(
        "a claim of the session",
        "enter(uuid)",
        "session-claim",
        "CREATE FUNCTION enter(u uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET app.user_id = %L', u); END $$",
    ),
];

/// In the schema in which each tenant is a role.
pub const ROLES: &[Mutant] = &[
    hole(
        "row security is off",
        "pages",
        "select, insert, move, blind update, blind delete, no-row-security",
        "ALTER TABLE pages DISABLE ROW LEVEL SECURITY",
    ),
    hole(
        "everything is allowed",
        "documents",
        "select, insert, move, blind update, blind delete",
        "CREATE POLICY open ON documents TO tenants USING (title <> '')",
    ),
    hole(
        "the path is not tied",
        "pages",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY own ON pages USING (EXISTS (SELECT 1 FROM documents d WHERE d.tenant = current_user))",
    ),
    hole(
        "what is written is not asked",
        "documents",
        "insert, move",
        "ALTER POLICY own ON documents WITH CHECK (true)",
    ),
    hole(
        "a title is unique among tenants",
        "documents",
        "unique-key oracle",
        "CREATE UNIQUE INDEX ON documents (title)",
    ),
    hole(
        "a function reads as its owner",
        "titles()",
        "function, security-definer",
        "CREATE FUNCTION titles() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT title FROM public.documents'",
    ),
];

/// In the schema in which there are few tenants.
pub const FEW: &[Mutant] = &[
    hole(
        "reading is open",
        "docs",
        "select",
        "CREATE POLICY r ON docs FOR SELECT USING (tenant IS NOT NULL)",
    ),
    hole(
        "what is written is not asked",
        "marks",
        "insert, move",
        "ALTER POLICY p ON marks WITH CHECK (true)",
    ),
];

/// In the schema in which two columns name the tenant.
pub const HALVES: &[Mutant] = &[
    hole(
        "half of the key is asked",
        "docs",
        "select, insert, blind update, blind delete",
        "ALTER POLICY own ON docs USING (tenant_code = current_setting('app.code', true))",
    ),
    hole(
        "the other half is asked",
        "docs",
        "select, insert, blind update, blind delete",
        "ALTER POLICY own ON docs USING (org_id = nullif(current_setting('app.org', true), '')::int)",
    ),
    hole(
        "half of the tenants' key is asked",
        "tenants",
        "select",
        "ALTER POLICY own ON tenants USING (code = current_setting('app.code', true))",
    ),
    hole(
        "half of the key is asked where nothing points to tenants",
        "marks",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY own ON marks USING (tenant_code = current_setting('app.code', true))",
    ),
    hole(
        "half of the key is asked of what is written",
        "marks",
        "insert, move",
        "ALTER POLICY own ON marks WITH CHECK (tenant_code = current_setting('app.code', true))",
    ),
];

/// In the schema in which a claim lists tenants that have partitions.
pub const LISTS: &[Mutant] = &[
    hole(
        "a list of anything will do",
        "alarms",
        "select, insert, move, blind update, blind delete",
        "ALTER POLICY own ON alarms USING (jsonb_array_length(claims() -> 'tenants') > 0)",
    ),
    hole(
        "reading is open",
        "readings",
        "select",
        "CREATE POLICY r ON readings FOR SELECT USING (tenant <> '')",
    ),
    hole(
        "what is written is not asked",
        "readings",
        "insert, move",
        "ALTER POLICY own ON readings WITH CHECK (value >= 0)",
    ),
    hole("a part is granted", "readings_globex", "partition-grant", "GRANT SELECT ON readings_globex TO app"),
    hole(
        "a view with other names runs as its owner",
        "my_alarms",
        "view",
        "ALTER VIEW my_alarms RESET (security_invoker)",
    ),
];

/// In the schema in which the search path names the tenant.
pub const SCHEMAS: &[Mutant] = &[
    hole(
        "reading is open",
        "docs",
        "select",
        "CREATE POLICY r ON docs FOR SELECT USING (current_schema() IS NOT NULL)",
    ),
    hole(
        "the default schema opens all",
        "docs",
        "select, insert, blind update, blind delete",
        "ALTER POLICY own ON docs USING (current_schema() IN ('public', tenant_id))",
    ),
];

/// In the schema in which members share a workspace and drafts are a user's own.
pub const DESK: &[Mutant] = &[
    hole(
        "those who share a workspace read drafts",
        "drafts",
        "select",
        "CREATE POLICY shared ON drafts FOR SELECT USING (EXISTS (SELECT 1 FROM members m WHERE m.user_id = drafts.user_id AND m.workspace_id = workspace()))",
    ),
    hole(
        "drafts are written in the name of those who share a workspace",
        "drafts",
        "insert, move",
        "ALTER POLICY own ON drafts WITH CHECK (EXISTS (SELECT 1 FROM members m WHERE m.user_id = drafts.user_id AND m.workspace_id = workspace()))",
    ),
    hole(
        "everything is allowed",
        "drafts",
        "select, insert, move, blind update, blind delete",
        "CREATE POLICY open ON drafts USING (me() IS NOT NULL)",
    ),
    hole("members are open", "members", "select", "CREATE POLICY open ON members USING (workspace() > 0)"),
];
