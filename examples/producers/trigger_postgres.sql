CREATE FUNCTION order_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM holdfast.enqueue('send-receipt', json_build_object('order', NEW.id), json_build_object(
    'unique', json_build_object('key', 'order-' || NEW.id),
    'lane', 'customer-' || NEW.customer,
    'delay', '1s',
    'priority', 2
  ));
  RETURN NULL;
END $$;

CREATE TRIGGER order_placed AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION order_placed();
