-- A strategy that does not answer in time is stood in for by a cheap one, and its trials say so.
ALTER TABLE trials ADD COLUMN asked_instead_of TEXT NOT NULL DEFAULT '';    -- '': nobody stood in
ALTER TABLE trials ADD COLUMN asked_deadline_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE studies ADD COLUMN stand_ins INTEGER NOT NULL DEFAULT 0;        -- such trials
