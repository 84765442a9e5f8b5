"""The Dask cluster that a class is graded on: a local one by default, or one that runs already."""

from contextlib import contextmanager

from course.errors import CourseError


@contextmanager
def connected(workers, scheduler=None):
    """A Dask client. scheduler: the address of a running cluster; a local one of `workers` processes otherwise"""
    from dask.distributed import Client, LocalCluster

    if scheduler:
        try:
            client = Client(scheduler, timeout="20s")
        except (OSError, TimeoutError) as problem:
            raise CourseError(f"no Dask scheduler answers at {scheduler}: {problem}") from None
        with client:
            yield client
        return
    options = {"threads_per_worker": 1, "processes": True, "memory_limit": 0, "dashboard_address": None}
    with LocalCluster(n_workers=workers, silence_logs=50, **options) as cluster, Client(cluster) as client:
        yield client
