-- Expand. Returns and their lines.
-- To take it back: drop return_lines, then returns.

CREATE TABLE IF NOT EXISTS returns (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  order_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'approved', 'refunded')),
  reason text NOT NULL,
  refund_cents bigint NOT NULL CHECK (refund_cents >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id),
  UNIQUE (organization_id, order_id),
  FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);

CREATE INDEX IF NOT EXISTS returns_newest ON returns (organization_id, created_at DESC);

CREATE TABLE IF NOT EXISTS return_lines (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  return_id uuid NOT NULL,
  order_line_id uuid NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  UNIQUE (organization_id, return_id, order_line_id),
  FOREIGN KEY (organization_id, return_id) REFERENCES returns (organization_id, id),
  FOREIGN KEY (organization_id, order_line_id) REFERENCES order_lines (organization_id, id)
);

GRANT SELECT, INSERT, UPDATE ON returns TO shop_app;
GRANT SELECT, INSERT ON return_lines TO shop_app;

ALTER TABLE returns ENABLE ROW LEVEL SECURITY;
ALTER TABLE returns FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'returns' AND policyname = 'returns_tenant'
  ) THEN
    CREATE POLICY returns_tenant ON returns TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;

ALTER TABLE return_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_lines FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'return_lines' AND policyname = 'return_lines_tenant'
  ) THEN
    CREATE POLICY return_lines_tenant ON return_lines TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;
