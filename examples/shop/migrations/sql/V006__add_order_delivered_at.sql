-- Expand. The return window is counted from delivery. Code that does not know the column leaves it empty.
-- To take it back: drop the column.

ALTER TABLE orders ADD COLUMN IF NOT EXISTS delivered_at timestamptz;
