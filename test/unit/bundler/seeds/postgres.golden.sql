CREATE TEMPORARY TABLE rowgate_seed ON COMMIT DROP AS SELECT "code", "since", "name", "odd ""name""" FROM "geo"."Länder" WITH NO DATA;
COPY pg_temp.rowgate_seed ("code", "since", "name", "odd ""name""") FROM STDIN;
DE	1990-10-03	Deutschland	\N
CH	1291-08-01	Schweiz, "CH"	
X	2001-01-01	C:\\\\ */ 'x'\nsecond line	y
DELETE FROM "geo"."Länder" AS t
WHERE (since < '2000-01-01') AND NOT EXISTS (SELECT 1 FROM pg_temp.rowgate_seed AS s WHERE t."code" = s."code" AND t."since" = s."since");
UPDATE "geo"."Länder" AS t
SET "name" = s."name", "odd ""name""" = s."odd ""name"""
FROM pg_temp.rowgate_seed AS s
WHERE t."code" = s."code" AND t."since" = s."since" AND (t."name"::text IS DISTINCT FROM s."name"::text OR t."odd ""name"""::text IS DISTINCT FROM s."odd ""name"""::text);
INSERT INTO "geo"."Länder" ("code", "since", "name", "odd ""name""") OVERRIDING SYSTEM VALUE
SELECT s."code", s."since", s."name", s."odd ""name"""
FROM pg_temp.rowgate_seed AS s
WHERE NOT EXISTS (SELECT 1 FROM "geo"."Länder" AS t WHERE t."code" = s."code" AND t."since" = s."since");
DROP TABLE pg_temp.rowgate_seed;
