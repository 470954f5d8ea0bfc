-- rowgate: lock-timeout 2s
-- What MySQL and MariaDB can say more exactly: keys that count by themselves, a time that no time zone moves,
-- a pattern for mail addresses. Each ALTER holds several changes and makes all of them or none.
-- ALTER TABLE locks the table, so the directive above keeps a busy database from queueing behind it.
SET foreign_key_checks = 0; -- or MySQL would refuse to touch a column that another table points to

ALTER TABLE customers
  MODIFY COLUMN id integer NOT NULL AUTO_INCREMENT,
  ADD CONSTRAINT customers_email_ck CHECK (email REGEXP '^[^@[:space:];]+@[^@[:space:];]+[.][a-z]{2,}$'),
  ADD INDEX customers_name_ix (name(20));

ALTER TABLE orders
  MODIFY COLUMN id integer NOT NULL AUTO_INCREMENT,
  MODIFY COLUMN ordered_at datetime NOT NULL;

SET foreign_key_checks = 1;
