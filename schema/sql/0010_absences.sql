-- How long executors have not known submissions in doubt, so that a restart need not wait anew.
CREATE TABLE absences(
  name TEXT PRIMARY KEY,             -- of the submission
  absent_ns INTEGER NOT NULL         -- between looks that were answered, of all lives of hpod
) STRICT, WITHOUT ROWID;
