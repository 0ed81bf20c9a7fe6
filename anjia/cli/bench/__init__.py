"""`anjia bench`: what the product manages, measured through HTTP beside two floors it cannot fall below."""
