-- Steps of an attempt that had been given up, told with its result, which counts: nothing was
-- decided on them.
ALTER TABLE reports ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK(late IN (0, 1));
