#!/usr/bin/env python3
"""Makes the files of Examples/ForeignWeights: a state dictionary of PyTorch with two norms, and what the model answers.

    python3 Scripts/reference/make_foreign_weights.py [path/to/Examples/data]

Made with torch 2.15.0 and NumPy.

foreign.pt   the state_dict of a small network under DataParallel, with LayerNorm and BatchNorm1d
foreign.npz  inputs "x" [6, 5] and the outputs "y" [6, 3] in evaluation mode
"""
import pathlib
import sys

import numpy
import torch
from torch import nn

torch.manual_seed(7)
folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Examples/data")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(5, 8)
        self.layer_norm = nn.LayerNorm(8)
        self.second = nn.Linear(8, 8)
        self.batch_norm = nn.BatchNorm1d(8)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = torch.relu(self.layer_norm(self.first(x)))
        return self.head(self.dropout(torch.relu(self.batch_norm(self.second(x)))))


net = Net()
for parameter in (net.layer_norm.weight, net.layer_norm.bias, net.batch_norm.weight, net.batch_norm.bias):
    nn.init.normal_(parameter)
for _ in range(20):  # running statistics
    net(torch.randn(16, 5))
net.eval()
x = torch.randn(6, 5)
with torch.no_grad():
    y = net(x)
torch.save(nn.DataParallel(net).state_dict(), folder / "foreign.pt")
numpy.savez(folder / "foreign.npz", x=x.numpy(), y=y.numpy())
