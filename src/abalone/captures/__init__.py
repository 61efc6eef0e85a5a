"""Captures, read: files of requests, answers and true rings to rows, whoever wrote them, the service or SageMaker."""

from abalone.captures.labels import Labels, match_labels, read_labels
from abalone.captures.layout import CaptureFile, Files, capture_files, captured_time, files_of_endpoint
from abalone.captures.predictions import Captured, read_captures
from abalone.captures.window import Window

__all__ = [
    "CaptureFile",
    "Captured",
    "Files",
    "Labels",
    "Window",
    "capture_files",
    "captured_time",
    "files_of_endpoint",
    "match_labels",
    "read_captures",
    "read_labels",
]
