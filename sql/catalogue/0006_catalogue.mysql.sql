-- The first catalogue: a file that only puts parts together, and a part may name parts of its own.
-- Both spellings of the command are here.
source catalogue/categories.sql
source catalogue/products.mysql.sql
\. catalogue/stock/stock.mysql.sql
