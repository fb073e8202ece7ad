"""Start-up: whole processes from their launch to their end, with the first answer in between, and their memory."""

import json
import pathlib
import subprocess
import sys

from measuring import Case, parsed

LAUNCHER = pathlib.Path(__file__).parent / "launch.py"
PYTORCH_MASK = "import torch; torch.manual_seed(0); print((torch.rand(1, 16) >= 0.5).int())"
PYTORCH_PREDICTION = """
import torch
torch.set_num_threads({threads})
layer = torch.nn.Linear
model = torch.nn.Sequential(
    layer(784, 256), torch.nn.ReLU(), torch.nn.Dropout(0.5), layer(256, 256), torch.nn.ReLU(), torch.nn.Dropout(0.5),
    layer(256, 10)).eval()
with torch.inference_mode():
    for _ in range(15):
        answer = model(torch.randn(1, 784))
print(answer)
"""


class Launches:
    """Launches of a command, one after another."""

    def __init__(self, *command):
        # Isolated and without site: what the launcher occupies is the least that it can measure.
        self.command = [sys.executable, "-I", "-S", str(LAUNCHER)]
        self.launched = list(map(str, command))

    def block(self, seconds, steps):
        command = [*self.command, str(seconds), *self.launched]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
        return parsed(answer, " ".join(command), extra=("peak_mebibytes",))


def cases(arguments):
    threads = arguments.threads
    mask = [arguments.moult, "mask", "--rate", 0.5, "--rows", 1, "--units", 16]
    # Fifteen predictions: ten to warm up and five that are timed.
    prediction = [arguments.moult, "bench", "predict", "--repetitions", 5, "--threads", threads]
    for name, ours, theirs in [
        ("first mask", mask, PYTORCH_MASK), ("first prediction", prediction, PYTORCH_PREDICTION)]:  # fmt: skip
        yield Case(
            name, "", lambda ours=ours, theirs=theirs: ({
                "moult": Launches(*ours),
                "pytorch": Launches(sys.executable, "-c", theirs.replace("{threads}", str(threads))),
            }, []), "start")  # fmt: skip
