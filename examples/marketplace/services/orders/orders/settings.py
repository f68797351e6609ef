"""What the service is told by its surroundings."""

import os

DATABASE_URL = os.environ["ORDERS_DATABASE_URL"]
RETURN_DAYS = int(os.getenv("ORDERS_RETURN_DAYS", "30"))
