-- What a person prefers is nobody else's business, also not of others in the tenant.
-- Rollback: DROP TABLE preferences; DROP FUNCTION app_user();

CREATE OR REPLACE FUNCTION app_user() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

CREATE TABLE IF NOT EXISTS preferences (
    user_id uuid NOT NULL,
    name text NOT NULL,
    value jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (user_id, name)
);

ALTER TABLE preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE preferences FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_preferences ON preferences;
CREATE POLICY own_preferences ON preferences
    USING (user_id = app_user())
    WITH CHECK (user_id = app_user());
GRANT SELECT, INSERT, UPDATE, DELETE ON preferences TO ledger_app;
