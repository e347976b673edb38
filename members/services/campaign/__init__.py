"""年度確認: a campaign's beginning, its waves of mail, the answers, its end."""
