"""The pages of a person's own tokens and webhooks."""
