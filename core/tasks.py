"""What is put into the task queue; the worker runs it apart from the sending of mail."""

from django.tasks import task

from core import daily


@task
def run_daily() -> list[str]:
    """Runs the daily jobs that are due; returns what was tried, with its result."""
    return [f"{run}: {run.result or 'failed'}" for run in daily.run()]
