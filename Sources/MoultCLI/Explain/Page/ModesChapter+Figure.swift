extension ModesChapter {
  var figure: String {
    let panels = passes.map { pass in
      Drawing.panel(
        pass.label,
        Drawing.units(
          pass.units, dropped: pass.dropped, greatest: greatest, columns: 16,
          label: "\(pass.dropped.count { $0 }) of \(pass.units.count) units dropped")
          + Drawing.bars(pass.outputs, label: "probabilities of the classes: \(pass.answer) is the greatest"))
    }
    return "<p class=\"legend\"><span class=\"key unit\"></span> active, the darker the stronger "
      + "<span class=\"key silent\"></span> silent <span class=\"key dropped\"></span> dropped</p>"
      + Drawing.row([Drawing.panel("the digit", digit.inkDrawing(label: "a handwritten \(label)"))] + panels)
  }
}
