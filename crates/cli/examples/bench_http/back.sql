DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT bring_back FROM set_aside ORDER BY ordinal LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
