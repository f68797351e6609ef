-- Rollback: DROP TABLE people;
CREATE TABLE IF NOT EXISTS people (id bigint PRIMARY KEY, email text NOT NULL);
