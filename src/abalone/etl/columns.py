"""The columns of the tables, as Parquet and as Spark have them."""

import pyarrow as pa

from abalone.schema import NUMBER_NAMES, RINGS, SEX

ACCEPTED = pa.schema(
    [
        ("batch", pa.string()),
        ("line", pa.int64()),
        (SEX.name, pa.string()),
        *((name, pa.float64()) for name in NUMBER_NAMES),
        (RINGS.name, pa.int64()),
        ("flags", pa.string()),
    ]
)
"""Of the measurements, and of the train and the test table."""

QUARANTINE = pa.schema(
    [
        ("batch", pa.string()),
        ("line", pa.int64()),
        ("raw_line", pa.string()),
        ("reasons", pa.string()),
        ("rows", pa.int64()),
    ]
)

PART = "part"
"""Column with the number of the part file that a row belongs to."""

REPEATED = "repeated"
"""Column that tells whether a row repeats an earlier one."""

ACCEPTED_FOR_SPARK = ", ".join(
    [f"{PART} int", "batch string", "line long", f"{SEX.name} string"]
    + [f"{name} double" for name in NUMBER_NAMES]
    + [f"{RINGS.name} long", "flags string"]
)
