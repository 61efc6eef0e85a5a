"""The yardstick of the default run: import what it imports, read the train table, fit the final model once."""

import aiohttp  # noqa: F401
import jinja2  # noqa: F401
import kedro.framework.session  # noqa: F401
import kedro_datasets.matplotlib
import kedro_datasets.pandas
import kedro_datasets.partitions
import kedro_datasets.yaml  # noqa: F401
import markdown_it  # noqa: F401
import matplotlib.figure  # noqa: F401
import narwhals  # noqa: F401
import onnx  # noqa: F401
import onnxruntime  # noqa: F401
import pandera.pandas  # noqa: F401
import pyarrow.compute  # noqa: F401
import rich.progress  # noqa: F401
import skops.io  # noqa: F401
