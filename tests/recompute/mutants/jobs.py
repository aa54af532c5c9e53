"""How a job has one file, whoever dies and whoever is late."""

from tests.recompute.mutants.mutant import BELL, mutant

RUNNER, ASKING, AT_ONCE = "test_job_runner.py", "test_jobs.py", "test_jobs_at_once.py"

JOBS = (
    mutant(
        "a job whose worker died is taken over",
        "job_runner.py",
        "    return Q(state=JobState.QUEUED) & come | _is_abandoned(now)\n",
        "    return Q(state=JobState.QUEUED) & come\n",
        f"{RUNNER}::test_another_worker_takes_over_when_the_lease_has_ended",
    ),
    mutant(
        "a lease of a job from before the clock was put back is ignored",
        "job_runner.py",
        " | Q(lease_until__gt=clock.latest(now, LEASE))",
        "",
        f"{RUNNER}::test_a_clock_that_is_put_back_holds_nothing_up",
    ),
    mutant(
        "a pause of a job from before the clock was put back is ignored",
        "job_runner.py",
        " | Q(not_before__gt=clock.latest(now, LONGEST_PAUSE))",
        "",
        f"{RUNNER}::test_a_clock_that_is_put_back_holds_nothing_up",
    ),
    mutant(
        "of two who reach for a job one gets it",
        "job_runner.py",
        "        taken = due.filter(pk=pk).update(\n",
        "        taken = Job.objects.filter(pk=pk).update(\n",
        f"{AT_ONCE}::test_one_of_two_workers_who_reach_for_the_same_job_gets_it",
    ),
    mutant(
        "a job is not started for ever",
        "job_runner.py",
        "cancel_requested=False, attempts__lt=MOST_ATTEMPTS)",
        "cancel_requested=False)",
        f"{RUNNER}::test_after_three_deaths_the_job_has_failed",
    ),
    mutant(
        "trouble of the machine does not last for ever",
        "job_runner.py",
        "    if job.attempts >= MOST_ATTEMPTS:\n",
        "    if job.attempts > MOST_ATTEMPTS:\n",
        f"{RUNNER}::test_trouble_of_the_machine_is_tried_again_after_longer_and_longer_pauses",
    ),
    mutant(
        "who lost the lease can neither report nor publish",
        "job_runner.py",
        "state=JobState.RUNNING, lease_token=job.lease_token)",
        "state=JobState.RUNNING)",
        f"{RUNNER}::test_a_worker_that_lost_its_lease_can_do_nothing_more",
    ),
    mutant(
        "a report keeps the lease",
        "job_runner.py",
        "progress_text=text[:120], lease_until=clock.now() + LEASE",
        "progress_text=text[:120]",
        f"{RUNNER}::test_a_report_is_stored_and_keeps_the_lease",
    ),
    mutant(
        "a file whose job went to another is removed",
        "job_runner.py",
        "        final.unlink(missing_ok=True)\n",
        "",
        f"{RUNNER}::test_a_job_whose_lease_is_lost_while_its_file_gets_its_name_leaves_none",
    ),
    mutant(
        "the sweep keeps the files of jobs that run",
        "job_runner.py",
        "Q(state=JobState.RUNNING) | ~Q(file=",
        "~Q(file=",
        f"{RUNNER}::test_files_that_no_job_knows_are_removed_and_those_of_running_ones_stay",
    ),
    mutant(
        "two requests at once are counted one after the other",
        "jobs.py",
        "    User.objects.select_for_update().get(pk=user.pk)",
        "    User.objects.get(pk=user.pk)",
        f"{AT_ONCE}::test_a_person_who_asks_five_times_at_once_has_three_jobs",
        database="postgresql",
    ),
    mutant(
        "a bell that breaks does not break a request for a file",
        "jobs.py",
        "transaction.on_commit(ring, robust=True)\n    return job\n",
        "transaction.on_commit(ring)\n    return job\n",
        f"{BELL}::test_a_bell_that_breaks_breaks_nothing_that_rings_it",
    ),
    mutant(
        "a request for a file rings after its commit",
        "jobs.py",
        "transaction.on_commit(ring, robust=True)\n    return job\n",
        "ring()\n    return job\n",
        f"{BELL}::test_who_asks_for_a_file_or_invites_rings_after_the_commit",
    ),
)
