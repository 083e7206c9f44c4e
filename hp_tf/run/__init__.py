"""One command: its project, options, target, context, work lock and journal."""
