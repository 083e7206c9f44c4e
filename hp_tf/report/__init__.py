"""What people see: progress, plans, errors, summaries. Nothing here decides anything."""
