"""What a save touches, and what it counts."""

from tests.recompute.mutants.mutant import BUILDING, CLOSURE, FAILING, MACHINE, TOGETHER, WAITING, mutant

COUNTING = (
    mutant(
        "each change counts",
        "touch.py",
        "wanted = mine.wanted + 1,",
        "wanted = mine.wanted,",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
    ),
    mutant(
        "a change starts over after failures",
        "touch.py",
        "            attempts = 0,\n",
        "",
        f"{FAILING}::test_a_change_starts_over_at_once",
    ),
    mutant(
        "the earlier time stays in a dirty row",
        "touch.py",
        "CASE WHEN mine.built < mine.wanted AND mine.not_before < excluded.not_before\n"
        "                THEN mine.not_before ELSE excluded.not_before END",
        "excluded.not_before",
        f"{BUILDING}::test_a_row_that_changes_all_the_time_is_built_once_a_window",
    ),
    mutant(
        "a clean row begins a new window",
        "touch.py",
        "mine.built < mine.wanted AND mine.not_before < excluded.not_before",
        "mine.not_before < excluded.not_before",
        f"{BUILDING}::test_a_changed_row_is_due_when_its_window_is_over_and_not_before",
    ),
    mutant(
        "waiting is counted from the first change",
        "touch.py",
        "CASE WHEN mine.built < mine.wanted THEN mine.dirty_since ELSE excluded.dirty_since END",
        "excluded.dirty_since",
        "test_reading.py::test_a_stale_result_keeps_its_last_figures_and_says_since_when",
        f"{WAITING}::test_a_roll_up_is_not_held_up_by_a_part_that_is_never_current",
    ),
    mutant(
        "there is a window",
        "touch.py",
        "adapt(now + WINDOWS[calculation.lane])",
        "adapt(now)",
        f"{BUILDING}::test_a_changed_row_is_due_when_its_window_is_over_and_not_before",
    ),
    mutant(
        "what stands above is touched",
        "touch.py",
        "_union(direct.get(calculation.key, set()), _above(calculation, touched, retired))",
        "direct.get(calculation.key, set())",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
        MACHINE,
    ),
    mutant(
        "where a row was before counts",
        "touch.py",
        "for state in (self.before, self.after) if state",
        "for state in (self.after,) if state",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
    ),
    mutant(
        "where a row is afterwards counts",
        "touch.py",
        "for state in (self.before, self.after) if state",
        "for state in (self.before or self.after,) if state",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
    ),
    mutant(
        "a new row that is reached through links alone touches nothing",
        "touch.py",
        "            return not reads.linked\n",
        "            return True\n",
        f"{CLOSURE}::test_a_new_service_and_a_new_area_touch_nobody_who_does_not_provide_them",
    ),
    mutant(
        "only fields that are read count",
        "touch.py",
        "return any(self.before[name] != self.after[name] for name in reads.fields)",
        "return True",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
    ),
    mutant(
        "a removed partition is retired",
        "touch.py",
        "    for key, partition in sorted(what.retired):\n",
        "    for key, partition in ():\n",
        f"{CLOSURE}::test_a_removed_agency_is_retired_and_what_was_above_is_touched",
    ),
    mutant(
        "what stands above a removed partition is touched",
        "touch.py",
        "below = _union(touched[need], {partition for key, partition in retired if key == need})",
        "below = touched[need]",
        f"{CLOSURE}::test_what_sums_over_services_is_touched_when_one_is_removed_that_nothing_else_names",
    ),
    mutant(
        "a removed partition is not touched",
        "touch.py",
        "Closure(frozenset(pairs - retired), retired)",
        "Closure(frozenset(pairs), retired)",
        f"{CLOSURE}::test_a_removed_agency_is_retired_and_what_was_above_is_touched",
    ),
    mutant(
        "a new partition gets its counter",
        "touch.py",
        "            touched = _union(touched, {calculation.per.partition_of(change.after)})\n",
        "            pass\n",
        f"{CLOSURE}::test_a_new_service_and_a_new_area_touch_nobody_who_does_not_provide_them",
    ),
    mutant(
        "who adds a partition and who touches all wait for each other",
        "touch.py",
        '    if connection.vendor == "postgresql":\n',
        '    if connection.vendor == "none":\n',
        f"{TOGETHER}::test_an_agency_that_is_added_while_a_setting_changes_is_not_left_with_the_old_one",
        database="postgresql",
    ),
    mutant(
        "large closures are counted in full",
        "touch.py",
        "range(0, len(rows), ROWS_A_STATEMENT)",
        "range(0, min(len(rows), 1), ROWS_A_STATEMENT)",
        f"{CLOSURE}::test_more_rows_than_fit_into_one_statement_are_all_counted",
    ),
)

SAVING = (
    mutant(
        "what is rolled back inside a block is not counted",
        "saving.py",
        "        del changes[before:]\n",
        "        pass\n",
        f"{CLOSURE}::test_what_is_taken_back_inside_a_block_is_not_counted",
        MACHINE,
    ),
    mutant(
        "one block counts once",
        "saving.py",
        "if (outer := _changes.get()) is not None:",
        "if (outer := None) is not None:",
        f"{CLOSURE}::test_many_saves_in_one_block_count_each_row_once",
    ),
    mutant(
        "a broken bell does not break the save",
        "saving.py",
        "transaction.on_commit(ring_plan, robust=True)",
        "transaction.on_commit(ring_plan)",
        "test_bell.py::test_a_bell_that_breaks_does_not_break_the_save",
    ),
    mutant(
        "the bell rings after the commit",
        "saving.py",
        "    transaction.on_commit(ring_plan, robust=True)\n",
        "    ring_plan()\n",
        "test_bell.py::test_a_save_rings_once_for_each_plan_after_its_commit",
    ),
    mutant(
        "what a save touches stands in its transaction",
        "saving.py",
        "            touch(plan_id, closure(plan_id, [change for change in changes if change.plan_id == plan_id]))\n",
        "            what = closure(plan_id, [change for change in changes if change.plan_id == plan_id])\n"
        "            transaction.on_commit(lambda plan_id=plan_id, what=what: touch(plan_id, what))\n",
        f"{CLOSURE}::test_an_edit_counts_up_exactly_its_closure",
    ),
)
