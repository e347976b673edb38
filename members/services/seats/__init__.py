"""Who sits where: seats given and ended, offered by mail, passed to successors."""
