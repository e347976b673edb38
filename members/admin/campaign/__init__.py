"""年度確認 in the admin: prepared, read before it goes out, started, followed, ended."""
