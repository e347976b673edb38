"""What is typed about logins and the terms of use."""
