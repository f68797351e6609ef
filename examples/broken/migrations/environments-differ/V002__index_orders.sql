-- Rollback: DROP INDEX orders_by_day;
CREATE INDEX IF NOT EXISTS orders_by_day ON orders (placed_on);
