"""Acts on tokens and webhooks: one state change, one function."""
