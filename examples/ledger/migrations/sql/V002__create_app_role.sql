-- The role that the application becomes for each request. It owns nothing, and makes no tenants.
-- Rollback: DROP OWNED BY ledger_app; DROP ROLE ledger_app;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_app') THEN
        CREATE ROLE ledger_app NOLOGIN;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO ledger_app;
GRANT SELECT ON tenants TO ledger_app;
