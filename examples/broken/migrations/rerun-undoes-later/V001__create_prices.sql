-- Rollback: DROP FUNCTION net_price(numeric);
CREATE OR REPLACE FUNCTION net_price(gross numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT gross / 1.19 $$;
