-- A file with a transaction of its own, and a temporary table that several of its statements need.
-- Each row may come before the one that it points to, so the foreign keys are not checked here.
SET @checks = @@foreign_key_checks, foreign_key_checks = 0;
START TRANSACTION;

CREATE TEMPORARY TABLE new_employees (
  id integer NOT NULL PRIMARY KEY,
  badge char(4) NOT NULL,
  name varchar(80) NOT NULL,
  manager_badge char(4),
  department varchar(60) NOT NULL
);

INSERT INTO new_employees VALUES
  (1, 'E-05', 'Tom Baker', 'E-03', 'Warehouse'),
  (2, 'E-04', 'Inês Sá', 'E-03', 'Warehouse'),
  (3, 'E-03', 'Renée Lefèvre', 'E-01', 'Warehouse'),
  (4, 'E-02', 'Øyvind Åse', 'E-01', 'Shop'),
  (5, 'E-01', 'Maud König', NULL, 'Shop');

INSERT INTO employees (id, badge, name, manager_badge, department_code)
SELECT id, badge, name, manager_badge, UPPER(LEFT(department, 3)) FROM new_employees;

INSERT INTO departments (code, name, head_badge)
SELECT UPPER(LEFT(department, 3)), department, MIN(badge) FROM new_employees GROUP BY department;

DROP TEMPORARY TABLE new_employees;

SET foreign_key_checks = @checks;
COMMIT;
