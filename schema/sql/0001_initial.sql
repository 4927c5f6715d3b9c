-- The store, version 1. Tables are the present, `events` is the past; one transaction writes both.
-- Words are those of schema/*.hpp; times are UTC nanoseconds for display, 0 means "not yet".
-- Words are checked by OR, not by IN: for IN, SQLite builds a table at every row that is written,
-- which took half of the time.

CREATE TABLE meta(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  daemon_epoch INTEGER NOT NULL,    -- raised by each daemon that opens the file
  history_seq INTEGER NOT NULL,     -- the last one given to a finished trial, of all studies
  installation TEXT NOT NULL,       -- 4 base32 characters: begins every job name of ours
  created_ns INTEGER NOT NULL
) STRICT;
INSERT INTO meta
  SELECT 1, 0, 0, group_concat(substr('abcdefghijklmnopqrstuvwxyz234567', 1 + (random() & 31), 1),
                               ''), unixepoch() * 1000000000
  FROM (VALUES (1), (2), (3), (4));

CREATE TABLE studies(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  content_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK(
    state = 'running' OR state = 'paused' OR state = 'cancelling' OR state = 'finished' OR
    state = 'failed' OR state = 'cancelled'),
  reason TEXT NOT NULL CHECK(
    reason = 'none' OR reason = 'user' OR reason = 'failures_alike' OR
    reason = 'strategy_error' OR reason = 'strategy_slow' OR reason = 'trials' OR
    reason = 'time' OR reason = 'patience' OR reason = 'max_failures' OR
    reason = 'space_exhausted' OR reason = 'node_hours'),
  detail TEXT NOT NULL,
  exhausted INTEGER NOT NULL CHECK(exhausted IN (0, 1)),
  created INTEGER NOT NULL,         -- trials ever; open ones = created less the next five
  completed INTEGER NOT NULL,
  pruned INTEGER NOT NULL,
  infeasible INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  trials_more INTEGER NOT NULL,
  failures_forgiven INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  failures_alike INTEGER NOT NULL,
  failure_signature TEXT NOT NULL,
  best_trial INTEGER,
  best_value REAL,
  finished_since_best INTEGER NOT NULL,
  spent_ns INTEGER NOT NULL,
  spent_node_ms INTEGER NOT NULL,
  created_ns INTEGER NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX unfinished_studies ON studies(id)          -- what a starting daemon loads
  WHERE state = 'running' OR state = 'paused' OR state = 'cancelling';

-- Apart from `studies`: those rows are written with every batch, and a spec may take megabytes.
CREATE TABLE specs(
  study INTEGER PRIMARY KEY REFERENCES studies,
  spec TEXT NOT NULL                -- the effective study.json
) STRICT;

CREATE TABLE trials(
  study INTEGER NOT NULL REFERENCES studies,
  number INTEGER NOT NULL CHECK(number >= 0),
  state TEXT NOT NULL CHECK(
    state = 'waiting' OR state = 'running' OR state = 'paused' OR state = 'completed' OR
    state = 'pruned' OR state = 'infeasible' OR state = 'failed' OR state = 'cancelled'),
  origin TEXT NOT NULL CHECK(
    origin = 'default' OR origin = 'initial' OR origin = 'enqueued' OR origin = 'strategy' OR
    origin = 'retry'),
  params TEXT NOT NULL,             -- JSON object, the bytes that REST and params.json have too
  retry_of INTEGER,
  attempts INTEGER NOT NULL,
  value REAL CHECK((value IS NOT NULL) = (state = 'completed')),
  metrics TEXT NOT NULL,            -- JSON object of numbers
  failure TEXT CHECK(
    failure = 'exit_code' OR failure = 'signal' OR failure = 'timeout' OR
    failure = 'out_of_memory' OR failure = 'no_result' OR failure = 'bad_result' OR
    failure = 'non_finite' OR failure = 'spawn_failed' OR failure = 'rejected' OR
    failure = 'lost' OR failure = 'node_fail' OR failure = 'preempted' OR
    failure = 'infrastructure'),
  message TEXT NOT NULL,
  history_seq INTEGER CHECK((history_seq IS NULL) =
    (state = 'waiting' OR state = 'running' OR state = 'paused')),
  created_ns INTEGER NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER NOT NULL,
  strategy TEXT NOT NULL,           -- '' if no strategy proposed it; so for the next six
  strategy_version INTEGER NOT NULL,
  strategy_build TEXT NOT NULL,
  asked_history_seq INTEGER NOT NULL,
  asked_model_seq INTEGER NOT NULL,
  asked_first_number INTEGER NOT NULL,
  asked_count INTEGER NOT NULL,
  PRIMARY KEY(study, number)
) STRICT;
CREATE INDEX trials_by_state ON trials(study, state, number);   -- pages by state, open trials
CREATE INDEX trials_by_value ON trials(study, value, number) WHERE value IS NOT NULL;
CREATE UNIQUE INDEX trials_by_history ON trials(study, history_seq)  -- as strategies see them
  WHERE history_seq IS NOT NULL;
CREATE INDEX trials_by_retry ON trials(study, retry_of) WHERE retry_of IS NOT NULL;

CREATE TABLE attempts(
  study INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK(number >= 1),
  state TEXT NOT NULL CHECK(
    state = 'submitting' OR state = 'unknown' OR state = 'absent' OR state = 'rejected' OR
    state = 'submitted' OR state = 'queued' OR state = 'running' OR state = 'succeeded' OR
    state = 'failed' OR state = 'lost' OR state = 'cancelled' OR state = 'late'),
  job TEXT NOT NULL,                -- the newest of its submissions
  native_id TEXT NOT NULL,
  slot INTEGER NOT NULL,
  devices TEXT NOT NULL,            -- JSON array of GPU indices
  time_s INTEGER,                   -- asked of a batch system; NULL: the site's default, or none
  memory_bytes INTEGER,             -- likewise, per node
  cancelling INTEGER NOT NULL CHECK(cancelling IN (0, 1)),
  outcome TEXT,                     -- JSON object; NULL until the attempt has ended
  message TEXT NOT NULL,
  submitting_ns INTEGER NOT NULL,
  submitted_ns INTEGER NOT NULL,
  PRIMARY KEY(study, trial, number),
  FOREIGN KEY(study, trial) REFERENCES trials(study, number)
) STRICT;
-- At most one live attempt per trial: a double dispatch is a constraint error, not a bug at large.
CREATE UNIQUE INDEX one_live_attempt ON attempts(study, trial)
  WHERE state = 'submitting' OR state = 'unknown' OR state = 'submitted' OR state = 'queued' OR
    state = 'running';

-- Every name under which something was submitted, for ever: what a search after doubt asks for.
CREATE TABLE submissions(
  name TEXT NOT NULL PRIMARY KEY,
  study INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  native_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK(
    state = 'submitting' OR state = 'unknown' OR state = 'absent' OR state = 'rejected' OR
    state = 'submitted'),
  FOREIGN KEY(study, trial, attempt) REFERENCES attempts(study, trial, number)
) STRICT;
CREATE INDEX submissions_by_trial ON submissions(study, trial);

-- AUTOINCREMENT: a seq is never used twice; what rolls back gives its numbers back, so no gaps.
CREATE TABLE events(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ns INTEGER NOT NULL,
  elapsed_ns INTEGER NOT NULL,
  history_seq INTEGER NOT NULL,
  study INTEGER NOT NULL REFERENCES studies,
  kind TEXT NOT NULL,
  data TEXT NOT NULL                -- JSON object
) STRICT;
CREATE INDEX events_by_study ON events(study);          -- rows of an index are in order of seq

CREATE TABLE idempotency(
  key TEXT NOT NULL,
  route TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  created INTEGER NOT NULL CHECK(created IN (0, 1)),
  body TEXT NOT NULL,
  at_ns INTEGER NOT NULL,
  PRIMARY KEY(key, route)
) STRICT;
