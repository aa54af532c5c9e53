"""The X-ray: what is inconsistent or missing in a plan, each with where it is mended.

`rules` says what a rule is; `plan_rules`, `figure_rules`, `catalogue_rules` and `progress_rules` hold the shared ones,
a phase's module `checks` its own. `inspection` runs them, `page` says what the page shows.
"""
