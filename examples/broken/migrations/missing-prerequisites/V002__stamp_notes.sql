-- Rollback: DROP TRIGGER stamp_notes ON notes;
DROP TRIGGER IF EXISTS stamp_notes ON notes;
CREATE TRIGGER stamp_notes BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION shared.stamp();
