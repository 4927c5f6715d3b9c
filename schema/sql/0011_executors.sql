-- Where a study's jobs are submitted: a daemon that has just started looks there for those that
-- come late, also of studies that have ended. '': a spec that cannot be read.
ALTER TABLE studies ADD COLUMN executor TEXT NOT NULL DEFAULT '';
UPDATE studies SET executor = ifnull((
  SELECT CASE WHEN json_valid(spec) THEN spec ->> '$.executor.type' END
  FROM specs WHERE study = id), '');
CREATE INDEX studies_by_executor ON studies(executor);
