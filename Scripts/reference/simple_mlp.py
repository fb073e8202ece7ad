"""The PyTorch twin of Examples/SimpleMLP, with the module names that Moult's checkpoints map to."""

import torch


class SimpleMLP(torch.nn.Module):
    def __init__(self, input_size=784, hidden_size=256, output_size=10, dropout_rate=0.5):
        super().__init__()
        self.hidden_layer1 = torch.nn.Linear(input_size, hidden_size)
        self.dropout1 = torch.nn.Dropout(dropout_rate)
        self.hidden_layer2 = torch.nn.Linear(hidden_size, hidden_size)
        self.dropout2 = torch.nn.Dropout(dropout_rate)
        self.output_layer = torch.nn.Linear(hidden_size, output_size)

    def forward(self, x):
        x = self.dropout1(torch.relu(self.hidden_layer1(x)))
        x = self.dropout2(torch.relu(self.hidden_layer2(x)))
        return self.output_layer(x)
