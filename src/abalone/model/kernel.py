"""Kernel ridge regression on a few landmarks, fitted in bounded memory.

Nyström's method (Williams and Seeger, 2001): instead of a kernel between all pairs of rows, only the kernel between
rows and landmarks is used. The normal equations are summed over chunks of rows, so that a million rows take
no more memory than a few thousand; scikit-learn's Nystroem would hold rows x landmarks at once.
"""

from collections.abc import Iterator
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cholesky, solve, solve_triangular
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import check_scalar
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = NDArray[np.float64]

ALPHA = 0.25

JITTER = 1e-9
"""Added to the kernel of each landmark with itself, which is 1, so that nearly equal landmarks do no harm."""


class LandmarkKernelRegressor(RegressorMixin, BaseEstimator):
    """Ridge regression of the square root of the target on a rational quadratic kernel at landmarks.

    The kernel is k(a, b) = (1 + |a - b|^2 / (2 alpha length_scale^2))^-alpha on standardised inputs (Rasmussen and
    Williams, 2006, equation 4.19) with alpha = 1/4: as accurate here as any other, and made of square roots and
    quotients, which are fast and the same in every library. The square root of the target makes the spread of counts
    nearly even (Bartlett, 1936).

    Args:
        landmarks: Number of training rows used as landmarks; all rows if there are fewer.
        length_scale: Length scale of the kernel, in standard deviations of the features.
        ridge: Penalty on the squared weights.
        chunk_rows: Rows handled at a time, few enough for a processor's cache; changes the speed alone.
        random_state: Seed of the choice of landmarks.
    """

    def __init__(
        self,
        *,
        landmarks: int = 400,
        length_scale: float = 5.0,
        ridge: float = 0.2,
        chunk_rows: int = 1024,
        random_state: int = 0,
    ) -> None:
        self.landmarks = landmarks
        self.length_scale = length_scale
        self.ridge = ridge
        self.chunk_rows = chunk_rows
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> "LandmarkKernelRegressor":
        """Fit on features of shape (rows, features) and a non-negative target of shape (rows,).

        Raises:
            ValueError: If a hyper-parameter is out of its range, or the target is negative.
            TypeError: If a hyper-parameter is not a number of its kind.
        """
        check_scalar(self.landmarks, "landmarks", Integral, min_val=1)
        check_scalar(self.chunk_rows, "chunk_rows", Integral, min_val=1)
        check_scalar(self.length_scale, "length_scale", Real, min_val=0, include_boundaries="neither")
        check_scalar(self.ridge, "ridge", Real, min_val=0)
        features, counts = validate_data(self, X, y, dtype=[np.float32, np.float64])
        self.mean_ = features.mean(axis=0, dtype=np.float64)
        spread = features.std(axis=0, dtype=np.float64)
        # The length scale is divided by here too, so that the kernel needs no more than the squared distance.
        self.divisor_ = np.where(spread > 0, spread, 1.0) * self.length_scale * np.sqrt(2.0 * ALPHA)
        rows = np.random.default_rng(self.random_state).permutation(len(features))[: self.landmarks]
        self.landmarks_ = self._standardised(features[rows])
        self._solve(features, np.sqrt(np.asarray(counts, dtype=np.float64)))
        return self

    def _solve(self, X: NDArray[np.floating], root: Floats) -> None:
        size = len(self.landmarks_)
        gram, moment, total = np.zeros((size, size)), np.zeros(size), np.zeros(size)
        for rows in self._chunks(len(X)):
            kernel = self._kernel(self._standardised(X[rows]))
            gram += kernel.T @ kernel
            moment += kernel.T @ root[rows]
            total += kernel.sum(axis=0)
        centre, level = total / len(X), root.mean()
        gram -= len(X) * np.outer(centre, centre)
        moment -= len(X) * level * centre
        # Weights of unit-covariance combinations of the landmarks are what is penalised, as in scikit-learn's Nystroem.
        factor = cholesky(self._kernel(self.landmarks_) + JITTER * np.eye(size), lower=True)
        half_whitened = solve_triangular(factor, gram, lower=True)
        penalised = solve_triangular(factor, half_whitened.T, lower=True) + self.ridge * np.eye(size)
        whitened = solve(penalised, solve_triangular(factor, moment, lower=True), assume_a="pos")
        self.weights_ = solve_triangular(factor, whitened, lower=True, trans="T")
        self.intercept_ = float(level - centre @ self.weights_)

    def predict(self, X: ArrayLike) -> Floats:
        """Predict the target from features of shape (rows, features); the result has shape (rows,)."""
        check_is_fitted(self)
        features = validate_data(self, X, dtype=[np.float32, np.float64], reset=False)
        root = np.empty(len(features))
        for rows in self._chunks(len(features)):
            root[rows] = self._kernel(self._standardised(features[rows])) @ self.weights_ + self.intercept_
        rings: Floats = np.square(np.maximum(root, 0.0))
        return rings

    def _chunks(self, rows: int) -> Iterator[slice]:
        return (slice(start, start + self.chunk_rows) for start in range(0, rows, self.chunk_rows))

    def _standardised(self, features: NDArray[np.floating]) -> Floats:
        scaled: Floats = (features - self.mean_) / self.divisor_
        return scaled

    def _kernel(self, scaled: Floats) -> Floats:
        """Kernel between standardised rows and the landmarks, shape (rows, landmarks)."""
        kernel: Floats = scaled @ (-2.0 * self.landmarks_.T)
        kernel += np.square(scaled).sum(axis=1)[:, None]
        kernel += np.square(self.landmarks_).sum(axis=1) + 1.0
        np.maximum(kernel, 1.0, out=kernel)
        np.sqrt(kernel, out=kernel)
        np.sqrt(kernel, out=kernel)
        return np.reciprocal(kernel, out=kernel)
