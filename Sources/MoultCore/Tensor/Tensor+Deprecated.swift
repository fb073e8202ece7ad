extension Tensor {
  /// Renamed to `indexSelect(_:)`.
  @available(*, deprecated, renamed: "indexSelect(_:)")
  public func rows(at indices: [Int]) -> Tensor { indexSelect(indices) }

  /// Renamed to `indexSelect(_:)`.
  @available(*, deprecated, renamed: "indexSelect(_:)")
  public func rows(at indices: Tensor) -> Tensor { indexSelect(indices) }

  /// Renamed to `unsqueezed(axis:)`.
  @available(*, deprecated, renamed: "unsqueezed(axis:)")
  public func expanded(axis: Int) -> Tensor { unsqueezed(axis: axis) }
}
