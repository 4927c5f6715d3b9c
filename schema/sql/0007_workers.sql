-- Worker jobs of studies whose trials are pulled: submitted and ended as attempts are.
CREATE TABLE workers(
  study INTEGER NOT NULL REFERENCES studies,
  number INTEGER NOT NULL CHECK(number >= 0),
  name TEXT NOT NULL,               -- begins the name of its process
  asked INTEGER NOT NULL CHECK(asked IN (0, 1)),  -- for a trial
  state TEXT NOT NULL CHECK(
    state = 'submitting' OR state = 'unknown' OR state = 'absent' OR state = 'rejected' OR
    state = 'submitted' OR state = 'running' OR state = 'succeeded' OR state = 'failed' OR
    state = 'lost' OR state = 'cancelled'),
  job TEXT NOT NULL,                -- the newest of its submissions
  native_id TEXT NOT NULL,
  devices TEXT NOT NULL,            -- JSON array of GPU indices
  outcome TEXT,                     -- JSON object; NULL until it has ended
  message TEXT NOT NULL,
  submitting_ns INTEGER NOT NULL,
  submitted_ns INTEGER NOT NULL,
  PRIMARY KEY(study, number)
) STRICT;
CREATE INDEX live_workers ON workers(study)              -- what a starting daemon loads
  WHERE state = 'submitting' OR state = 'unknown' OR state = 'absent' OR state = 'submitted' OR
    state = 'running';

-- As `submissions`: every name under which one was submitted, for ever.
CREATE TABLE worker_submissions(
  name TEXT NOT NULL PRIMARY KEY,
  study INTEGER NOT NULL,
  worker INTEGER NOT NULL,
  FOREIGN KEY(study, worker) REFERENCES workers(study, number)
) STRICT;
CREATE INDEX worker_submissions_by_worker ON worker_submissions(study, worker);

ALTER TABLE studies ADD COLUMN workers INTEGER NOT NULL DEFAULT 0;          -- ever
ALTER TABLE studies ADD COLUMN workers_in_vain INTEGER NOT NULL DEFAULT 0;  -- in a row, unasked
ALTER TABLE studies ADD COLUMN worker_end TEXT NOT NULL DEFAULT '';         -- the last death

-- One reason more. A column's CHECK cannot be changed, so the column is made anew.
ALTER TABLE studies ADD COLUMN why TEXT NOT NULL DEFAULT 'none' CHECK(
  why = 'none' OR why = 'user' OR why = 'failures_alike' OR why = 'strategy_error' OR
  why = 'strategy_slow' OR why = 'trials' OR why = 'time' OR why = 'patience' OR
  why = 'max_failures' OR why = 'space_exhausted' OR why = 'node_hours' OR why = 'workers');
UPDATE studies SET why = reason;
ALTER TABLE studies DROP COLUMN reason;
ALTER TABLE studies RENAME COLUMN why TO reason;
