-- A file with a transaction of its own: each employee comes before the manager, and the temporary table
-- lives until COMMIT. Statement by statement, without the transaction, both would fail.
BEGIN;

CREATE TEMPORARY TABLE new_employees (badge char(4), name text, manager_badge char(4)) ON COMMIT DROP;

INSERT INTO new_employees VALUES
  ('E-05', 'Tom Baker', 'E-03'),
  ('E-04', 'Inês Sá', 'E-03'),
  ('E-03', 'Renée Lefèvre', 'E-01'),
  ('E-02', 'Øyvind Åse', 'E-01'),
  ('E-01', 'Maud König', NULL);

INSERT INTO employees (badge, name, manager_badge)
SELECT badge, name, manager_badge FROM new_employees WHERE badge > 'E-02' ORDER BY badge DESC;

INSERT INTO employees (badge, name, manager_badge)
SELECT badge, name, manager_badge FROM new_employees WHERE badge <= 'E-02' ORDER BY badge DESC;

-- Report a broken key here, at its own file, and not at the end of everything.
SET CONSTRAINTS ALL IMMEDIATE;

COMMIT;
