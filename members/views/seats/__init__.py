"""Who sits where: seen, offered by mail, answered, passed to successors."""
