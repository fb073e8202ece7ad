import MoultCore
import MoultTestSupport
import MoultTraining
import Testing

/// Pickles by hand, in the form without a zip.
@Suite struct PickleReaderTests {
  /// A part of a pickle, written as `pickletools` names it.
  private static func text(_ text: String) -> [UInt8] {
    [0x58] + withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { Array($0) } + Array(text.utf8)
  }
  private static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  private static func integer(_ value: Int) -> [UInt8] {
    [0x8A, 8] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
  private static func tuple(_ parts: [UInt8]...) -> [UInt8] { [0x28] + parts.joined() + [0x74] }
  private static func dictionary(_ parts: [UInt8]...) -> [UInt8] { Array("}(".utf8) + parts.joined() + [0x75] }
  private static func pickle(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + [0x2E] }

  private static func storage(_ type: String = "FloatStorage", key: String = "k", count: Int = 2) -> [UInt8] {
    tuple(text("storage"), global("torch", type), text(key), text("cuda:0"), integer(count), [0x4E]) + [0x51]
  }

  private static func tensor(
    of storage: [UInt8] = storage(), offset: Int = 0, _ shape: [Int] = [2], _ strides: [Int] = [1], more: [UInt8] = []
  ) -> [UInt8] {
    func sizes(_ sizes: [Int]) -> [UInt8] { [0x28] + sizes.flatMap(integer) + [0x74] }
    return global("torch._utils", "_rebuild_tensor_v2")
      + tuple(storage, integer(offset), sizes(shape), sizes(strides), [0x89], [0x4E], more) + [0x52]
  }

  /// A file with a value and the storage "k" of two floats.
  private static func file(_ value: [UInt8], key: String = "k", floats: [Float] = [1.5, -2]) -> [UInt8] {
    let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    let system = dictionary(text("little_endian"), [0x88])
    let start =
      pickle(magic) + pickle([0x4D, 0xE9, 3]) + pickle(system) + pickle(value) + pickle([0x5D] + text(key) + [0x61])
    let numbers = floats.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    return start + withUnsafeBytes(of: floats.count.littleEndian) { Array($0) } + numbers
  }

  private static func repeated(_ part: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(part, count: count).joined())
  }

  @Test func whatIsPermittedIsRead() throws {
    let numbers = Tensor([1.5, -2] as [Float])
    let shared = Self.text("a") + Self.tensor() + [0x71, 9] + Self.text("b") + [0x68, 9]
    let cases: [(name: String, value: [UInt8], tensors: [String: Tensor])] = [
      ("a tensor", Self.dictionary(Self.text("a"), Self.tensor()), ["a": numbers]),
      ("one tensor under two names", Self.dictionary(shared), ["a": numbers, "b": numbers]),
      (
        "a scalar", Self.dictionary(Self.text("a"), Self.tensor(offset: 1, [], [])),
        ["a": Tensor([-2] as [Float], shape: [])]
      ),
      (
        "a stride of an axis of one element", Self.dictionary(Self.text("a"), Self.tensor([1, 2], [.max, 1])),
        ["a": numbers.reshaped([1, 2])]
      ),
      ("no metadata", Self.dictionary(Self.text("a"), Self.tensor(more: [0x4E])), ["a": numbers]),
      (
        "a list that holds itself, and a very deep one",
        Self.dictionary(
          Self.text("loop"), [0x5D, 0x71, 0, 0x68, 0, 0x61], Self.text("deep"),
          [0x29] + Self.repeated([0x85], 200_000), Self.text("s"), Self.dictionary(Self.text("a"), Self.tensor())),
        ["a": numbers]
      ),
    ]
    for (name, value, tensors) in cases {
      try expectEqual(StateDictionary(Self.file(value), location: "x").tensors, tensors, name)
    }
  }

  @Test func whatIsNotIsRefused() throws {
    let whole = Self.dictionary(Self.text("a"), Self.tensor())
    func one(_ value: [UInt8]) -> [UInt8] { Self.file(Self.dictionary(Self.text("a"), value)) }
    let cases: [(file: [UInt8], message: String)] = [
      (one(Self.global("os", "system") + Self.tuple(Self.text("touch x")) + [0x52]), "got os.system, which is code"),
      (one(Self.text("os") + Self.text("system") + [0x93]), "got os.system, which is code"),
      (one(Self.global("__main__", "Net\u{1B}[2J")), "got __main__.Net\\u{1B}[2J, which is code"),
      (
        one(Self.tensor(of: Self.storage("ComplexFloatStorage"))), "got torch.ComplexFloatStorage, which is a type that"
      ),
      (one(Self.tuple(Self.text("module")) + [0x51]), "got a whole module; save model.state_dict()"),
      (one(Array("i\n".utf8)), "got the operation 0x69"),
      (one([0x29, 0x81]), "got the operation 0x81"),
      (one(Self.global("collections", "OrderedDict") + Self.tuple([0x4E]) + [0x52]), "expected the arguments"),
      (one(Self.global("torch", "FloatStorage") + [0x29, 0x52]), "expected the arguments"),
      (one([0x29, 0x29, 0x52]), "expected a function and its arguments"),
      (one([0x68, 7]), "expected a value that was kept as 7"),
      (Self.file([0x75]), "expected a mark"),
      (one([0x28, 0x61]), "expected 1 values, got fewer"),
      (one([0x4E, 0x4E, 0x61]), "expected a list to append to"),
      (one([0x4E, 0x4E, 0x62]), "expected attributes of a dictionary"),
      (one([0x80, 6]), "expected pickle protocol 2 to 5, got 6"),
      (one([0x8C, 1, 0xFF]), "expected a text in UTF-8"),
      (one([0x8A, 255]), "expected more bytes, got the end"),
      (one([0x95] + Self.repeated([0xFF], 8)), "expected more bytes, got the end"),
      (one(Self.tensor(of: Self.storage(count: -1))), "expected a storage with type"),
      (one(Self.tensor(of: Self.storage(count: .max))), "expected a storage with type"),
      (
        one(Self.tensor(of: Self.storage(key: String(repeating: "k", count: 255) + "kk"))),
        "expected a storage with type"
      ),
      (
        one(Self.tensor([3])), "expected a tensor in a storage of 2 elements, got shape [3], strides [1] from element 0"
      ),
      (one(Self.tensor(offset: 2)), "expected a tensor in a storage of 2 elements"),
      (one(Self.tensor(offset: .max, [2], [.max])), "expected a tensor in a storage of 2 elements"),
      (one(Self.tensor([2, 2], [.max, .max])), "expected a tensor in a storage of 2 elements"),
      (one(Self.tensor([-1])), "expected a size and a stride"),
      (one(Self.tensor([2], [1, 1])), "expected a size and a stride"),
      (one(Self.tensor([1 << 62, 1 << 62], [0, 0])), "expected a size and a stride"),
      (one(Self.tensor(Array(repeating: 1, count: 65), Array(repeating: 1, count: 65))), "expected a size and a"),
      (one(Self.tensor([1 << 40], [0])), "expected at most 4294967296 bytes"),
      (one(Self.tensor(more: Self.dictionary(Self.text("neg"), [0x88]))), "conjugated or negated"),
      (
        Self.file(Self.dictionary(Self.text("a"), Self.tensor(), Self.text("a"), Self.tensor())), "a duplicate of \"a\""
      ),
      (Self.file(Self.dictionary(Self.integer(1), Self.tensor())), "expected names of tensors, got a number"),
      (
        Self.file(Self.dictionary(Self.text("a"), Self.tensor(), Self.text("n"), [0x4E])),
        "\"n\": expected a tensor, got None"
      ),
      (Self.file(Self.tensor()), "expected a dictionary of tensors, got a tensor"),
      (Self.file(whole + whole), "expected one value at the end"),
      (Self.file(whole, floats: [1]), "is cut short"),
      (Self.file(whole, floats: [1, 2, 3]), "expected 2 elements in storage \"k\""),
      (Self.file(whole, key: "x"), "expected the key of each storage once"),
      (Self.pickle(whole), "got another pickle"),
      (Self.pickle([]), "expected a value, got none"),
    ]
    for (bytes, message) in cases {
      let error = try moultError { _ = try StateDictionary(bytes, location: "x") }
      expectTrue(error.message.contains(message), "expected \(message), got \(error)")
      expectEqual(error.code, .badData)
    }
  }

  /// Every file is read or refused, with no crash and in bounded time.
  @Test func changedBytesNeverEndTheProcess() throws {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var readCount = 0
    for (name, count) in [("tensors.pth", 1500), ("two_models.pth", 1500), ("big_endian.pt", 300)] {
      let good = try contents(reference("pytorch/" + name))
      let opcodes = Array("(.)GJKMNQRX]abcehjqrstu}".utf8) + [0x80, 0x85, 0x88, 0x8A, 0x8C, 0x93, 0x94, 0x95, 0xFF, 0]
      for _ in 0..<count {
        var bytes = good
        for _ in 0...next(3) {
          let place = next(bytes.count)
          switch next(4) {
          case 0: bytes[place] = UInt8(next(256))
          case 1: bytes[place] = opcodes[next(opcodes.count)]
          case 2: bytes.remove(at: place)
          default: bytes.insert(opcodes[next(opcodes.count)], at: place)
          }
        }
        if (try? StateDictionary(bytes, location: "x", key: name == "two_models.pth" ? "model" : nil, limit: 1 << 20))
          != nil
        {
          readCount += 1
        }
      }
    }
    expectTrue(readCount > 0, "no changed file was read; do the changes reach the numbers?")
  }
}
