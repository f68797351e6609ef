-- Rollback: DROP TABLE notes;
CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, body text NOT NULL);
GRANT SELECT ON notes TO notes_reader;
