-- What trainings tell while they run, and what the pruner answered. Rows, not events: they are
-- many.
-- The first report of a step counts, whichever attempt told it.
CREATE TABLE reports(
  study INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK(step >= 0),
  attempt INTEGER NOT NULL,
  seq INTEGER NOT NULL,             -- of the counter that orders finished trials too
  value REAL,                       -- the objective; NULL: no finite number
  metrics TEXT NOT NULL,            -- JSON object of what else it told
  verdict TEXT CHECK(verdict = 'go_on' OR verdict = 'stop' OR verdict = 'pause'),
  rung INTEGER,                     -- that decided
  reason TEXT,                      -- these three: NULL where nothing was compared
  PRIMARY KEY(study, trial, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by_seq ON reports(study, seq);     -- as pruners see them
CREATE INDEX reports_by_rung ON reports(study, trial, rung) WHERE rung IS NOT NULL;

-- What a pruner wants of a running attempt, as `cancelling` says what a user wants.
ALTER TABLE attempts ADD COLUMN verdict TEXT NOT NULL DEFAULT 'go_on';
ALTER TABLE attempts ADD COLUMN rung INTEGER NOT NULL DEFAULT -1;
ALTER TABLE attempts ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN resumes INTEGER NOT NULL DEFAULT 0;   -- attempts that went on after a pause
