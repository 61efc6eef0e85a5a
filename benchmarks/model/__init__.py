"""Accuracy, intervals and speed of the model, beside others on the same folds, against the bars."""
