-- Rows in the form that mysqldump and mariadb-dump write: settings in version comments, a locked table,
-- and \' \n \\ inside a value. Nothing in the data is SQL: not the ";", not "--", not "/*", not "#1000".
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

LOCK TABLES `products` WRITE;
/*!40000 ALTER TABLE `products` DISABLE KEYS */;
INSERT INTO `products` (`sku`, `category_id`, `name`, `description`, `weight_g`, `price_net`, `vat_rate`) VALUES ('COF-01',2,'Espresso cups, set of 4','Porcelain; dishwasher safe',900,24.00,0.190),('COF-02',2,'Café crème mug','Holds ½ litre',420,9.50,0.190),('COF-03',2,'Moka pot 3/6 cups',NULL,780,31.90,0.190),('TEA-01',2,'Teapot “Ōsaka” 鉄瓶','Cast iron\t(1.2 l)\nHand wash only',2100,68.00,0.190),
('KNI-01',3,'Baker\'s knife','-- the /* serrated */ one, $$$',260,39.00,0.190),('KNI-02',3,'Paring knife','Edge: 15°/side',70,12.40,0.190),('KNI-03',3,'Sharpening stone #1000',NULL,650,27.75,0.190),
('PEN-01',5,'Fountain pen \"Größe M\"','Nib \\F\\, ink sold separately',28,54.00,0.190),('PEN-02',5,'Ballpoint, blue','',11,1.20,0.190),('PEN-03',5,'Brush pen 🖌','For lettering: thick & thin',19,4.80,0.190),('PAP-01',6,'Notebook A5, dotted','C:\\notes\\a5',310,7.90,0.070),('PAP-02',6,'Letter paper, 50 sheets','80 g/m²',420,6.30,0.070);
/*!40000 ALTER TABLE `products` ENABLE KEYS */;
UNLOCK TABLES;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;

-- An ordinary statement after the dump.
UPDATE products SET description = NULL WHERE description = '';
