CREATE TABLE IF NOT EXISTS wishes (
    buyer_id uuid NOT NULL,
    sku text NOT NULL,
    wished_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (buyer_id, sku)
);

CREATE TABLE IF NOT EXISTS share_links (
    token uuid PRIMARY KEY,
    buyer_id uuid NOT NULL,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '30 days'
);
