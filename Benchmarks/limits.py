"""What bounds a step that multiplies by zeros: its products alone in dense libraries, and one copy of its weights."""

import torch
from step_pytorch import sizes


class Products:
    """The matrix products of one step and nothing else: forward, and the gradients of weights and inputs."""

    def __init__(self, model, batch_size, product):
        """`product(a, b, out)` is `a bᵀ`."""
        self.product, self.triples = product, []
        widths = sizes(model)
        for layer, (size_in, size_out) in enumerate(zip(widths, widths[1:])):
            for kind in ["forward", "weight-gradient"] + (["input-gradient"] if layer > 0 else []):
                self.triples.append(operands(kind, batch_size, size_in, size_out))

    def step(self):
        for a, b, out in self.triples:
            self.product(a, b, out)


def operands(kind, samples, size_in, size_out):
    """Random a and b for a product `a bᵀ` of a linear layer, and memory for the result."""
    x, w, g = (torch.randn(*shape) for shape in [(samples, size_in), (size_out, size_in), (samples, size_out)])
    a, b = {"forward": (x, w), "weight-gradient": (g.t(), x.t()), "input-gradient": (g, w.t())}[kind]
    return a, b, torch.empty(len(a), len(b))


def mm(a, b, out):
    """The BLAS that torch was built with, MKL in its packages for x86."""
    return torch.mm(a, b.t(), out=out)


def onednn(a, b, out):
    """The oneDNN that torch was built with, on plain tensors; it makes memory for its result itself."""
    return torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], "")


def in_torch():
    """The products that torch has, by the library's name."""
    try:
        works = torch.allclose(onednn(torch.ones(3, 2), torch.ones(4, 2), None), torch.full((3, 4), 2.0))
    except (AttributeError, RuntimeError):
        works = False
    return {"torch.mm": mm} | ({"torch's oneDNN": onednn} if works else {})


class Copy:
    """The weights copied once: an optimizer must read and write them in any case."""

    def __init__(self, model):
        widths = sizes(model)
        self.source = [torch.randn(a, b) for a, b in zip(widths, widths[1:])]
        self.target = [torch.empty_like(w) for w in self.source]

    def step(self):
        for target, source in zip(self.target, self.source):
            target.copy_(source)
