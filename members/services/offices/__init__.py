"""The organizations' offices and their contact details."""
