-- Expand. What support staff write down about a refund that they made outside the platform.
-- To take it back: drop the table.

CREATE TABLE IF NOT EXISTS order_refund_notes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  order_id uuid NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  note text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);

CREATE INDEX IF NOT EXISTS order_refund_notes_order ON order_refund_notes (organization_id, order_id);

GRANT SELECT, INSERT ON order_refund_notes TO shop_app;

ALTER TABLE order_refund_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_refund_notes FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'order_refund_notes' AND policyname = 'order_refund_notes_tenant'
  ) THEN
    CREATE POLICY order_refund_notes_tenant ON order_refund_notes TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;
