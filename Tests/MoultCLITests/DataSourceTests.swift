import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct DataSourceTests {
  /// Points of two classes that lie apart.
  private static let inputs: Tensor = {
    let values = (0..<80).map { index -> Float in
      let size = Float(1 + index % 7)
      return index.isMultiple(of: 2) ? size : -size
    }
    return Tensor(values, shape: [40, 2])
  }()
  private static let classes = Tensor(labels: (0..<40).map { $0.isMultiple(of: 3) ? 1 : 0 })

  private func train(_ arrays: [String: Tensor], _ options: [String]) throws -> Tool.Result {
    try Tool.withFolder { folder in
      try NPZ.write(arrays, to: folder + "/data.npz")
      return try Tool.run(["train", "data.npz", "--epochs", "2", "--json"] + options, folder: folder)
    }
  }

  @Test func arraysWithoutATestPartAreSplitBySeed() throws {
    let first = try train(["x": Self.inputs, "y": Self.classes, "more": Self.inputs], ["--out", "run"])
    expectEqual(first.status, 0, "\(first.error)")
    expectTrue(first.error.contains("data.npz: 32 training and 8 test samples"), "\(first.error)")
    expectTrue(first.error.contains("data.npz: passed over: more"))
    let losses = try (0..<2).map { seed in
      let result = try train(["x": Self.inputs, "y": Self.classes], ["--out", "run", "--split-seed", "\(seed)"])
      return try unwrapped(try result.json().last?["test_loss"] as? Double)
    }
    expectEqual(losses[0], (try first.json().last?["test_loss"] as? Double))
    expectNotEqual(losses[0], losses[1])
  }

  @Test func arraysOfAnotherScaleAreSpokenOf() throws {
    func note(_ inputs: Tensor) throws -> Bool {
      let result = try train(["x": inputs, "y": Self.classes], ["--out", "run"])
      expectTrue([0, 3].contains(result.status), "\(result.error)")
      return result.error.contains("note: data.npz: inputs are taken as they are, and input ")
    }
    try expectTrue(!note(Self.inputs))
    try expectTrue(note(Self.inputs * 10 + 40))
    try expectTrue(note(Self.inputs * 1e-4))
    // Bytes are read between 0 and 1.
    try expectTrue(!note((Self.inputs * 10 + 100).cast(to: .uint8)))
  }

  @Test func arraysWithATestPartKeepIt() throws {
    let result = try train(
      ["x_train": Self.inputs, "y_train": Self.classes, "x_test": Self.inputs, "y_test": Self.classes],
      ["--out", "run"])
    expectTrue(result.error.contains("data.npz: 40 training and 40 test samples"), "\(result.error)")
  }

  @Test func floatLabelsAreAQuantity() throws {
    let labels = Tensor((0..<40).map { Float(1000 + $0) }, shape: [40])
    let result = try train(["x": Self.inputs, "y": labels], ["--out", "run"])
    let last = try unwrapped(try result.json().last)
    expectTrue(last["event"] as? String == "finished", "\(result.error)")
    // In the unit of the labels, whose deviation is 11.5.
    let error = try unwrapped(last["test_rmse"] as? Double)
    expectTrue((5...50).contains(error), "\(error)")
  }

  @Test func quantitiesThatCannotBeLearnedAreRefused() throws {
    let same = try train(["x": Self.inputs, "y": .ones([40])], [])
    expectTrue(same.error.contains("data.npz: expected a number that varies, got 1.0 in every sample"), "\(same.error)")
    let two = try train(["x": Self.inputs, "y": .ones([40, 2])], [])
    expectTrue(two.error.contains("expected one number for each sample"), "\(two.error)")
    let one = try train(["x": .ones([1, 2]), "y": Tensor(labels: [0])], [])
    expectTrue(one.error.contains("samples enough to split one off, got 1"), "\(one.error)")
    let far = try train(
      [
        "x_train": Self.inputs, "y_train": Tensor((0..<40).map { Float($0) * 1e-30 }, shape: [40]),
        "x_test": Self.inputs, "y_test": Tensor([Float](repeating: 1e30, count: 40), shape: [40]),
      ], [])
    expectTrue(far.error.contains("data.npz: expected numbers of one scale"), "\(far.error)")
    expectEqual([same.status, two.status, one.status, far.status], [65, 65, 65, 65])
  }

  @Test func anImageSizeGoesWithImages() throws {
    let result = try Tool.run(["train", "digits", "--image-size", "8x8"])
    expectEqual(result.status, 64)
    expectTrue(result.error.contains("--image-size: expected with a folder of images only, got digits"))
    let bad = try Tool.run(["train", "--image-size", "8"])
    expectEqual(bad.status, 64)
    expectTrue(bad.error.contains("as in 28x28, got '8'"), "\(bad.error)")
  }

  @Test(arguments: [
    ["--target", "y"], ["--task", "regression"], ["--categorical", "a"], ["--ignore", "foo"], ["--split-column", "z"],
    ["--test-share", "0.3"], ["--delimiter", "tab"], ["--set", "data.ignore=[\"foo\"]"],
  ]) func whatGoesWithATableIsRefusedElsewhere(options: [String]) throws {
    let result = try Tool.run(["train", "digits", "--dry-run"] + options)
    let option = options[0] == "--set" ? "--ignore" : options[0]
    expectEqual(result.status, 64, "\(result.error)")
    expectTrue(result.error.contains("\(option): expected with a table only, got digits"), "\(result.error)")
  }

  @Test func anImageSizeDoesNotGoWithATable() throws {
    try Tool.withFolder { folder in
      try "a,y\n1,2\n".write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let result = try Tool.run(["train", "x.csv", "--target", "y", "--image-size", "3x3"], folder: folder)
      expectEqual(result.status, 64, "\(result.error)")
      expectTrue(
        result.error.contains("--image-size: expected with a folder of images only, got x.csv"), "\(result.error)")
    }
  }

  @Test func aQuantityHasAValidationPartThatItsNoiseIsEstimatedOn() throws {
    let labels = Tensor((0..<40).map { Float(1000 + $0) }, shape: [40])
    let held = try train(["x": Self.inputs, "y": labels], ["--out", "run"])
    expectTrue(held.error.contains("27 training, 5 validation and 8 test samples"), "\(held.error)")
    let classes = try train(["x": Self.inputs, "y": Self.classes], ["--out", "run"])
    expectTrue(classes.error.contains("32 training and 8 test samples"), "\(classes.error)")
    let wide = try train(["x": Self.inputs, "y": labels], ["--model", "2-8-3"])
    expectTrue(wide.status == 64 && wide.error.contains("expected one output for a number, got 3"), "\(wide.error)")
  }

  @Test func foldersOfImagesAreSeenFromWhatIsInThem() throws {
    try Tool.withFolder { folder in
      for name in ["cat", "dog"] {
        let images = folder + "/images/" + name
        try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
        for number in 0..<5 {
          try Data(contentsOf: URL(fileURLWithPath: image)).write(to: URL(fileURLWithPath: "\(images)/\(number).png"))
        }
      }
      let options = ["train", "images", "--epochs", "1", "--image-size", "4x3", "--out", "run"]
      let result = try Tool.run(options, folder: folder)
      #if Images
        expectEqual(result.status, 0, "\(result.error)")
        expectTrue(result.error.contains("images: 8 training and 2 test samples"), "\(result.error)")
        expectTrue(result.error.contains("network 12-256-256-2"), "\(result.error)")
        let configuration = try String(contentsOfFile: folder + "/run/config.json", encoding: .utf8)
        expectTrue(configuration.contains("\"image_size\": \"4x3\""), "\(configuration)")
        try expectTrue(Tool.run(["doctor", "run"], folder: folder).error.contains("of images"))
      #else
        expectEqual(result.status, 64)
        expectTrue(
          result.error.contains("images: expected a build with image decoders, got one without; install them"),
          "\(result.error)")
      #endif
    }
  }

  private var image: String {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("Reference/images/gray.png").path
  }
}
