"""The varieties of English: one module each, which holds its `VARIETY`."""
