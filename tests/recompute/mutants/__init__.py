"""The rules of the engine, each with the change that would remove it and the tests that must notice.

Whoever rewrites a line of the engine finds here what it was there for. `text` stands exactly once in `file`.
"""

from tests.recompute.mutants.building import FAILURES, PUBLISHING, TURNS
from tests.recompute.mutants.counting import COUNTING, SAVING
from tests.recompute.mutants.jobs import JOBS
from tests.recompute.mutants.mutant import Mutant
from tests.recompute.mutants.other import FORMULA, MIDNIGHT, REST

__all__ = ["MUTANTS", "Mutant"]
MUTANTS = (*COUNTING, *SAVING, *PUBLISHING, *TURNS, *FAILURES, *FORMULA, *MIDNIGHT, *REST, *JOBS)
