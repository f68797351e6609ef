-- What each account holds on a day, with the rights of whoever asks.
-- Rollback: DROP FUNCTION balances(date);

CREATE OR REPLACE FUNCTION balances(on_day date) RETURNS TABLE (account_id bigint, balance numeric)
    LANGUAGE sql STABLE SECURITY INVOKER
    AS $$
        SELECT l.account_id, sum(l.amount)
        FROM entry_lines l
        JOIN entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
        WHERE e.booked_on <= on_day
        GROUP BY l.account_id
    $$;

REVOKE ALL ON FUNCTION balances(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION balances(date) TO ledger_app;
