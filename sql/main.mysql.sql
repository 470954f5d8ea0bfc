-- The whole shop, in order, as the mysql and mariadb clients read it, started inside sql/:
--   mysql --loose-commands shop < main.mysql.sql
--   mariadb --abort-source-on-error shop < main.mysql.sql
-- (Neither can run the one template; see README.md.) Each line with source is one block of the bundle, each
-- statement here is a block too, and the settings hold for all that follows. The clients look for every file
-- from where they were started, also when a file names another one.
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET time_zone = '+00:00';

-- Every table and routine takes these from the database: letters of all languages, and an order that both servers know.
ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

source 0001_countries.sql
source 0002_customers.sql
source 0003_employees.mysql.sql
source 0004_first_employees.mysql.sql
source 0005_products.sql
source catalogue/0006_catalogue.mysql.sql
source 0007_orders.sql
source 0008_first_orders.sql
source 0009_keys_and_checks.mysql.sql
source 0010_order_state.mysql.sql
source 0011_shipping_fee.mysql.sql
source 0012_backfill_shipping.mysql.sql
source 0013_audit.mysql.sql
source 0014_price_round.mysql.sql
source 0015_payments.mysql.sql
source 0016_payment_partitions.mysql.sql.ejs
source 0017_payments_data.mysql.sql
source 0018_order_state_returned.mysql.sql
source 0019_returns.mysql.sql
source 0020_orders_customer_index.mysql.sql
source 0021_product_search.mysql.sql
source 0022_promotions.mysql.sql
source 0023_best_sellers.mysql.sql
source 0024_own_customer.mysql.sql
source 0025_shipping_fee_2025.mysql.sql
source 0026_wish_list.mysql.sql
source 0027_quoting.mysql.sql
source 0028_delivery_note.mysql.sql
source 0029_counters.mysql.sql
source 0030_comments.mysql.sql
source 0031_shipping_fee_2026.mysql.sql
source 0032_monthly_revenue.mysql.sql
source 0033_newsletter.mysql.sql
source 0034_payments_2026.mysql.sql

-- Routines: applied again whenever their text changes. The first files need no DELIMITER of their own:
-- Rowgate knows where a compound statement ends, and for the clients it is set here, around all of them.
DELIMITER $$
source functions/order_total.mysql.sql
source procedures/restock.mysql.sql
source triggers/order_lines_stock.mysql.sql
source triggers/products_revision.mysql.sql
DELIMITER ;

source functions/format_money.mysql.sql
source procedures/place_order.mysql.sql
source procedures/refresh_best_sellers.mysql.sql
source routines/night_jobs.mysql.sql
source views/order_totals.mysql.sql
source views/customer_revenue.sql
source views/country_revenue.mysql.sql

CALL refresh_best_sellers();
