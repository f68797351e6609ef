-- A build that is broken off leaves an index that no query uses, and IF NOT EXISTS keeps it.
-- Rollback: DROP INDEX CONCURRENTLY people_email;
CREATE INDEX CONCURRENTLY IF NOT EXISTS people_email ON people (email);
