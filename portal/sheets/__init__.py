"""The tables of this room for Excel, one module per subject."""
