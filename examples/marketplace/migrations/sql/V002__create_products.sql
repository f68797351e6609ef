CREATE TABLE IF NOT EXISTS products (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES sellers (id),
    sku text NOT NULL UNIQUE,
    headline text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents > 0),
    stock_level integer NOT NULL DEFAULT 0
);

CREATE INDEX IF NOT EXISTS products_by_seller ON products (seller_id);
