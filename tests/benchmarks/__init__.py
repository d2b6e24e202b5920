"""What both directions cost in calls, CPU and memory, beside baselines that are measured in the same run."""
