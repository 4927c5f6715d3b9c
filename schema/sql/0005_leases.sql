-- Trials that are pulled: which worker has an open one, and the number of that lease or the last one.
ALTER TABLE trials ADD COLUMN worker TEXT NOT NULL DEFAULT '';       -- '': nobody has it
ALTER TABLE trials ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;    -- 0: no worker has begun it
