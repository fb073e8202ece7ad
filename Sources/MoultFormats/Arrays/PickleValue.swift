/// A value in a pickle that `torch.save` wrote.
///
/// Tuples, lists, dictionaries and tensors are indices into the arrays of ``PickleReader``. No value owns another one,
/// so values that hold themselves or are nested very deeply cost neither memory nor stack.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer that does not fit into `Int`: little-endian bytes in two's complement.
  case longInteger([UInt8])
  case number(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case global(PyTorchGlobal)
  case storage(PyTorchStorage)
  case tensor(Int)

  /// What the value is, for messages.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .longInteger, .number: "a number"
    case .text: "a text"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .global: "a class or function"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }

  var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
}

/// The operations of pickle protocols 2 to 5 by which `torch.save` writes tensors, dictionaries, lists, tuples, texts
/// and numbers. Python's `pickletools` documents them.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case binFloat = 0x47
  case binInt = 0x4A
  case binInt1 = 0x4B
  case binInt2 = 0x4D
  case none = 0x4E
  case binPersistentID = 0x51
  /// `REDUCE`.
  case callFunction = 0x52
  case binUnicode = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case appends = 0x65
  case binGet = 0x68
  case longBinGet = 0x6A
  case binPut = 0x71
  case longBinPut = 0x72
  case setItem = 0x73
  case tuple = 0x74
  case setItems = 0x75
  case emptyDictionary = 0x7D
  case version = 0x80
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long1 = 0x8A
  case shortBinUnicode = 0x8C
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
}
