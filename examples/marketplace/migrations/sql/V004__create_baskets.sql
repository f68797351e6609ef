CREATE TABLE IF NOT EXISTS baskets (
    id uuid PRIMARY KEY,
    buyer_id uuid NOT NULL UNIQUE,
    touched_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS basket_items (
    id uuid PRIMARY KEY,
    basket_id uuid NOT NULL REFERENCES baskets (id) ON DELETE CASCADE,
    sku text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0)
);
