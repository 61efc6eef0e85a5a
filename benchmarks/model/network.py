"""The predecessor's dense network, in NumPy: row-wise L2 normalisation, 64 linear and 64 ReLU units, Adam."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class DenseNetwork:
    """A regressor with two hidden layers, trained until the validation loss stops falling.

    Args:
        units: Units of each hidden layer; the first has no activation, as the predecessor's had none.
        batch_rows: Rows a step.
        patience: Epochs without a lower validation loss before the best weights are restored.
        validation_fraction: Share of the rows that only decides when to stop.
        learning_rate: Of Adam (Kingma and Ba, 2015, with their other defaults).
        maximum_epochs: Epochs after which to stop anyway.
        random_state: Seed of the weights, the validation rows and the order of the rows.
    """

    def __init__(
        self,
        *,
        units: int = 64,
        batch_rows: int = 8,
        patience: int = 10,
        validation_fraction: float = 0.2,
        learning_rate: float = 1e-3,
        maximum_epochs: int = 300,
        random_state: int = 0,
    ) -> None:
        self.units = units
        self.batch_rows = batch_rows
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.learning_rate = learning_rate
        self.maximum_epochs = maximum_epochs
        self.random_state = random_state

    def fit(self, X: Floats, y: Floats) -> Self:
        """Train on features of shape (rows, features) and a target of shape (rows,)."""
        random = np.random.default_rng(self.random_state)
        order = random.permutation(len(X))
        held_out = int(len(X) * self.validation_fraction)
        inputs, validation = self._normalised(X[order[held_out:]]), self._normalised(X[order[:held_out]])
        target, validation_target = y[order[held_out:]], y[order[:held_out]]
        self._initialise(inputs.shape[1], random)
        best, best_loss, waited = self.weights.copy(), np.inf, 0
        for _ in range(self.maximum_epochs):
            self._epoch(inputs, target, random)
            loss = float(np.mean(np.square(self._forward(validation)[2] - validation_target)))
            best, best_loss, waited = (
                (self.weights.copy(), loss, 0) if loss < best_loss else (best, best_loss, waited + 1)
            )
            if waited >= self.patience:
                break
        self.weights[:] = best
        return self

    def predict(self, X: Floats) -> Floats:
        """Predict the target, shape (rows,)."""
        return self._forward(self._normalised(X))[2]

    def _normalised(self, X: Floats) -> Floats:
        return X / np.linalg.norm(X, axis=1, keepdims=True)

    def _initialise(self, features: int, random: np.random.Generator) -> None:
        """Set Glorot's weights and zero biases: views of one vector, so that Adam takes one step for all."""
        shapes = [
            (features, self.units),
            (1, self.units),
            (self.units, self.units),
            (1, self.units),
            (self.units, 1),
            (1, 1),
        ]
        self.weights = np.zeros(sum(rows * columns for rows, columns in shapes))
        self.layers, start = [], 0
        for position, (rows, columns) in enumerate(shapes):
            layer = self.weights[start : start + rows * columns].reshape(rows, columns)
            if position % 2 == 0:
                limit = np.sqrt(6.0 / (rows + columns))
                layer[:] = random.uniform(-limit, limit, layer.shape)
            self.layers.append(layer)
            start += rows * columns
        self.moment, self.square, self.steps = np.zeros_like(self.weights), np.zeros_like(self.weights), 0

    def _forward(self, inputs: Floats) -> tuple[Floats, Floats, Floats]:
        first, first_bias, second, second_bias, last, last_bias = self.layers
        linear = inputs @ first + first_bias
        rectified = np.maximum(linear @ second + second_bias, 0.0)
        return linear, rectified, (rectified @ last + last_bias).ravel()

    def _epoch(self, inputs: Floats, target: Floats, random: np.random.Generator) -> None:
        _, _, second, _, last, _ = self.layers
        for rows in np.array_split(random.permutation(len(inputs)), len(inputs) // self.batch_rows):
            linear, rectified, predicted = self._forward(inputs[rows])
            error = (2.0 / len(rows) * (predicted - target[rows]))[:, None]
            back_second = (error @ last.T) * (rectified > 0)
            back_first = back_second @ second.T
            gradients = (inputs[rows].T @ back_first, back_first.sum(axis=0), linear.T @ back_second)
            gradients += (back_second.sum(axis=0), rectified.T @ error, error.sum(axis=0))
            self._adam(np.concatenate([gradient.ravel() for gradient in gradients]))

    def _adam(self, gradient: Floats) -> None:
        self.steps += 1
        self.moment += 0.1 * (gradient - self.moment)
        self.square += 0.001 * (np.square(gradient) - self.square)
        step = self.learning_rate * np.sqrt(1.0 - 0.999**self.steps) / (1.0 - 0.9**self.steps)
        self.weights -= step * self.moment / (np.sqrt(self.square) + 1e-7)
