import MoultCore

/// Reads pickles that `torch.save` wrote, without running anything.
///
/// A pickle is a program for a stack machine, which Python lets import and call any function. This reader knows the few
/// functions that make tensors and ordered dictionaries, and makes values of its own for them. Any other name, and any
/// other operation, is an error.
///
/// Time and memory are linear in the number of bytes: an operation makes at most one value, and nothing is recursive.
struct PickleReader {
  /// The values of all tuples and lists.
  private(set) var sequences: [[PickleValue]] = []
  /// The entries of all dictionaries, in their order.
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  /// The descriptions of all tensors.
  private(set) var tensors: [PyTorchTensor] = []
  /// The storages that tensors refer to, by key.
  private(set) var storages: [String: PyTorchStorage] = [:]
  /// The offset of the first byte after the pickles that were read.
  private(set) var position = 0

  private let bytes: [UInt8]
  let location: String
  private var stack: [PickleValue] = []
  /// The heights of the stack at the marks.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: [UInt8], location: String) {
    (self.bytes, self.location) = (bytes, location)
  }

  /// Reads the next pickle.
  ///
  /// - Throws: `.badData` if the bytes are damaged or if the pickle holds anything but the supported values.
  mutating func next() throws(MoultError) -> PickleValue {
    (stack, marks, memo) = ([], [], [:])
    while true {
      let code = try unsigned(1)
      guard let opcode = PickleOpcode(rawValue: UInt8(code)) else {
        throw failure(
          "expected tensors, dictionaries, lists, texts and numbers in pickle protocol 2 to 5, got the operation "
            + "0x\(String(code, radix: 16)); save model.state_dict()")
      }
      if opcode == .stop { break }
      try run(opcode)
    }
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw failure("expected one value at the end of a pickle, got several") }
    return result
  }

  func failure(_ text: String) -> MoultError {
    MoultError(.badData, "PyTorch: \(text)", location: "\(location), byte \(position)")
  }

  // MARK: - Operations

  private mutating func run(_ opcode: PickleOpcode) throws(MoultError) {
    switch opcode {
    case .version, .stop:
      let version = try unsigned(1)
      guard (2...5).contains(version) else { throw failure("expected pickle protocol 2 to 5, got \(version)") }
    case .frame:
      let count = try unsigned(8)
      guard count <= bytes.count - position else { throw isCutShort }
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt1: stack.append(.integer(try unsigned(1)))
    case .binInt2: stack.append(.integer(try unsigned(2)))
    case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case .long1: stack.append(Self.integer(try take(unsigned(1))))
    case .binFloat:
      stack.append(.number(Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })))
    case .shortBinUnicode: try pushText(unsigned(1))
    case .binUnicode: try pushText(unsigned(4))
    case .mark: marks.append(stack.count)
    case .emptyTuple: pushSequence([], PickleValue.tuple)
    case .tuple1: try pushSequence(pop(1), PickleValue.tuple)
    case .tuple2: try pushSequence(pop(2), PickleValue.tuple)
    case .tuple3: try pushSequence(pop(3), PickleValue.tuple)
    case .tuple: try pushSequence(popToMark(), PickleValue.tuple)
    case .emptyList: pushSequence([], PickleValue.list)
    case .append: try append(pop(1))
    case .appends: try append(popToMark())
    case .emptyDictionary: pushDictionary()
    case .setItem: try setItems(pop(2))
    case .setItems: try setItems(popToMark())
    case .binPut: try keep(as: unsigned(1))
    case .longBinPut: try keep(as: unsigned(4))
    case .memoize: try keep(as: memo.count)
    case .binGet: try pushMemo(unsigned(1))
    case .longBinGet: try pushMemo(unsigned(4))
    case .global: try pushGlobal(module: line(), name: line())
    case .stackGlobal:
      let names = try pop(2).compactMap(\.text)
      guard names.count == 2 else { throw failure("expected the name of a class or function, got something else") }
      try pushGlobal(module: names[0], name: names[1])
    case .binPersistentID: try pushStorage(pop())
    case .callFunction: try call()
    case .build:
      // An ordered dictionary has attributes: the versions of the modules, which do not matter here.
      _ = try pop()
      guard case .dictionary = try top() else { throw failure("expected attributes of a dictionary, got others") }
    }
  }

  private mutating func pushText(_ count: Int) throws(MoultError) {
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw failure("expected a text in UTF-8, got other bytes")
    }
    stack.append(.text(text))
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    if bytes.count > 8 { return .longInteger(Array(bytes)) }
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    return .integer(bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  private mutating func pushSequence(_ values: [PickleValue], _ wrap: (Int) -> PickleValue) {
    stack.append(wrap(sequences.count))
    sequences.append(values)
  }

  private mutating func append(_ values: [PickleValue]) throws(MoultError) {
    guard case .list(let index) = try top() else { throw failure("expected a list to append to, got something else") }
    sequences[index] += values
  }

  private mutating func pushDictionary() {
    stack.append(.dictionary(dictionaries.count))
    dictionaries.append([])
  }

  private mutating func setItems(_ values: [PickleValue]) throws(MoultError) {
    guard case .dictionary(let index) = try top(), values.count.isMultiple(of: 2) else {
      throw failure("expected pairs for a dictionary, got something else")
    }
    for i in stride(from: 0, to: values.count, by: 2) { dictionaries[index].append((values[i], values[i + 1])) }
  }

  private mutating func keep(as index: Int) throws(MoultError) { memo[index] = try top() }

  private mutating func pushMemo(_ index: Int) throws(MoultError) {
    guard let value = memo[index] else { throw failure("expected a value that was kept as \(index), got none") }
    stack.append(value)
  }

  private mutating func pushGlobal(module: String, name: String) throws(MoultError) {
    guard let global = PyTorchGlobal(module: module, name: name) else {
      throw failure(PyTorchGlobal.problem(module: module, name: name))
    }
    stack.append(.global(global))
  }

  private mutating func pushStorage(_ identity: PickleValue) throws(MoultError) {
    guard case .tuple(let index) = identity else { throw failure("expected a storage, got something else") }
    let storage = try PyTorchStorage(sequences[index], failure)
    let known = storages.updateValue(storage, forKey: storage.key)
    guard known == nil || known == storage else {
      throw failure("expected one type and size of the storage \"\(storage.key.visible)\", got two")
    }
    stack.append(.storage(storage))
  }

  private mutating func call() throws(MoultError) {
    guard case .tuple(let index) = try pop(), case .global(let global) = try pop() else {
      throw failure("expected a function and its arguments, got something else")
    }
    let arguments = sequences[index]
    switch global {
    case .orderedDictionary where arguments.isEmpty: pushDictionary()
    case .rebuildTensor:
      let tensor = try PyTorchTensor(arguments, in: self)
      stack.append(.tensor(tensors.count))
      tensors.append(tensor)
    case .rebuildParameter:
      guard case .tensor(let tensor)? = arguments.first else { throw failure("expected a tensor, got something else") }
      stack.append(.tensor(tensor))
    case .orderedDictionary, .storage: throw failure("expected the arguments that torch.save writes, got others")
    }
  }

  // MARK: - Stack and bytes

  private var isCutShort: MoultError { failure("expected more bytes, got the end; the file is cut short or damaged") }

  private func top() throws(MoultError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw failure("expected a value, got none") }
    return value
  }

  private mutating func pop() throws(MoultError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(MoultError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw failure("expected \(count) values, got fewer") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(MoultError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure("expected a mark, got none") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func take(_ count: Int) throws(MoultError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw isCutShort }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// Reads a little-endian number of at most 8 bytes. One of 2^63 or more becomes `Int.max`, which no file has room
  /// for.
  private mutating func unsigned(_ byteCount: Int) throws(MoultError) -> Int {
    Int(clamping: try take(byteCount).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// Reads a line of text and the line break after it.
  private mutating func line() throws(MoultError) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw isCutShort }
    defer { position += 1 }
    return String(decoding: try take(end - position), as: UTF8.self)
  }
}
