-- Rollback: nothing to do, the column goes with V002.
UPDATE sales SET channel = 'shop' WHERE channel IS NULL;
