extension Examination {
  /// Dropout between recurrent layers where there is one layer only, and so no place for it.
  var recurrentFindings: [Finding] {
    found.objects.compactMap { name, object in
      guard let stack = object as? any RecurrentStack, stack.layerCount == 1, stack.dropoutBetweenLayers > 0 else {
        return nil
      }
      return Finding(
        severity: .warning, kind: .dropoutInSingleRecurrentLayer, layer: name,
        what: "has dropout \(stack.dropoutBetweenLayers) between its layers, but one layer only: nothing is dropped",
        figures: ["rate": stack.dropoutBetweenLayers, "layers": 1],
        advice: "put a Dropout behind it, or use dropout inside the recurrence")
    }
  }
}
