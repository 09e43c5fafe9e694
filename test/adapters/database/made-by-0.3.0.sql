-- A database as Relève 0.3.0 left it when its daemon was killed (kill -9) on 1 March 2027 at 10:15:30 in Paris, in the middle of its work:
-- ten technical users, all that this version kept of them, in the order of its tables. Never change a row: this is what that version wrote.
--
--  1 Amance      announced, handed in, proven (version 3); sink connector written, sink archive claimed and begun; its connector still holds
--  2 Beure       version 2 in service; a newer one refused once, for it was not submitted; asked again at 10:30
--  3 Cussey      a first password is being asked about, under a lease; the call is counted, its answer is not known
--  4 Dole        version 3 in service, version 2 kept; the letter that confirms it was on its way, under a lease
--  5 Étalans     announced until 11:15, its connector holds
--  6 Frasne      version 2 is refused in service since 10:15: stopped, its connector holds; letter and alarm have not left
--  7 Gray        its manager's address was refused by the mail server
--  8 L’Hôpital   announced until 11:15, its connector holds; nothing will follow
--  9 Igny        handed in with a blank before it; a choice is waited for
-- 10 Jussey      version 2 in service, and dead; a newer one that was mistyped is refused twice; asked again at 10:45
--
-- The mail server put off the letter to the IT service about Dole. One token is in use, one revoked; one closure is announced.
-- The master key, for this file alone, is in made-by-0.3.0.master-keys; what links, tokens and passwords are, in made-by-0.3.0-setup.ts.

CREATE TABLE "meta" ("key" text primary key, "value" text not null);
insert into "meta" values
  ('version', '3'),
  ('fingerprint-key', '["2027-01-04-epgu","AW9HtUqbJpNb0LZoFH9uTMg/VoexCSat2bt1VCw+m+ZUsOBAELyjqxFkPmUpFherczzOqwgt6dRFaK4XYg==","AWYg4tZ4f4G0qNPs7SRAeNtTeQSt1dcSIkvv0/xGLGC1nyCB4KNov9LFub4HNiJUgt7b1Q2pJBwMZ3aKChl3GB0Z/3CXkuUQTN88AChtoIXySav6NQbn+bvBhxnGVPyP2Sj0Cnw/B5n0bT8pQF64Fg4ngQ=="]'),
  ('known-keys', '{"ids":["2027-01-04-epgu"],"at":1803891620152}'),
  ('rules', '{"ladder":{"before":[0,1,3,7,15,30,60],"after":[1,3,7],"thenEvery":7,"secondariesFrom":15,"itFrom":7,"unknownEvery":"P1M"},"validity":{"production":{"workTowards":"P1Y","latest":"P424D"},"qualification":{"workTowards":"P1Y","latest":"P424D"}},"itService":"it@siagep.test","holidays":{"alsaceMoselle":false}}'),
  ('day', '2027-03-01');

CREATE TABLE "structures" ("id" integer primary key, "siret" text not null unique, "name" text not null);
insert into "structures" values
  (1, '21900000000000', 'Amance'),
  (2, '21900000000001', 'Beure'),
  (3, '21900000000002', 'Cussey'),
  (4, '21900000000003', 'Dole'),
  (5, '21900000000004', 'Étalans'),
  (6, '21900000000005', 'Frasne'),
  (7, '21900000000006', 'Gray'),
  (8, '21900000000007', 'L’Hôpital'),
  (9, '21900000000008', 'Igny'),
  (10, '21900000000009', 'Jussey');

CREATE TABLE "people" ("id" integer primary key, "name" text not null, "email" text, "email_key" text unique, "language" text not null, "dead_since" bigint, "dead_reason" text, "revived" integer default 0 not null);
insert into "people" values
  (1, 'Mme Maire', 'm0@commune.test', 'm0@commune.test', 'fr', null, null, 0),
  (2, 'Mme Maire', 'm1@commune.test', 'm1@commune.test', 'fr', null, null, 0),
  (3, 'Mme Maire', 'm2@commune.test', 'm2@commune.test', 'fr', null, null, 0),
  (4, 'Mme Maire', 'm3@commune.test', 'm3@commune.test', 'fr', null, null, 0),
  (5, 'Mme Maire', 'm4@commune.test', 'm4@commune.test', 'fr', null, null, 0),
  (6, 'Mme Maire', 'm5@commune.test', 'm5@commune.test', 'fr', null, null, 0),
  (7, 'Mme Maire', 'm6@commune.test', 'm6@commune.test', 'fr', 1803891620855, '550 5.1.1 No such user here', 0),
  (8, 'Mme Maire', 'm7@commune.test', 'm7@commune.test', 'fr', null, null, 0),
  (9, 'Mme Maire', 'm8@commune.test', 'm8@commune.test', 'fr', null, null, 0),
  (10, 'Mme Maire', 'm9@commune.test', 'm9@commune.test', 'fr', null, null, 0);

CREATE TABLE "mandates" ("id" integer primary key, "structure_id" integer not null references "structures" ("id"), "person_id" integer not null references "people" ("id"), "role" text not null, "since" bigint not null, "until" bigint);
CREATE UNIQUE INDEX "mandates_now" on "mandates" ("structure_id", "role", "person_id") where "until" is null;
CREATE UNIQUE INDEX "one_principal" on "mandates" ("structure_id") where until is null and role = 'principal';
CREATE INDEX "mandates_of" on "mandates" ("person_id");
insert into "mandates" values
  (1, 1, 1, 'principal', 1803891601523, null),
  (2, 2, 2, 'principal', 1803891601523, null),
  (3, 3, 3, 'principal', 1803891601523, null),
  (4, 4, 4, 'principal', 1803891601523, null),
  (5, 5, 5, 'principal', 1803891601523, null),
  (6, 6, 6, 'principal', 1803891601523, null),
  (7, 7, 7, 'principal', 1803891601523, null),
  (8, 8, 8, 'principal', 1803891601523, null),
  (9, 9, 9, 'principal', 1803891601523, null),
  (10, 10, 10, 'principal', 1803891601523, null);

CREATE TABLE "technical_users" ("id" integer primary key, "login" text not null, "login_key" text not null, "environment" text not null, "structure_id" integer not null references "structures" ("id"), "version" integer not null, "changed_on" text, "portal_on" text, "validity" text, "latest" text, "retired" integer default 0 not null, "told_version" integer, "told_deadline" text, "told_address" text, "told_step" integer, "told_on" text, "wake_on" text, "registered_at" bigint not null, constraint "login_once" unique ("login_key", "environment"));
CREATE INDEX "waking" on "technical_users" ("wake_on");
CREATE INDEX "users_of" on "technical_users" ("structure_id");
insert into "technical_users" values
  (1, 'TECH_1_21900000000000@cpro.fr', 'tech_1_21900000000000@cpro.fr', 'production', 1, 3, '2027-03-01', null, null, null, 0, 2, '2027-03-16', 'm0@commune.test', -15, '2027-03-01', '', 1803891601523),
  (2, 'TECH_1_21900000000001@cpro.fr', 'tech_1_21900000000001@cpro.fr', 'production', 2, 2, '2026-03-12', '2027-03-16', null, null, 0, 2, '2027-03-16', 'm1@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (3, 'TECH_1_21900000000002@cpro.fr', 'tech_1_21900000000002@cpro.fr', 'production', 3, 1, null, '2027-03-16', null, null, 0, 1, '2027-03-16', 'm2@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (4, 'TECH_1_21900000000003@cpro.fr', 'tech_1_21900000000003@cpro.fr', 'production', 4, 3, '2027-03-01', null, null, null, 0, 2, '2027-03-16', 'm3@commune.test', -15, '2027-03-01', '2027-12-31', 1803891601523),
  (5, 'TECH_1_21900000000004@cpro.fr', 'tech_1_21900000000004@cpro.fr', 'production', 5, 1, null, '2027-03-16', null, null, 0, 1, '2027-03-16', 'm4@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (6, 'TECH_1_21900000000005@cpro.fr', 'tech_1_21900000000005@cpro.fr', 'production', 6, 2, '2026-03-12', '2027-03-16', null, null, 0, 2, '2027-03-16', 'm5@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (7, 'TECH_1_21900000000006@cpro.fr', 'tech_1_21900000000006@cpro.fr', 'production', 7, 1, null, '2027-03-16', null, null, 0, 1, '2027-03-16', 'm6@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (8, 'TECH_1_21900000000007@cpro.fr', 'tech_1_21900000000007@cpro.fr', 'production', 8, 1, null, '2027-03-16', null, null, 0, 1, '2027-03-16', 'm7@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (9, 'TECH_1_21900000000008@cpro.fr', 'tech_1_21900000000008@cpro.fr', 'production', 9, 1, null, '2027-03-16', null, null, 0, 1, '2027-03-16', 'm8@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523),
  (10, 'TECH_1_21900000000009@cpro.fr', 'tech_1_21900000000009@cpro.fr', 'production', 10, 2, '2026-03-12', '2027-03-16', null, null, 0, 2, '2027-03-16', 'm9@commune.test', -15, '2027-03-01', '2027-03-09', 1803891601523);

CREATE TABLE "user_structures" ("technical_user_id" integer not null references "technical_users" ("id"), "structure_id" integer not null references "structures" ("id"), constraint "user_structures_once" primary key ("technical_user_id", "structure_id"));
CREATE INDEX "further_of" on "user_structures" ("structure_id");

CREATE TABLE "events" ("id" integer primary key, "at" bigint not null, "who" text not null, "subject" text not null, "subject_id" integer not null, "field" text not null, "old_value" text, "new_value" text, "why" text);
CREATE INDEX "events_of" on "events" ("subject", "subject_id");
insert into "events" values
  (1, 1803891601523, 'import fleet.csv (root)', 'person', 1, 'name', null, 'Mme Maire', null),
  (2, 1803891601523, 'import fleet.csv (root)', 'person', 2, 'name', null, 'Mme Maire', null),
  (3, 1803891601523, 'import fleet.csv (root)', 'person', 3, 'name', null, 'Mme Maire', null),
  (4, 1803891601523, 'import fleet.csv (root)', 'person', 4, 'name', null, 'Mme Maire', null),
  (5, 1803891601523, 'import fleet.csv (root)', 'person', 5, 'name', null, 'Mme Maire', null),
  (6, 1803891601523, 'import fleet.csv (root)', 'person', 6, 'name', null, 'Mme Maire', null),
  (7, 1803891601523, 'import fleet.csv (root)', 'person', 7, 'name', null, 'Mme Maire', null),
  (8, 1803891601523, 'import fleet.csv (root)', 'person', 8, 'name', null, 'Mme Maire', null),
  (9, 1803891601523, 'import fleet.csv (root)', 'person', 9, 'name', null, 'Mme Maire', null),
  (10, 1803891601523, 'import fleet.csv (root)', 'person', 10, 'name', null, 'Mme Maire', null),
  (11, 1803891601523, 'import fleet.csv (root)', 'structure', 1, 'structure', null, 'Amance', null),
  (12, 1803891601523, 'import fleet.csv (root)', 'structure', 1, 'gestionnaire', null, 'Mme Maire <m0@commune.test>', null),
  (13, 1803891601523, 'import fleet.csv (root)', 'structure', 2, 'structure', null, 'Beure', null),
  (14, 1803891601523, 'import fleet.csv (root)', 'structure', 2, 'gestionnaire', null, 'Mme Maire <m1@commune.test>', null),
  (15, 1803891601523, 'import fleet.csv (root)', 'structure', 3, 'structure', null, 'Cussey', null),
  (16, 1803891601523, 'import fleet.csv (root)', 'structure', 3, 'gestionnaire', null, 'Mme Maire <m2@commune.test>', null),
  (17, 1803891601523, 'import fleet.csv (root)', 'structure', 4, 'structure', null, 'Dole', null),
  (18, 1803891601523, 'import fleet.csv (root)', 'structure', 4, 'gestionnaire', null, 'Mme Maire <m3@commune.test>', null),
  (19, 1803891601523, 'import fleet.csv (root)', 'structure', 5, 'structure', null, 'Étalans', null),
  (20, 1803891601523, 'import fleet.csv (root)', 'structure', 5, 'gestionnaire', null, 'Mme Maire <m4@commune.test>', null),
  (21, 1803891601523, 'import fleet.csv (root)', 'structure', 6, 'structure', null, 'Frasne', null),
  (22, 1803891601523, 'import fleet.csv (root)', 'structure', 6, 'gestionnaire', null, 'Mme Maire <m5@commune.test>', null),
  (23, 1803891601523, 'import fleet.csv (root)', 'structure', 7, 'structure', null, 'Gray', null),
  (24, 1803891601523, 'import fleet.csv (root)', 'structure', 7, 'gestionnaire', null, 'Mme Maire <m6@commune.test>', null),
  (25, 1803891601523, 'import fleet.csv (root)', 'structure', 8, 'structure', null, 'L’Hôpital', null),
  (26, 1803891601523, 'import fleet.csv (root)', 'structure', 8, 'gestionnaire', null, 'Mme Maire <m7@commune.test>', null),
  (27, 1803891601523, 'import fleet.csv (root)', 'structure', 9, 'structure', null, 'Igny', null),
  (28, 1803891601523, 'import fleet.csv (root)', 'structure', 9, 'gestionnaire', null, 'Mme Maire <m8@commune.test>', null),
  (29, 1803891601523, 'import fleet.csv (root)', 'structure', 10, 'structure', null, 'Jussey', null),
  (30, 1803891601523, 'import fleet.csv (root)', 'structure', 10, 'gestionnaire', null, 'Mme Maire <m9@commune.test>', null),
  (31, 1803891601523, 'import fleet.csv (root)', 'technical-user', 1, 'login', null, 'TECH_1_21900000000000@cpro.fr', null),
  (32, 1803891601523, 'import fleet.csv (root)', 'technical-user', 1, 'date_expiration', null, '2027-03-16', null),
  (33, 1803891601523, 'import fleet.csv (root)', 'technical-user', 2, 'login', null, 'TECH_1_21900000000001@cpro.fr', null),
  (34, 1803891601523, 'import fleet.csv (root)', 'technical-user', 2, 'date_expiration', null, '2027-03-16', null),
  (35, 1803891601523, 'import fleet.csv (root)', 'technical-user', 3, 'login', null, 'TECH_1_21900000000002@cpro.fr', null),
  (36, 1803891601523, 'import fleet.csv (root)', 'technical-user', 3, 'date_expiration', null, '2027-03-16', null),
  (37, 1803891601523, 'import fleet.csv (root)', 'technical-user', 4, 'login', null, 'TECH_1_21900000000003@cpro.fr', null),
  (38, 1803891601523, 'import fleet.csv (root)', 'technical-user', 4, 'date_expiration', null, '2027-03-16', null),
  (39, 1803891601523, 'import fleet.csv (root)', 'technical-user', 5, 'login', null, 'TECH_1_21900000000004@cpro.fr', null),
  (40, 1803891601523, 'import fleet.csv (root)', 'technical-user', 5, 'date_expiration', null, '2027-03-16', null),
  (41, 1803891601523, 'import fleet.csv (root)', 'technical-user', 6, 'login', null, 'TECH_1_21900000000005@cpro.fr', null),
  (42, 1803891601523, 'import fleet.csv (root)', 'technical-user', 6, 'date_expiration', null, '2027-03-16', null),
  (43, 1803891601523, 'import fleet.csv (root)', 'technical-user', 7, 'login', null, 'TECH_1_21900000000006@cpro.fr', null),
  (44, 1803891601523, 'import fleet.csv (root)', 'technical-user', 7, 'date_expiration', null, '2027-03-16', null),
  (45, 1803891601523, 'import fleet.csv (root)', 'technical-user', 8, 'login', null, 'TECH_1_21900000000007@cpro.fr', null),
  (46, 1803891601523, 'import fleet.csv (root)', 'technical-user', 8, 'date_expiration', null, '2027-03-16', null),
  (47, 1803891601523, 'import fleet.csv (root)', 'technical-user', 9, 'login', null, 'TECH_1_21900000000008@cpro.fr', null),
  (48, 1803891601523, 'import fleet.csv (root)', 'technical-user', 9, 'date_expiration', null, '2027-03-16', null),
  (49, 1803891601523, 'import fleet.csv (root)', 'technical-user', 10, 'login', null, 'TECH_1_21900000000009@cpro.fr', null),
  (50, 1803891601523, 'import fleet.csv (root)', 'technical-user', 10, 'date_expiration', null, '2027-03-16', null),
  (51, 1803891602759, 'releve', 'technical-user', 1, 'version', '1', '2', 'a new password was handed in'),
  (52, 1803891602759, 'releve', 'technical-user', 1, 'changed', null, '2026-03-12', 'a new password was handed in'),
  (53, 1803891604222, 'releve', 'technical-user', 2, 'version', '1', '2', 'a new password was handed in'),
  (54, 1803891604222, 'releve', 'technical-user', 2, 'changed', null, '2026-03-12', 'a new password was handed in'),
  (55, 1803891605663, 'releve', 'technical-user', 4, 'version', '1', '2', 'a new password was handed in'),
  (56, 1803891605663, 'releve', 'technical-user', 4, 'changed', null, '2026-03-12', 'a new password was handed in'),
  (57, 1803891607576, 'releve', 'technical-user', 6, 'version', '1', '2', 'a new password was handed in'),
  (58, 1803891607576, 'releve', 'technical-user', 6, 'changed', null, '2026-03-12', 'a new password was handed in'),
  (59, 1803891610723, 'releve', 'technical-user', 10, 'version', '1', '2', 'a new password was handed in'),
  (60, 1803891610723, 'releve', 'technical-user', 10, 'changed', null, '2026-03-12', 'a new password was handed in'),
  (61, 1803891620855, 'mail server', 'person', 7, 'address', 'm6@commune.test', 'refused', '550 5.1.1 No such user here'),
  (62, 1803892522739, 'releve', 'technical-user', 4, 'version', '2', '3', 'a new password was handed in'),
  (63, 1803892522739, 'releve', 'technical-user', 4, 'changed', '2026-03-12', '2027-03-01', 'a new password was handed in'),
  (64, 1803892522739, 'releve', 'technical-user', 4, 'expires', '2027-03-16', null, 'a new password was handed in'),
  (65, 1803892530897, 'releve', 'technical-user', 1, 'version', '2', '3', 'a new password was handed in'),
  (66, 1803892530897, 'releve', 'technical-user', 1, 'changed', '2026-03-12', '2027-03-01', 'a new password was handed in'),
  (67, 1803892530897, 'releve', 'technical-user', 1, 'expires', '2027-03-16', null, 'a new password was handed in');

CREATE TABLE "letters" ("id" text primary key, "kind" text not null, "language" text not null, "on_day" text not null, "written_at" bigint not null);
insert into "letters" values
  ('confirmation/fjRXOwc6UQzqxXKs5t4hMQ', 'confirmation', 'fr', '2027-03-01', 1803891602851),
  ('confirmation/bvyURKzbWe-0Moc7YlCEng', 'confirmation', 'fr', '2027-03-01', 1803891604281),
  ('confirmation/vcfmOeUVDaZhE1PGaTnleA', 'confirmation', 'fr', '2027-03-01', 1803891605703),
  ('confirmation/P8LjGMPJv_8x-UT1GVYoJw', 'confirmation', 'fr', '2027-03-01', 1803891607626),
  ('confirmation/Pc8GYRVzaOZWsOeQgqwsHg', 'confirmation', 'fr', '2027-03-01', 1803891610774),
  ('production/TECH_1_21900000000000@cpro.fr/v2/2027-03-16/J-15/m0@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000001@cpro.fr/v2/2027-03-16/J-15/m1@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000002@cpro.fr/v1/2027-03-16/J-15/m2@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000003@cpro.fr/v2/2027-03-16/J-15/m3@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000004@cpro.fr/v1/2027-03-16/J-15/m4@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000005@cpro.fr/v2/2027-03-16/J-15/m5@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000007@cpro.fr/v1/2027-03-16/J-15/m7@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000008@cpro.fr/v1/2027-03-16/J-15/m8@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('production/TECH_1_21900000000009@cpro.fr/v2/2027-03-16/J-15/m9@commune.test', 'reminder', 'fr', '2027-03-01', 1803891620230),
  ('digest/2027-03-01', 'digest', 'fr', '2027-03-01', 1803891620279),
  ('alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw', 'alarm', 'fr', '2027-03-01', 1803891620281),
  ('alarm/refused/production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test/m6@commune.test', 'alarm', 'fr', '2027-03-01', 1803891621082),
  ('confirmation/tuFidSPi6tZcv1upEs5jZg', 'confirmation', 'fr', '2027-03-01', 1803892522783),
  ('alarm/rotated/tuFidSPi6tZcv1upEs5jZg', 'alarm', 'fr', '2027-03-01', 1803892524693),
  ('stopped/P8LjGMPJv_8x-UT1GVYoJw/1803892524601', 'stopped', 'fr', '2027-03-01', 1803892530626);

CREATE TABLE "letter_items" ("id" text primary key, "letter_id" text not null references "letters" ("id"), "place" integer not null, "technical_user_id" integer not null references "technical_users" ("id"), "login" text not null, "version" integer not null, "deadline" text, "step_offset" integer, "past_latest" integer not null, "first" integer not null);
CREATE INDEX "items_of_letter" on "letter_items" ("letter_id");
CREATE INDEX "items_of_user" on "letter_items" ("technical_user_id");
insert into "letter_items" values
  ('confirmation/fjRXOwc6UQzqxXKs5t4hMQ', 'confirmation/fjRXOwc6UQzqxXKs5t4hMQ', 0, 1, 'TECH_1_21900000000000@cpro.fr', 2, null, null, 0, 0),
  ('confirmation/bvyURKzbWe-0Moc7YlCEng', 'confirmation/bvyURKzbWe-0Moc7YlCEng', 0, 2, 'TECH_1_21900000000001@cpro.fr', 2, null, null, 0, 0),
  ('confirmation/vcfmOeUVDaZhE1PGaTnleA', 'confirmation/vcfmOeUVDaZhE1PGaTnleA', 0, 4, 'TECH_1_21900000000003@cpro.fr', 2, null, null, 0, 0),
  ('confirmation/P8LjGMPJv_8x-UT1GVYoJw', 'confirmation/P8LjGMPJv_8x-UT1GVYoJw', 0, 6, 'TECH_1_21900000000005@cpro.fr', 2, null, null, 0, 0),
  ('confirmation/Pc8GYRVzaOZWsOeQgqwsHg', 'confirmation/Pc8GYRVzaOZWsOeQgqwsHg', 0, 10, 'TECH_1_21900000000009@cpro.fr', 2, null, null, 0, 0),
  ('production/TECH_1_21900000000000@cpro.fr/v2/2027-03-16/J-15/m0@commune.test', 'production/TECH_1_21900000000000@cpro.fr/v2/2027-03-16/J-15/m0@commune.test', 0, 1, 'TECH_1_21900000000000@cpro.fr', 2, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000001@cpro.fr/v2/2027-03-16/J-15/m1@commune.test', 'production/TECH_1_21900000000001@cpro.fr/v2/2027-03-16/J-15/m1@commune.test', 0, 2, 'TECH_1_21900000000001@cpro.fr', 2, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000002@cpro.fr/v1/2027-03-16/J-15/m2@commune.test', 'production/TECH_1_21900000000002@cpro.fr/v1/2027-03-16/J-15/m2@commune.test', 0, 3, 'TECH_1_21900000000002@cpro.fr', 1, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000003@cpro.fr/v2/2027-03-16/J-15/m3@commune.test', 'production/TECH_1_21900000000003@cpro.fr/v2/2027-03-16/J-15/m3@commune.test', 0, 4, 'TECH_1_21900000000003@cpro.fr', 2, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000004@cpro.fr/v1/2027-03-16/J-15/m4@commune.test', 'production/TECH_1_21900000000004@cpro.fr/v1/2027-03-16/J-15/m4@commune.test', 0, 5, 'TECH_1_21900000000004@cpro.fr', 1, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000005@cpro.fr/v2/2027-03-16/J-15/m5@commune.test', 'production/TECH_1_21900000000005@cpro.fr/v2/2027-03-16/J-15/m5@commune.test', 0, 6, 'TECH_1_21900000000005@cpro.fr', 2, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test', 'production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test', 0, 7, 'TECH_1_21900000000006@cpro.fr', 1, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000007@cpro.fr/v1/2027-03-16/J-15/m7@commune.test', 'production/TECH_1_21900000000007@cpro.fr/v1/2027-03-16/J-15/m7@commune.test', 0, 8, 'TECH_1_21900000000007@cpro.fr', 1, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000008@cpro.fr/v1/2027-03-16/J-15/m8@commune.test', 'production/TECH_1_21900000000008@cpro.fr/v1/2027-03-16/J-15/m8@commune.test', 0, 9, 'TECH_1_21900000000008@cpro.fr', 1, '2027-03-16', -15, 0, 1),
  ('production/TECH_1_21900000000009@cpro.fr/v2/2027-03-16/J-15/m9@commune.test', 'production/TECH_1_21900000000009@cpro.fr/v2/2027-03-16/J-15/m9@commune.test', 0, 10, 'TECH_1_21900000000009@cpro.fr', 2, '2027-03-16', -15, 0, 1),
  ('confirmation/tuFidSPi6tZcv1upEs5jZg', 'confirmation/tuFidSPi6tZcv1upEs5jZg', 0, 4, 'TECH_1_21900000000003@cpro.fr', 3, null, null, 0, 0),
  ('stopped/P8LjGMPJv_8x-UT1GVYoJw/1803892524601', 'stopped/P8LjGMPJv_8x-UT1GVYoJw/1803892524601', 0, 6, 'TECH_1_21900000000005@cpro.fr', 2, null, null, 0, 0);

CREATE TABLE "deliveries" ("id" integer primary key, "letter_id" text not null references "letters" ("id"), "kind" text not null, "address" text not null, "name" text not null, "field" text not null, "person_id" integer, "state" text not null, "place" integer not null, "tries" integer not null, "first_tried_at" bigint, "next_at" bigint not null, "lease" text, "lease_until" bigint, "reply" text, "settled_at" bigint, constraint "delivered_once" unique ("letter_id", "address"));
CREATE INDEX "open_deliveries" on "deliveries" ("place", "id") where state in ('waiting', 'claimed');
CREATE INDEX "deliveries_settled" on "deliveries" ("settled_at");
insert into "deliveries" values
  (1, 'confirmation/fjRXOwc6UQzqxXKs5t4hMQ', 'confirmation', 'm0@commune.test', 'Mme Maire', 'to', 1, 'sent', -500000, 0, null, 1803891602851, null, null, '250 OK: message queued', 1803891620914),
  (2, 'confirmation/bvyURKzbWe-0Moc7YlCEng', 'confirmation', 'm1@commune.test', 'Mme Maire', 'to', 2, 'sent', -500000, 0, null, 1803891604281, null, null, '250 OK: message queued', 1803891620954),
  (3, 'confirmation/vcfmOeUVDaZhE1PGaTnleA', 'confirmation', 'm3@commune.test', 'Mme Maire', 'to', 4, 'sent', -500000, 0, null, 1803891605703, null, null, '250 OK: message queued', 1803891620969),
  (4, 'confirmation/P8LjGMPJv_8x-UT1GVYoJw', 'confirmation', 'm5@commune.test', 'Mme Maire', 'to', 6, 'sent', -500000, 0, null, 1803891607626, null, null, '250 OK: message queued', 1803891620970),
  (5, 'confirmation/Pc8GYRVzaOZWsOeQgqwsHg', 'confirmation', 'm9@commune.test', 'Mme Maire', 'to', 10, 'sent', -500000, 0, null, 1803891610774, null, null, '250 OK: message queued', 1803891620987),
  (6, 'production/TECH_1_21900000000000@cpro.fr/v2/2027-03-16/J-15/m0@commune.test', 'reminder', 'm0@commune.test', 'Mme Maire', 'to', 1, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891621015),
  (7, 'production/TECH_1_21900000000001@cpro.fr/v2/2027-03-16/J-15/m1@commune.test', 'reminder', 'm1@commune.test', 'Mme Maire', 'to', 2, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891621015),
  (8, 'production/TECH_1_21900000000002@cpro.fr/v1/2027-03-16/J-15/m2@commune.test', 'reminder', 'm2@commune.test', 'Mme Maire', 'to', 3, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891620847),
  (9, 'production/TECH_1_21900000000003@cpro.fr/v2/2027-03-16/J-15/m3@commune.test', 'reminder', 'm3@commune.test', 'Mme Maire', 'to', 4, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891621015),
  (10, 'production/TECH_1_21900000000004@cpro.fr/v1/2027-03-16/J-15/m4@commune.test', 'reminder', 'm4@commune.test', 'Mme Maire', 'to', 5, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891620850),
  (11, 'production/TECH_1_21900000000005@cpro.fr/v2/2027-03-16/J-15/m5@commune.test', 'reminder', 'm5@commune.test', 'Mme Maire', 'to', 6, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891621078),
  (12, 'production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test', 'reminder', 'm6@commune.test', 'Mme Maire', 'to', 7, 'refused', 15, 0, null, 1803891620230, null, null, '550 5.1.1 No such user here', 1803891620855),
  (13, 'production/TECH_1_21900000000007@cpro.fr/v1/2027-03-16/J-15/m7@commune.test', 'reminder', 'm7@commune.test', 'Mme Maire', 'to', 8, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891620904),
  (14, 'production/TECH_1_21900000000008@cpro.fr/v1/2027-03-16/J-15/m8@commune.test', 'reminder', 'm8@commune.test', 'Mme Maire', 'to', 9, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891620913),
  (15, 'production/TECH_1_21900000000009@cpro.fr/v2/2027-03-16/J-15/m9@commune.test', 'reminder', 'm9@commune.test', 'Mme Maire', 'to', 10, 'sent', 15, 0, null, 1803891620230, null, null, '250 OK: message queued', 1803891621078),
  (16, 'digest/2027-03-01', 'digest', 'it@siagep.test', 'Service informatique du SIAGEP', 'to', null, 'sent', 1000000, 0, null, 1803891620279, null, null, '250 OK: message queued', 1803891620882),
  (17, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw', 'alarm', 'it@siagep.test', 'Service informatique du SIAGEP', 'to', null, 'sent', -1000000, 0, null, 1803891620281, null, null, '250 OK: message queued', 1803891620829),
  (18, 'alarm/refused/production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test/m6@commune.test', 'alarm', 'it@siagep.test', 'Service informatique du SIAGEP', 'to', null, 'sent', -1000000, 0, null, 1803891621082, null, null, '250 OK: message queued', 1803891621591),
  (19, 'confirmation/tuFidSPi6tZcv1upEs5jZg', 'confirmation', 'm3@commune.test', 'Mme Maire', 'to', 4, 'claimed', -500000, 0, null, 1803892522783, '5419affa-6c55-43e8-b69c-6e86224959c2', 1803893124694, null, null),
  (20, 'alarm/rotated/tuFidSPi6tZcv1upEs5jZg', 'alarm', 'it@siagep.test', 'Service informatique du SIAGEP', 'to', null, 'waiting', -1000000, 1, 1803892524702, 1803892584702, null, null, '451 4.7.1 Come back later', null),
  (21, 'stopped/P8LjGMPJv_8x-UT1GVYoJw/1803892524601', 'stopped', 'm5@commune.test', 'Mme Maire', 'to', 6, 'waiting', -500000, 0, null, 1803892530626, null, null, null, null);

CREATE TABLE "alarms" ("id" text primary key, "kind" text not null, "facts" text not null, "raised_at" bigint not null, "letter_id" text references "letters" ("id"));
CREATE INDEX "alarms_untold" on "alarms" ("raised_at") where "letter_id" is null;
insert into "alarms" values
  ('rotated/fjRXOwc6UQzqxXKs5t4hMQ', 'rotated', '{"login":"TECH_1_21900000000000@cpro.fr","structure":"Amance","siret":"21900000000000","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m0@commune.test","reply":null}', 1803891602851, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw'),
  ('rotated/bvyURKzbWe-0Moc7YlCEng', 'rotated', '{"login":"TECH_1_21900000000001@cpro.fr","structure":"Beure","siret":"21900000000001","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m1@commune.test","reply":null}', 1803891604281, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw'),
  ('rotated/vcfmOeUVDaZhE1PGaTnleA', 'rotated', '{"login":"TECH_1_21900000000003@cpro.fr","structure":"Dole","siret":"21900000000003","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m3@commune.test","reply":null}', 1803891605703, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw'),
  ('rotated/P8LjGMPJv_8x-UT1GVYoJw', 'rotated', '{"login":"TECH_1_21900000000005@cpro.fr","structure":"Frasne","siret":"21900000000005","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m5@commune.test","reply":null}', 1803891607626, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw'),
  ('rotated/Pc8GYRVzaOZWsOeQgqwsHg', 'rotated', '{"login":"TECH_1_21900000000009@cpro.fr","structure":"Jussey","siret":"21900000000009","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m9@commune.test","reply":null}', 1803891610774, 'alarm/rotated/P8LjGMPJv_8x-UT1GVYoJw'),
  ('refused/production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test/m6@commune.test', 'refused', '{"login":"TECH_1_21900000000006@cpro.fr","structure":null,"siret":null,"deadline":"2027-03-16","person":"Mme Maire","address":"m6@commune.test","reply":"550 5.1.1 No such user here"}', 1803891620855, 'alarm/refused/production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test/m6@commune.test'),
  ('rotated/tuFidSPi6tZcv1upEs5jZg', 'rotated', '{"login":"TECH_1_21900000000003@cpro.fr","structure":"Dole","siret":"21900000000003","environment":"production","deadline":"2028-03-01","person":"Mme Maire","address":"m3@commune.test","reply":null}', 1803892522783, 'alarm/rotated/tuFidSPi6tZcv1upEs5jZg'),
  ('stopped/P8LjGMPJv_8x-UT1GVYoJw/1803892524601', 'stopped', '{"login":"TECH_1_21900000000005@cpro.fr","structure":"Frasne","siret":"21900000000005","environment":"production","deadline":"2027-03-16","person":"Mme Maire","address":"m5@commune.test","reply":null,"since":1803892524601,"workedAt":1803891607575}', 1803892530626, null);

CREATE TABLE "rotations" ("id" text primary key, "technical_user_id" integer not null references "technical_users" ("id"), "stage" text not null, "standing" text not null, "proven" text, "version" integer, "channel" text, "brought_by" text, "credential" text, "fingerprint" text, "changed_on" text, "portal_on" text, "announced_at" bigint, "announced_until" bigint, "received_at" bigint, "accepted_at" bigint, "published_at" bigint, "ended_at" bigint, "refusals" integer not null, "refused_at" bigint, "asked" integer not null, "cause" text, "next_try_at" bigint, "former_works" integer, "lease" text, "lease_until" bigint, "alarmed" integer not null, "wake_at" bigint);
CREATE INDEX "rotations_of" on "rotations" ("technical_user_id");
CREATE UNIQUE INDEX "one_current" on "rotations" ("technical_user_id") where standing = 'current';
CREATE UNIQUE INDEX "one_open" on "rotations" ("technical_user_id") where stage in ('announced', 'unclear', 'candidate', 'verifying');
CREATE INDEX "rotations_to_prove" on "rotations" ("next_try_at") where stage in ('candidate', 'verifying');
CREATE INDEX "rotations_waking" on "rotations" ("wake_at") where wake_at is not null;
insert into "rotations" values
  ('fjRXOwc6UQzqxXKs5t4hMQ', 1, 'closed', 'previous', 'chorus-pro', 2, 'command', 'root', 'IYnvNkfuQAnmPaIISIsPIQ', '571daa5633e652994bbd8c5ffe84f66e8146c4d9bb02adeff676a021114494a4', '2026-03-12', '2027-03-16', null, null, 1803891602663, 1803891602758, 1803891602851, 1803892530896, 0, null, 0, null, null, null, null, null, 0, null),
  ('bvyURKzbWe-0Moc7YlCEng', 2, 'published', 'current', 'chorus-pro', 2, 'command', 'root', 'vmXKkpdVgSr6z5IdPbgJkw', '3c7d03153c288f602cb39df1e7e024b8b8c2fc4cb4fe017c869739bf98820747', '2026-03-12', '2027-03-16', null, null, 1803891604123, 1803891604221, 1803891604281, null, 0, null, 0, null, null, null, null, null, 0, 1804496404281),
  ('vcfmOeUVDaZhE1PGaTnleA', 4, 'closed', 'previous', 'chorus-pro', 2, 'command', 'root', 'fae5OeOvmC-dLP4EriN-Sw', 'dccd5bb924adf0658bd2a7704efb5c9dbd9bd886b6983516017c9b5eebb7d50f', '2026-03-12', '2027-03-16', null, null, 1803891605570, 1803891605661, 1803891605703, 1803892522737, 0, null, 0, null, null, null, null, null, 0, null),
  ('P8LjGMPJv_8x-UT1GVYoJw', 6, 'published', 'current', 'chorus-pro', 2, 'command', 'root', 'XD6xM_Ik1ErBHmFcu-3BQA', '418b0f638c825a8ff114ac798df3c6491750e9cab2f9a3779a45230009ddf991', '2026-03-12', '2027-03-16', null, null, 1803891607403, 1803891607575, 1803891607626, null, 0, null, 0, null, null, null, null, null, 0, 1804496407626),
  ('Pc8GYRVzaOZWsOeQgqwsHg', 10, 'published', 'current', 'chorus-pro', 2, 'command', 'root', 'VsW9P4hFpGH5a2_r4m_n6w', 'cb336e85c4c96c87d5368c264d2a1c5d18934aa3287473b8bc6075e194a77fcc', '2026-03-12', '2027-03-16', null, null, 1803891610399, 1803891610722, 1803891610774, null, 0, null, 0, null, null, null, null, null, 0, 1804496410774),
  ('G9Q5-L-AGcDkmoHQDEDQXg', 10, 'candidate', 'none', null, null, 'form', 'Mme Maire <m9@commune.test>', 'BfW8AZMpDE1ij_s-vsJbqQ', '7b58b5786b87d20be5c518e2fd8f80a485af348c9838b99b12a52ae9908c08b6', null, null, null, null, 1803891621307, null, null, null, 2, 1803891621624, 0, 'password-refused', 1803894321624, 0, null, null, 0, 1803898821307),
  ('tuFidSPi6tZcv1upEs5jZg', 4, 'published', 'current', 'chorus-pro', 3, 'form', 'Mme Maire <m3@commune.test>', 'C3c6f4KPDasclhC4UGKCvw', 'a48bbf50bdfe4e428843fdc2822bd5f2f5bbe1a83f0dfebe257142daadfe7d62', '2027-03-01', null, null, null, 1803892522720, 1803892522737, 1803892522783, null, 0, null, 0, null, null, null, null, null, 0, 1804497322783),
  ('_drNKF7Ybc29INPcSLLTZg', 5, 'announced', 'none', null, null, 'form', 'Mme Maire <m4@commune.test>', null, null, null, null, 1803892530645, 1803896130645, null, null, null, null, 0, null, 0, null, null, null, null, null, 0, 1803896130645),
  ('AOXq86af5PCEDPjuS8NsBQ', 8, 'announced', 'none', null, null, 'form', 'Mme Maire <m7@commune.test>', null, null, null, null, 1803892530727, 1803896130727, null, null, null, null, 0, null, 0, null, null, null, null, null, 0, 1803896130727),
  ('Ljy8cbYW48OrfKZJf-rtdQ', 2, 'candidate', 'none', null, null, 'form', 'Mme Maire <m1@commune.test>', 'zKLGT0Q5h6kPignrQfMlpw', 'a50070742a2726fa60d2e971c2c2d9484c4bef69409bd3d6dbe53087412c3f63', null, null, null, null, 1803892530769, null, null, null, 1, 1803892530775, 0, 'password-refused', 1803893430775, null, null, null, 0, 1803899730769),
  ('LfXvmo-X_i6opO1K5XS9Ng', 9, 'unclear', 'none', null, null, 'form', 'Mme Maire <m8@commune.test>', 'TMacudoeyBQJJHzmZDpsTQ', 'e56f2d2640f98196c5d86c66d1f80cc4e6f68e93de69e55684e67d141f5f9326', null, null, null, null, 1803892530804, null, null, null, 0, null, 0, null, null, null, null, null, 0, 1803896130804),
  ('p7qo2i_wLKGXuJj2O-8Udg', 3, 'verifying', 'none', null, null, 'form', 'Mme Maire <m2@commune.test>', 'h5R5JOM13Cy6GFly-HQt7A', 'fc1a28bd24fc76c217d6c2ef71aa28f64d841c44286808cd15c89286a9c7cc07', null, null, null, null, 1803892530837, null, null, null, 0, null, 0, null, 1803892530837, null, 'iGaUdg6XYEaTjSTxu05x_g', 1803892590837, 0, 1803899730837),
  ('KtckBGS1S5MhhJFNKNSItg', 1, 'publishing', 'current', 'chorus-pro', 3, 'form', 'Mme Maire <m0@commune.test>', 'FKe1q_TsoMvuLbFQX2j-FQ', '0d5ab50ff9efcbdea3a5db0bda27ac10ddc98db38fe61f6e52ce028038c4dfb0', '2027-03-01', null, 1803892530849, 1803896130849, 1803892530883, 1803892530896, null, null, 0, null, 0, null, null, null, null, null, 0, null);

CREATE TABLE "attempts" ("id" text primary key, "technical_user_id" integer not null references "technical_users" ("id"), "at" bigint not null, "refused" integer);
CREATE INDEX "attempts_of" on "attempts" ("technical_user_id", "at");
insert into "attempts" values
  ('1_tloSScSI4PUvbrgoewkw', 10, 1803891621624, 1),
  ('5FCDVwWU-8cEkcT29cWA8Q', 10, 1803892522675, 1),
  ('AxHa0Wximi9NVhxmH6mC5w', 10, 1803892522684, 1),
  ('OkalLTEhuBacgZnzZSD1Aw', 6, 1803892524601, 1),
  ('CFAIHZ-V2xATP4E_mk467A', 6, 1803892530626, 1),
  ('ZAvRfMP9x3LQ9e91eHEz-g', 2, 1803892530775, 1),
  ('iGaUdg6XYEaTjSTxu05x_g', 3, 1803892530837, null);

CREATE TABLE "credentials" ("id" text primary key, "technical_user_id" integer not null references "technical_users" ("id"), "environment" text not null, "login" text not null, "key_id" text not null, "data_key" blob not null, "box" blob not null, "kept_at" bigint not null, "destroyed_at" bigint);
CREATE INDEX "credentials_by_key" on "credentials" ("key_id") where "destroyed_at" is null;
insert into "credentials" values
  ('IYnvNkfuQAnmPaIISIsPIQ', 1, 'production', 'TECH_1_21900000000000@cpro.fr', '2027-01-04-epgu', x'010df3e2cea7f3f6673df50021db2a374ff8afff24e9c5d908d250491320a871b31d43f7a2f4dafaa44486eb9ffbb2e6fdf9fe3e85bfa6cbf3dd8fdcde', x'01395178dbc2f749a13f97efb29dbce38ee8531e3e347e61eeb126beab141772365b0fb67543d95e7b2eee87657e824b2d836de26db1eb', 1803891602663, null),
  ('vmXKkpdVgSr6z5IdPbgJkw', 2, 'production', 'TECH_1_21900000000001@cpro.fr', '2027-01-04-epgu', x'014a2a9bcffe5db03266688bdbfd793d5db1b4a0272aa994cf902dcde84b6e4753f14c2fd0f250058364e8d37e00a03894d1ddc167595c4d94a3002dd4', x'01dbbde67e3af221def7dabb0895f259c37557dd59c47070e5c8b7dc337de7f7a126946923a92fcb21021c18b3ca257a3ce495704c5b7e', 1803891604123, null),
  ('fae5OeOvmC-dLP4EriN-Sw', 4, 'production', 'TECH_1_21900000000003@cpro.fr', '2027-01-04-epgu', x'015259cc21d64f14c0f8e1456ea89c02e2e545abf3d7de1c78fe9700d1036dc0f2446c431539f5ea2b325e094f56ff7fddd2f6d9addd9d5b148da19ddf', x'0189a41cbb036bed46de826710af756a2efb632eb7c848b87513433a8604fffc4fc34d091fec0c413c91d305e3d47a806d4b4f4b15e7d8', 1803891605571, null),
  ('XD6xM_Ik1ErBHmFcu-3BQA', 6, 'production', 'TECH_1_21900000000005@cpro.fr', '2027-01-04-epgu', x'01ae74d4925f79f2d6a318a27120b174d2a8986d506e4ca56f2f1433b4579a9b3f609589c75bc6f45fea6b7bf494d210f48b40483d4bc51e4264fafa55', x'0181ac764642d74d6a4a7755121a0b3b9ef99327312702f22fac0dd30b5ce2c044c6a98edde7122515e9fff0145e9f90266c12aa0fc622', 1803891607403, null),
  ('VsW9P4hFpGH5a2_r4m_n6w', 10, 'production', 'TECH_1_21900000000009@cpro.fr', '2027-01-04-epgu', x'01d5e8d7764db862ee41cecfc4bc090f86a3389e7838409175e4982f70719353a045032b8535d27c3c6c08b491b92cf5e6fb9589cbaa7a6dab240982f1', x'01bd8d5588f29705e0d0f883d791e3cfc7d05729b1560d79330b74df9b7933530143a4d4acb30fc403c75d12fea37bb76846adc381ea76', 1803891610399, null),
  ('BfW8AZMpDE1ij_s-vsJbqQ', 10, 'production', 'TECH_1_21900000000009@cpro.fr', '2027-01-04-epgu', x'0189a70f891c601211088b8d91f33d301a53c14a47477ce576587d77c2a51ddb0561cbca280a5061b3a088caa6b599ab0934a4d954eef2a1f9783551a3', x'01471cd59502bf29e80b02cb74846a2bf4e2c4fd79c60b54d4bd63a5b6bc771e12ed3820060f98fe78ac237597b3e3180af977911c6bcf', 1803891621308, null),
  ('C3c6f4KPDasclhC4UGKCvw', 4, 'production', 'TECH_1_21900000000003@cpro.fr', '2027-01-04-epgu', x'017609b73ff3f0c78a7cd794bfd88489913efcb49c0df5288495803a9f6705d3f312640d6016bc76e873a5a0ebc4bf3262c22804fce81f23de926b1f2c', x'012cda242bb7a76bdbace1c3841d828aca41b0391540922cd306640c98a00d507efa560455602413e943ec0db5b0a58a85ab4a2e02d800', 1803892522720, null),
  ('zKLGT0Q5h6kPignrQfMlpw', 2, 'production', 'TECH_1_21900000000001@cpro.fr', '2027-01-04-epgu', x'01be677dcfcc6bf43b49fdacd364be1f2588b1ebcc783f747349710554f4dd84045573bbd76cd2c2fc2fee6ada47fe053e346c9e336821fe7845d60508', x'01bc7e5514ab14a91d0be1bfc2d85ed550f8c0205bcd4d6f604fbffe0e975a6ccdd74221e362c4061a3962abf7a5d8ebc997f76c0c2ed7', 1803892530770, null),
  ('TMacudoeyBQJJHzmZDpsTQ', 9, 'production', 'TECH_1_21900000000008@cpro.fr', '2027-01-04-epgu', x'01f2e13bd152694c5c4ac7cdd4b329784bc059efff484ec2d16c82911157d7fbb23604f83240ebff05e331bf9333a523640ba717f3069b3200f76a1b0a', x'0158785591e8e870f0bcb513864892ceebb21e85610a10b21ab720e125d6c2c4f34b5af47d336c0fb9deca9f613bb1ba715f3c9b8cf6b28a53', 1803892530804, null),
  ('h5R5JOM13Cy6GFly-HQt7A', 3, 'production', 'TECH_1_21900000000002@cpro.fr', '2027-01-04-epgu', x'01610baf21e05fdb5ceffdaee24e7ee2667b1a2228c636160bdf19da9843b294f7d4992da602c8c13e8393860d1e59423b3aa1a6e8b17bf2c955278469', x'019b8e15983dcd0d36dfc34f3f8124fdcbfd275ed0b42631b2e0fe22130a0b0158451bf9ee9d808bcc3937e1106a3b5bd3a6fe4b66dca2', 1803892530837, null),
  ('FKe1q_TsoMvuLbFQX2j-FQ', 1, 'production', 'TECH_1_21900000000000@cpro.fr', '2027-01-04-epgu', x'0179d06fffd7133e1926517cbb70b78f627ddb0f5be30b3f679581c21fc4e2678c0d65d4654f33d0e24c4259a693d7c9d252d576d76b96848ed3fcc6bb', x'0198303ffd13959bcdf1c7ffbaa9dfacefbf22617de542c9c57a406f90293b0afde7b75641a7715ba94948e32f25d59c3640ad0e9b61c3', 1803892530884, null);

CREATE TABLE "publications" ("rotation_id" text not null references "rotations" ("id"), "technical_user_id" integer not null, "sink" text not null, "stage" text not null, "touched" integer not null, "tries" integer not null, "next_at" bigint not null, "lease" text, "lease_until" bigint, "fault" text, constraint "publications_once" primary key ("rotation_id", "sink"));
CREATE INDEX "publications_of" on "publications" ("technical_user_id");
CREATE INDEX "publications_due" on "publications" ("next_at") where stage in ('due', 'claimed');
insert into "publications" values
  ('fjRXOwc6UQzqxXKs5t4hMQ', 1, 'connector', 'done', 0, 0, 1803891602758, null, null, null),
  ('fjRXOwc6UQzqxXKs5t4hMQ', 1, 'archive', 'done', 0, 0, 1803891602758, null, null, null),
  ('bvyURKzbWe-0Moc7YlCEng', 2, 'connector', 'done', 0, 0, 1803891604221, null, null, null),
  ('bvyURKzbWe-0Moc7YlCEng', 2, 'archive', 'done', 0, 0, 1803891604221, null, null, null),
  ('vcfmOeUVDaZhE1PGaTnleA', 4, 'connector', 'done', 0, 0, 1803891605661, null, null, null),
  ('vcfmOeUVDaZhE1PGaTnleA', 4, 'archive', 'done', 0, 0, 1803891605661, null, null, null),
  ('P8LjGMPJv_8x-UT1GVYoJw', 6, 'connector', 'done', 0, 0, 1803891607575, null, null, null),
  ('P8LjGMPJv_8x-UT1GVYoJw', 6, 'archive', 'done', 0, 0, 1803891607575, null, null, null),
  ('Pc8GYRVzaOZWsOeQgqwsHg', 10, 'connector', 'done', 0, 0, 1803891610722, null, null, null),
  ('Pc8GYRVzaOZWsOeQgqwsHg', 10, 'archive', 'done', 0, 0, 1803891610722, null, null, null),
  ('tuFidSPi6tZcv1upEs5jZg', 4, 'connector', 'done', 0, 0, 1803892522737, null, null, null),
  ('tuFidSPi6tZcv1upEs5jZg', 4, 'archive', 'done', 0, 0, 1803892522737, null, null, null),
  ('KtckBGS1S5MhhJFNKNSItg', 1, 'connector', 'done', 0, 0, 1803892530896, null, null, null),
  ('KtckBGS1S5MhhJFNKNSItg', 1, 'archive', 'claimed', 1, 0, 1803892530896, 'JS1wGdbirHU_eUipqWVKzw', 1803892590897, null);

CREATE TABLE "holds" ("technical_user_id" integer not null references "technical_users" ("id"), "sink" text not null, "wanted" integer not null, "applied" integer not null, "tries" integer not null, "next_at" bigint not null, "lease" text, "lease_until" bigint, constraint "holds_once" primary key ("technical_user_id", "sink"));
CREATE INDEX "holds_due" on "holds" ("next_at") where wanted <> applied;
insert into "holds" values
  (6, 'connector', 1, 1, 0, 1803892530654, null, null),
  (5, 'connector', 1, 1, 0, 1803892530657, null, null),
  (8, 'connector', 1, 1, 0, 1803892530740, null, null),
  (1, 'connector', 0, 1, 0, 1803892530907, null, null);

CREATE TABLE "links" ("hash" text primary key, "technical_user_id" integer not null references "technical_users" ("id"), "version" integer not null, "letter_id" text not null, "address" text not null, "person" text not null, "language" text not null, "issued_at" bigint not null, "until" bigint not null, "spent_at" bigint);
CREATE INDEX "links_of" on "links" ("technical_user_id");
insert into "links" values
  ('2f2046ed1edd980da5afb6310c2a4f214f4afd5d5bc14987f12981d9f88c60f2', 3, 1, 'production/TECH_1_21900000000002@cpro.fr/v1/2027-03-16/J-15/m2@commune.test', 'm2@commune.test', 'Mme Maire', 'fr', 1803891620381, 1814259620381, null),
  ('93e954b6cc19ba0917790ac9240828e9aff5bd0708cd26908e90dfc4b9bda0ec', 5, 1, 'production/TECH_1_21900000000004@cpro.fr/v1/2027-03-16/J-15/m4@commune.test', 'm4@commune.test', 'Mme Maire', 'fr', 1803891620386, 1814259620386, null),
  ('67ea988004efac22a46d4bb7ff3715c876c45c60b3f5cec9fd82d37f7164f7a6', 7, 1, 'production/TECH_1_21900000000006@cpro.fr/v1/2027-03-16/J-15/m6@commune.test', 'm6@commune.test', 'Mme Maire', 'fr', 1803891620387, 1814259620387, null),
  ('7961f8331d8afb7b020dea951f485dc3147196b17ff888970bfa0bfcb86b2db7', 8, 1, 'production/TECH_1_21900000000007@cpro.fr/v1/2027-03-16/J-15/m7@commune.test', 'm7@commune.test', 'Mme Maire', 'fr', 1803891620387, 1814259620387, null),
  ('9c8b03bb7e6caf027d8d8ea863fd75054d258aeef5e351695138f543dbcea741', 9, 1, 'production/TECH_1_21900000000008@cpro.fr/v1/2027-03-16/J-15/m8@commune.test', 'm8@commune.test', 'Mme Maire', 'fr', 1803891620387, 1814259620387, null),
  ('1cea43753568fa7e88828af89df34a3b4440717a99153dca040dfe724980337b', 1, 2, 'production/TECH_1_21900000000000@cpro.fr/v2/2027-03-16/J-15/m0@commune.test', 'm0@commune.test', 'Mme Maire', 'fr', 1803891620474, 1814259620474, 1803892530897),
  ('e8120294c48886a342fe2468f437907ce6b2ff02489a4a247f41b26a08b85abb', 2, 2, 'production/TECH_1_21900000000001@cpro.fr/v2/2027-03-16/J-15/m1@commune.test', 'm1@commune.test', 'Mme Maire', 'fr', 1803891620474, 1814259620474, null),
  ('ac8cf6cbd77a7868259bde2b481bd9d44093cc1eae85cc2956b243d397ef9c7a', 4, 2, 'production/TECH_1_21900000000003@cpro.fr/v2/2027-03-16/J-15/m3@commune.test', 'm3@commune.test', 'Mme Maire', 'fr', 1803891620477, 1814259620477, 1803892522739),
  ('4dbfe8dfc463ea2ba9c4f2a3ada24e7670e35e811a2b1a1fb63f7eb2782bb55f', 6, 2, 'production/TECH_1_21900000000005@cpro.fr/v2/2027-03-16/J-15/m5@commune.test', 'm5@commune.test', 'Mme Maire', 'fr', 1803891620478, 1814259620478, null),
  ('17e84c020f0ad0e63fcfaab2fd4b095d51a0bbebe9b973ff3916da5473761ddd', 10, 2, 'production/TECH_1_21900000000009@cpro.fr/v2/2027-03-16/J-15/m9@commune.test', 'm9@commune.test', 'Mme Maire', 'fr', 1803891620478, 1814259620478, null);

CREATE TABLE "tools" ("name" text primary key, "hash" text not null unique, "made_at" bigint not null, "revoked_at" bigint);
insert into "tools" values
  ('connector', '1f6c77f3699a9a8616d727dcbf881869d5a34e871ee263950dbfea4113b32f27', 1803891612358, null),
  ('former-tool', 'a686344a6a2ec1be8d352cfaf77b7d923da56bc07aa3da02af6f8ae329392d9f', 1803891613530, 1803891614667);

CREATE TABLE "audit" ("seq" integer primary key, "at" bigint not null, "who" text not null, "what" text not null, "environment" text, "login" text, "rotation_id" text, "channel" text, "check_result" text, "sink" text, "detail" text, "hash" text not null);
insert into "audit" values
  (1, 1803891602663, 'root', 'received', 'production', 'TECH_1_21900000000000@cpro.fr', 'fjRXOwc6UQzqxXKs5t4hMQ', 'command', null, null, null, '1abdb09324d490cdff26bde0f74bb664fab779750104bd296be9719d64f670f7'),
  (2, 1803891602759, 'releve', 'accepted', 'production', 'TECH_1_21900000000000@cpro.fr', 'fjRXOwc6UQzqxXKs5t4hMQ', null, 'recuperer/tauxtva', null, null, '99ba147e1a38b2f4115acbd890946f71660b15cdf6e9136495f3e03bd796999f'),
  (3, 1803891602781, 'releve', 'published', 'production', 'TECH_1_21900000000000@cpro.fr', 'fjRXOwc6UQzqxXKs5t4hMQ', null, 'written and read back', 'connector', null, '8f653ef521a4d5546416022c2bbbe5268ee6676327c0ac28f5d75b26b55fa10b'),
  (4, 1803891602851, 'releve', 'published', 'production', 'TECH_1_21900000000000@cpro.fr', 'fjRXOwc6UQzqxXKs5t4hMQ', null, 'written and read back', 'archive', null, 'd89a8671276e5c0ef84cf2c72b57fb0595a88045c7c84fb49307f2d2eaf6122b'),
  (5, 1803891602851, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000000@cpro.fr', 'fjRXOwc6UQzqxXKs5t4hMQ', null, null, null, null, '4894b093a24f6c05924f648faac3c2460768e4af0c1408cb75ba24f03a5acc93'),
  (6, 1803891604123, 'root', 'received', 'production', 'TECH_1_21900000000001@cpro.fr', 'bvyURKzbWe-0Moc7YlCEng', 'command', null, null, null, 'c252a555d89e0008099f7f9f0a584301522538b857d379b70b245864f5a844ea'),
  (7, 1803891604222, 'releve', 'accepted', 'production', 'TECH_1_21900000000001@cpro.fr', 'bvyURKzbWe-0Moc7YlCEng', null, 'recuperer/tauxtva', null, null, '9b7035eb9287f7d7ac23329db38159155799f573086000db7fa876fbec9daabe'),
  (8, 1803891604255, 'releve', 'published', 'production', 'TECH_1_21900000000001@cpro.fr', 'bvyURKzbWe-0Moc7YlCEng', null, 'written and read back', 'connector', null, '70f968c91dcfedcac0effe4ca2316ff7771acbbb8726e7fd8e25ecf702e9628c'),
  (9, 1803891604281, 'releve', 'published', 'production', 'TECH_1_21900000000001@cpro.fr', 'bvyURKzbWe-0Moc7YlCEng', null, 'written and read back', 'archive', null, '69fc8d124b53da278ef04bf82f2d7aab08af2a01e6de37a542167e3f6b778e1e'),
  (10, 1803891604281, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000001@cpro.fr', 'bvyURKzbWe-0Moc7YlCEng', null, null, null, null, 'b797510477bb668b9a87036a91f9148adbc72d2b677d0e29784a1b2b2c9da6f7'),
  (11, 1803891605571, 'root', 'received', 'production', 'TECH_1_21900000000003@cpro.fr', 'vcfmOeUVDaZhE1PGaTnleA', 'command', null, null, null, '3a3c72fa15457b55862b19db2b41fe43d55f94bb9a445b42d4e61ae3d207e31f'),
  (12, 1803891605663, 'releve', 'accepted', 'production', 'TECH_1_21900000000003@cpro.fr', 'vcfmOeUVDaZhE1PGaTnleA', null, 'recuperer/tauxtva', null, null, '465a1125a54b83aba705a90d9285d7b554efab004feaed5eb3e82d3f13f2f398'),
  (13, 1803891605674, 'releve', 'published', 'production', 'TECH_1_21900000000003@cpro.fr', 'vcfmOeUVDaZhE1PGaTnleA', null, 'written and read back', 'connector', null, 'fdd50c39cca41d1c12035049f14add7a26981085248b400b7d2f2661b38b9290'),
  (14, 1803891605703, 'releve', 'published', 'production', 'TECH_1_21900000000003@cpro.fr', 'vcfmOeUVDaZhE1PGaTnleA', null, 'written and read back', 'archive', null, '964cff6df67600ce47d03d6de259347951263dd00670344e56a8a9592d7d37ac'),
  (15, 1803891605703, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000003@cpro.fr', 'vcfmOeUVDaZhE1PGaTnleA', null, null, null, null, 'ddfa1be4e8d655321bde6a208600268cc441004d91092b946f03d31cd1ece4f2'),
  (16, 1803891607403, 'root', 'received', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', 'command', null, null, null, '0429c9c39c4a0d58a8f7345068707a3a4c4afe7bc16933397dff973b8581a327'),
  (17, 1803891607576, 'releve', 'accepted', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, 'recuperer/tauxtva', null, null, 'e06da1c6c8dcd3cfe4d2362edc53175fda5bcf487a066d1ab15379dff2a0c42a'),
  (18, 1803891607596, 'releve', 'published', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, 'written and read back', 'connector', null, '26ced430f9bf267949164e937606851ca9ceff15c8a367d05ca651297cc80457'),
  (19, 1803891607626, 'releve', 'published', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, 'written and read back', 'archive', null, 'd0b3749ebf6d6a5ee2ddaf06d44a11a24c53a2d315877ab15095ad72acc2a597'),
  (20, 1803891607626, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, null, null, null, 'e6a0283234fb89e3a9dff126337b0d9eaec4bc1cebb9512c1061ea4fee378d7d'),
  (21, 1803891610399, 'root', 'received', 'production', 'TECH_1_21900000000009@cpro.fr', 'Pc8GYRVzaOZWsOeQgqwsHg', 'command', null, null, null, 'e3fe58205583c8b9ab6c591fb747c60ace1de3d94322e55bb2932cfd6fc7d438'),
  (22, 1803891610723, 'releve', 'accepted', 'production', 'TECH_1_21900000000009@cpro.fr', 'Pc8GYRVzaOZWsOeQgqwsHg', null, 'recuperer/tauxtva', null, null, 'cc243345cdbbee30051bb4e4e4208cd4bbc490795ffb9513e98a0740495429a7'),
  (23, 1803891610754, 'releve', 'published', 'production', 'TECH_1_21900000000009@cpro.fr', 'Pc8GYRVzaOZWsOeQgqwsHg', null, 'written and read back', 'connector', null, 'f3c5e5969f8117bf194b1790dd291157b1a7c72da8fc34f51d5f3826ac95ca92'),
  (24, 1803891610774, 'releve', 'published', 'production', 'TECH_1_21900000000009@cpro.fr', 'Pc8GYRVzaOZWsOeQgqwsHg', null, 'written and read back', 'archive', null, '7c7538747de4ed849a561fabd22d17279747f74f35dda14493d5194166390dd0'),
  (25, 1803891610774, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000009@cpro.fr', 'Pc8GYRVzaOZWsOeQgqwsHg', null, null, null, null, '2b9ed92d274ecd1d5e855106521464e8a63d767029a45fb5761de194cec33b18'),
  (26, 1803891612366, 'root', 'token made', null, null, null, 'command', null, null, 'connector', '2e20dfba2565115ada076680d390e47b19245595d3276f7a724c5e1e90af4507'),
  (27, 1803891613533, 'root', 'token made', null, null, null, 'command', null, null, 'former-tool', '0c3eb9616eb91cfe3c61028527c1e8460df6a7188f4fc7d1dee378962d4526a9'),
  (28, 1803891614671, 'root', 'token revoked', null, null, null, 'command', null, null, 'former-tool', '71a6b06ff47b654cf7df4778c58eced0e0906b674cd8f221354b4d5b2f457dac'),
  (29, 1803891616182, 'root', 'closure entered', null, null, null, 'command', null, null, 'c3079aff, production, 2027-03-06T19:00:00Z to 2027-03-07T05:00:00Z: announced by AIFE', '1e3e16696039aead7050d968adb45c4888918aad6f3dba14d8fb38d213cda75e'),
  (30, 1803891621308, 'Mme Maire <m9@commune.test>', 'received', 'production', 'TECH_1_21900000000009@cpro.fr', 'G9Q5-L-AGcDkmoHQDEDQXg', 'form', null, null, null, 'cb8bfced7eb061de7b11d23ccdf2a979f5f7ac6e483483236468e649b9b85ffc'),
  (31, 1803891621624, 'releve', 'refused', 'production', 'TECH_1_21900000000009@cpro.fr', 'G9Q5-L-AGcDkmoHQDEDQXg', null, 'password-refused', null, 'refusal 1', '74067aa58c08506b008cebb77c65421189fc3c3f533b56bfa1aa3589a77b4d40'),
  (32, 1803892522675, 'releve', 'refused', 'production', 'TECH_1_21900000000009@cpro.fr', 'G9Q5-L-AGcDkmoHQDEDQXg', null, 'password-refused', null, 'refusal 2', '969c130c026ff7a62cef82a55e01eecb829422ca0bc5c319d26bea76598b703f'),
  (33, 1803892522684, 'releve', 'the former one is dead', 'production', 'TECH_1_21900000000009@cpro.fr', 'G9Q5-L-AGcDkmoHQDEDQXg', null, null, null, null, '5c1261ab548cd9dc7602e23d98244619124f6dedea8937bdd13a9d5b0022e6d2'),
  (34, 1803892522720, 'Mme Maire <m3@commune.test>', 'received', 'production', 'TECH_1_21900000000003@cpro.fr', 'tuFidSPi6tZcv1upEs5jZg', 'form', null, null, null, '4a4d7b453a6c35005eb3f205cbe09ed1db5eff66a03adbad8824b483967ff91a'),
  (35, 1803892522739, 'releve', 'accepted', 'production', 'TECH_1_21900000000003@cpro.fr', 'tuFidSPi6tZcv1upEs5jZg', null, 'recuperer/tauxtva', null, null, '6a34a4b028e7fe0c928cc3d27e0e54a40e7b9665f2f9d349e7215e04f27708fe'),
  (36, 1803892522769, 'releve', 'published', 'production', 'TECH_1_21900000000003@cpro.fr', 'tuFidSPi6tZcv1upEs5jZg', null, 'written and read back', 'connector', null, 'af86704c6e32665fbcf884670e2e5543ba48479bb782a81ccb2b0aaf6bce2b4f'),
  (37, 1803892522783, 'releve', 'published', 'production', 'TECH_1_21900000000003@cpro.fr', 'tuFidSPi6tZcv1upEs5jZg', null, 'written and read back', 'archive', null, '8b87150849919fb01efd656be2d56d567dba648765c83e0d5a41b57e46e1a0e5'),
  (38, 1803892522783, 'releve', 'published everywhere', 'production', 'TECH_1_21900000000003@cpro.fr', 'tuFidSPi6tZcv1upEs5jZg', null, null, null, null, '162dc7bc6b4ca3da4d88cf8a4f75c12d14a82e9c4d5e77b7e91d0986a82c4752'),
  (39, 1803892522803, 'connector', 'refused, says the connector', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', 'api', null, null, null, 'e406a3132ce315f5996e28e5779963add223782ef4f9682f553c76aa7e9ae660'),
  (40, 1803892524601, 'releve', 'refused in service', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, 'password-refused', null, null, '3eb7b86ecdf4b90d25c9a52e8bbe97b6f8565d141c886cc9827ae66fad47182f'),
  (41, 1803892530626, 'releve', 'stopped', 'production', 'TECH_1_21900000000005@cpro.fr', 'P8LjGMPJv_8x-UT1GVYoJw', null, 'password-refused', null, 'refusal 2', '740aed908c5f6e3b2b425b2a503a64d16caa8f8fe848922eb8916e0d46f2d599'),
  (42, 1803892530645, 'Mme Maire <m4@commune.test>', 'announced', 'production', 'TECH_1_21900000000004@cpro.fr', '_drNKF7Ybc29INPcSLLTZg', 'form', null, null, null, '0a7165f7cf118eb772cba388a840982772abc1ac3d2a70fdf28f892193df2287'),
  (43, 1803892530654, 'releve', 'told to hold', 'production', 'TECH_1_21900000000005@cpro.fr', null, null, null, 'connector', null, 'f84a0423eeb09fb48cfaa3ffeef4fd4f5b44a157c0b1d05b2f22cf6a46a6bb19'),
  (44, 1803892530657, 'releve', 'told to hold', 'production', 'TECH_1_21900000000004@cpro.fr', '_drNKF7Ybc29INPcSLLTZg', null, null, 'connector', null, '1afa619fe41c2d0c838e500983e9dc227cc17dd73911d6ec1410e7b51c0a9210'),
  (45, 1803892530727, 'Mme Maire <m7@commune.test>', 'announced', 'production', 'TECH_1_21900000000007@cpro.fr', 'AOXq86af5PCEDPjuS8NsBQ', 'form', null, null, null, '83081c3f1a4053a58983b39b0703708dd5060f064c3ed609bc4176b9bbe5151a'),
  (46, 1803892530740, 'releve', 'told to hold', 'production', 'TECH_1_21900000000007@cpro.fr', 'AOXq86af5PCEDPjuS8NsBQ', null, null, 'connector', null, '3410abd7a0af28037911b93daa8145b9566f737af90bc3d8f73740b44dbba55f'),
  (47, 1803892530770, 'Mme Maire <m1@commune.test>', 'received', 'production', 'TECH_1_21900000000001@cpro.fr', 'Ljy8cbYW48OrfKZJf-rtdQ', 'form', null, null, null, '0939526b84a65c22a300e2f38c15b1859ed0acb12e35b29ea4dc4c25948259ef'),
  (48, 1803892530775, 'releve', 'refused', 'production', 'TECH_1_21900000000001@cpro.fr', 'Ljy8cbYW48OrfKZJf-rtdQ', null, 'password-refused', null, 'refusal 1', '9e165b1baaed23c9a22351fd0473a92b6854a6131f002932307ed6b9ffd3b4f4'),
  (49, 1803892530804, 'Mme Maire <m8@commune.test>', 'received, unclear', 'production', 'TECH_1_21900000000008@cpro.fr', 'LfXvmo-X_i6opO1K5XS9Ng', 'form', null, null, null, 'b8623ef6116e955f214772112a65fd2c7ea3b72a2b9e6fb85366ee3c2df9cac0'),
  (50, 1803892530837, 'Mme Maire <m2@commune.test>', 'received', 'production', 'TECH_1_21900000000002@cpro.fr', 'p7qo2i_wLKGXuJj2O-8Udg', 'form', null, null, null, '3f7c163829c2dd9b07219d330f821d3983c00b06db64d0dad2553f9bc0c55794'),
  (51, 1803892530849, 'Mme Maire <m0@commune.test>', 'announced', 'production', 'TECH_1_21900000000000@cpro.fr', 'KtckBGS1S5MhhJFNKNSItg', 'form', null, null, null, '42406a3bc5b90058111634dfb6f3380c9053c456bd80bd3ad27b829018109411'),
  (52, 1803892530856, 'releve', 'told to hold', 'production', 'TECH_1_21900000000000@cpro.fr', 'KtckBGS1S5MhhJFNKNSItg', null, null, 'connector', null, '9bac5c521921aedccf0db58c9d753d5fb6f10f7df732977f8268ea61987eaaba'),
  (53, 1803892530884, 'Mme Maire <m0@commune.test>', 'received', 'production', 'TECH_1_21900000000000@cpro.fr', 'KtckBGS1S5MhhJFNKNSItg', 'form', null, null, null, '6b11d9863f16f6faed388f2ed65fb0fe356dff7b903dd1926856b98553eaa83c'),
  (54, 1803892530897, 'releve', 'accepted', 'production', 'TECH_1_21900000000000@cpro.fr', 'KtckBGS1S5MhhJFNKNSItg', null, 'recuperer/tauxtva', null, null, '5afc4997653554579e72d98be63ebc58e6a2802f88147752cb2e6d787f14a27f'),
  (55, 1803892530907, 'releve', 'published', 'production', 'TECH_1_21900000000000@cpro.fr', 'KtckBGS1S5MhhJFNKNSItg', null, 'written and read back', 'connector', null, '4df369a78e06f88307f0e5c472884596f67a9900e65205729abab620b0dc25af');

CREATE TABLE "health" ("technical_user_id" integer primary key references "technical_users" ("id"), "rotation_id" text not null, "state" text not null, "next_at" bigint not null, "wanted" integer not null, "asked_at" bigint, "worked_at" bigint, "refusals" integer not null, "refused_at" bigint, "unanswered" integer not null, "unanswered_since" bigint, "cause" text, "evidence" text, "entitled" integer, "structures" text, "warned" text, "alarmed" integer not null, "worked_past" text, "lease" text, "lease_until" bigint);
CREATE INDEX "health_due" on "health" ("next_at");
CREATE INDEX "health_of_note" on "health" ("state") where state in ('doubtful', 'stopped');
insert into "health" values
  (1, 'KtckBGS1S5MhhJFNKNSItg', 'unasked', 1803958382206, 0, null, 1803892530896, 0, null, 0, null, null, null, 1, '[{"siret":"21900000000000","name":"Amance"}]', null, 0, null, null, null),
  (2, 'bvyURKzbWe-0Moc7YlCEng', 'unasked', 1803955010730, 0, null, 1803891604221, 0, null, 0, null, null, null, 1, '[{"siret":"21900000000001","name":"Beure"}]', null, 0, null, null, null),
  (4, 'tuFidSPi6tZcv1upEs5jZg', 'working', 1803955774924, 0, 1803892530618, 1803892530618, 0, null, 0, null, null, null, 1, '[{"siret":"21900000000003","name":"Dole"}]', null, 0, null, null, null),
  (6, 'P8LjGMPJv_8x-UT1GVYoJw', 'stopped', 1803896724601, 0, 1803892530626, 1803891607575, 2, 1803892524601, 0, null, 'password-refused', '{"call":"recuperer/tauxtva","status":401,"authenticate":"Bearer realm=\"PISTE\",error=\"Unauthorized\",error_description=\"login or password incorrects\"","headers":{"content-length":"0","date":"Mon, 30 Nov 2026 00:23:00 GMT","connection":"keep-alive","keep-alive":"timeout=72"},"returned":null,"excerpt":"","failedLogins":1}', 1, '[{"siret":"21900000000005","name":"Frasne"}]', null, 0, null, null, null),
  (10, 'Pc8GYRVzaOZWsOeQgqwsHg', 'unasked', 1803953754246, 0, null, 1803891610722, 0, null, 0, null, null, null, 1, '[{"siret":"21900000000009","name":"Jussey"}]', null, 0, null, null, null);

CREATE TABLE "platforms" ("environment" text primary key, "good_at" bigint, "good_by" integer, "other_at" bigint, "bad_since" bigint, "bad_count" integer not null, "bad_at" bigint, "bad_cause" text, "told" integer not null);
insert into "platforms" values
  ('production', 1803892530900, 1, 1803892522744, null, 0, null, null, 0);

CREATE TABLE "maintenances" ("id" text primary key, "environment" text, "from_at" bigint not null, "to_at" bigint not null, "why" text not null, "entered_by" text not null, "entered_at" bigint not null);
insert into "maintenances" values
  ('c3079aff', 'production', 1804359600000, 1804395600000, 'announced by AIFE', 'root', 1803891616163);
