--@ 5aa2c7b2c1696b29 data 1
(1, true, true, '{}', ARRAY[
$rg$/* x.sql:1 */
DO $assert_before$ DECLARE query CONSTANT text := $query1$/* x.sql:1 */
SELECT '$query$' <> '';$query1$;
DECLARE answer record; said text := 'no row'; rows integer := 0;
BEGIN
  FOR answer IN EXECUTE query LOOP
    rows := rows + 1;
    said := CASE WHEN rows > 1 THEN 'more than one row' ELSE answer::text END;
    EXIT WHEN rows > 1;
  END LOOP;
  IF said <> '(t)' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG017', MESSAGE = format('rowgate: the assertion returned %s instead of true', CASE said WHEN '(f)' THEN 'false' WHEN '()' THEN 'NULL' ELSE left(said, 200) END), DETAIL = regexp_replace(query, '^[^\n]*\n', '');
  END IF;
END $assert_before$;
$rg$,
$rg$/* x.sql:1 */
CREATE TABLE t1 (a int);
$rg$,
$rg$/* verify/1.sql:3:2 */
DO $assert$ DECLARE query CONSTANT text := $query$/* verify/1.sql:3:2 lines 3,5 */
SELECT count(*) = 0
  FROM t1;$query$;
DECLARE answer record; said text := 'no row'; rows integer := 0;
BEGIN
  FOR answer IN EXECUTE query LOOP
    rows := rows + 1;
    said := CASE WHEN rows > 1 THEN 'more than one row' ELSE answer::text END;
    EXIT WHEN rows > 1;
  END LOOP;
  IF said <> '(t)' THEN
    RAISE EXCEPTION USING ERRCODE = 'RG017', MESSAGE = format('rowgate: the assertion returned %s instead of true', CASE said WHEN '(f)' THEN 'false' WHEN '()' THEN 'NULL' ELSE left(said, 200) END), DETAIL = regexp_replace(query, '^[^\n]*\n', '');
  END IF;
END $assert$;
$rg$
]::text[])
--@ 5aa2c7b2c1696b29 end sha256 10499c4bc5eeb83e62e356864c5257b631116d0b187308d37f6b37617007b873
