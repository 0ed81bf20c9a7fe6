-- S: a status change as PostgreSQL itself manages it: lock the row, update it, two rows beside it.
-- pgbench -n -M prepared -f bench/status.sql -c CLIENTS -T SECONDS
\set agency random(1, 200)
BEGIN;
SELECT id AS case_id FROM cases WHERE id >= gen_random_uuid() ORDER BY id LIMIT 1 FOR UPDATE \gset
UPDATE cases SET status = status % 5 + 1, updated_at = now(), version = version + 1 WHERE id = :case_id;
INSERT INTO happenings VALUES (gen_random_uuid(), :case_id, now(), 'moved', 'a sentence about it', :agency);
INSERT INTO audits VALUES (gen_random_uuid(), :case_id, now(), :agency, '{"status": [1, 2]}');
COMMIT;
