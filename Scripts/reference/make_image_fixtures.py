#!/usr/bin/env python3
"""Makes Tests/Reference/images with Pillow: small images, and their pixels as Pillow decodes them.

    python3 Scripts/reference/make_image_fixtures.py [path/to/output]

Made with Pillow 13.0.0 and NumPy 2.4.6. pixels.npz holds the decoded pixels of each image under its name.
"""
import os
import sys

import numpy as np
from PIL import Image


def picture(height, width, channels):
    """Smooth, so that JPEG keeps it, and different in every channel and direction."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [120 + 100 * np.sin(x / 4), 255 * y / height, 255 - 9 * x - 5 * y][:channels]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8).squeeze()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..", "Tests", "Reference", "images")
    os.makedirs(target, exist_ok=True)
    color, gray = Image.fromarray(picture(9, 13, 3)), Image.fromarray(picture(9, 13, 1))
    deep = Image.fromarray(picture(9, 13, 1).astype(np.uint16) * 257)
    images = {
        "color.png": (color, {}), "gray.png": (gray, {}), "palette.png": (color.quantize(16), {}),
        "bits.png": (gray.convert("1"), {}), "deep.png": (deep, {}),
        "color.jpg": (color, {"quality": 90, "subsampling": 0}), "sampled.jpg": (color, {"quality": 80}),
        "gray.jpg": (gray, {"quality": 90}), "progressive.jpg": (color, {"quality": 90, "progressive": True}),
    }
    pixels = {}
    for name, (image, options) in images.items():
        path = os.path.join(target, name)
        image.save(path, **options)
        with Image.open(path) as decoded:
            if name == "deep.png":
                pixels[name] = (np.asarray(decoded) // 257).astype(np.uint8)
            else:
                pixels[name] = np.asarray(decoded.convert("L" if decoded.mode in "1L" else "RGB"))
        print(f"{name}: {os.path.getsize(path)} bytes")
    # Nothing, black and a color: what a viewer with a white page shows.
    alpha = np.zeros((1, 3, 4), dtype=np.uint8)
    alpha[0, :, 3] = [0, 255, 255]
    alpha[0, 2, :3] = [10, 20, 30]
    Image.fromarray(alpha).save(os.path.join(target, "transparent.png"))
    pixels["transparent.png"] = np.array([[[255, 255, 255], [0, 0, 0], [10, 20, 30]]], dtype=np.uint8)
    Image.fromarray(picture(9, 13, 3)).convert("CMYK").save(os.path.join(target, "cmyk.jpg"))
    np.savez_compressed(os.path.join(target, "pixels.npz"), **pixels)


if __name__ == "__main__":
    main()
