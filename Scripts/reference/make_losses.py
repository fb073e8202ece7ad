#!/usr/bin/env python3
"""Makes Tests/Reference/losses.json: losses and their gradients in float64, by PyTorch.

    python3 Scripts/reference/make_losses.py      # needs torch, scikit-learn

The file is {"about", "cases": [...]}, a case {"loss", "inputs": [tensor, ...], "argument", "weights", "value",
"gradients": [tensor or null, ...]} and a tensor {"shape", "values" (row-major)}. With weights w the value is
sum(w * l) / sum(w) of the samples' losses l by PyTorch, with class weights c sum(w * l) / sum(w * c[label]); where
scikit-learn has the same loss, the script checks that it says the same.
"""

import json
import pathlib
import platform

import sklearn
import sklearn.metrics
import torch
import torch.nn.functional as F

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/losses.json"
CASES = []
CLASS_WEIGHTS = torch.tensor([0.5, 2.0, 3.0], dtype=torch.float64)
WEIGHTS = torch.tensor([0.5, 2.0, 0.0, 1.25], dtype=torch.float64)


def draws(*shape, low=-2.0, high=2.0):
    """Values with short decimals, exact in the file."""
    return (torch.rand(*shape, dtype=torch.float64) * (high - low) + low).mul(256).round().div(256)


def encoded(tensor):
    return None if tensor is None else {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(loss, function, *inputs, argument=None, variables=1, oracle=None, classes=False):
    """A case without and one with weights; `function` returns the losses of the samples, `oracle` scikit-learn's."""
    for weights in (None, WEIGHTS):
        leaves = [x.clone().requires_grad_(i < variables) for i, x in enumerate(inputs)]
        losses = function(*leaves)
        w = torch.ones(len(losses), dtype=torch.float64) if weights is None else weights
        scale = CLASS_WEIGHTS[inputs[1]] if classes else 1.0
        value = (w * losses).sum() / (w * scale).sum()
        value.backward()
        if oracle:
            assert abs(oracle(*inputs, w.numpy()) - value.item()) < 1e-12, loss
        CASES.append({
            "loss": loss, "inputs": [encoded(x) for x in inputs], "argument": argument, "weights": encoded(weights),
            "value": value.item(), "gradients": [encoded(x.grad) for x in leaves],
        })  # fmt: skip


def each(losses):
    """The mean loss of each sample."""
    return losses.flatten(1).mean(1)


def main():
    torch.manual_seed(1)
    p, t = draws(4, 3, low=-4, high=4), draws(4, 3, low=-4, high=4)
    labels = torch.tensor([2, 0, 1, 2])
    signs = torch.tensor([1.0, -1.0, -1.0, 1.0], dtype=torch.float64)
    case(
        "meanSquaredError", lambda x, y: each(F.mse_loss(x, y, reduction="none")), p, t, variables=2,
        oracle=lambda x, y, w: sklearn.metrics.mean_squared_error(y, x, sample_weight=w))
    for delta in (0.5, 1.0, 2.5):
        case("huber", lambda x, y: each(F.huber_loss(x, y, reduction="none", delta=delta)), p, t, argument=delta,
             variables=2)
        case("smoothL1", lambda x, y: each(F.smooth_l1_loss(x, y, reduction="none", beta=delta)), p, t,
             argument=delta, variables=2)
    for margin in (1.0, 0.25):
        hinge = lambda x, y: F.margin_ranking_loss(x, torch.zeros_like(x), y, margin=margin, reduction="none")
        scikit = lambda x, y, w: sklearn.metrics.hinge_loss(y, x, sample_weight=w)
        case("hinge", hinge, draws(4), signs, argument=margin, oracle=scikit if margin == 1 else None)
        case("hinge", lambda x, y: each(hinge(x, y)), draws(4, 2), torch.stack([signs, -signs], 1), argument=margin)
        case("multiMargin", lambda x, y: F.multi_margin_loss(x, y, margin=margin, reduction="none"), p, labels,
             argument=margin)
    for margin in (0.0, 0.3, -0.5):
        case("cosineEmbedding", lambda x, y, s: F.cosine_embedding_loss(x, y, s, margin=margin, reduction="none"),
             p, t, signs, argument=margin, variables=2)
    case("cosineSimilarity", lambda x, y: F.cosine_similarity(x, y, dim=1), p, t, variables=2)
    probabilities = torch.tensor([[0.5, 0.25, 0.25], [1, 0, 0], [0, 0.75, 0.25], [0.125, 0.125, 0.75]]).double()
    case("klDivergence", lambda x, y: F.kl_div(x, y, reduction="none").sum(1), torch.log_softmax(p, 1), probabilities)
    case("crossEntropy", lambda x, y: F.cross_entropy(x, y, reduction="none"), p, labels,
         oracle=lambda x, y, w: sklearn.metrics.log_loss(y, torch.softmax(x, 1), sample_weight=w))
    case("crossEntropy", lambda x, y: F.cross_entropy(x, y, reduction="none", label_smoothing=0.2), p, labels,
         argument=0.2)
    case("crossEntropy, class weights",
         lambda x, y: F.cross_entropy(x, y, weight=CLASS_WEIGHTS, reduction="none", label_smoothing=0.2), p, labels,
         argument=0.2, classes=True)
    case("binaryCrossEntropy",
         lambda x, y: each(F.binary_cross_entropy_with_logits(x, y, reduction="none")), p, probabilities, variables=2)
    case("gaussianNegativeLogLikelihood",
         lambda x, y: each(F.gaussian_nll_loss(x[:, :3], y, x[:, 3:].exp(), full=True, reduction="none")),
         torch.cat([p, draws(4, 3, low=-1, high=1)], 1), t, variables=2)
    about = {
        "script": "Scripts/reference/make_losses.py", "python": platform.python_version(),
        "torch": torch.__version__, "scikit-learn": sklearn.__version__,
    }  # fmt: skip
    lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in CASES)
    OUTPUT.write_text(f'{{"about": {json.dumps(about)},\n"cases": [\n{lines}\n]}}\n')
    print(f"{OUTPUT.name}: {len(CASES)} cases of {len({entry['loss'] for entry in CASES})} losses")


if __name__ == "__main__":
    main()
