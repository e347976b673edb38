# `make demo` serves the portal with the real record and demo accounts.
# `make test` runs every check and every test.

.PHONY: demo test

demo:
	@sh bin/setup --no-dev --inexact
	@exec .venv/bin/python manage.py demo

test:
	@sh bin/setup
	@exec .venv/bin/python -m tests
