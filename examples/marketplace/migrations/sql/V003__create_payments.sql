CREATE TABLE IF NOT EXISTS payments (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    provider_reference text NOT NULL,
    captured_at timestamptz
);

CREATE TABLE IF NOT EXISTS refunds (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    refunded_cents integer NOT NULL CHECK (refunded_cents > 0),
    idempotency_key text NOT NULL UNIQUE
);
