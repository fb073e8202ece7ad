import MoultCore
import MoultTestSupport
import MoultTraining
import Testing

@Suite struct StateDictionaryTests {
  private static func file(_ name: String) -> String { reference("pytorch/" + name) }

  /// The names in the order of Scripts/reference/make_pytorch_fixtures.py.
  private static let names = [
    "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "whole", "transposed",
    "slice",
    "row", "element", "expanded", "permuted_half", "scalar", "empty", "empty_slice", "parameter", "größe.重み",
  ]

  /// All types, views, shared storages, scalars and empty tensors, in both forms.
  @Test(arguments: ["tensors.pt", "tensors.pth"])
  func whatTorchSavedIsReadAsTorchReadsIt(name: String) throws {
    let (expected, _) = try SafeTensors.read(Self.file("tensors.safetensors"))
    for read in [
      try StateDictionary(contentsOf: Self.file(name)),
      try StateDictionary(contents(Self.file(name)), location: name),
    ] {
      expectEqual(read.names, Self.names)
      expectEqual(read.tensors.keys.sorted(), Self.names.sorted())
      expectEqual(read.metadata, [:])
      for (name, tensor) in read.tensors {
        let known = try unwrapped(expected[name])
        expectEqual(tensor.shape, known.shape, name)
        expectEqual(tensor.dtype, known.dtype, name)
        expectEqual(tensor.withContiguousBytes { Array($0) }, known.withContiguousBytes { Array($0) }, name)
      }
    }
  }

  @Test(arguments: ["tensors.pt", "tensors.pth"])
  func halfPrecisionIsKeptOnRequest(name: String) throws {
    // 18 halves take two bytes less each.
    let kept = try StateDictionary(contentsOf: Self.file(name), limit: 438 - 36, keepingHalfPrecision: true).tensors
    let (expected, _) = try SafeTensors.read(Self.file("tensors.safetensors"))
    for (name, dtype) in [("float16", DType.float16), ("permuted_half", .float16), ("bfloat16", .bfloat16)] {
      expectEqual(kept[name]?.dtype, dtype)
      expectEqual(kept[name]?.cast(to: .float32), expected[name])
    }
    expectEqual(kept["whole"], expected["whole"])
    let halves = reference("safetensors/halves.safetensors")
    try expectEqual(StateDictionary(contentsOf: halves, keepingHalfPrecision: true).tensors["half"]?.dtype, .float16)
  }

  @Test func compressedMembersOfABigEndianMachineAreRead() throws {
    let read = try StateDictionary(contentsOf: Self.file("big_endian.pt"))
    expectEqual(read.tensors, ["weight": Tensor([[0.25, -3]]), "bias": Tensor([1.5])])
    expectEqual(read.names, ["weight", "bias"])
  }

  @Test func safetensorsAreReadByTheSameCall() throws {
    let path = Self.file("tensors.safetensors")
    let (tensors, metadata) = try SafeTensors.read(reference("pytorch_simple_mlp.safetensors"))
    let read = try StateDictionary(contentsOf: reference("pytorch_simple_mlp.safetensors"))
    expectEqual(read.tensors, tensors)
    expectEqual(read.metadata, metadata)
    try expectEqual(StateDictionary(contentsOf: path).names, SafeTensors.readHeader(path).entries.map(\.name))
    expectTrue(
      try moultError { _ = try StateDictionary(contentsOf: path, key: "x") }.message.contains("expected no key"))
    try expectEqual(moultError { _ = try StateDictionary(contentsOf: path + "x") }.code, .noInput)
  }

  @Test func theStateDictionaryOfACheckpointIsFound() throws {
    let path = Self.file("checkpoint.pt")
    let (weights, _) = try SafeTensors.read(reference("pytorch_simple_mlp.safetensors"))
    let expected = Dictionary(uniqueKeysWithValues: weights.map { ("module.\($0.key)", $0.value) })
    for key in [nil, "state_dict"] {
      try expectEqual(StateDictionary(contentsOf: path, key: key).tensors, expected)
    }
    for (key, message) in [
      ("epoch", "\"epoch\": expected a dictionary of tensors, got a number"),
      ("optimizer", "\"optimizer\": \"state\": expected a tensor, got a dictionary"),
      ("model", "expected a dictionary of tensors under \"model\", got none; there is \"state_dict\""),
    ] {
      expectTrue(try moultError { _ = try StateDictionary(contentsOf: path, key: key) }.message.contains(message), key)
    }
    let two = Self.file("two_models.pth")
    let error = try moultError { _ = try StateDictionary(contentsOf: two) }
    expectEqual(
      error.message,
      "PyTorch: expected one dictionary of tensors, got several; pass one of \"model\", \"ema\" as key")
    expectEqual(error.location, two)
    try expectEqual(StateDictionary(contentsOf: two, key: "ema").tensors, ["bias": Tensor([1.5])])
    try expectEqual(StateDictionary(contentsOf: two, key: "model").names, ["weight", "bias"])
  }

  @Test func aWholeModuleIsRefusedByName() throws {
    let error = try moultError { _ = try StateDictionary(contentsOf: Self.file("module.pt")) }
    expectEqual(
      error.message,
      "PyTorch: expected tensors, dictionaries, lists, texts and numbers, got torch.nn.modules.activation.ReLU, which "
        + "is code and is never run; if the file holds a whole module, save model.state_dict() instead")
    expectEqual(error.exitCode, 65)
    expectTrue(error.location?.contains("module.pt, archive/data.pkl, byte ") ?? false, "\(error)")
  }

  @Test func aLimitHoldsForAllTensorsTogether() throws {
    let (path, total) = (Self.file("tensors.pth"), 438)
    let tensors = try StateDictionary(contentsOf: path, limit: total).tensors.values
    expectEqual(tensors.reduce(0) { $0 + $1.count * $1.dtype.byteCount }, total)
    let error = try moultError { _ = try StateDictionary(contentsOf: path, limit: total - 1) }
    expectTrue(error.message.contains("expected at most \(total - 1) bytes"), "\(error)")
  }

  @Test(arguments: ["two_models.pth", "big_endian.pt"])
  func everyTruncationIsRefused(name: String) throws {
    let good = try contents(Self.file(name))
    for count in 0..<good.count {
      _ = try moultError { _ = try StateDictionary(Array(good[..<count]), location: "x", key: "model") }
    }
    let longer = try moultError { _ = try StateDictionary(good + [0], location: "x", key: "model") }
    expectEqual(longer.code, .badData)
  }
}
