import Moult

extension UncertaintyChapter {
  var figure: String {
    let panels = [("upright", upright), ("turned", turned)].map { name, answer in
      Drawing.panel(
        "\(name): entropy \(NumberFormat.fixed(answer.entropy, 2))",
        "<div class=\"pair\">" + answer.image.inkDrawing(label: "the digit, \(name)")
          + Drawing.bars(answer.mean, label: "mean probabilities of the classes: \(answer.answer) is the greatest")
          + "</div>", className: "panel answer")
    }
    return Drawing.row(panels)
  }
}
