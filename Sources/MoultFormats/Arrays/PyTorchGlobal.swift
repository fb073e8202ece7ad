/// A name that a pickle of `torch.save` may refer to. All others are refused.
enum PyTorchGlobal: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(PyTorchElement)

  /// Finds a name; nil if it is none of those that are accepted.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", _):
      guard let element = PyTorchElement(rawValue: name) else { return nil }
      self = .storage(element)
    default: return nil
    }
  }

  /// Returns the error message for a name that is not accepted.
  static func problem(module: String, name: String) -> String {
    let isTensor = ["torch", "torch._utils", "torch.storage"].contains(module)
    return "expected tensors, dictionaries, lists, texts and numbers, got \(module.visible).\(name.visible), which is "
      + (isTensor
        ? "a type that Moult has no tensors for; convert the tensors before saving, for example with x.float()"
        : "code and is never run; if the file holds a whole module, save model.state_dict() instead")
  }
}
