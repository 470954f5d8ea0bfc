-- Departments and employees need each other: a cycle of foreign keys, beside the key to the own table.
-- Neither table can come first with all its keys, so the last one is added when both are there.
CREATE TABLE departments (
  code char(3) NOT NULL,
  name varchar(60) NOT NULL,
  head_badge char(4),
  PRIMARY KEY (code)
);

CREATE TABLE employees (
  id integer NOT NULL,
  badge char(4) NOT NULL,
  name varchar(80) NOT NULL,
  manager_badge char(4),
  department_code char(3) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT employees_badge_uk UNIQUE (badge),
  CONSTRAINT employees_manager_fk FOREIGN KEY (manager_badge) REFERENCES employees (badge),
  CONSTRAINT employees_department_fk FOREIGN KEY (department_code) REFERENCES departments (code)
);

ALTER TABLE departments
  ADD CONSTRAINT departments_head_fk FOREIGN KEY (head_badge) REFERENCES employees (badge) ON DELETE SET NULL;
