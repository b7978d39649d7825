# Enqueues jobs into a PostgreSQL database that Holdfast keeps; needs psycopg.
#   DATABASE_URL=postgres://localhost/shop python3 enqueue_postgres.py
import json
import os

import psycopg


def enqueue(connection, name, payload, **options):
    """Enqueues one job. Gives its id, and "enqueued", "existing" or "replaced"."""
    return connection.execute(
        "SELECT id, outcome FROM holdfast.enqueue(%s, %s, %s)",
        (name, json.dumps(payload), json.dumps(options)),
    ).fetchone()


with psycopg.connect(os.environ["DATABASE_URL"]) as connection:  # one transaction, committed at its end
    print(*enqueue(connection, "send-receipt", {"order": 7}, unique={"key": "order-7"}, lane="customer-3", priority=2))
    print(*enqueue(connection, "send-receipt", {"order": 7}, unique={"key": "order-7"}))
    print(*enqueue(connection, "ask-for-review", {"order": 7}, delay="14d"))
