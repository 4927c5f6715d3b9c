-- What workers on other machines show: never the token itself, and only for one study.
CREATE TABLE tokens(
  sha256 TEXT PRIMARY KEY,           -- of the token's text, hexadecimal
  study INTEGER NOT NULL REFERENCES studies(id),
  expires_ns INTEGER NOT NULL        -- UTC; kept a while longer, to be told from an unknown one
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_study ON tokens(study);          -- to count and to revoke them
CREATE INDEX tokens_by_end ON tokens(expires_ns);       -- to drop old ones
