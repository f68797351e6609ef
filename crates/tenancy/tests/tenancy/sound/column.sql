-- A column in each table names the tenant.
CREATE ROLE app;
CREATE ROLE reporting;
CREATE ROLE backup BYPASSRLS;
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
CREATE TABLE customers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants,
  email text NOT NULL,
  country char(2) NOT NULL REFERENCES countries,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, email));
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants,
  customer_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid')),
  total numeric(10,2) NOT NULL CHECK (total > 0),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id), UNIQUE (tenant_id, id));
CREATE TABLE invoices (
  tenant_id uuid NOT NULL, order_id bigint NOT NULL, number text NOT NULL,
  PRIMARY KEY (tenant_id, number), FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id));
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (id = current_tenant());
CREATE POLICY own ON customers USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own ON orders USING (tenant_id = current_tenant());
CREATE POLICY own_read ON invoices FOR SELECT USING (tenant_id = current_tenant());
CREATE POLICY own_add ON invoices FOR INSERT WITH CHECK (tenant_id = current_tenant());
CREATE POLICY own_change ON invoices FOR UPDATE USING (tenant_id = current_tenant());
CREATE POLICY own_delete ON invoices FOR DELETE USING (tenant_id = current_tenant());
GRANT SELECT ON tenants, countries TO app, reporting;
GRANT SELECT, INSERT, UPDATE, DELETE ON customers, orders, invoices TO app;
GRANT SELECT ON customers, orders TO reporting;
CREATE VIEW order_totals WITH (security_invoker = true) AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
GRANT SELECT ON order_totals TO app, reporting;
CREATE FUNCTION order_count() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.orders';
CREATE FUNCTION paid_orders(p_tenant_id uuid) RETURNS SETOF orders LANGUAGE sql STABLE
  AS 'SELECT * FROM public.orders o WHERE o.tenant_id = p_tenant_id';
CREATE FUNCTION cancel_order(p_order_id bigint) RETURNS void LANGUAGE sql AS 'DELETE FROM public.orders WHERE id = p_order_id';
CREATE VIEW my_customers WITH (security_invoker = true) AS SELECT id, tenant_id, email, country FROM customers;
GRANT SELECT, INSERT, UPDATE, DELETE ON my_customers TO app;
