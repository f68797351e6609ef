-- Expand. One row for each key that an order was placed with.
-- To take it back: drop the table; orders do not refer to it.

CREATE TABLE IF NOT EXISTS order_idempotency_keys (
  organization_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  request_hash text NOT NULL,
  order_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key),
  FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);

CREATE INDEX IF NOT EXISTS order_idempotency_keys_age ON order_idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON order_idempotency_keys TO shop_app;

ALTER TABLE order_idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_idempotency_keys FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'order_idempotency_keys' AND policyname = 'order_idempotency_keys_tenant'
  ) THEN
    CREATE POLICY order_idempotency_keys_tenant ON order_idempotency_keys TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;
