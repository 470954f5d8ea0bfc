DROP TEMPORARY TABLE IF EXISTS rowgate_seed
CREATE TEMPORARY TABLE rowgate_seed AS SELECT `code`, `since`, `name`, `odd "name"` FROM `geo`.`Länder` LIMIT 0
ALTER TABLE rowgate_seed ADD UNIQUE KEY seed_key (`code`, `since`)
INSERT INTO rowgate_seed (`code`, `since`, `name`, `odd "name"`) VALUES
('DE', '1990-10-03', 'Deutschland', NULL),
('CH', '1291-08-01', 'Schweiz, "CH"', ''),
('X', '2001-01-01', _utf8mb4 x'433a5c5c202a2f202778270a7365636f6e64206c696e65', 'y')
DELETE t FROM `geo`.`Länder` AS t
WHERE (since < '2000-01-01') AND NOT EXISTS (SELECT 1 FROM rowgate_seed AS s WHERE t.`code` = s.`code` AND t.`since` = s.`since`)
UPDATE `geo`.`Länder` AS t JOIN rowgate_seed AS s
SET t.`name` = s.`name`, t.`odd "name"` = s.`odd "name"`
WHERE t.`code` = s.`code` AND t.`since` = s.`since` AND (NOT (CAST(t.`name` AS BINARY) <=> CAST(s.`name` AS BINARY)) OR NOT (CAST(t.`odd "name"` AS BINARY) <=> CAST(s.`odd "name"` AS BINARY)))
INSERT INTO `geo`.`Länder` (`code`, `since`, `name`, `odd "name"`)
SELECT s.`code`, s.`since`, s.`name`, s.`odd "name"`
FROM rowgate_seed AS s
WHERE NOT EXISTS (SELECT 1 FROM `geo`.`Länder` AS t WHERE t.`code` = s.`code` AND t.`since` = s.`since`)
DROP TEMPORARY TABLE rowgate_seed
