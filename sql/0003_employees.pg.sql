-- Employees: the key to the own table is checked at COMMIT only, so that rows may come in any order.
CREATE TABLE employees (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  badge char(4) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  manager_badge char(4),
  CONSTRAINT employees_manager_fk FOREIGN KEY (manager_badge) REFERENCES employees (badge)
    DEFERRABLE INITIALLY DEFERRED
);
