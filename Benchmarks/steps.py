"""The training step of whole networks: Moult, its peers, and what bounds a step that multiplies by zeros."""

import dataclasses
import pathlib

import batches
import dense
import limits
import step_pytorch
import torch
from measuring import Case, InProcess, Moult

BATCHES = 8
MNIST_SIZES = {"train": 60_000, "t10k": 10_000}


@dataclasses.dataclass(frozen=True)
class Network:
    model: str
    batch_size: int
    input_dropout: float = 0.0
    dropout: float = 0.5
    mnist: bool = False
    # Steps of a whole training run, in order from its first, instead of blocks of some seconds.
    epochs: int = 0


NETWORKS = {
    "article": Network("784-256x2-10", 100),
    "article-mnist": Network("784-256x2-10", 100, mnist=True),
    "deep-128": Network("784-1024x3-10", 128, 0.2),
    "deep-1024": Network("784-1024x3-10", 1024, 0.2),
    "wide-128": Network("784-4096x2-10", 128, 0.2),
    "nearly-empty": Network("13-50-1", 128),
    "deep-mnist-run": Network("784-1024x3-10", 128, 0.2, mnist=True, epochs=10),
}


def cases(arguments):
    for name in arguments.networks:
        network = NETWORKS[name]
        kind = "MNIST pixels" if network.mnist else "normal inputs"
        if network.epochs:
            kind += f", all steps of {network.epochs} epochs"
        rates = f"dropout {network.dropout}" + (f", on inputs {network.input_dropout}" if network.input_dropout else "")
        yield Case(
            name, f"{network.model}, batch {network.batch_size}, {kind}, {rates}",
            lambda name=name, network=network: Comparison(arguments, name, network).contenders(), name,
            steps=network.epochs * (MNIST_SIZES["train"] // network.batch_size))  # fmt: skip


class Comparison:
    """The batches of one network, and everything that steps through them."""

    def __init__(self, arguments, name, network):
        self.arguments, self.network = arguments, network
        self.widths = step_pytorch.sizes(network.model)
        self.stem = pathlib.Path(dense.folder().name) / name
        self.inputs, self.labels = self._batches("train", BATCHES)
        self.path = self._write(self.stem.with_suffix(".safetensors"), self.inputs, self.labels)
        self.x, self.y = torch.from_numpy(self.inputs), torch.from_numpy(self.labels)

    def _batches(self, part, count):
        size = self.network.batch_size
        if self.network.epochs:
            count = MNIST_SIZES[part] // size
        if self.network.mnist:
            return batches.mnist(self.arguments.mnist, count, size, part)
        return batches.normal(count, size, self.widths[0], self.widths[-1])

    def _write(self, path, inputs, labels):
        batches.write(path, inputs, labels)
        return path

    def _rates(self, dropout):
        return (self.network.dropout, self.network.input_dropout) if dropout else (0, 0)

    def contenders(self):
        return self._run() if self.network.epochs else self._all()

    def _run(self):
        """The two that train for epochs. Both tell the losses of the network that came out, in evaluation mode."""
        inputs, labels = self._batches("t10k", 0)
        path = self._write(self.stem.with_suffix(".test.safetensors"), inputs, labels)
        step = step_pytorch.Step(self.network.model, self.x, self.y, *self._rates(True))
        train, test = list(zip(self.x, self.y)), list(zip(torch.from_numpy(inputs), torch.from_numpy(labels)))

        def losses():
            return {"train_loss": step.evaluate(train), "test_loss": step.evaluate(test)}

        moult = self._moult(True, "--evaluate", path, extra=("train_loss", "test_loss"))
        return {"moult": moult, "pytorch": InProcess(step.step, losses)}, []

    def _all(self):
        """Each contender by its name, which is also what Thresholds/ calls it."""
        arguments, network = self.arguments, self.network
        result = {
            "moult": self._moult(True),
            "pytorch": self._pytorch(True),
            "moult without dropout": self._moult(False),
            "pytorch without dropout": self._pytorch(False),
        }
        if arguments.threads > 1:
            result["moult on one thread"] = self._moult(True, threads=1)
        notes = self._compiled(result) if arguments.compiled else []
        if arguments.jax:
            result["jax"], result["jax without dropout"] = self._jax(True), self._jax(False)
        if self.widths[-1] == 1:
            return result, notes
        path = self.stem.with_suffix(".batches")
        dense.write(path, self.inputs, self.labels)
        for mode, prefix in [("step", "fused step in "), ("products", "products in ")]:
            found, missing = dense.contenders(mode, path, self.widths, arguments.threads, prefix)
            result.update(found)
            notes += missing
        for library, product in limits.in_torch().items():
            products = limits.Products(network.model, network.batch_size, product)
            result[f"products in {library}"] = InProcess(products.step)
        result["copy of the weights"] = InProcess(limits.Copy(network.model).step)
        return result, notes

    def _moult(self, dropout, *options, threads=None, extra=()):
        hidden, inputs = self._rates(dropout)
        return Moult(
            self.arguments, "step", "--inputs", self.path, "--model", self.network.model, "--batch-size",
            self.network.batch_size, "--dropout", hidden, "--input-dropout", inputs, *options, threads=threads,
            extra=extra)  # fmt: skip

    def _pytorch(self, dropout, compiled=False):
        step = step_pytorch.Step(self.network.model, self.x, self.y, *self._rates(dropout), compiled=compiled)
        if compiled:
            step.step()
        return InProcess(step.step)

    def _compiled(self, result):
        """Adds torch.compile, or says why it does not work: it needs a C++ compiler."""
        try:
            result["torch.compile"] = self._pytorch(True, compiled=True)
            result["torch.compile without dropout"] = self._pytorch(False, compiled=True)
        except Exception as error:  # Whatever a compiler can fail with.
            return [f"not measured: torch.compile: {type(error).__name__}"]
        return []

    def _jax(self, dropout):
        import step_jax

        return InProcess(step_jax.Step(self.network.model, self.inputs, self.labels, *self._rates(dropout)).step)
