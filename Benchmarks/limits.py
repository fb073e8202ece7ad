"""What bounds a step that multiplies by zeros: its products alone in dense libraries, and one copy of its weights."""

import torch
from step_pytorch import sizes, timed


class Products:
    """The matrix products of one step and nothing else: forward, and the gradients of weights and inputs."""

    def __init__(self, model, batch_size, product):
        """`product(a, b)` is `a bᵀ`."""
        self.product, self.pairs = product, []
        widths = sizes(model)
        for layer, (size_in, size_out) in enumerate(zip(widths, widths[1:])):
            x, w, g = (torch.randn(*shape) for shape in [
                (batch_size, size_in), (size_out, size_in), (batch_size, size_out)])  # fmt: skip
            self.pairs += [(x, w), (g.t(), x.t())]
            if layer > 0:
                self.pairs.append((g, w.t()))

    def step(self):
        for a, b in self.pairs:
            self.product(a, b)

    def run(self, seconds, steps=None):
        return timed(self.step, seconds, steps)


def mm(a, b):
    """The BLAS that torch was built with, MKL in its packages for x86."""
    return torch.mm(a, b.t())


def onednn(a, b):
    """oneDNN's inner product, on plain tensors."""
    return torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], "")


def has_onednn():
    try:
        return torch.allclose(onednn(torch.ones(3, 2), torch.ones(4, 2)), torch.full((3, 4), 2.0))
    except (AttributeError, RuntimeError):
        return False


class Copy:
    """The weights copied once: an optimizer must read and write them in any case."""

    def __init__(self, model):
        widths = sizes(model)
        self.source = [torch.randn(a, b) for a, b in zip(widths, widths[1:])]
        self.target = [torch.empty_like(w) for w in self.source]

    def step(self):
        for target, source in zip(self.target, self.source):
            target.copy_(source)

    def run(self, seconds, steps=None):
        return timed(self.step, seconds, steps)
