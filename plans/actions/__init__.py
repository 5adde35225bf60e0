"""State changes: one function each, keyword-only, one transaction, the audit row last."""
