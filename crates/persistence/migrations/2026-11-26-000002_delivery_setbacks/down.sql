DROP TABLE delivery_setbacks;
