DROP TABLE courtesy_notices;
