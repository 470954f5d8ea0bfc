-- Promotions never overlap: a trigger refuses it, in the form that mysqldump and mariadb-dump write.
CREATE TABLE promotions (
  id integer NOT NULL,
  title varchar(80) NOT NULL,
  subtitle varchar(200),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  discount_percent smallint NOT NULL,
  tags json NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT promotions_during_ck CHECK (starts_on < ends_on),
  CONSTRAINT promotions_discount_percent_ck CHECK (discount_percent BETWEEN 1 AND 90)
);

DELIMITER ;;
/*!50003 CREATE TRIGGER `promotions_during` BEFORE INSERT ON `promotions` FOR EACH ROW
BEGIN
  DECLARE other varchar(80);

  SELECT MIN(title) INTO other FROM promotions WHERE starts_on < NEW.ends_on AND NEW.starts_on < ends_on;
  IF other IS NOT NULL THEN
    SET other = LEFT(CONCAT('overlaps with "', other, '"; choose other days'), 80);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = other;
  END IF;
END */;;
DELIMITER ;

INSERT INTO promotions (id, title, subtitle, starts_on, ends_on, discount_percent, tags) VALUES
  (1, 'Sale; "all must go"', NULL, '2024-06-01', '2024-07-01', 20, '["summer", "très chaud"]'),
  (2, 'Black Friday', 'Two lines:
it''s -- the second /* line', '2024-11-29', '2024-12-02', 30, '[]'),
  (3, 'Frühling', '(none)', '2025-03-01', '2025-04-01', 15, '["spring", "a|b", "\\"quoted\\""]');
