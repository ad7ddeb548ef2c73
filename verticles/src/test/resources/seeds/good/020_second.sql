UPDATE a SET name = 'c' WHERE id = 2;
