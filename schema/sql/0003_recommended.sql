-- With much noise: the trial that is best on average, by a model of all that had finished by then.
ALTER TABLE studies ADD COLUMN recommended_trial INTEGER;
ALTER TABLE studies ADD COLUMN recommended_value REAL;
ALTER TABLE studies ADD COLUMN recommended_at INTEGER NOT NULL DEFAULT 0;  -- finished trials
