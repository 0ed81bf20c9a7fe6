-- L: what PostgreSQL itself manages. One intake of six rows: five inserts, seven round trips.
-- pgbench -n -M prepared -f bench/limit.sql -c CLIENTS -T SECONDS
\set county random(1, 7)
\set agency random(1, 200)
\set n random(1, 1000000000)
BEGIN;
INSERT INTO cases VALUES (gen_random_uuid(), gen_random_uuid()::text, 'dv', 1, 'call', 'soon', 0, 'a call for help', '32', '3210',
    '32100' || :county, '32100' || :county || '001', '', :agency, NULL, now(), now(), now() + interval '1 day', NULL,
    '', 'desk', 'self', 'spouse', 1, '{"forms": ["physical"], "facts": "somebody was pushed"}', :agency)
    RETURNING id AS case_id \gset
INSERT INTO parties VALUES
    (gen_random_uuid(), :case_id, 'asking', 'somebody', '100' || :n, '999999' || :n, 'an address'),
    (gen_random_uuid(), :case_id, 'complained', 'another', '100' || :n, '999999' || :n, 'an address');
INSERT INTO happenings VALUES (gen_random_uuid(), :case_id, now(), 'opened', 'a sentence or two about it', :agency);
INSERT INTO audits VALUES (gen_random_uuid(), :case_id, now(), :agency, '{"status": [null, 1], "kind": [null, "dv"]}');
INSERT INTO deadlines VALUES (gen_random_uuid(), :case_id, 'triage', now() + interval '1 day', NULL);
COMMIT;
