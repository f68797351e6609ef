-- Migrate: what was booked before is in euros.
-- Rollback: nothing to do, the column goes with V007.

UPDATE entries SET currency = 'EUR' WHERE currency IS NULL;
