"""What other systems use: the API over the same rights and acts as the pages, its tokens, and webhooks."""
