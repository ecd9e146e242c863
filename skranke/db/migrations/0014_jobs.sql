-- events and deliveries are counted in bigints, and either may fail
ALTER TABLE job_failure ALTER COLUMN item TYPE bigint;
