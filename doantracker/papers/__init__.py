"""Official papers: gathered once, rendered as .docx, .pdf and .xlsx."""
