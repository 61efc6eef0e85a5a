"""The figures of the monitoring report, in the look of the evaluation's."""
