"""Documents for paper and for those who sign: one content, written as PDF or as a Word file."""
