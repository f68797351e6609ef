-- Sets the claim for the session. pgBouncer in transaction mode hands the connection on at COMMIT and resets nothing, so the
-- next client speaks for this tenant without having signed in. With `true` in place of `false` the claim ends with the transaction.
-- Rollback: DROP FUNCTION sign_in(uuid);
CREATE FUNCTION sign_in(tenant uuid) RETURNS void
    LANGUAGE sql
    AS $$ SELECT set_config('app.tenant_id', tenant::text, false) $$;
GRANT EXECUTE ON FUNCTION sign_in(uuid) TO notes_app;
