"""What a model is, free of Kedro: features, estimators, intervals, and the artifact on disk."""
