-- Sets the claim for the session. Under a pooler the next client of the connection speaks for this tenant.
-- Rollback: DROP FUNCTION sign_in(uuid);
CREATE FUNCTION sign_in(tenant uuid) RETURNS void
    LANGUAGE sql
    AS $$ SELECT set_config('app.tenant_id', tenant::text, false) $$;
GRANT EXECUTE ON FUNCTION sign_in(uuid) TO notes_app;
