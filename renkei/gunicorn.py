"""How gunicorn serves the portal, in the demo as in production.

Addresses and ports come from the command line (``--bind``).
"""

wsgi_app = "renkei.wsgi:application"
# Sync workers: threads were measured slower and less even for these short requests. More
# than two were slower on two cores; --workers says otherwise on a larger machine.
workers = 2
worker_class = "sync"
timeout = 60
graceful_timeout = 20
# The socket's default path would be shared by two instances, and $HOME may be read-only.
control_socket_disable = True
# Proxies log requests; the portal logs what went wrong, with the request's id.
accesslog = None
