-- Events of submissions in doubt and of what was mended: few of all, and shown with their trial.
-- A table, since an index may not call JSON functions while trusted_schema is off.
CREATE TABLE doubts(
  study INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  event INTEGER NOT NULL REFERENCES events(seq),
  PRIMARY KEY(study, trial, event)
) STRICT, WITHOUT ROWID;
INSERT INTO doubts(study, trial, event)
  SELECT study, data ->> 'trial', seq FROM events
  WHERE kind = 'attempt_unknown' OR kind = 'attempt_absent';
