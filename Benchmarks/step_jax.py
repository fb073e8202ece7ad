"""The training step of step_pytorch.py in JAX: one jitted function, parameters updated in place. Needs jax."""

import itertools
import os

import numpy
from step_pytorch import LEARNING_RATE, MOMENTUM, sizes


def start(threads):
    """Starts JAX with so many threads: it makes as many as the processors that it may use at that moment."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:threads])
    import jax

    jax.config.update("jax_platforms", "cpu")
    jax.block_until_ready(jax.jit(lambda x: x + 1)(1.0))
    os.sched_setaffinity(0, allowed)
    return jax.__version__


class Step:
    def __init__(self, model, inputs, labels, dropout, input_dropout):
        import jax

        widths = sizes(model)
        generator = numpy.random.default_rng(1)
        weights = []
        for size_in, size_out in zip(widths, widths[1:]):
            bound = size_in**-0.5
            weights.append(generator.uniform(-bound, bound, (size_in, size_out)).astype("float32"))
            weights.append(generator.uniform(-bound, bound, size_out).astype("float32"))

        def drop(x, rate, key):
            return jax.numpy.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0) if rate else x

        def loss(weights, x, y, key):
            keys = jax.random.split(key, len(weights) // 2)
            x = drop(x, input_dropout, keys[-1])
            for layer in range(0, len(weights) - 2, 2):
                x = drop(jax.nn.relu(x @ weights[layer] + weights[layer + 1]), dropout, keys[layer // 2])
            outputs = x @ weights[-2] + weights[-1]
            if widths[-1] == 1:
                return jax.numpy.mean((outputs - y) ** 2)
            logits = jax.nn.log_softmax(outputs)
            return -jax.numpy.mean(jax.numpy.take_along_axis(logits, y[:, None], 1))

        def step(weights, velocities, count, x, y):
            value, slopes = jax.value_and_grad(loss)(weights, x, y, jax.random.fold_in(jax.random.key(1), count))
            velocities = [MOMENTUM * v + s for v, s in zip(velocities, slopes)]
            return [w - LEARNING_RATE * v for w, v in zip(weights, velocities)], velocities, count + 1, value

        self.jitted = jax.jit(step, donate_argnums=(0, 1, 2))
        self.weights = [jax.numpy.asarray(w) for w in weights]
        self.velocities = [jax.numpy.zeros_like(w) for w in self.weights]
        self.count = jax.numpy.uint32(0)
        labels = labels if widths[-1] > 1 else inputs[..., :1]
        self.batches = itertools.cycle([(jax.numpy.asarray(x), jax.numpy.asarray(y)) for x, y in zip(inputs, labels)])

    def step(self):
        self.weights, self.velocities, self.count, loss = self.jitted(
            self.weights, self.velocities, self.count, *next(self.batches))
        return float(loss)
