"""How members come in: they apply, or are imported and welcomed."""
