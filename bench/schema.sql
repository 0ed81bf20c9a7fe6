-- The tables of L (limit.sql) and F (floor.py): a plain case register, six rows an intake, nothing sealed.
-- They stand in a database of their own; the product never sees them.
CREATE TABLE cases (
    id uuid PRIMARY KEY, case_no text NOT NULL UNIQUE, kind text NOT NULL, status smallint NOT NULL,
    channel text NOT NULL, urgency text NOT NULL, risk smallint NOT NULL, title text NOT NULL,
    province text NOT NULL, city text NOT NULL, county text NOT NULL, township text NOT NULL, village text NOT NULL,
    agency integer NOT NULL, assignee integer, opened_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL, closed_at timestamptz, result text NOT NULL, source text NOT NULL,
    reporter text NOT NULL, relation text NOT NULL, version integer NOT NULL, data jsonb NOT NULL,
    created_by integer NOT NULL
);
CREATE INDEX cases_county ON cases (county, status, due_at, id);
CREATE INDEX cases_city ON cases (city, status, due_at, id);
CREATE INDEX cases_assignee ON cases (assignee, status, due_at, id);
CREATE INDEX cases_city_open ON cases (city, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_province_open ON cases (province, due_at, id) WHERE closed_at IS NULL;
CREATE TABLE parties (
    id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, role text NOT NULL, name text NOT NULL,
    phone text NOT NULL, id_number text NOT NULL, address text NOT NULL
);
CREATE INDEX parties_case ON parties (case_id);
CREATE TABLE happenings (
    id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, at timestamptz NOT NULL, kind text NOT NULL,
    words text NOT NULL, actor integer NOT NULL
);
CREATE INDEX happenings_case ON happenings (case_id);
CREATE TABLE audits (
    id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, at timestamptz NOT NULL, actor integer NOT NULL,
    diff jsonb NOT NULL
);
CREATE INDEX audits_case ON audits (case_id);
CREATE TABLE deadlines (
    id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, rule text NOT NULL, due_at timestamptz NOT NULL,
    done_at timestamptz
);
CREATE INDEX deadlines_case ON deadlines (case_id);
