"""`course grade`, and then what it took as one line of JSON: {"coordinator": MB, "worker": MB}.

python -m course.bench.grade_once UNIT WORKERS
"""

import json
import resource
import sys

from rich.console import Console

from course.grading.run import grade_class
from course.root import course_root


def main(unit, workers):
    grade_class(course_root(), unit, (), True, workers, None, Console(quiet=True))
    peaks = {"coordinator": resource.RUSAGE_SELF, "worker": resource.RUSAGE_CHILDREN}
    print(json.dumps({name: resource.getrusage(who).ru_maxrss / 1024 for name, who in peaks.items()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
