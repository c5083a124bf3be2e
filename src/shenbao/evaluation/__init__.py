"""What documents are worth against their truth, and the confidences fitted from it."""
