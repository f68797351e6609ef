-- Rollback: DROP TABLE orders;
CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, placed_on date NOT NULL, total numeric(12, 2) NOT NULL);
