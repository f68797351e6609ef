-- Migrate. Orders that were shipped before the column existed count as delivered a week after they were placed.
-- It fills empty values only, so that a second run changes nothing.
-- To take it back: set delivered_at to NULL where it equals created_at plus seven days.

UPDATE orders
SET delivered_at = created_at + interval '7 days'
WHERE status = 'shipped' AND delivered_at IS NULL;
