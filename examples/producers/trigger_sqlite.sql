CREATE TRIGGER order_placed AFTER INSERT ON orders
BEGIN
  INSERT INTO holdfast_enqueue (name, payload, options) VALUES (
    'send-receipt',
    json_object('order', NEW.id),
    json_object(
      'unique', json_object('key', 'order-' || NEW.id),
      'lane', 'customer-' || NEW.customer,
      'delay', '1s',
      'priority', 2
    )
  );
END;
