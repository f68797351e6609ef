-- Built beside the running application. A build that was broken off leaves an index that no query uses, and
-- IF NOT EXISTS would keep it; so that one is dropped first.
-- Rollback: DROP INDEX CONCURRENTLY entries_by_day;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('entries_by_day') AND NOT indisvalid) THEN
        DROP INDEX entries_by_day;
    END IF;
END
$$;

CREATE INDEX CONCURRENTLY IF NOT EXISTS entries_by_day ON entries (tenant_id, booked_on);
