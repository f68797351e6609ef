-- Expand. Card payments and their refunds.
-- To take it back: drop payment_refunds, then payments.

CREATE TABLE IF NOT EXISTS payments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  order_id uuid NOT NULL,
  provider_ref text NOT NULL,
  status text NOT NULL DEFAULT 'authorised' CHECK (status IN ('authorised', 'captured', 'refunded', 'failed')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND amount_cents),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id),
  UNIQUE (organization_id, provider_ref),
  FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);

CREATE UNIQUE INDEX IF NOT EXISTS payments_one_live ON payments (organization_id, order_id) WHERE status <> 'failed';

CREATE TABLE IF NOT EXISTS payment_refunds (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  payment_id uuid NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key),
  FOREIGN KEY (organization_id, payment_id) REFERENCES payments (organization_id, id)
);

GRANT SELECT, INSERT, UPDATE ON payments TO shop_app;
GRANT SELECT, INSERT ON payment_refunds TO shop_app;

ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'payments' AND policyname = 'payments_tenant'
  ) THEN
    CREATE POLICY payments_tenant ON payments TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;

ALTER TABLE payment_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_refunds FORCE ROW LEVEL SECURITY;

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'payment_refunds' AND policyname = 'payment_refunds_tenant'
  ) THEN
    CREATE POLICY payment_refunds_tenant ON payment_refunds TO shop_app
      USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
      WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
  END IF;
END
$$;
