-- Rollback: run V001 again.
CREATE OR REPLACE FUNCTION net_price(gross numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT round(gross / 1.19, 2) $$;
