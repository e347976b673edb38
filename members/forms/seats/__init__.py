"""What is typed about seats, and to pass one to a successor."""
