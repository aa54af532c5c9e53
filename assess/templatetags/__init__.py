"""Template tags of Assess."""
