"""Who is a member and what it is called: memberships, mergers, new names."""
