"""A scikit-learn pipeline as it is usually written, trained on the survey: python pipeline.py SURVEY FOLDER."""

import sys
from pathlib import Path

import joblib
import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def main(survey: str, folder: str) -> None:
    """Train it, and save it for Flask (model.skops) and for MLServer (model.joblib)."""
    table = pd.read_csv(survey)
    columns = make_column_transformer((OneHotEncoder(), ["sex"]), remainder="passthrough")
    pipeline = make_pipeline(columns, HistGradientBoostingRegressor(random_state=1))
    pipeline.fit(table.drop(columns="rings"), table["rings"])
    skops.io.dump(pipeline, Path(folder) / "model.skops")
    joblib.dump(pipeline, Path(folder) / "model.joblib")


if __name__ == "__main__":
    main(*sys.argv[1:])
